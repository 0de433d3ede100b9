use tokio_postgres::Client;

use super::converge::converge;
use super::{Adoption, partition, planner, walled_views};
use crate::Result;
use crate::db::catalog::{Table, read};
use crate::db::migrate::{Runner, Step};
use crate::db::quote::ident;

/// The migration that filling views counts as.
const VIEWS: &str = "0024_views";

/// What is left when every migration is applied, and what every later `up` tries again: pending rules, the site's own
/// stamps that ours replace, materialised views that were made again and are still empty.
pub async fn settle(runner: &mut Runner<'_>, adoption: &Adoption) -> Result<()> {
    for table in super::adoption::tables_of_ours().into_iter().filter(|table| adoption.concerns(table)) {
        let plain = runner.table(table).await?.is_some_and(|actual| actual.kind == 'r');
        if plain {
            converge(runner, adoption, table).await?;
        }
        stamps(runner, table).await?;
        partition::partition(runner, adoption, table).await?;
    }
    walled_views::wall(runner, adoption).await?;
    refresh(runner).await
}

/// The site's `updated_at` triggers go once ours stamp instead.
async fn stamps(runner: &mut Runner<'_>, table: &str) -> Result<()> {
    let Some(actual) = runner.table(table).await? else { return Ok(()) };
    let ours = actual.triggers.iter().any(|trigger| trigger.function_schema == "tenantry");
    let replaced = actual.triggers.iter().filter(|trigger| {
        trigger.function_schema != "tenantry" && trigger.on_update && planner::stamps_updated_at(trigger)
    });
    let name = actual.sql_name();
    let sql: String = replaced.map(|trigger| format!("DROP TRIGGER {} ON {name};\n", ident(&trigger.name))).collect();
    if sql.is_empty() || !ours {
        return Ok(());
    }
    let step =
        Step::locking(format!("{table}: the site's stamps give way to ours"), vec![(name, planner::EXCLUSIVE)], sql);
    runner.run(Adoption::migration(table), &step).await
}

/// Fills the materialised views over Tenantry's tables that were made again, and are still empty.
async fn refresh(runner: &mut Runner<'_>) -> Result<()> {
    for view in empty_views(runner.admin).await? {
        let name = format!("{}.{} filled again", view.schema, view.name);
        runner.run(VIEWS, &Step::transaction(name, view.refresh()).as_migrator()).await?;
    }
    Ok(())
}

/// The materialised views over Tenantry's tables that are empty, each before those that stand on it.
pub async fn empty_views(client: &Client) -> Result<Vec<Table>> {
    let rows = client
        .query(
            "WITH RECURSIVE stands_on AS (
                 SELECT DISTINCT r.ev_class AS view, d.refobjid AS base
                   FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
                  WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
             ), over_ours (view, level) AS (
                 SELECT s.view, 1
                   FROM stands_on s JOIN pg_catalog.pg_class c ON c.oid = s.base AND c.relowner = pg_catalog.to_regrole('tenantry_owner')
                 UNION
                 SELECT s.view, o.level + 1 FROM over_ours o JOIN stands_on s ON s.base = o.view
             )
             SELECT c.oid
               FROM (SELECT view, max(level) AS level FROM over_ours GROUP BY view) o
               JOIN pg_catalog.pg_class c ON c.oid = o.view AND c.relkind = 'm' AND NOT c.relispopulated
              ORDER BY o.level",
            &[],
        )
        .await?;
    read::by_oid(client, &rows.iter().map(|row| row.get(0)).collect::<Vec<_>>()).await
}
