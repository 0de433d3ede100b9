//! Back to what a site had: its tables, as they were recorded before anything was changed.
//!
//! The same planner that brought a table to the model brings it back to its recorded shape, this time to exactly that:
//! what isn't in it goes. [`losses`] says first what would be lost.

mod losses;
mod table;
mod unswap;

use std::collections::BTreeMap;

use super::Adoption;
use super::planner::{self, Case};
use crate::Result;
use crate::db::catalog::{Table, read, views};
use crate::db::migrate::{Runner, Step, ledger};
use crate::db::quote::literal;

pub use losses::losses;

/// The recorded shapes, by name, in the order of the migrations.
pub async fn shapes(runner: &Runner<'_>) -> Result<Vec<Table>> {
    if super::recorded(runner).await?.is_empty() {
        return Ok(Vec::new());
    }
    let rows = runner.admin.query("SELECT catalog FROM tenantry.adopted_tables ORDER BY table_name", &[]).await?;
    rows.iter().map(|row| serde_json::from_value(row.get(0)).map_err(crate::Error::from)).collect()
}

/// Makes partitioned tables plain again, before anything else is taken back.
pub async fn unpartition(runner: &mut Runner<'_>, shapes: &[Table]) -> Result<()> {
    for shape in shapes.iter().filter(|shape| shape.kind == 'r') {
        let Some(parent) = runner.table(&shape.name).await? else { continue };
        if parent.kind != 'p' {
            continue;
        }
        let over = views::over(runner.admin, &shape.name, &[]).await?;
        let step = unswap::unswap(runner, &parent, &over).await?;
        runner.run(Adoption::migration(&shape.name), &step).await?;
    }
    Ok(())
}

/// Gives a table its recorded shape.
pub async fn restore(runner: &mut Runner<'_>, shape: &Table) -> Result<()> {
    let migration = Adoption::migration(&shape.name);
    // From now on it counts as not applied: a later `up` adopts it again, a later `down` goes on.
    let reopened =
        format!("DELETE FROM tenantry.migration_steps WHERE migration = {} AND step = 'done'", literal(migration));
    runner.run(migration, &Step::transaction("reopened", reopened).as_migrator()).await?;
    let Some(actual) = runner.table(&shape.name).await? else {
        return Err(crate::Error::failure(format!("public.{} has gone away", shape.name))
            .mend("restore it from the backup that migrate up took"));
    };
    super::begun::settle(runner.admin, migration, &actual).await?;
    if actual.owner == planner::OWNER {
        let cleared = table::cleared(&actual, shape);
        if let Some(step) = cleared {
            runner.run(migration, &step).await?;
        }
        let Some(actual) = runner.table(&shape.name).await? else { return Ok(()) };
        for step in planner::rules_and_indexes(&Case::restoring(&actual, shape, &BTreeMap::new())) {
            runner.run(migration, &step).await?;
        }
    }
    let Some(actual) = runner.table(&shape.name).await? else { return Ok(()) };
    let changed = table::retyped(&actual, shape);
    let over = if changed.is_empty() { Vec::new() } else { views::over(runner.admin, &shape.name, &changed).await? };
    runner.run(migration, &table::closed(&actual, shape, &over)).await
}

/// Gives the site its views back, in the place of ours.
pub async fn restore_views(runner: &mut Runner<'_>, shapes: &[Table], migration: &str, down: &str) -> Result<bool> {
    let former: Vec<Table> = shapes.iter().filter(|shape| shape.view.is_some()).cloned().collect();
    if former.is_empty() {
        return Ok(false);
    }
    let present = read::tables(runner.admin, "public", &super::site_views::VIEWS).await?;
    let own: String = former.iter().map(Table::create_view_filled).collect();
    let names: Vec<String> = former.iter().map(|view| literal(&view.name)).collect();
    let forget = format!("DELETE FROM tenantry.adopted_tables WHERE table_name IN ({});\n", names.join(", "));
    let statements = down.lines().filter(|line| !line.starts_with("DROP VIEW")).collect::<Vec<_>>().join("\n");
    let forget = forget + &ledger::forgotten(migration);
    let between = format!("SET LOCAL ROLE tenantry_owner;\n{statements}\n{forget}RESET ROLE;\n{own}");
    let sql = super::site_views::swapped(runner, &present, &between, Table::create_view_filled).await?;
    runner.run(migration, &Step::transaction(ledger::TAKEN_BACK, sql).as_migrator()).await?;
    Ok(true)
}
