use std::collections::BTreeSet;

use crate::Result;
use crate::db::adopt::adoption::tables_of_ours;
use crate::db::adopt::compare;
use crate::db::adopt::planner;
use crate::db::adopt::rule::RuleKind;
use crate::db::adopt::survey::{self, Subject};
use crate::db::catalog::{Column, Table, read};
use crate::db::migrate::{Runner, ledger, migrations};
use crate::db::quote::{ident, literal};

/// How many rows a sentence names.
const NAMED: usize = 5;

/// Columns that Tenantry keeps itself: a row in which only these changed is as it was made.
const KEPT: &str = "'{usage_count,last_used_at,performance_score,success_rate}'::text[]";

/// Everything that going back to `to` would lose, in sentences that name rows.
pub async fn losses(runner: &Runner<'_>, shapes: &[Table], to: u16) -> Result<Vec<String>> {
    let mut found = made_by_people(runner, shapes, to).await?;
    for shape in shapes.iter().filter(|shape| shape.kind == 'r') {
        if number(super::Adoption::migration(&shape.name)) > to
            && let Some(actual) = read::table(runner.admin, &shape.name).await?
            && actual.owner == planner::OWNER
        {
            found.extend(values(runner, &actual, shape).await?);
            found.extend(rules(runner, &actual, shape).await?);
        }
    }
    Ok(found)
}

fn number(migration: &str) -> u16 {
    migration.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Rows of tables that go, but for those that seeds and adoption made and nobody touched.
///
/// What `down` of seeds and adopted rows would take away is taken away, counted without, and rolled back.
async fn made_by_people(runner: &Runner<'_>, shapes: &[Table], to: u16) -> Result<Vec<String>> {
    // Before BEGIN: the ledger is read in a transaction of its own, whose end would be the end of this one.
    let applied = ledger::closed(runner.admin).await?.into_keys().collect();
    runner
        .admin
        .batch_execute(
            "BEGIN; SET LOCAL ROLE tenantry_owner; SET LOCAL search_path = public; SET LOCAL tenantry.migrating = 'on'; \
             SET LOCAL TimeZone = 'UTC'",
        )
        .await?;
    let counted = count(runner, shapes, to, &applied).await;
    runner.admin.batch_execute("ROLLBACK").await?;
    counted
}

async fn count(runner: &Runner<'_>, shapes: &[Table], to: u16, applied: &BTreeSet<String>) -> Result<Vec<String>> {
    let gone = |name: &str| applied.contains(name) && number(name) > to;
    for migration in migrations().iter().rev().filter(|one| gone(one.name)) {
        if matches!(migration.name, "0026_seeds" | "0027_adopted_rows") {
            runner.admin.batch_execute(&migration.down()).await?;
        }
    }
    runner.admin.batch_execute("SET LOCAL TimeZone = 'UTC'").await?;
    let mut found = Vec::new();
    for table in tables_of_ours() {
        let migration = super::Adoption::migration(table);
        let adopted = shapes.iter().any(|shape| shape.name == table);
        if adopted || !gone(migration) || !exists(runner, &format!("public.{}", ident(table))).await? {
            continue;
        }
        let rows = match table {
            // Trails of what people did; of what migrations and operators did there is nothing to miss.
            "audit_log" => "(r.user_id IS NOT NULL OR r.token_id IS NOT NULL)".to_owned(),
            // Derived from rows that are counted themselves.
            "configuration_versions" => continue,
            _ => touched(table),
        };
        found.extend(said(runner, table, &rows, "would be lost with the table").await?);
    }
    if gone("0028_secrets") && exists(runner, "tenantry.secrets").await? {
        let secrets = format!("SELECT count(*), (array_agg(id::text ORDER BY id))[1:{NAMED}] FROM tenantry.secrets");
        let row = runner.admin.query_one(&secrets, &[]).await?;
        found.extend(sentence(
            "tenantry.secrets",
            row.get(0),
            row.get(1),
            "would be lost: rows hold their masks alone",
        ));
    }
    if gone("0002_tenantry") && exists(runner, "tenantry.people").await? {
        // Roles that were copied are where they were copied from; whoever got a password since has something to lose.
        let people = "SELECT count(*), (array_agg(p.user_id::text ORDER BY p.user_id))[1:$N] FROM tenantry.people p
                       WHERE EXISTS (SELECT FROM tenantry.passwords s WHERE s.user_id = p.user_id)
                          OR NOT EXISTS (SELECT FROM tenantry.made_rows m
                                          WHERE m.table_name = 'people' AND m.row_id = p.user_id AND m.content = to_jsonb(p))"
            .replace("$N", &NAMED.to_string());
        let row = runner.admin.query_one(&people, &[]).await?;
        found.extend(sentence(
            "tenantry.people",
            row.get(0),
            row.get(1),
            "would be lost: their roles, passwords and sessions",
        ));
    }
    Ok(found)
}

/// Whether a row `r` of a table isn't one that seeds or adoption made and nobody touched, as SQL.
fn touched(table: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM tenantry.made_rows m WHERE m.table_name = {} AND m.row_id::text = to_jsonb(r) ->> 'id'
                      AND m.content - {KEPT} = to_jsonb(r) - {KEPT})",
        literal(table)
    )
}

async fn exists(runner: &Runner<'_>, relation: &str) -> Result<bool> {
    Ok(runner.admin.query_one("SELECT to_regclass($1) IS NOT NULL", &[&relation]).await?.get(0))
}

async fn said(runner: &Runner<'_>, table: &str, rows: &str, fate: &str) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT count(*), (array_agg(coalesce(to_jsonb(r) ->> 'id', to_jsonb(r) ->> 'user_id')))[1:{NAMED}]
           FROM public.{} r WHERE {rows}",
        ident(table)
    );
    let row = runner.admin.query_one(&sql, &[]).await?;
    Ok(sentence(table, row.get(0), row.get(1), fate).into_iter().collect())
}

fn sentence(table: &str, rows: i64, keys: Option<Vec<String>>, fate: &str) -> Option<String> {
    if rows == 0 {
        return None;
    }
    let keys = keys.unwrap_or_default();
    let more = if rows > i64::try_from(keys.len()).unwrap_or(rows) { ", …" } else { "" };
    let noun = if rows == 1 { "row" } else { "rows" };
    Some(format!("{table}: {rows} {noun} {fate} ({}{more})", keys.join(", ")))
}

/// Values in columns that go, and values too long for the type that comes back.
async fn values(runner: &Runner<'_>, actual: &Table, shape: &Table) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for column in &actual.columns {
        let name = ident(&column.name);
        match shape.column(&column.name) {
            None if is_filled(actual, column) => {}
            None => {
                // A default that the row got when the column came, or by nobody's choice, is nothing to lose.
                let untouched = match column.default.as_deref() {
                    Some(default) if default.contains('(') => continue,
                    Some(default) => format!("r.{name} IS NOT DISTINCT FROM {default}"),
                    None => format!("r.{name} IS NULL"),
                };
                let fate = format!("would lose the value in {}, which goes", column.name);
                let lost = format!("NOT ({untouched}) AND {}", touched(&actual.name));
                found.extend(said(runner, &actual.name, &lost, &fate).await?);
            }
            Some(former) if compare::widens(former, column) => {
                let length = former.type_name.trim_start_matches("character varying(").trim_end_matches(')');
                let fate = format!("would lose the end of {}, too long for {}", column.name, former.type_name);
                found.extend(said(runner, &actual.name, &format!("length(r.{name}) > {length}"), &fate).await?);
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

fn is_filled(actual: &Table, column: &Column) -> bool {
    actual.name == "deployment_tracking_events" && column.name == "client_id"
}

/// Rows that break a rule of the site's which ours had replaced.
async fn rules(runner: &Runner<'_>, actual: &Table, shape: &Table) -> Result<Vec<String>> {
    let wanting = planner::rules_wanting(actual, shape, false);
    // Only a table of ours can be asked about; a foreign key of the site's to another one was never dropped.
    let ours = tables_of_ours();
    let rules = wanting.into_iter().filter(|rule| match &rule.kind {
        RuleKind::ForeignKey { target, .. } => ours.contains(&target.as_str()),
        _ => true,
    });
    let subject =
        Subject { table: actual.name.clone(), rules: rules.collect(), missing: std::collections::BTreeMap::new() };
    let violations = survey::in_one_snapshot(runner.admin, &[subject]).await?;
    Ok(violations
        .iter()
        .filter_map(|violation| {
            let keys = violation.examples.iter().take(NAMED).cloned().collect();
            let fate = format!("would break {}, which the site had", violation.rule.name);
            sentence(&actual.name, violation.rows, Some(keys), &fate)
        })
        .collect())
}
