//! What the site had is still there: every row, every byte, its own objects.

use tenantry::db::migrate::{Quiet, UpOptions, up};

use super::site::{HABITS, MENDED, adopt, columns, hashes, site};

async fn keeps_every_byte(more: &[&str]) {
    let database = site(more).await;
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let before = hashes(&admin, &columns).await;
    adopt(&database).await;
    assert_eq!(hashes(&admin, &columns).await, before);
    // A second run finds nothing to do to rows either.
    adopt(&database).await;
    assert_eq!(hashes(&admin, &columns).await, before);
}

#[tokio::test]
async fn every_byte_while_rules_are_pending() {
    keeps_every_byte(&[]).await;
}

#[tokio::test]
async fn every_byte_when_everything_holds() {
    keeps_every_byte(&[MENDED]).await;
}

#[tokio::test]
async fn every_byte_of_a_site_with_habits() {
    keeps_every_byte(&[HABITS]).await;
    keeps_every_byte(&[MENDED, HABITS]).await;
}

#[tokio::test]
async fn the_sites_triggers_fire_for_the_site_and_not_for_migrations() {
    let database = site(&[MENDED, HABITS]).await;
    let admin = database.connect().await;
    adopt(&database).await;
    let noted: i64 = admin.query_one("SELECT count(*) FROM client_changes", &[]).await.expect("the log").get(0);
    assert_eq!(noted, 0, "a migration touched rows under the site's triggers");
    admin
        .batch_execute("UPDATE clients_enhanced SET tier = 'basic' WHERE email = 'owner1@client1.example'")
        .await
        .expect("an edit");
    let noted: Vec<String> = admin
        .query("SELECT what FROM client_changes ORDER BY what", &[])
        .await
        .expect("the log")
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(noted, [" EXECUTE FUNCTION tier", "changed"]);
    let stamped: bool = admin
        .query_one("SELECT updated_at > now() - interval '1 minute' FROM clients_enhanced WHERE email = 'owner1@client1.example'", &[])
        .await
        .expect("the row")
        .get(0);
    assert!(stamped, "ours stamps in the place of the site's");
}

#[tokio::test]
async fn a_view_of_the_sites_shows_no_more_than_its_caller_may_see() {
    let database = site(&[MENDED, HABITS]).await;
    let admin = database.connect().await;
    let read = "BEGIN; SET LOCAL ROLE anon; SELECT count(deployment_id) FROM latest_events";
    admin.batch_execute(read).await.expect("before adoption anybody may");
    admin.batch_execute("ROLLBACK").await.expect("the end of the look");
    adopt(&database).await;
    for role in ["anon", "authenticated"] {
        for view in ["latest_events", "failing", "templates_used", "summary_of_summaries"] {
            let read =
                format!("BEGIN; GRANT SELECT ON {view} TO {role}; SET LOCAL ROLE {role}; SELECT count(*) FROM {view}");
            let refused = admin.batch_execute(&read).await.expect_err("a view is no way past the policies");
            assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("42501"), "{role} on {view}");
            admin.batch_execute("ROLLBACK").await.expect("the end of the look");
        }
    }
}

#[tokio::test]
async fn a_materialised_view_is_for_its_owner_and_whoever_is_kept() {
    let database = site(&[MENDED, HABITS]).await;
    let mut admin = database.connect().await;
    let may = "SELECT array_agg(r ORDER BY r)
                 FROM unnest('{anon,authenticated,service_role,site_reporter}'::text[]) r
                WHERE has_any_column_privilege(r, 'daily_figures', 'SELECT')";
    let everybody: Vec<String> = admin.query_one(may, &[]).await.expect("the catalog").get(0);
    assert_eq!(everybody.len(), 4, "{everybody:?}");
    let options = UpOptions { keep_roles: vec!["site_reporter".into()], ..UpOptions::default() };
    up(&mut admin, &options, &mut Quiet).await.expect("it is adopted");
    adopt(&database).await;
    let some: Vec<String> = admin.query_one(may, &[]).await.expect("the catalog").get(0);
    assert_eq!(some, ["site_reporter"], "a second run knows who is kept, too");
    let shown = "BEGIN; SET LOCAL ROLE authenticated; SELECT FROM figures_shown";
    let refused = admin.batch_execute(shown).await.expect_err("a view over it is no way past");
    assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("42501"));
}

#[tokio::test]
async fn views_publications_and_statistics_come_back_on_the_partitioned_table() {
    let database = site(&[MENDED, HABITS]).await;
    adopt(&database).await;
    let admin = database.connect().await;
    let one = async |sql: &str| {
        admin.query_one(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error}")).get::<_, bool>(0)
    };
    assert!(one("SELECT relkind = 'p' FROM pg_class WHERE oid = 'public.deployment_tracking_events'::regclass").await);
    assert!(one("SELECT count(*) = (SELECT count(DISTINCT deployment_id) FROM deployment_tracking_events) FROM latest_events").await);
    assert!(one("SELECT count(*) > 0 FROM daily_figures").await, "a materialised view is filled again");
    assert!(one("SELECT pg_get_userbyid(relowner) = 'site_reporter' FROM pg_class WHERE relname = 'failing'").await);
    assert!(one("SELECT reloptions @> '{security_barrier=true}' FROM pg_class WHERE relname = 'failing'").await);
    assert!(one("SELECT has_column_privilege('anon', 'latest_events', 'deployment_id', 'SELECT')").await);
    assert!(
        one("SELECT count(*) = 1 FROM pg_publication_tables WHERE pubname = 'site_feed' AND tablename = 'deployment_tracking_events'")
            .await,
        "subscribers know the table by its name"
    );
    assert!(
        one("SELECT count(*) = 1 FROM pg_statistic_ext WHERE stxrelid = 'public.client_analytics'::regclass").await
    );
    assert!(one("SELECT tgenabled = 'D' FROM pg_trigger WHERE tgname = 'note_analytics' AND tgparentid = 0").await);
    assert!(one("SELECT clients > 0 FROM summary_of_summaries LIMIT 1").await, "a view on a view that ours replaced");
}
