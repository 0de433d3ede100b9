//! `or=(…)`, `and=(…)`, and filters within them.

use super::cursor::{Cursor, Parsed};
use super::name::field;
use super::operator::{Place, operation};
use crate::query::filter::{Condition, Connective, Filter, Logic};

/// `(a.eq.1,or(b.eq.2,not.c.is.null))`, what stands behind a connective.
pub(super) fn group(cursor: &mut Cursor, negated: bool, connective: Connective, depth: usize) -> Parsed<Logic> {
    cursor.skip_blanks();
    let start = cursor.at();
    cursor.expect("(", "\"(\"")?;
    cursor.budget.logic(start, depth)?;
    let mut conditions = Vec::new();
    loop {
        cursor.skip_blanks();
        conditions.push(condition(cursor, depth)?);
        cursor.skip_blanks();
        if !cursor.take(",") {
            break;
        }
    }
    if !cursor.take(")") {
        return Err(cursor.unexpected(&["\",\"", "\")\""]));
    }
    cursor.skip_blanks();
    Ok(Logic { negated, connective, conditions })
}

fn condition(cursor: &mut Cursor, depth: usize) -> Parsed<Condition> {
    match connective(cursor) {
        Some((negated, connective)) => Ok(Condition::Logic(group(cursor, negated, connective, depth + 1)?)),
        None => filter(cursor).map(Condition::Filter),
    }
}

/// `and(`, `not.or(`; anything else is a filter, such as one on a column named `or`.
fn connective(cursor: &mut Cursor) -> Option<(bool, Connective)> {
    let start = cursor.at();
    let negated = cursor.take("not.");
    let connective = if cursor.take("and") {
        Some(Connective::And)
    } else if cursor.take("or") {
        Some(Connective::Or)
    } else {
        None
    };
    if let Some(connective) = connective
        && cursor.rest().trim_start().starts_with('(')
    {
        return Some((negated, connective));
    }
    cursor.back_to(start);
    None
}

fn filter(cursor: &mut Cursor) -> Parsed<Filter> {
    let start = cursor.at();
    cursor.budget.filter(start)?;
    let field = field(cursor)?;
    if !cursor.take(".") {
        return Err(cursor.unexpected(&["\".\" and an operator"]));
    }
    let (negated, operation) = operation(cursor, Place::Logic)?;
    Ok(Filter { field, negated, operation })
}
