use std::collections::BTreeMap;

use tokio_postgres::error::SqlState;

use super::planner::{self, Case};
use super::rule::Violation;
use super::survey::Subject;
use super::{Adoption, begun, keep, mending, pending};
use crate::db::catalog::{Table, obstacles, views};
use crate::db::migrate::Runner;
use crate::{Error, Result};

/// How often a table is looked at again because a row came that breaks a rule, while the rule was being made.
const PASSES: usize = 5;

/// Brings one table to the shape of the model, but for partitions, taking writes all along.
///
/// What rows break gets a stand-in; a row that comes while a rule is being made, and breaks it, has the table looked at
/// again.
pub async fn converge(runner: &mut Runner<'_>, adoption: &Adoption, table: &str) -> Result<()> {
    let migration = Adoption::migration(table);
    let mut last = None;
    for _ in 0..PASSES {
        match pass(runner, adoption, migration, table).await {
            Err(error) if is_broken_rule(&error) => last = Some(error),
            other => return other,
        }
    }
    Err(last
        .unwrap_or_else(|| Error::failure(format!("{table} doesn't settle")))
        .mend("rows that break the rule keep coming: stop what writes them, then run it again"))
}

fn is_broken_rule(error: &Error) -> bool {
    let rules = [
        SqlState::CHECK_VIOLATION,
        SqlState::NOT_NULL_VIOLATION,
        SqlState::UNIQUE_VIOLATION,
        SqlState::FOREIGN_KEY_VIOLATION,
    ];
    error.sql_state().is_some_and(|state| rules.contains(state))
}

async fn pass(runner: &mut Runner<'_>, adoption: &Adoption, migration: &str, table: &str) -> Result<()> {
    let (Some(actual), Some(model)) = (runner.table(table).await?, adoption.model.tables.get(table)) else {
        return Err(Error::failure(format!("public.{table} has gone away")));
    };
    begun::settle(runner.admin, migration, &actual).await?;
    let partitioned_by = adoption.model.partitioned_by.get(table).map(String::as_str);
    let (broken, mends) = broken(runner, adoption, &actual, model, partitioned_by.is_some()).await?;
    let mut pending = pending::read(runner.admin).await?;
    pending.retain(|pending| pending.table == table);
    let widened = planner::widened(&actual, model);
    let over = if widened.is_empty() { Vec::new() } else { views::over(runner.admin, table, &widened).await? };
    let fixed = obstacles::of_columns(runner.admin, table, &widened, &over).await?;
    let case = Case {
        actual: &actual,
        model,
        partitioned_by,
        broken: &broken,
        mends: &mends,
        pending: &pending,
        views: &over,
        fixed: &fixed,
        made_by_hand: Adoption::made_by_hand(table),
        keep: keep::on_adoption(&actual, &adoption.keep_roles),
        unfilled: unfilled(runner, &actual).await?,
    };
    for step in planner::plan(&case) {
        runner.run(migration, &step).await?;
    }
    Ok(())
}

/// The rules of the model that rows of a table break, with what can be done about each.
pub(super) async fn broken(
    runner: &Runner<'_>,
    adoption: &Adoption,
    actual: &Table,
    model: &Table,
    partitioned: bool,
) -> Result<(Vec<Violation>, BTreeMap<String, String>)> {
    let diagnoses = match &adoption.assumed {
        Some(assumed) => {
            let diagnoses = assumed.diagnoses.iter();
            diagnoses.filter(|diagnosis| diagnosis.violation.rule.table == model.name).cloned().collect()
        }
        None => {
            let subjects = [subject(actual, model, partitioned)];
            mending::look(runner.admin, &subjects).await?
        }
    };
    let mends =
        diagnoses.iter().map(|diagnosis| (diagnosis.violation.rule.name.clone(), diagnosis.suggestion())).collect();
    Ok((diagnoses.into_iter().map(|diagnosis| diagnosis.violation).collect(), mends))
}

/// A table with the rules it lacks, as the survey wants it.
pub fn subject(actual: &Table, model: &Table, partitioned: bool) -> Subject {
    let missing = model.columns.iter().filter(|column| actual.column(&column.name).is_none()).map(|column| {
        let value = column.default.clone().unwrap_or_else(|| format!("NULL::{}", column.type_name));
        (column.name.clone(), value)
    });
    Subject {
        table: model.name.clone(),
        rules: planner::rules_wanting(actual, model, partitioned),
        missing: missing
            .filter(|(name, _)| !(model.name == "deployment_tracking_events" && name == "client_id"))
            .collect(),
    }
}

/// Whether events lack their client.
async fn unfilled(runner: &Runner<'_>, actual: &Table) -> Result<bool> {
    if actual.name != "deployment_tracking_events" {
        return Ok(false);
    }
    if actual.column("client_id").is_none() || actual.trigger("tenantry_10_fill_event_client").is_none() {
        return Ok(true);
    }
    let row = runner
        .admin
        .query_one(
            "SELECT EXISTS (SELECT FROM public.deployment_tracking_events
                             WHERE client_id IS NULL OR client_id = '00000000-0000-0000-0000-000000000000')",
            &[],
        )
        .await?;
    Ok(row.get(0))
}
