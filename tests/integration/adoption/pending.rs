//! While rows break a rule, the rule holds for new writes, and the rows stay editable.

use tenantry::db::admin::Admin;

use super::site::{adopt, site};

async fn refused(admin: &Admin, sql: &str, state: &str, name: &str) {
    let error = admin.batch_execute(sql).await.expect_err(sql);
    let error = error.as_db_error().expect("PostgreSQL refuses");
    assert_eq!(error.code().code(), state, "{sql}: {error}");
    let named = error.constraint().or(error.column()).unwrap_or_default();
    assert!(named.starts_with(name), "{sql}: {named} is not {name}");
}

async fn taken(admin: &Admin, sql: &str) {
    let rows = admin.execute(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    assert_eq!(rows, 1, "{sql}");
}

#[tokio::test]
async fn checks_and_not_null() {
    let database = site(&[]).await;
    adopt(&database).await;
    let admin = database.connect().await;
    let bad = "WHERE tier = 'professional' AND email = 'owner12@client12.example'";
    taken(&admin, &format!("UPDATE clients_enhanced SET phone = '1' {bad}")).await;
    let check = "clients_enhanced_tier_check";
    refused(&admin, &format!("UPDATE clients_enhanced SET tier = 'gold' {bad}"), "23514", check).await;
    refused(&admin, "UPDATE clients_enhanced SET tier = 'professional' WHERE tier = 'basic'", "23514", check).await;
    refused(&admin, "INSERT INTO clients_enhanced (name, email, tier) VALUES ('n', 'n@n', 'gold')", "23514", check)
        .await;
    taken(&admin, &format!("UPDATE clients_enhanced SET tier = 'premium' {bad}")).await;
    taken(&admin, "UPDATE clients_enhanced SET phone = '2' WHERE created_at IS NULL").await;
    refused(
        &admin,
        "UPDATE clients_enhanced SET created_at = NULL WHERE email = 'owner1@client1.example'",
        "23502",
        "created_at",
    )
    .await;
}

#[tokio::test]
async fn uniques_and_foreign_keys() {
    let database = site(&[]).await;
    adopt(&database).await;
    let admin = database.connect().await;
    // The two of one mailbox can be edited; nobody else gets in.
    taken(&admin, "UPDATE clients_enhanced SET phone = '3' WHERE email = 'Owner7@Client7.example'").await;
    taken(&admin, "UPDATE clients_enhanced SET phone = '3' WHERE email = 'owner7@client7.example'").await;
    refused(
        &admin,
        "INSERT INTO clients_enhanced (name, email) VALUES ('third', 'OWNER7@client7.example')",
        "23505",
        "clients_enhanced_lower_email_key",
    )
    .await;
    refused(
        &admin,
        "INSERT INTO clients_enhanced (name, email) VALUES ('third', 'OWNER8@client8.example')",
        "23505",
        "clients_enhanced_lower_email_key",
    )
    .await;
    // Another client's customization: the row that has one can be edited, a second one is refused.
    taken(
        &admin,
        "UPDATE client_deployments d SET region = 'eu' FROM client_customizations c
          WHERE c.id = d.customization_id AND c.client_id <> d.client_id",
    )
    .await;
    refused(
        &admin,
        "UPDATE client_deployments SET customization_id = (SELECT id FROM client_customizations WHERE client_id = md5('client:30')::uuid LIMIT 1)
          WHERE id = md5('dep:311')::uuid",
        "23503",
        "client_deployments_client_id_customization_id_fkey",
    )
    .await;
}

#[tokio::test]
async fn a_table_that_stays_plain_serves_as_a_partitioned_one() {
    let database = site(&[]).await;
    adopt(&database).await;
    let admin = database.connect().await;
    let row = admin
        .query_one(
            "INSERT INTO deployment_tracking_events (deployment_id, event_type)
             VALUES (md5('dep:11')::uuid, 'error') RETURNING client_id = md5('client:1')::uuid",
            &[],
        )
        .await
        .expect("an event from a component that knows no client_id");
    assert!(row.get::<_, bool>(0));
    let pending: Vec<(String, String)> = admin
        .query("SELECT table_name::text, kind FROM tenantry.pending_rules WHERE kind = 'partition' ORDER BY 1", &[])
        .await
        .expect("rules")
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(
        pending,
        [("client_analytics".into(), "partition".into()), ("deployment_tracking_events".into(), "partition".into())]
    );
    let unforced: i64 = admin
        .query_one(
            "SELECT count(*) FROM pg_class c JOIN tenantry.tables t ON t.table_name = c.relname AND t.kind <> 'view'
              WHERE c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
            &[],
        )
        .await
        .expect("the catalog")
        .get(0);
    assert_eq!(unforced, 0);
}
