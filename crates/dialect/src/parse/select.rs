//! `select=`.

use super::cursor::{Cursor, Mismatch, Parsed};
use super::name::{Name, bare_name, json_path, name};
use crate::query::Field;
use crate::query::select::{Column, Count, Embed, Item, Join, Shape};

/// `id,alias:name::text,rel!inner(…),...other(…)`; nothing is the empty list.
pub(super) fn items(cursor: &mut Cursor, depth: usize) -> Parsed<Vec<Item>> {
    let mut items = Vec::new();
    cursor.skip_blanks();
    if cursor.is_at_end() || cursor.peek() == Some(')') {
        return Ok(items);
    }
    loop {
        cursor.budget.item(cursor.at())?;
        cursor.skip_blanks();
        items.push(item(cursor, depth)?);
        cursor.skip_blanks();
        if !cursor.take(",") {
            return Ok(items);
        }
    }
}

fn item(cursor: &mut Cursor, depth: usize) -> Parsed<Item> {
    if cursor.take("...") {
        let relation = name(cursor)?;
        return embed(cursor, Shape::Spread, relation, depth);
    }
    if cursor.take("*") {
        return Ok(Item::Star);
    }
    let first = name(cursor)?;
    let (alias, subject) = if !cursor.rest().starts_with("::") && cursor.take(":") {
        (Some(first.text), name(cursor)?)
    } else {
        (None, first)
    };
    match cursor.peek() {
        Some('(') if subject.is_word("count") && cursor.take("()") => {
            Ok(Item::Count(Count { alias, cast: cast(cursor)? }))
        }
        Some('(' | '!') => embed(cursor, Shape::Nested { alias }, subject, depth),
        _ => column(cursor, alias, subject),
    }
}

fn column(cursor: &mut Cursor, alias: Option<String>, name: Name) -> Parsed<Item> {
    let path = json_path(cursor)?;
    if cursor.peek() == Some('.') {
        let aggregate = cursor.unexpected(&["\"->\"", "\"::\"", "\",\"", "end of input"]);
        return Err(aggregate.hint("count() counts the rows; no other aggregate is given"));
    }
    let field = Field { name: name.text, path };
    Ok(Item::Column(Column { alias, field, cast: cast(cursor)? }))
}

fn cast(cursor: &mut Cursor) -> Parsed<Option<String>> {
    cursor.skip_blanks();
    cursor.take("::").then(|| bare_name(cursor, "the name of a type")).transpose()
}

fn embed(cursor: &mut Cursor, shape: Shape, relation: Name, depth: usize) -> Parsed<Item> {
    let start = cursor.at();
    let (hint, join) = embed_parameters(cursor)?;
    cursor.expect("(", "\"(\"")?;
    cursor.budget.embed(start, depth)?;
    let select = items(cursor, depth + 1)?;
    if !cursor.take(")") {
        return Err(cursor.unexpected(&["\",\"", "\")\""]));
    }
    Ok(Item::Embed(Embed { shape, relation: relation.text, hint, join: join.unwrap_or(Join::Left), select }))
}

/// `!hint!inner`, in either order, each at most once.
fn embed_parameters(cursor: &mut Cursor) -> Parsed<(Option<String>, Option<Join>)> {
    let (mut hint, mut join) = (None, None);
    loop {
        let at = cursor.at();
        if !cursor.take("!") {
            return Ok((hint, join));
        }
        let word = name(cursor)?;
        let parameter = if word.is_word("inner") {
            Parameter::Join(Join::Inner)
        } else if word.is_word("left") {
            Parameter::Join(Join::Left)
        } else {
            Parameter::Hint(word.text)
        };
        match parameter {
            Parameter::Join(kind) if join.is_none() => join = Some(kind),
            Parameter::Hint(text) if hint.is_none() => hint = Some(text),
            Parameter::Join(_) | Parameter::Hint(_) => {
                return Err(Mismatch::new(at, "an embed takes one hint and one of !inner and !left"));
            }
        }
    }
}

enum Parameter {
    Join(Join),
    Hint(String),
}
