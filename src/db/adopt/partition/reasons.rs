use crate::db::adopt::planner;
use crate::db::adopt::rule::Violation;
use crate::db::catalog::{ConstraintKind, Table};

/// What keeps a table from being partitioned: rules that rows break, and what a partitioned table can't have. Each with
/// what can be done about it.
pub fn reasons(actual: &Table, model: &Table, key: &str, broken: &[Violation]) -> Vec<String> {
    let mut found: Vec<String> = broken
        .iter()
        .map(|violation| match violation.rows {
            1 => format!("1 row breaks {}: mend it first", violation.rule.name),
            rows => format!("{rows} rows break {}: mend them first", violation.rule.name),
        })
        .collect();
    if found.is_empty() {
        let wanting = planner::rules_wanting(actual, model, true);
        found.extend(wanting.iter().map(|rule| format!("{} doesn't hold yet: run migrate up again", rule.name)));
    }
    for column in actual.columns.iter().filter(|column| column.identity) {
        found.push(format!(
            "column {} is an identity column, which a partition can't have: give it a sequence",
            column.name
        ));
    }
    // The bound that an interrupted run left is validated, or made again, before the swap.
    let bound = planner::bound(&actual.name);
    for constraint in actual.constraints.iter().filter(|constraint| constraint.name != bound) {
        let ours = model.constraint(&constraint.name).is_some();
        match constraint.kind {
            ConstraintKind::Exclude => {
                found.push(format!("exclusion constraint {} can't span partitions", constraint.name));
            }
            ConstraintKind::Unique if !ours && !constraint.columns.iter().any(|column| column == key) => {
                found.push(format!(
                    "unique constraint {} doesn't contain {key}, so it can't span partitions: drop it",
                    constraint.name
                ));
            }
            _ if !constraint.validated => found.push(format!("constraint {} isn't validated", constraint.name)),
            _ => {}
        }
    }
    // One that isn't valid holds nothing: what an interrupted build of ours left behind is built again.
    for index in actual.indexes.iter().filter(|index| index.unique && index.valid && index.constraint.is_none()) {
        if model.index(&index.name).is_none() && !index.keys.iter().any(|column| column == key) {
            found.push(format!(
                "unique index {} doesn't contain {key}, so it can't span partitions: drop it",
                index.name
            ));
        }
    }
    for index in actual.indexes.iter().filter(|index| index.replica_identity) {
        found.push(format!("index {} is the replica identity: set REPLICA IDENTITY FULL or DEFAULT", index.name));
    }
    for trigger in
        actual.triggers.iter().filter(|trigger| trigger.for_each_row && trigger.definition.contains(" REFERENCING "))
    {
        found.push(format!(
            "trigger {} fires for each row and has transition tables, which a partitioned table can't have",
            trigger.name
        ));
    }
    found
}
