//! An adopted database, mended, is what a new one is, but for what DATABASE.md names.

use std::collections::BTreeMap;

use tenantry::db::catalog::{Table, read};

use super::site::{MENDED, adopt, site};
use crate::support::Database;

const TABLES: [&str; 13] = [
    "clients_enhanced",
    "client_members",
    "client_customizations",
    "client_deployments",
    "deployment_tracking_events",
    "client_analytics",
    "system_configurations",
    "template_configurations",
    "deployment_configurations",
    "client_billing_info",
    "deployment_templates",
    "configuration_versions",
    "audit_log",
];

const VIEWS: [&str; 4] =
    ["client_summary", "deployment_status_summary", "client_configuration_summary", "template_usage_summary"];

async fn shapes(database: &Database) -> BTreeMap<String, Table> {
    let names: Vec<&str> = TABLES.iter().chain(&VIEWS).copied().collect();
    let admin = database.connect().await;
    let tables = read::tables(&admin, "public", &names).await.expect("the catalog");
    tables.into_iter().map(|table| (table.name.clone(), but_for_what_stays(table))).collect()
}

/// Leaves out what DATABASE.md excepts: the site's own columns, the order of columns, narrower types and defaults, and
/// keys to `auth.users`. Grants are compared as sets: their order tells how a table came about, and nothing else.
fn but_for_what_stays(mut table: Table) -> Table {
    table.columns.retain(|column| column.name != "satisfaction_rating");
    table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    for column in &mut table.columns {
        column.default = None;
        if let Some(grants) = &mut column.grants {
            grants.sort_by(|a, b| a.grantee.cmp(&b.grantee));
        }
    }
    table.constraints.retain(|constraint| constraint.target.as_ref().is_none_or(|target| target.schema != "auth"));
    if let Some(grants) = &mut table.grants {
        grants.sort_by(|a, b| a.grantee.cmp(&b.grantee));
    }
    table
}

#[tokio::test]
async fn after_mending_the_catalog_is_that_of_a_new_database() {
    let fresh = shapes(&Database::migrated().await).await;
    let database = site(&[MENDED]).await;
    adopt(&database).await;
    let adopted = shapes(&database).await;
    assert_eq!(adopted.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>());
    for (name, fresh) in &fresh {
        let adopted = &adopted[name];
        assert_eq!(adopted.constraints, fresh.constraints, "{name}");
        assert_eq!(adopted.indexes, fresh.indexes, "{name}");
        assert_eq!(adopted.triggers, fresh.triggers, "{name}");
        assert_eq!(adopted, fresh, "{name}");
    }
}

#[tokio::test]
async fn mending_later_gives_the_same() {
    let at_once = site(&[MENDED]).await;
    adopt(&at_once).await;
    let later = site(&[]).await;
    adopt(&later).await;
    let admin = later.connect().await;
    let pending: i64 = admin.query_one("SELECT count(*) FROM tenantry.pending_rules", &[]).await.expect("rules").get(0);
    assert!(pending > 5, "{pending}");
    admin.batch_execute(&format!("SET session_replication_role = replica; {MENDED}")).await.expect("a person mends");
    adopt(&later).await;
    let pending: i64 = admin.query_one("SELECT count(*) FROM tenantry.pending_rules", &[]).await.expect("rules").get(0);
    assert_eq!(pending, 0);
    let (is, should_be) = (shapes(&later).await, shapes(&at_once).await);
    for (name, should_be) in &should_be {
        assert_eq!(&is[name], should_be, "{name}");
    }
}
