//! `order=`.

use super::cursor::{Cursor, Parsed};
use super::name::field;
use crate::query::order::{Direction, Nulls, OrderBy, OrderTerm};

/// `a.asc,b.desc.nullslast,rel(c)`.
pub(super) fn terms(cursor: &mut Cursor) -> Parsed<Vec<OrderTerm>> {
    let mut terms = Vec::new();
    loop {
        cursor.budget.item(cursor.at())?;
        terms.push(term(cursor)?);
        if !cursor.take(",") {
            return Ok(terms);
        }
    }
}

fn term(cursor: &mut Cursor) -> Parsed<OrderTerm> {
    let first = field(cursor)?;
    let by = if first.path.is_empty() && cursor.take("(") {
        let by = OrderBy::Related { embed: first.name, field: field(cursor)? };
        cursor.expect(")", "\")\"")?;
        by
    } else {
        OrderBy::Field(first)
    };
    let (direction, nulls) = modifiers(cursor)?;
    Ok(OrderTerm { by, direction, nulls })
}

/// `.desc.nullslast`: a direction, where NULL stands, both in this order, or neither.
fn modifiers(cursor: &mut Cursor) -> Parsed<(Option<Direction>, Option<Nulls>)> {
    let (mut direction, mut nulls) = (None, None);
    while cursor.take(".") {
        let start = cursor.at();
        let word = cursor.take_while(char::is_alphanumeric);
        match word {
            "asc" if direction.is_none() && nulls.is_none() => direction = Some(Direction::Ascending),
            "desc" if direction.is_none() && nulls.is_none() => direction = Some(Direction::Descending),
            "nullsfirst" if nulls.is_none() => nulls = Some(Nulls::First),
            "nullslast" if nulls.is_none() => nulls = Some(Nulls::Last),
            _ => {
                let expected: &[&str] = match (direction, nulls) {
                    (None, None) => &["\"asc\"", "\"desc\"", "\"nullsfirst\"", "\"nullslast\""],
                    (Some(_), None) => &["\"nullsfirst\"", "\"nullslast\""],
                    (_, Some(_)) => &["\",\"", "end of input"],
                };
                cursor.back_to(start);
                return Err(cursor.unexpected(expected));
            }
        }
    }
    cursor.skip_blanks();
    Ok((direction, nulls))
}
