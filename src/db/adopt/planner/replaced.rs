use super::indexes::{constrain, is_timed_otherwise, waits_for_partitions};
use super::{Case, EXCLUSIVE, bound, rules, stand_in, temporary};
use crate::db::adopt::compare;
use crate::db::catalog::{Constraint, ConstraintKind, Index};
use crate::db::migrate::Step;
use crate::db::quote::{ident, literal, qualified};

/// What ours replace goes, in one transaction in which ours of the same name take their names; then comments.
pub(super) fn steps(case: &Case<'_>) -> Vec<Step> {
    let gone: Vec<&Constraint> = constraints_gone(case);
    let mut sql = String::new();
    for constraint in &gone {
        sql.push_str(&format!("ALTER TABLE {} DROP CONSTRAINT {};\n", case.table(), ident(&constraint.name)));
    }
    for index in indexes_gone(case, &gone) {
        sql.push_str(&format!("DROP INDEX {};\n", qualified("public", &index.name)));
    }
    sql.push_str(&names(case));
    sql.push_str(&stand_ins(case));
    let mut steps = Vec::new();
    if !sql.is_empty() {
        let mut locks = case.lock(EXCLUSIVE);
        locks.extend(
            gone.iter()
                .filter_map(|constraint| constraint.target.as_ref())
                .map(|target| (qualified(&target.schema, &target.table), EXCLUSIVE)),
        );
        locks.dedup();
        steps.push(Step::locking("what ours replace goes", locks, sql));
    }
    steps.extend(comments(case));
    steps
}

/// Constraints of the site's that ours replace, or that have ours' name and another definition.
fn constraints_gone<'a>(case: &'a Case<'_>) -> Vec<&'a Constraint> {
    case.actual.constraints.iter().filter(|site| goes(case, site)).collect()
}

fn goes(case: &Case<'_>, site: &Constraint) -> bool {
    let is_temporary = case.model.constraints.iter().any(|ours| temporary(&ours.name) == site.name);
    let is_helper = site.name.ends_with("_holds") && site.definition.ends_with("IS NOT NULL))");
    let same_thing = case.model.constraints.iter().any(|ours| ours.same_as(site));
    // The bound of an interrupted run: what partitions the table goes on with it, or drops it.
    let is_bound = site.name == bound(&case.actual.name);
    if is_temporary || is_helper || is_bound {
        return false;
    }
    if let Some(ours) = case.model.constraint(&site.name) {
        return !ours.same_as(site) && case.violation(&ours.name).is_none() && !waits(case, ours);
    }
    if needed(case, site) {
        return false;
    }
    let foreign = site.target.as_ref().is_some_and(|target| target.schema != "public");
    if same_thing
        && case.model.constraints.iter().any(|ours| ours.same_as(site) && case.actual.constraint(&ours.name).is_none())
    {
        // It is about to be given our name.
        return false;
    }
    match site.kind {
        ConstraintKind::Check => rules::is_replaced(case, site) || case.made_by_hand,
        ConstraintKind::ForeignKey => rules::is_replaced(case, site) || case.made_by_hand && !foreign,
        ConstraintKind::PrimaryKey => false,
        ConstraintKind::Unique => {
            let index = site.index.as_ref().and_then(|name| case.actual.index(name));
            index.is_some_and(|index| unique_is_replaced(case, index)) || case.made_by_hand
        }
        ConstraintKind::Exclude => case.made_by_hand,
    }
}

fn waits(case: &Case<'_>, ours: &Constraint) -> bool {
    case.model.index(&ours.name).is_some_and(|index| waits_for_partitions(case, index))
}

/// Whether a foreign key, or replication, needs the index beneath a constraint of the site's.
fn needed(case: &Case<'_>, site: &Constraint) -> bool {
    let index = site.index.as_ref().and_then(|name| case.actual.index(name));
    index.is_some_and(|index| index.referenced_by.is_some() || index.replica_identity)
}

fn unique_is_replaced(case: &Case<'_>, site: &Index) -> bool {
    let ours = compare::unique_replaced_by(site, case.model);
    ours.is_some_and(|ours| case.violation(&ours.name).is_none() && !site.same_as(ours))
}

/// Indexes of the site's, without a constraint, that ours replace or make superfluous.
fn indexes_gone<'a>(case: &'a Case<'_>, gone: &[&Constraint]) -> Vec<&'a Index> {
    let replaced_uniques: Vec<&Index> =
        gone.iter().filter_map(|constraint| case.actual.index(constraint.index.as_deref()?)).collect();
    let is_ours = |index: &Index| {
        case.model.indexes.iter().any(|ours| {
            [ours.name.clone(), temporary(&ours.name), stand_in(&ours.name), temporary(&stand_in(&ours.name))]
                .contains(&index.name)
                // One that only wants our name gets it.
                || case.actual.index(&ours.name).is_none() && index.same_as(ours)
        })
    };
    let covered =
        |site: &Index| {
            case.model.indexes.iter().any(|ours| {
                ours.covers(site) && case.violation(&ours.name).is_none() && !waits_for_partitions(case, ours)
            }) || replaced_uniques
                .iter()
                .any(|unique| !site.unique && unique.keys == site.keys && site.predicate.is_none())
        };
    case.actual
        .indexes
        .iter()
        .filter(|index| index.constraint.is_none() && !is_ours(index) && !index.replica_identity)
        .filter(|index| index.referenced_by.is_none())
        .filter(|index| if index.unique { unique_is_replaced(case, index) } else { covered(index) })
        .collect()
}

/// Ours that were built under a temporary name take their own, now that the site's of that name are gone.
fn names(case: &Case<'_>) -> String {
    let mut sql = String::new();
    for wanted in &case.model.constraints {
        let (gradual, new) =
            (matches!(wanted.kind, ConstraintKind::Check | ConstraintKind::ForeignKey), temporary(&wanted.name));
        let differs = case.actual.constraint(&wanted.name).is_some_and(|actual| !actual.same_as(wanted));
        if gradual && differs && case.violation(&wanted.name).is_none() {
            sql.push_str(&format!(
                "ALTER TABLE {} RENAME CONSTRAINT {} TO {};\n",
                case.table(),
                ident(&new),
                ident(&wanted.name)
            ));
        }
    }
    for wanted in case.model.indexes.iter().filter(|wanted| case.violation(&wanted.name).is_none()) {
        let Some(site) = case.actual.index(&wanted.name) else { continue };
        let stays = site.same_as(wanted) && !is_timed_otherwise(case, site, wanted);
        if !site.valid || stays || waits_for_partitions(case, wanted) {
            continue;
        }
        let new = temporary(&wanted.name);
        if site.constraint.is_none() {
            sql.push_str(&format!("DROP INDEX {};\n", qualified("public", &site.name)));
        } else if site.constraint.as_ref().is_none_or(|name| case.model.constraint(name).is_none()) {
            let name = site.constraint.as_deref().unwrap_or_default();
            sql.push_str(&format!("ALTER TABLE {} DROP CONSTRAINT {};\n", case.table(), ident(name)));
        }
        match constrain(case, wanted, &new) {
            Some(constraint) => sql.push_str(&constraint),
            None => {
                sql.push_str(&format!(
                    "ALTER INDEX {} RENAME TO {};\n",
                    qualified("public", &new),
                    ident(&wanted.name)
                ));
            }
        }
    }
    sql
}

/// Indexes that stood in for a unique which holds by now, and the note that it was pending.
fn stand_ins(case: &Case<'_>) -> String {
    let mut sql = String::new();
    for wanted in case.model.indexes.iter().filter(|wanted| case.violation(&wanted.name).is_none()) {
        for name in [stand_in(&wanted.name), temporary(&stand_in(&wanted.name))] {
            if case.actual.index(&name).is_some() {
                sql.push_str(&format!("DROP INDEX {};\n", qualified("public", &name)));
            }
        }
        if wanted.unique {
            sql.push_str(&case.settled(&wanted.name));
        }
    }
    sql
}

/// Comments of the model. Of what is ours only: the site's own columns keep theirs.
fn comments(case: &Case<'_>) -> Option<Step> {
    let pending = |object: &str| {
        case.broken.iter().any(|violation| {
            let name = ident(&violation.rule.name);
            object == format!("INDEX {}", qualified("public", &violation.rule.name))
                || object == format!("CONSTRAINT {name} ON {}", case.table())
        })
    };
    let waits = |object: &str| {
        case.model.indexes.iter().filter(|index| waits_for_partitions(case, index)).any(|index| {
            object == format!("INDEX {}", qualified("public", &index.name))
                || object == format!("CONSTRAINT {} ON {}", ident(&index.name), case.table())
        })
    };
    let present = case.actual.comments();
    let differs = |object: &str, text: &str| present.iter().all(|(there, said)| there != object || *said != Some(text));
    let sql: String = case
        .model
        .comments()
        .into_iter()
        .filter_map(|(object, text)| Some((object, text?)))
        .filter(|(object, text)| !pending(object) && !waits(object) && differs(object, text))
        .map(|(object, text)| format!("COMMENT ON {object} IS {};\n", literal(text)))
        .collect();
    (!sql.is_empty()).then(|| Step::transaction("comments", sql))
}
