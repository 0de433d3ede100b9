//! The swap of a plain table for a partitioned one that has it as its first partition, and back.
//!
//! No row is moved: the old table is attached under a CHECK that was validated before, its indexes and foreign keys are
//! taken for the parent's, and everything else that belonged to it is made again on the parent, all in one transaction.
//! [`reasons`] says what stands against it; then the table stays plain, and readers and writers see no difference.

mod bound;
mod reasons;
mod swap;

use std::collections::BTreeMap;

use tokio_postgres::Client;

use super::converge::broken;
use super::pending::{self, Pending};
use super::{Adoption, planner};
use crate::Result;
use crate::db::catalog::{Table, obstacles, read, sql::derived, views};
use crate::db::migrate::{Runner, Step};
use crate::db::quote::literal;

pub use reasons::reasons;

/// The schema of partitions.
pub(super) const SCHEMA: &str = "tenantry_partitions";

/// The name that the site's table has as a partition.
pub(super) fn adopted_name(table: &str) -> String {
    derived(table, "adopted")
}

/// Partitions a table that is plain, or notes why it stays so.
pub async fn partition(runner: &mut Runner<'_>, adoption: &Adoption, table: &str) -> Result<()> {
    let migration = Adoption::migration(table);
    let (Some(actual), Some(model)) = (runner.table(table).await?, adoption.model.tables.get(table)) else {
        return Ok(());
    };
    let Some(key) = adoption.model.partitioned_by.get(table) else { return Ok(()) };
    if actual.kind == 'p' {
        return ahead(runner, migration, table).await;
    }
    let (violations, _) = broken(runner, adoption, &actual, model, true).await?;
    let over = views::over(runner.admin, table, &[]).await?;
    let mut against = reasons(&actual, model, key, &violations);
    against.extend(obstacles::of_table(runner.admin, table, &over).await?.into_iter().map(|what| {
        format!("{what} stands on the table and can't be made again on a partitioned one: drop it, or let the table stay plain")
    }));
    let bound = match &adoption.assumed {
        Some(assumed) => assumed.bounds.get(table).cloned().flatten(),
        None => bound::of(runner.admin, &actual, key).await?,
    };
    if bound.is_none() {
        against.push(format!("a row whose {key} is infinity, or after {}, has no month: correct it", bound::LATEST));
    }
    let (true, Some(bound)) = (against.is_empty(), bound) else {
        let rows: i64 = violations.iter().map(|violation| violation.rows).sum();
        let sql = stays_plain(&actual, rows, &against, &pending::read(runner.admin).await?);
        if !sql.is_empty() {
            runner.run(migration, &Step::transaction(format!("{table} stays plain"), sql)).await?;
        }
        return Ok(());
    };
    for step in bound::steps(&actual, key, &bound) {
        runner.run(migration, &step).await?;
    }
    for step in swap::key(&actual, model) {
        runner.run(migration, &step).await?;
    }
    let Some(actual) = runner.table(table).await? else { return Ok(()) };
    runner.run(migration, &swap::swap(&actual, model, key, &bound, &over)).await?;
    ahead(runner, migration, table).await
}

/// Where each plain table that is to be partitioned will end as a partition, as its rows are now.
pub async fn bounds(client: &Client, adoption: &Adoption) -> Result<BTreeMap<String, Option<String>>> {
    let mut bounds = BTreeMap::new();
    for (table, key) in adoption.model.partitioned_by.iter().filter(|(table, _)| adoption.concerns(table)) {
        let Some(actual) = read::table(client, table).await?.filter(|actual| actual.kind == 'r') else { continue };
        let bound = if actual.column(key).is_some() { bound::of(client, &actual, key).await? } else { None };
        bounds.insert(table.clone(), bound);
    }
    Ok(bounds)
}

/// Notes that the table stays plain, and why, where that isn't noted yet. The bound of an interrupted run goes: one day
/// it would refuse rows.
fn stays_plain(actual: &Table, rows: i64, against: &[String], noted: &[Pending]) -> String {
    let bound = planner::bound(&actual.name);
    let drop = actual.constraint(&bound).map_or_else(String::new, |_| {
        format!("ALTER TABLE {} DROP CONSTRAINT {};\n", actual.sql_name(), crate::db::quote::ident(&bound))
    });
    let wanted = Pending {
        table: actual.name.clone(),
        rule: pending_name(&actual.name),
        kind: "partition".to_owned(),
        rows,
        stand_in: "the table stays plain".to_owned(),
        suggested_mend: against.join(". "),
    };
    if noted.contains(&wanted) { drop } else { drop + &wanted.note() }
}

/// The rule under which a table that stays plain is pending.
fn pending_name(table: &str) -> String {
    derived(table, "partitions")
}

/// Partitions for the months ahead, one in each transaction, so that what they reference is locked for a moment only.
async fn ahead(runner: &mut Runner<'_>, migration: &str, table: &str) -> Result<()> {
    let months: i32 = runner
        .admin
        .query_one(
            "SELECT coalesce(min(months), 0) FROM tenantry.partition_months_ahead() WHERE table_name = $1::text",
            &[&table],
        )
        .await?
        .get(0);
    if months >= 24 {
        return Ok(());
    }
    let sql = include_str!("ahead.sql").replace("$TABLE", &literal(table));
    runner.run(migration, &Step::batch(format!("{table}: partitions ahead"), sql)).await
}

/// Statements that take the locks away from nobody: what a lock list names, as `LOCK TABLE` wants it.
fn locks(actual: &Table) -> Vec<(String, &'static str)> {
    let targets = actual
        .constraints
        .iter()
        .filter_map(|constraint| constraint.target.as_ref())
        .map(|target| (crate::db::quote::qualified(&target.schema, &target.table), planner::SHARE_ROW_EXCLUSIVE));
    let mut locks: Vec<(String, &'static str)> = targets.chain([(actual.sql_name(), planner::EXCLUSIVE)]).collect();
    locks.sort();
    locks.dedup();
    locks
}
