use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::{MIGRATION, OVER_OURS};
use crate::Result;
use crate::db::adopt::{Adoption, keep};
use crate::db::catalog::{Grant, Table, read, sql};
use crate::db::migrate::{Runner, Step};
use crate::db::quote::literal;

/// A materialised view holds copies of rows, and knows no row level security: takes from everybody but its owner, and
/// roles that are kept, what they may do with it, and records it as it was.
pub(super) async fn close(runner: &mut Runner<'_>, adoption: &Adoption, tables: &[&str]) -> Result<()> {
    let mut kept: BTreeSet<String> = adoption.keep_roles.iter().cloned().collect();
    kept.extend(keep::kept(runner.admin).await?.into_iter().map(|kept| kept.role));
    for view in over(runner.admin, tables).await? {
        let stays = |grant: &&Grant| {
            grant.grantee.as_ref().is_some_and(|grantee| *grantee == view.owner || kept.contains(grantee))
        };
        let closed = regrant(&view, |grants| grants.iter().filter(stays).cloned().collect());
        if closed.is_empty() {
            continue;
        }
        let sql = format!(
            "SET LOCAL ROLE tenantry_owner;
             INSERT INTO tenantry.walled_views (view_schema, view_name, catalog) VALUES ({}, {}, {})
                 ON CONFLICT DO NOTHING;
             RESET ROLE;
             {closed}",
            literal(&view.schema),
            literal(&view.name),
            literal(&serde_json::to_string(&view)?),
        );
        let name = format!("{}.{}, materialised, is for its owner alone", view.schema, view.name);
        runner.run(MIGRATION, &Step::transaction(name, sql).as_migrator()).await?;
    }
    Ok(())
}

/// Gives each that is still there the grants that it had.
pub(super) async fn open(runner: &mut Runner<'_>) -> Result<()> {
    for former in closed(runner.admin).await? {
        let oid = "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid";
        let oid: Option<u32> = runner.admin.query_one(oid, &[&former.sql_name()]).await?.get(0);
        let now = read::by_oid(runner.admin, &oid.into_iter().collect::<Vec<_>>()).await?.pop();
        let opened = now.map_or_else(String::new, |now| as_before(&now, &former));
        let sql = format!(
            "{opened}
             SET LOCAL ROLE tenantry_owner;
             DELETE FROM tenantry.walled_views WHERE view_schema = {} AND view_name = {}",
            literal(&former.schema),
            literal(&former.name)
        );
        let name = format!("{}.{}, materialised, is for whom it was", former.schema, former.name);
        runner.run(MIGRATION, &Step::transaction(name, sql).as_migrator()).await?;
    }
    Ok(())
}

async fn closed(client: &Client) -> Result<Vec<Table>> {
    if client.query_one("SELECT to_regclass('tenantry.walled_views') IS NULL", &[]).await?.get(0) {
        return Ok(Vec::new());
    }
    let sql = "SELECT catalog FROM tenantry.walled_views WHERE catalog IS NOT NULL ORDER BY view_schema, view_name";
    let rows = client.query(sql, &[]).await?;
    rows.iter().map(|row| serde_json::from_value(row.get(0)).map_err(crate::Error::from)).collect()
}

/// The statements that make of each list of a relation's grants another one; none where every list stays.
fn regrant(view: &Table, wanted: impl Fn(&[Grant]) -> Vec<Grant>) -> String {
    let name = view.sql_name();
    let mut statements = String::new();
    if let Some(present) = view.grants.as_deref() {
        let wanted = wanted(present);
        if wanted != present {
            statements.push_str(&sql::grants(&format!("TABLE {name}"), &view.owner, present, &wanted));
        }
    }
    for column in &view.columns {
        let Some(present) = column.grants.as_deref() else { continue };
        let wanted = wanted(present);
        if wanted != present {
            statements.push_str(&sql::column_grants(&name, &column.name, &view.owner, present, &wanted));
        }
    }
    statements
}

/// The statements that give a relation the grants that it had.
fn as_before(now: &Table, former: &Table) -> String {
    let (name, none) = (now.sql_name(), Vec::new());
    let mut statements = String::new();
    if let Some(wanted) = &former.grants {
        let present = now.grants.as_ref().unwrap_or(&none);
        statements.push_str(&sql::grants(&format!("TABLE {name}"), &now.owner, present, wanted));
    }
    for column in &former.columns {
        let present = now.column(&column.name).and_then(|now| now.grants.as_ref()).unwrap_or(&none);
        if let Some(wanted) = &column.grants {
            statements.push_str(&sql::column_grants(&name, &column.name, &now.owner, present, wanted));
        }
    }
    statements
}

/// The materialised views of others over the tables, which the migrator may alter.
async fn over(client: &Client, tables: &[&str]) -> Result<Vec<Table>> {
    let sql = format!(
        "{OVER_OURS}
         SELECT v.oid FROM (SELECT DISTINCT view FROM over_ours) o
           JOIN pg_catalog.pg_class v ON v.oid = o.view AND v.relkind = 'm'
          WHERE pg_catalog.pg_get_userbyid(v.relowner) <> 'tenantry_owner'
            AND pg_catalog.pg_has_role(v.relowner, 'USAGE')
          ORDER BY v.oid::pg_catalog.regclass::text"
    );
    let rows = client.query(&sql, &[&tables]).await?;
    read::by_oid(client, &rows.iter().map(|row| row.get(0)).collect::<Vec<_>>()).await
}
