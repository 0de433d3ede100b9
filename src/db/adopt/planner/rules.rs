use super::{Case, EXCLUSIVE, SHARE_ROW_EXCLUSIVE, stand_in, temporary};
use crate::db::adopt::rule::{Rule, RuleKind, Violation};
use crate::db::adopt::{compare, rows};
use crate::db::catalog::{Constraint, ConstraintKind, sql::as_written, sql::derived};
use crate::db::migrate::Step;
use crate::db::quote::{ident, literal, qualified};

/// CHECK and NOT NULL: stand-ins for what rows break, the rest NOT VALID, then VALIDATE, then NOT NULL proper.
pub(super) fn steps(case: &Case<'_>) -> Vec<Step> {
    let (mut added, mut validated, mut closed) = (String::new(), Vec::new(), String::new());
    for column in case.model.columns.iter().filter(|column| column.not_null) {
        let rule = Rule::not_null(&case.model.name, &column.name);
        if case.actual.column(&column.name).is_some_and(|actual| actual.not_null) {
            closed.push_str(&case.settled(&rule.name));
            continue;
        }
        let holds = derived(&rule.name, "holds");
        if let Some(violation) = case.violation(&rule.name) {
            added.push_str(&take_away(case, &holds));
            added.push_str(&hold(case, violation));
            continue;
        }
        let wanted = format!("CHECK ({} IS NOT NULL)", ident(&column.name));
        gradually(case, &holds, &wanted, &mut added, &mut validated);
        // Two statements: within one, PostgreSQL drops first, and then reads the whole table under the lock for want of
        // the constraint that says there is no NULL.
        closed.push_str(&format!(
            "ALTER TABLE {table} ALTER COLUMN {} SET NOT NULL;\nALTER TABLE {table} DROP CONSTRAINT {};\n",
            ident(&column.name),
            ident(&holds),
            table = case.table()
        ));
        closed.push_str(&case.settled(&rule.name));
    }
    for wanted in case.model.constraints.iter().filter(|wanted| wanted.kind == ConstraintKind::Check) {
        if let Some(violation) = case.violation(&wanted.name) {
            let ours = case.actual.constraint(&wanted.name).filter(|actual| actual.same_as(wanted));
            if let Some(ours) = ours {
                added.push_str(&take_away(case, &ours.name));
            }
            added.push_str(&take_away(case, &temporary(&wanted.name)));
            added.push_str(&hold(case, violation));
        } else {
            added.push_str(&renamed(case, wanted));
            let name = name_now(case, wanted);
            gradually(case, &name, &as_written(&wanted.definition), &mut added, &mut validated);
            closed.push_str(&case.settled(&wanted.name));
        }
    }
    let mut steps = Vec::new();
    if !added.is_empty() {
        steps.push(Step::locking("rules for new writes", case.lock(EXCLUSIVE), added));
    }
    steps.extend(validated);
    if !closed.is_empty() {
        steps.push(Step::locking("columns that are never empty", case.lock(EXCLUSIVE), closed));
    }
    steps
}

/// Foreign keys: NOT VALID, then VALIDATE; one that rows break stays NOT VALID.
pub(super) fn foreign_keys(case: &Case<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let wanting =
        |wanted: &&Constraint| wanted.kind == ConstraintKind::ForeignKey && !super::holds(case.actual, wanted);
    let targets = case.model.constraints.iter().filter(wanting).filter_map(|wanted| wanted.target.as_ref());
    if targets.clone().any(|target| target.table == "template_configurations") {
        steps.push(rows::templates_in_use());
    }
    for wanted in case.model.constraints.iter().filter(|wanted| wanted.kind == ConstraintKind::ForeignKey) {
        let (mut added, mut validated) = (renamed(case, wanted), Vec::new());
        let name = name_now(case, wanted);
        gradually(case, &name, &wanted.definition, &mut added, &mut validated);
        match case.violation(&wanted.name) {
            Some(violation) => {
                validated.clear();
                added.push_str(&case.note(violation, "the foreign key, NOT VALID: it holds for new and changed rows"));
            }
            None => validated.extend(settled(case, wanted)),
        }
        if !added.is_empty() {
            let mut locks = case.lock(SHARE_ROW_EXCLUSIVE);
            let target = wanted.target.as_ref().map(|target| qualified(&target.schema, &target.table));
            locks.extend(target.filter(|target| *target != case.table()).map(|target| (target, SHARE_ROW_EXCLUSIVE)));
            steps.push(Step::locking(format!("{} for new writes", wanted.name), locks, added));
        }
        steps.extend(validated);
    }
    steps
}

fn settled(case: &Case<'_>, wanted: &Constraint) -> Option<Step> {
    let sql = case.settled(&wanted.name);
    (!sql.is_empty()).then(|| Step::transaction(format!("{} is pending no more", wanted.name), sql))
}

/// Adds a constraint NOT VALID where it is missing, and plans its validation where that is still to be done.
fn gradually(case: &Case<'_>, name: &str, definition: &str, added: &mut String, validated: &mut Vec<Step>) {
    let table = case.table();
    let actual = case.actual.constraint(name);
    if actual.is_none() && !is_being_renamed(case, name) {
        added.push_str(&format!("ALTER TABLE {table} ADD CONSTRAINT {} {definition} NOT VALID;\n", ident(name)));
    }
    let valid = actual.is_some_and(|actual| actual.validated) || is_being_renamed(case, name);
    // A constraint of the site's that was never validated comes back as it was.
    let validate = case.model.constraint(name).is_none_or(|wanted| wanted.validated);
    if !valid && validate {
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {}", ident(name));
        validated.push(Step::transaction(format!("{name} validated"), sql));
    }
}

/// The constraint of this definition that the table has under another name, which isn't one of ours.
fn elsewhere<'a>(case: &'a Case<'_>, wanted: &Constraint) -> Option<&'a Constraint> {
    case.actual.constraints.iter().find(|actual| {
        actual.same_as(wanted)
            && actual.validated
            && case.model.constraint(&actual.name).is_none()
            && actual.name != temporary(&wanted.name)
    })
}

/// Renames a constraint that only has another name, where ours is still free.
fn renamed(case: &Case<'_>, wanted: &Constraint) -> String {
    if case.actual.constraint(&wanted.name).is_some() {
        return String::new();
    }
    let from = case.actual.constraint(&temporary(&wanted.name)).or_else(|| elsewhere(case, wanted));
    from.map_or_else(String::new, |from| {
        let (table, from, to) = (case.table(), ident(&from.name), ident(&wanted.name));
        format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to};\n")
    })
}

/// Whether a plan that has got this far has just given the name to a constraint that was there before.
fn is_being_renamed(case: &Case<'_>, name: &str) -> bool {
    case.model
        .constraint(name)
        .is_some_and(|wanted| case.actual.constraint(name).is_none() && !renamed(case, wanted).is_empty())
}

/// The name that ours goes by while the site's constraint of the same name, and another definition, is there.
fn name_now(case: &Case<'_>, wanted: &Constraint) -> String {
    match case.actual.constraint(&wanted.name) {
        Some(actual) if !actual.same_as(wanted) => temporary(&wanted.name),
        _ => wanted.name.clone(),
    }
}

/// Drops one of our constraints, if it is there.
fn take_away(case: &Case<'_>, name: &str) -> String {
    if case.actual.constraint(name).is_none() {
        return String::new();
    }
    format!("ALTER TABLE {} DROP CONSTRAINT {};\n", case.table(), ident(name))
}

/// The trigger that stands in for a CHECK or NOT NULL, unless it is there already.
fn hold(case: &Case<'_>, violation: &Violation) -> String {
    let (state, expression, columns) = match &violation.rule.kind {
        RuleKind::Check { expression, columns } => ("23514", expression.clone(), columns.clone()),
        RuleKind::NotNull { column } => ("23502", format!("{} IS NOT NULL", ident(column)), vec![column.clone()]),
        RuleKind::Unique { .. } | RuleKind::ForeignKey { .. } => return String::new(),
    };
    let (name, rule) = (stand_in(&violation.rule.name), &violation.rule.name);
    let note = case.note(violation, &format!("trigger {name}"));
    if case.actual.trigger(&name).is_some() {
        return note;
    }
    let arguments: Vec<String> =
        [rule.clone(), state.to_owned(), expression].iter().chain(&columns).map(|text| literal(text)).collect();
    format!(
        "CREATE TRIGGER {} AFTER INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION tenantry.hold_pending_rule({});\n{note}",
        ident(&name),
        case.table(),
        arguments.join(", ").trim()
    )
}

/// Whether a constraint of the site's is replaced by one of ours that no row breaks.
pub(super) fn is_replaced(case: &Case<'_>, site: &Constraint) -> bool {
    compare::replaced_by(site, case.model).is_some_and(|ours| case.violation(&ours.name).is_none())
}
