//! What a table's writes need beyond the one statement.
//!
//! Most tables are *plain*: one statement, and the rules that triggers and constraints hold. Where rows hold secrets, these
//! are sealed first; where they are layers of configuration, a write is a change, judged and applied as any other. What
//! differs from table to table besides are the conflict targets that components know from before adoption, and which
//! column `If-Match` compares.

use super::catalog::Relation;
use crate::configurations::ConfigTable;
use crate::db::policies::rules;

/// How many rows a write touches at most where it isn't plain.
pub(super) const MOST_ROWS: usize = 1_000;

/// Who writes the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// The statement itself.
    Plain,
    /// The statement, once secrets are sealed.
    Sealed,
    /// A change of configuration.
    Change(ConfigTable),
}

/// Tables of which some columns hold secrets.
const SEALED: &[&str] = &["client_billing_info", "client_deployments"];

/// Who writes the rows of a relation.
pub(super) fn of(relation: &Relation) -> Writer {
    match ConfigTable::by_name(&relation.name) {
        _ if !relation.is_ours => Writer::Plain,
        Some(table) => Writer::Change(table),
        None if SEALED.contains(&relation.name.as_str()) => Writer::Sealed,
        None => Writer::Plain,
    }
}

/// Whether a target names a number that every new row is given whatever it brings, so that none is ever there already.
pub(super) fn is_numbered(relation: &Relation, on: &[usize]) -> bool {
    let version = relation.position("version");
    relation.name == "client_customizations" && version.is_some_and(|version| on.contains(&version))
}

/// Which rows a role may remove, beyond those that it may change: what policies say of the rows themselves. Empty for all.
pub(super) fn deletable(table: &str, role: &str) -> String {
    let rules = rules::TABLES.iter().filter(|known| known.name == table).flat_map(|known| known.rules);
    let of_role = rules.filter(|rule| {
        rule.commands.contains(&rules::Command::Delete) && rule.roles.iter().any(|known| known.name() == role)
    });
    let only: Vec<&str> = of_role.map(|rule| rule.only).collect();
    if only.contains(&"true") { String::new() } else { only.join(" OR ") }
}

/// Conflict targets of components that know a table by another key than it has now.
const OTHER_TARGETS: &[(&str, &[&str], &[&str])] = &[
    // One row per client, deployment, day and period, before there were hours; a row without an hour is still that one.
    (
        "client_analytics",
        &["client_id", "deployment_id", "analytics_date", "analytics_period"],
        &["client_id", "deployment_id", "analytics_date", "analytics_period", "analytics_hour"],
    ),
    // The primary key before the table was partitioned.
    ("client_analytics", &["id"], &["id"]),
    ("deployment_tracking_events", &["id"], &["id"]),
];

/// Tables whose `version` counts their writes; elsewhere a column of that name means something else.
const COUNTED: &[&str] = &["system_configurations", "deployment_configurations"];

/// How rows are found by a target that no index of the table is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OtherTarget {
    /// By more columns.
    Wider(Vec<usize>),
    /// By these very columns, though no index keeps them unique.
    Itself,
}

/// What becomes of a target that no index of the table is for.
pub(super) fn other_target(relation: &Relation, asked: &[usize]) -> Option<OtherTarget> {
    let places = |names: &[&str]| names.iter().map(|name| relation.position(name)).collect::<Option<Vec<usize>>>();
    let mut asked = asked.to_vec();
    asked.sort_unstable();
    let (_, from, to) = OTHER_TARGETS.iter().filter(|_| relation.is_ours).find(|(table, from, _)| {
        *table == relation.name
            && places(from).is_some_and(|mut from| {
                from.sort_unstable();
                from == asked
            })
    })?;
    if from == to { Some(OtherTarget::Itself) } else { places(to).map(OtherTarget::Wider) }
}

/// The target of an upsert that names none: the primary key, or what was it when components were written.
pub(super) fn default_target(relation: &Relation) -> Vec<usize> {
    let id = relation.position("id");
    match id {
        Some(id) if other_target(relation, &[id]).is_some() => vec![id],
        _ => relation.primary_key.clone(),
    }
}

/// The column that `If-Match` compares.
pub(super) fn version(relation: &Relation) -> Option<usize> {
    let is_counted = relation.is_ours && COUNTED.contains(&relation.name.as_str());
    relation.position(if is_counted { "version" } else { "updated_at" })
}
