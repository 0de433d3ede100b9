use std::collections::BTreeSet;

use super::{Case, EXCLUSIVE, stand_in, temporary};
use crate::db::adopt::rule::Violation;
use crate::db::catalog::{Constraint, ConstraintKind, Index, sql::as_written};
use crate::db::migrate::Step;
use crate::db::quote::{ident, qualified};

/// Indexes, keys and uniques: built CONCURRENTLY, then given their constraint; where rows are in the way, an index that
/// leaves out the surplus ones.
pub(super) fn steps(case: &Case<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let built = |wanted: &&Index| !waits_for_partitions(case, wanted) && !is_exclusion(case, wanted);
    for wanted in case.model.indexes.iter().filter(built) {
        match case.violation(&wanted.name) {
            Some(violation) => steps.extend(stands_in(case, wanted, violation)),
            None => steps.extend(real(case, wanted)),
        }
    }
    steps
}

/// The index of an exclusion constraint can't be built ahead of it.
fn is_exclusion(case: &Case<'_>, wanted: &Index) -> bool {
    let constraint = wanted.constraint.as_ref().and_then(|name| case.model.constraint(name));
    constraint.is_some_and(|constraint| constraint.kind == ConstraintKind::Exclude)
}

/// Whether an index carries a key or unique that is checked at another time than ours: it can't become ours.
pub(super) fn is_timed_otherwise(case: &Case<'_>, actual: &Index, wanted: &Index) -> bool {
    let theirs = actual.constraint.as_ref().and_then(|name| case.actual.constraint(name));
    let ours = wanted.constraint.as_ref().and_then(|name| case.model.constraint(name));
    theirs.zip(ours).is_some_and(|(theirs, ours)| !theirs.same_as(ours))
}

/// The primary key of a partitioned table holds the partition key, and takes the place of the site's at the swap.
pub(super) fn waits_for_partitions(case: &Case<'_>, wanted: &Index) -> bool {
    case.partitioned_by.is_some()
        && case.violation(&wanted.name).is_none()
        && case.model.constraint(&wanted.name).is_some_and(|key| key.definition.starts_with("PRIMARY KEY"))
}

fn real(case: &Case<'_>, wanted: &Index) -> Vec<Step> {
    let actual = case.actual.index(&wanted.name);
    if let Some(actual) = actual
        && actual.valid
        && actual.same_as(wanted)
        && !is_timed_otherwise(case, actual, wanted)
    {
        return key(case, wanted, &wanted.name).into_iter().collect();
    }
    if actual.is_none()
        && let Some(elsewhere) = elsewhere(case, wanted)
    {
        return renamed(case, elsewhere, wanted);
    }
    let taken = actual.is_some_and(|actual| actual.valid);
    let name = if taken { temporary(&wanted.name) } else { wanted.name.clone() };
    let mut steps: Vec<Step> = build(case, wanted, &name).into_iter().collect();
    if !taken {
        steps.extend(key(case, wanted, &name));
    }
    steps
}

/// The site's index that is the same under another name, and carries a constraint exactly where ours does.
fn elsewhere<'a>(case: &'a Case<'_>, wanted: &Index) -> Option<&'a Index> {
    case.actual.indexes.iter().find(|actual| {
        actual.valid
            && actual.same_as(wanted)
            && case.model.index(&actual.name).is_none()
            && (actual.constraint.is_none() || kind(case.actual, actual) == kind(case.model, wanted))
            && !is_timed_otherwise(case, actual, wanted)
    })
}

fn kind<'a>(table: &'a crate::db::catalog::Table, index: &Index) -> Option<&'a str> {
    let constraint = table.constraint(index.constraint.as_ref()?)?;
    constraint.definition.split(' ').next()
}

fn renamed(case: &Case<'_>, from: &Index, wanted: &Index) -> Vec<Step> {
    let (table, old, new) = (case.table(), ident(&from.name), ident(&wanted.name));
    let sql = match &from.constraint {
        Some(constraint) => format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {new}", ident(constraint)),
        None => format!("ALTER INDEX public.{old} RENAME TO {new}"),
    };
    let step = Step::locking(format!("{} gets its name", wanted.name), case.lock(EXCLUSIVE), sql);
    let constraint = if from.constraint.is_none() { key(case, wanted, &from.name) } else { None };
    std::iter::once(step).chain(constraint).collect()
}

/// CREATE INDEX CONCURRENTLY, unless the index is there; what an interrupted try left behind is cleared away.
fn build(case: &Case<'_>, wanted: &Index, name: &str) -> Option<Step> {
    if case.actual.index(name).is_some_and(|index| index.valid && index.same_as(wanted)) {
        return None;
    }
    let unique = if wanted.unique { "UNIQUE " } else { "" };
    let statement = format!("CREATE {unique}INDEX CONCURRENTLY {} ON {}", ident(name), as_written(wanted.body()));
    Some(Step::index(name, statement))
}

/// The constraint that ours carries, from an index that is there by now.
fn key(case: &Case<'_>, wanted: &Index, index: &str) -> Option<Step> {
    let sql = constrain(case, wanted, index)? + &case.settled(&wanted.name);
    Some(Step::locking(format!("{} becomes a constraint", wanted.name), case.lock(EXCLUSIVE), sql))
}

/// `ADD CONSTRAINT … USING INDEX`, which gives the index the constraint's name; drops another primary key first.
pub(super) fn constrain(case: &Case<'_>, wanted: &Index, index: &str) -> Option<String> {
    let constraint = case.model.constraint(wanted.constraint.as_deref()?)?;
    let carries = case.actual.index(index).is_some_and(|actual| actual.constraint.is_some());
    if carries {
        return None;
    }
    let is_key = |constraint: &Constraint| constraint.kind == ConstraintKind::PrimaryKey;
    // One of ours' own name goes with what ours replace.
    let is_former = |actual: &&Constraint| is_key(constraint) && is_key(actual) && actual.name != constraint.name;
    let former = case.actual.constraints.iter().find(is_former);
    let drop = former.map_or_else(String::new, |former| {
        format!("ALTER TABLE {} DROP CONSTRAINT {};\n", case.table(), ident(&former.name))
    });
    Some(format!(
        "{drop}ALTER TABLE {} ADD CONSTRAINT {} {};\n",
        case.table(),
        ident(&constraint.name),
        constraint.using_index(index)
    ))
}

/// The index that holds a unique for new writes: rows in surplus are left out by their id.
fn stands_in(case: &Case<'_>, wanted: &Index, violation: &Violation) -> Vec<Step> {
    let mut steps = Vec::new();
    if case.actual.index(&wanted.name).is_some_and(|actual| !actual.valid) {
        steps.push(Step::drop_index(&wanted.name));
    }
    let name = stand_in(&wanted.name);
    let left_out: BTreeSet<String> = violation.surplus.iter().map(ToString::to_string).collect();
    let present = case.actual.index(&name).filter(|actual| actual.valid);
    if present.is_none_or(|present| ids_left_out(present) != left_out) {
        let built = if present.is_some() { temporary(&name) } else { name.clone() };
        let ids: Vec<&str> = left_out.iter().map(String::as_str).collect();
        let rest = format!("(id <> ALL ('{{{}}}'::uuid[]))", ids.join(","));
        let body = match wanted.body().split_once(" WHERE ") {
            Some((keys, predicate)) => format!("{keys} WHERE ({predicate} AND {rest})"),
            None => format!("{} WHERE {rest}", wanted.body()),
        };
        // The temporary one may be left from a run with other rows: it is built again in any case.
        let statement = format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {}", ident(&built), as_written(&body));
        steps.push(Step::index(&built, statement));
        if built != name {
            let swap = format!(
                "DROP INDEX {}; ALTER INDEX {} RENAME TO {}",
                qualified("public", &name),
                qualified("public", &built),
                ident(&name)
            );
            steps.push(Step::locking(format!("{name} gives way to a newer one"), case.lock(EXCLUSIVE), swap));
        }
    }
    let note = case.note(violation, &format!("index {name}, without the rows in surplus"));
    if !note.is_empty() {
        steps.push(Step::transaction(format!("{} is pending", wanted.name), note));
    }
    steps
}

/// The ids that a stand-in leaves out.
fn ids_left_out(index: &Index) -> BTreeSet<String> {
    let list = index.predicate.as_deref().and_then(|predicate| {
        let (_, list) = predicate.rsplit_once("<> ALL ('{")?;
        list.split_once("}'").map(|(list, _)| list)
    });
    list.unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(ToOwned::to_owned).collect()
}
