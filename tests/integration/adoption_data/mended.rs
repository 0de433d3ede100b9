//! `migrate up --mend`, and what `migrate down --unmend` makes of it.

use super::site::{DECISIONS, columns, hashes, id, migrated, pending};
use crate::support::{Database, schema_dump};

#[tokio::test]
async fn mends_what_has_one_meaning_and_says_what_remains() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let untouched = "SELECT md5(string_agg(concat(id, updated_at), '' ORDER BY id)) FROM clients_enhanced";
    let before: String = admin.query_one(untouched, &[]).await.expect("times").get(0);
    let outcome = migrated(&database, &["up", "--mend"]);

    let mut mended: Vec<String> = outcome["mended"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one["table"].as_str().expect("a table"),
                one["column"].as_str().expect("a column"),
                one["rows"]
            )
        })
        .collect();
    mended.sort();
    assert_eq!(
        mended,
        [
            "client_analytics analytics_period 1",
            "client_deployments health_status 1",
            "clients_enhanced created_at 1",
            "clients_enhanced status 1",
            "clients_enhanced tier 2",
            "deployment_tracking_events event_timestamp 1",
        ]
    );
    assert_eq!(
        pending(&admin).await,
        [
            "client_analytics.client_analytics_client_deployment_date_period_hour_key",
            "client_analytics.client_analytics_partitions",
            "client_customizations.client_customizations_active_key",
            "client_deployments.client_deployments_client_id_customization_id_fkey",
            "client_deployments.client_deployments_lower_custom_domain_key",
            "clients_enhanced.clients_enhanced_lower_email_key",
        ]
    );
    let after: String = admin.query_one(untouched, &[]).await.expect("times").get(0);
    assert_eq!(before, after, "a mend stamps nothing");

    let client = id(&admin, "client", 12).await;
    let logged = admin
        .query_one(
            "SELECT actor, reason, client_id::text, details ->> 'before', details ->> 'after' FROM audit_log
              WHERE action = 'mend' AND row_id = $1",
            &[&client],
        )
        .await
        .expect("the audit log has it once");
    let actor: String = logged.get(0);
    assert!(actor.starts_with("operator:"), "{actor}");
    assert!(logged.get::<_, String>(1).contains("premium"), "the reason");
    assert_eq!((logged.get::<_, String>(2), logged.get(3), logged.get(4)), (client, "professional", "premium"));
    let tier: String = admin
        .query_one(
            "SELECT b.subscription_tier FROM client_billing_info b WHERE b.client_id = md5('client:12')::uuid",
            &[],
        )
        .await
        .expect("a billing row")
        .get(0);
    assert_eq!(tier, "premium", "what is billed follows the mended tier");

    admin.batch_execute(DECISIONS).await.expect("a person mends the rest");
    let outcome = migrated(&database, &["up"]);
    assert_eq!(outcome["pending"], serde_json::json!([]));
    let plain: i64 = admin
        .query_one("SELECT count(*) FROM pg_class WHERE relname IN ('deployment_tracking_events', 'client_analytics') AND relkind = 'r'", &[])
        .await
        .expect("the catalog")
        .get(0);
    assert_eq!(plain, 0, "both are partitioned");
}

#[tokio::test]
async fn a_mend_later_is_the_same() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    migrated(&database, &["up"]);
    let outcome = migrated(&database, &["up", "--mend"]);
    assert_eq!(outcome["mended"].as_array().map(Vec::len), Some(6), "{outcome:#}");
    assert_eq!(pending(&admin).await.len(), 6);
}

#[tokio::test]
async fn unmend_gives_the_old_database_back() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let (schema, columns) = (schema_dump(&database), columns(&admin).await);
    let before = hashes(&admin, &columns).await;
    migrated(&database, &["up", "--mend", "--adopt-roles"]);
    let undone = migrated(&database, &["down", "--unmend"]);
    assert_eq!(undone["unmended"].as_array().map(Vec::len), Some(6), "{undone:#}");
    assert_eq!(schema, schema_dump(&database));
    assert_eq!(before, hashes(&admin, &columns).await);
}

#[tokio::test]
async fn a_value_that_somebody_wrote_since_stays() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    migrated(&database, &["up", "--mend"]);
    let tier = "UPDATE clients_enhanced SET tier = 'enterprise' WHERE id = md5('client:12')::uuid";
    admin.batch_execute(tier).await.expect("somebody decides otherwise");
    migrated(&database, &["down", "--unmend"]);
    let sql = "SELECT string_agg(tier, ' ' ORDER BY name) FROM clients_enhanced
                WHERE id IN (md5('client:12')::uuid, md5('client:13')::uuid)";
    assert_eq!(admin.query_one(sql, &[]).await.expect("tiers").get::<_, String>(0), "enterprise professional");
}

#[tokio::test]
async fn mends_stay_without_unmend() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    migrated(&database, &["up", "--mend"]);
    migrated(&database, &["down"]);
    let sql = "SELECT count(*) FROM clients_enhanced WHERE tier = 'professional' OR status = 'paused'";
    assert_eq!(admin.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0), 0);
}
