//! Sites that are otherwise: other types and names, fewer tables, things that can't be made again on partitions.

use tenantry::db::admin::Admin;

use super::site::{MENDED, adopt, columns, go_back, hashes, same_schema, schema, site};
use crate::support::Database;

/// There and back, with what is to be asserted in between.
async fn there_and_back(database: &Database, between: impl AsyncFnOnce(&Admin)) {
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let (content, before) = (hashes(&admin, &columns).await, schema(database));
    adopt(database).await;
    assert_eq!(hashes(&admin, &columns).await, content);
    between(&admin).await;
    go_back(database).await;
    same_schema(&schema(database), &before);
    assert_eq!(hashes(&admin, &columns).await, content);
}

async fn kind(admin: &Admin, table: &str) -> String {
    let sql = "SELECT relkind::text FROM pg_class WHERE oid = $1::text::regclass";
    admin.query_one(sql, &[&format!("public.{table}")]).await.expect("the table").get(0)
}

#[tokio::test]
async fn other_types_names_and_fewer_columns() {
    let database = Database::empty().await;
    database.connect().await.batch_execute(include_str!("other_types.sql")).await.expect("the site");
    there_and_back(&database, async |admin| {
        assert_eq!(kind(admin, "deployment_tracking_events").await, "p");
        assert_eq!(kind(admin, "client_analytics").await, "p");
        let types: Vec<String> = admin
            .query(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                  WHERE attrelid = 'public.clients_enhanced'::regclass
                    AND attname IN ('status', 'email', 'website_url', 'address', 'created_at') ORDER BY attname",
                &[],
            )
            .await
            .expect("the catalog")
            .iter()
            .map(|row| row.get(0))
            .collect();
        let stay = ["json", "timestamp without time zone", "address", "client_status", "character varying(500)"];
        assert_eq!(types, stay, "the site's types stay, varchar is widened");
    })
    .await;
}

#[tokio::test]
async fn only_some_of_the_five_tables() {
    let database = site(&["DROP TABLE client_analytics, deployment_tracking_events"]).await;
    there_and_back(&database, async |admin| {
        assert_eq!(kind(admin, "client_analytics").await, "p", "made as on a new database");
    })
    .await;
}

#[tokio::test]
async fn a_foreign_key_onto_events_and_a_function_typed_by_figures_keep_the_tables_plain() {
    let more = "
        CREATE TABLE event_notes (event uuid REFERENCES deployment_tracking_events ON DELETE CASCADE, note text);
        INSERT INTO event_notes SELECT id, 'seen' FROM deployment_tracking_events LIMIT 3;
        CREATE FUNCTION figures_of(client uuid) RETURNS SETOF client_analytics LANGUAGE sql STABLE AS
            $$ SELECT * FROM client_analytics WHERE client_id = client $$";
    let database = site(&[MENDED, more]).await;
    there_and_back(&database, async |admin| {
        assert_eq!(kind(admin, "deployment_tracking_events").await, "r");
        assert_eq!(kind(admin, "client_analytics").await, "r");
        let said: Vec<String> = admin
            .query("SELECT suggested_mend FROM tenantry.pending_rules ORDER BY table_name", &[])
            .await
            .expect("rules")
            .iter()
            .map(|row| row.get(0))
            .collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("function figures_of(uuid)"), "{said:?}");
        assert!(said[1].contains("event_notes_event_fkey"), "{said:?}");
    })
    .await;
}
