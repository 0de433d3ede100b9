//! Going back gives the old database: `pg_dump --schema-only` equal, contents equal.

use tenantry::db::migrate::{DownOptions, Quiet, down};

use super::site::{HABITS, MENDED, adopt, columns, go_back, hashes, same_schema, schema, site};

async fn there_and_back(more: &[&str]) {
    let database = site(more).await;
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let (content, before) = (hashes(&admin, &columns).await, schema(&database));
    adopt(&database).await;
    go_back(&database).await;
    same_schema(&schema(&database), &before);
    assert_eq!(hashes(&admin, &columns).await, content);
}

#[tokio::test]
async fn from_pending_rules() {
    there_and_back(&[]).await;
}

#[tokio::test]
async fn from_partitions() {
    there_and_back(&[MENDED]).await;
}

#[tokio::test]
async fn with_habits() {
    there_and_back(&[HABITS]).await;
    there_and_back(&[MENDED, HABITS]).await;
}

#[tokio::test]
async fn rows_that_came_since_are_kept() {
    let database = site(&[MENDED]).await;
    let before = schema(&database);
    adopt(&database).await;
    let admin = database.connect().await;
    // One beside the old ones, one in a partition of a later month.
    admin
        .batch_execute(
            "INSERT INTO client_analytics (client_id, deployment_id, analytics_date, page_views)
             SELECT d.client_id, d.id, day, 7 FROM client_deployments d,
                    (VALUES (date '2025-09-01'), ((now() + interval '8 months')::date)) t (day)
              ORDER BY d.id LIMIT 2;
             INSERT INTO deployment_tracking_events (deployment_id, event_type) SELECT id, 'error' FROM client_deployments LIMIT 1",
        )
        .await
        .expect("new rows");
    let later: i64 = admin
        .query_one("SELECT count(*) FROM client_analytics WHERE tableoid::regclass::text NOT LIKE '%adopted'", &[])
        .await
        .expect("partitions")
        .get(0);
    assert!(later > 0, "a row lies in a later partition");
    let (figures, events) = counts(&admin).await;
    go_back(&database).await;
    assert_eq!(counts(&admin).await, (figures, events));
    same_schema(&schema(&database), &before);
}

async fn counts(admin: &tenantry::db::admin::Admin) -> (i64, i64) {
    let row = admin
        .query_one(
            "SELECT (SELECT count(*) FROM client_analytics), (SELECT count(*) FROM deployment_tracking_events)",
            &[],
        )
        .await
        .expect("counts");
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn what_people_made_is_not_lost_unasked() {
    let database = site(&[MENDED]).await;
    let before = schema(&database);
    adopt(&database).await;
    let mut admin = database.connect().await;
    admin
        .batch_execute(
            "INSERT INTO system_configurations (configuration_key, configuration_value) VALUES ('of.a.person', '1');
             UPDATE clients_enhanced SET archived_at = now() WHERE email = 'owner3@client3.example'",
        )
        .await
        .expect("people work");
    let (adopted, columns) = (schema(&database), columns(&admin).await);
    let rows = hashes(&admin, &columns).await;
    let refused = down(&mut admin, &DownOptions::default(), &mut Quiet).await.expect_err("something would be lost");
    assert!(refused.what().contains("system_configurations: 1 row would be lost"), "{refused}");
    assert!(refused.what().contains("clients_enhanced: 1 row would lose the value in archived_at"), "{refused}");
    same_schema(&schema(&database), &adopted);
    assert_eq!(hashes(&admin, &columns).await, rows, "what seeds and adoption made is there, too");
    let options = DownOptions { lose_data: true, ..DownOptions::default() };
    down(&mut admin, &options, &mut Quiet).await.expect("a person has said so");
    same_schema(&schema(&database), &before);
}
