use std::collections::BTreeSet;

use crate::db::adopt::planner::{self, EXCLUSIVE};
use crate::db::catalog::{Column, Constraint, ConstraintKind, Grant, Policy, Table, Trigger, sql};
use crate::db::migrate::{Step, ledger};
use crate::db::quote::{ident, literal, qualified};

/// Triggers and policies that the site didn't have, or had otherwise, go first: they stand on columns that go.
pub(super) fn cleared(actual: &Table, shape: &Table) -> Option<Step> {
    let table = actual.sql_name();
    let triggers = actual
        .triggers
        .iter()
        .filter(|trigger| shape.trigger(&trigger.name).is_none_or(|former| !same_trigger(former, trigger)))
        .map(|trigger| format!("DROP TRIGGER {} ON {table};\n", ident(&trigger.name)));
    let policies = actual
        .policies
        .iter()
        .filter(|policy| policy.name != planner::OWNER_POLICY)
        .filter(|policy| shape.policy(&policy.name).is_none_or(|former| !former.same_as(policy)))
        .map(|policy| format!("DROP POLICY {} ON {table};\n", ident(&policy.name)));
    let sql: String = triggers.chain(policies).collect();
    (!sql.is_empty())
        .then(|| Step::locking("what the site didn't have goes", vec![(table, EXCLUSIVE)], sql).as_migrator())
}

fn same_trigger(one: &Trigger, other: &Trigger) -> bool {
    one.definition == other.definition && one.enabled == other.enabled
}

/// The columns that get their former type back.
pub(super) fn retyped(actual: &Table, shape: &Table) -> Vec<String> {
    let differs =
        |column: &&Column| shape.column(&column.name).is_some_and(|former| former.type_name != column.type_name);
    actual.columns.iter().filter(differs).map(|column| column.name.clone()).collect()
}

/// The rest, in one transaction: what isn't in the shape goes, and everything is as it was.
pub(super) fn closed(actual: &Table, shape: &Table, views: &[Table]) -> Step {
    let table = actual.sql_name();
    let mut sql: String = views.iter().rev().map(Table::drop_view).collect();
    sql.push_str(&surplus(actual, shape));
    let (dropped, made) = read_again(actual, shape);
    sql.push_str(&dropped);
    sql.push_str(&columns(actual, shape));
    sql.push_str(&made);
    sql.push_str(&exclusions(actual, shape));
    if actual.name == "deployment_tracking_events" && shape.column("client_id").is_some() {
        sql.push_str(include_str!("empty_events.sql"));
    }
    sql.push_str(&format!("ALTER TABLE {table} OWNER TO {};\n", ident(&shape.owner)));
    sql.push_str(&belongings(actual, shape));
    sql.push_str(&walls(actual, shape));
    sql.extend(views.iter().map(Table::create_view_filled));
    sql.push_str(&format!(
        "DELETE FROM tenantry.pending_rules WHERE table_name = {name};\n\
         DELETE FROM tenantry.adopted_tables WHERE table_name = {name};\n{}",
        ledger::forgotten(crate::db::adopt::Adoption::migration(&actual.name)),
        name = literal(&actual.name)
    ));
    let targets = actual.constraints.iter().filter(|constraint| shape.constraint(&constraint.name).is_none());
    let targets = targets.filter_map(|constraint| constraint.target.as_ref());
    let mut locks: Vec<(String, &'static str)> = targets
        .map(|target| (qualified(&target.schema, &target.table), EXCLUSIVE))
        .chain([(table, EXCLUSIVE)])
        .collect();
    locks.sort();
    locks.dedup();
    Step::locking(ledger::TAKEN_BACK, locks, sql).as_migrator()
}

/// Constraints, indexes and columns that aren't in the shape go; what was made under a temporary name takes its own.
fn surplus(actual: &Table, shape: &Table) -> String {
    let table = actual.sql_name();
    let mut sql = String::new();
    let same =
        |constraint: &Constraint| shape.constraint(&constraint.name).is_some_and(|former| former.same_as(constraint));
    let waits = |name: &str| {
        let constraints = shape.constraints.iter().map(|former| &former.name);
        constraints
            .chain(shape.indexes.iter().map(|former| &former.name))
            .any(|former| planner::temporary(former) == name)
    };
    for constraint in actual.constraints.iter().filter(|constraint| !same(constraint) && !waits(&constraint.name)) {
        sql.push_str(&format!("ALTER TABLE {table} DROP CONSTRAINT {};\n", ident(&constraint.name)));
    }
    for index in actual.indexes.iter().filter(|index| index.constraint.is_none() && !waits(&index.name)) {
        if shape.index(&index.name).is_none_or(|former| !former.same_as(index)) {
            sql.push_str(&format!("DROP INDEX {};\n", qualified("public", &index.name)));
        }
    }
    sql.push_str(&names(actual, shape));
    for column in actual.columns.iter().filter(|column| shape.column(&column.name).is_none()) {
        sql.push_str(&format!("ALTER TABLE {table} DROP COLUMN {};\n", ident(&column.name)));
    }
    sql
}

/// CHECKs, and indexes with expressions or a WHERE, over columns that get another type: PostgreSQL would read them again
/// from its own print, and not come to the same tree.
fn read_again(actual: &Table, shape: &Table) -> (String, String) {
    let table = actual.sql_name();
    let changed = retyped(actual, shape);
    let (mut dropped, mut made) = (String::new(), String::new());
    for check in shape.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Check) {
        if check.columns.iter().any(|column| changed.contains(column)) {
            let (name, written) = (ident(&check.name), sql::as_written(&check.definition));
            dropped.push_str(&format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n"));
            let not_valid = if check.validated { "" } else { " NOT VALID" };
            made.push_str(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} {written}{not_valid};\n"));
        }
    }
    for index in shape.indexes.iter().filter(|index| index.constraint.is_none()) {
        let plain =
            index.predicate.is_none() && index.keys.iter().all(|key| shape.column(key.trim_matches('"')).is_some());
        if !plain && changed.iter().any(|column| index.body().contains(column.as_str())) {
            dropped.push_str(&format!("DROP INDEX {};\n", qualified("public", &index.name)));
            let unique = if index.unique { "UNIQUE " } else { "" };
            made.push_str(&format!(
                "CREATE {unique}INDEX {} ON {};\n",
                ident(&index.name),
                sql::as_written(index.body())
            ));
        }
    }
    (dropped, made)
}

/// Exclusion constraints that are missing: their index can't be built ahead of them.
fn exclusions(actual: &Table, shape: &Table) -> String {
    let missing = shape
        .constraints
        .iter()
        .filter(|former| former.kind == ConstraintKind::Exclude && actual.constraint(&former.name).is_none());
    let table = actual.sql_name();
    missing
        .map(|former| format!("ALTER TABLE {table} ADD CONSTRAINT {} {};\n", ident(&former.name), former.definition))
        .collect()
}

fn names(actual: &Table, shape: &Table) -> String {
    let table = actual.sql_name();
    let mut sql = String::new();
    for former in &shape.constraints {
        let new = planner::temporary(&former.name);
        if actual.constraint(&new).is_some() {
            sql.push_str(&format!(
                "ALTER TABLE {table} RENAME CONSTRAINT {} TO {};\n",
                ident(&new),
                ident(&former.name)
            ));
        }
    }
    for former in &shape.indexes {
        let new = planner::temporary(&former.name);
        if actual.index(&new).is_none_or(|index| index.constraint.is_some()) {
            continue;
        }
        match former.constraint.as_ref().and_then(|name| shape.constraint(name)) {
            Some(constraint) => {
                sql.push_str(&format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {} {};\n",
                    ident(&constraint.name),
                    constraint.using_index(&new)
                ));
            }
            None => {
                sql.push_str(&format!(
                    "ALTER INDEX {} RENAME TO {};\n",
                    qualified("public", &new),
                    ident(&former.name)
                ));
            }
        }
    }
    sql
}

/// Types, defaults and NOT NULL.
fn columns(actual: &Table, shape: &Table) -> String {
    let mut changes = Vec::new();
    for former in &shape.columns {
        let Some(now) = actual.column(&former.name) else { continue };
        let name = ident(&former.name);
        if now.type_name != former.type_name {
            let collation = former.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
            changes.push(format!("ALTER COLUMN {name} TYPE {}{collation}", former.type_name));
        }
        if now.default != former.default {
            changes.push(match &former.default {
                Some(default) => format!("ALTER COLUMN {name} SET DEFAULT {default}"),
                None => format!("ALTER COLUMN {name} DROP DEFAULT"),
            });
        }
        if now.not_null && !former.not_null {
            changes.push(format!("ALTER COLUMN {name} DROP NOT NULL"));
        }
    }
    if changes.is_empty() {
        return String::new();
    }
    format!("ALTER TABLE {}\n    {};\n", actual.sql_name(), changes.join(",\n    "))
}

/// Triggers, comments, statistics, publications.
fn belongings(actual: &Table, shape: &Table) -> String {
    let table = actual.sql_name();
    let mut sql = String::new();
    for former in &shape.triggers {
        match actual.trigger(&former.name) {
            Some(now) if same_trigger(now, former) => {}
            Some(_) => {
                sql.push_str(&format!("DROP TRIGGER {} ON {table};\n{}", ident(&former.name), former.create(&table)));
            }
            None => sql.push_str(&former.create(&table)),
        }
    }
    let now = actual.comments();
    for (object, text) in shape.comments() {
        let said = now.iter().find(|(there, _)| *there == object).and_then(|(_, said)| *said);
        if text.is_some() || said.is_some() {
            let text = text.map_or_else(|| "NULL".to_owned(), literal);
            sql.push_str(&format!("COMMENT ON {object} IS {text};\n"));
        }
    }
    for former in shape.statistics.iter().filter(|one| !actual.statistics.iter().any(|now| now.name == one.name)) {
        let name = qualified(&former.schema, &former.name);
        sql.push_str(&format!("{};\nALTER STATISTICS {name} OWNER TO {};\n", former.definition, ident(&former.owner)));
        sql.push_str(&sql::comment(&format!("STATISTICS {name}"), former.comment.as_deref()));
    }
    for former in &shape.publications {
        match actual.publications.iter().find(|now| now.name == former.name) {
            Some(now) if now.via_root != former.via_root => sql.push_str(&former.through_root(former.via_root)),
            Some(_) => {}
            None => sql.push_str(&former.add(&table)),
        }
    }
    let clustered = shape.indexes.iter().find(|index| index.clustered);
    if let Some(index) = clustered.filter(|index| actual.index(&index.name).is_none_or(|now| !now.clustered)) {
        sql.push_str(&format!("ALTER TABLE {table} CLUSTER ON {};\n", ident(&index.name)));
    }
    sql
}

/// Policies, row level security and grants.
fn walls(actual: &Table, shape: &Table) -> String {
    let table = actual.sql_name();
    let mut sql = String::new();
    for policy in
        actual.policies.iter().filter(|policy| shape.policy(&policy.name).is_none_or(|former| !former.same_as(policy)))
    {
        sql.push_str(&format!("DROP POLICY IF EXISTS {} ON {table};\n", ident(&policy.name)));
    }
    let missing = |former: &&Policy| actual.policy(&former.name).is_none_or(|now| !now.same_as(former));
    sql.extend(shape.policies.iter().filter(missing).map(|policy| policy.create(&table)));
    for (now, former, on, off) in [
        (actual.row_security, shape.row_security, "ENABLE", "DISABLE"),
        (actual.forced, shape.forced, "FORCE", "NO FORCE"),
    ] {
        if now != former {
            sql.push_str(&format!("ALTER TABLE {table} {} ROW LEVEL SECURITY;\n", if former { on } else { off }));
        }
    }
    sql + &grants(actual, shape)
}

/// Grants in the order in which the catalog had them. The table has its former owner by now, and what was granted was
/// granted by that one.
fn grants(actual: &Table, shape: &Table) -> String {
    let table = shape.sql_name();
    let grantees = |grants: &Option<Vec<Grant>>| -> BTreeSet<Option<String>> {
        let named = grants.iter().flatten().map(|grant| grant.grantee.clone());
        named.filter(|grantee| grantee.as_deref() != Some(planner::OWNER)).collect()
    };
    let mut sql = String::new();
    for grantee in grantees(&actual.grants) {
        sql.push_str(&format!("REVOKE ALL ON {table} FROM {} CASCADE;\n", sql::grantee(grantee.as_deref())));
    }
    let owner = ident(&shape.owner);
    match &shape.grants {
        Some(former) => {
            sql.push_str(&format!("REVOKE ALL ON {table} FROM {owner};\n"));
            sql.push_str(&sql::grants(&format!("TABLE {table}"), &shape.owner, &[], former));
        }
        None => sql.push_str(&format!("GRANT ALL ON {table} TO {owner};\n")),
    }
    for column in &shape.columns {
        for grantee in actual.column(&column.name).map(|now| grantees(&now.grants)).unwrap_or_default() {
            let grantee = sql::grantee(grantee.as_deref());
            sql.push_str(&format!("REVOKE ALL ({}) ON {table} FROM {grantee} CASCADE;\n", ident(&column.name)));
        }
        if let Some(former) = &column.grants {
            sql.push_str(&sql::column_grants(&table, &column.name, &shape.owner, &[], former));
        }
    }
    sql
}
