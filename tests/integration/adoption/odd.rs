//! Sites that have what nobody thought of: adopted and gone back from, everything is as it was.

use tenantry::db::admin::Admin;

use super::dumped::left;
use super::site::{adopt, go_back, hashes, same_schema, schema};
use crate::support::Database;

/// Every relation of the site's that holds rows, materialised views as well, with its columns.
async fn columns(admin: &Admin) -> std::collections::BTreeMap<String, Vec<String>> {
    let sql = "SELECT c.relname::text, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'm') AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname";
    let rows = admin.query(sql, &[]).await.expect("the catalog");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn there_and_back(sql: &[&str]) {
    let database = Database::empty().await;
    let admin = database.connect().await;
    for sql in sql {
        admin.batch_execute(sql).await.unwrap_or_else(|error| panic!("the site: {error:?}"));
    }
    let columns = columns(&admin).await;
    let (content, before) = (hashes(&admin, &columns).await, schema(&database));
    adopt(&database).await;
    assert_eq!(left(&database), Vec::<String>::new(), "it is adopted whole");
    adopt(&database).await;
    go_back(&database).await;
    same_schema(&schema(&database), &before);
    assert_eq!(hashes(&admin, &columns).await, content);
}

#[tokio::test]
async fn types_names_rules_and_publications() {
    there_and_back(&[include_str!("odd_types.sql")]).await;
}

#[tokio::test]
async fn keys_functions_privileges_and_owners() {
    there_and_back(&[include_str!("odd_keys.sql"), FILLED]).await;
}

#[tokio::test]
async fn a_materialised_view_is_filled_whatever_its_owner_may_read() {
    // Without what keeps the tables plain, both are partitioned, and the views over them made again.
    let partitioned = "ALTER TABLE deployment_tracking_events ALTER COLUMN n DROP IDENTITY;
                       CREATE MATERIALIZED VIEW events_of AS SELECT deployment_id, count(*) FROM deployment_tracking_events GROUP BY 1;
                       ALTER MATERIALIZED VIEW events_of OWNER TO site_odd_app";
    there_and_back(&[include_str!("odd_keys.sql"), FILLED, partitioned]).await;
}

#[tokio::test]
async fn rules_publications_of_everything_and_rows_full_of_nulls() {
    there_and_back(&[include_str!("odd_rules.sql")]).await;
}

#[tokio::test]
async fn owners_policies_and_settings_of_the_sites_own() {
    there_and_back(&[include_str!("odd_walls.sql")]).await;
}

/// Of the events some name their client, some nobody and the rest none: ours fills the column in, which is the site's.
const FILLED: &str = "
ALTER TABLE deployment_tracking_events DISABLE TRIGGER deny;
UPDATE deployment_tracking_events e SET client_id = d.client_id
  FROM client_deployments d WHERE d.id = e.deployment_id AND e.n % 3 = 0;
UPDATE deployment_tracking_events SET client_id = '00000000-0000-0000-0000-000000000000' WHERE n % 3 = 1;
ALTER TABLE deployment_tracking_events ENABLE ALWAYS TRIGGER deny;";
