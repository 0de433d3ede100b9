//! The name of a parameter: what it asks, of which embed.

use super::cursor::{Cursor, Parsed};
use super::name::{Name, json_path, name};
use crate::query::filter::Connective;
use crate::query::{Field, Path};

/// What a parameter asks.
pub(super) enum Key {
    Select,
    Columns,
    OnConflict,
    Order(Path),
    Limit(Path),
    Offset(Path),
    Logic(Path, bool, Connective),
    Filter(Path, Field),
}

/// `col`, `rel.col->key`, `rel.order`, `rel.not.or`. A reserved word in quotes is a column of that name.
pub(super) fn key(cursor: &mut Cursor) -> Parsed<Key> {
    let mut names = names(cursor)?;
    let path = json_path(cursor)?;
    cursor.skip_blanks();
    if !cursor.is_at_end() {
        let next: &[&str] = if path.is_empty() { &["\".\"", "\"->\"", "\"=\""] } else { &["\"->\"", "\"=\""] };
        return Err(cursor.unexpected(next));
    }
    let last = names.pop().expect("names gives at least one");
    let at = cursor.at();
    let key = if path.is_empty() { reserved(&last, &mut names) } else { None };
    let key = key.unwrap_or_else(|| Key::Filter(texts(names), Field { name: last.text, path }));
    if let Key::Order(of) | Key::Limit(of) | Key::Offset(of) | Key::Logic(of, ..) | Key::Filter(of, _) = &key {
        cursor.budget.path(at, of.len())?;
    }
    Ok(key)
}

fn names(cursor: &mut Cursor) -> Parsed<Vec<Name>> {
    cursor.skip_blanks();
    let mut names = vec![name(cursor)?];
    while cursor.take(".") {
        names.push(name(cursor)?);
    }
    Ok(names)
}

fn reserved(last: &Name, before: &mut Vec<Name>) -> Option<Key> {
    if last.quoted {
        return None;
    }
    match last.text.as_str() {
        "order" => Some(Key::Order(texts(std::mem::take(before)))),
        "limit" => Some(Key::Limit(texts(std::mem::take(before)))),
        "offset" => Some(Key::Offset(texts(std::mem::take(before)))),
        "and" => Some(logic(before, Connective::And)),
        "or" => Some(logic(before, Connective::Or)),
        "select" if before.is_empty() => Some(Key::Select),
        "columns" if before.is_empty() => Some(Key::Columns),
        "on_conflict" if before.is_empty() => Some(Key::OnConflict),
        _ => None,
    }
}

fn logic(before: &mut Vec<Name>, connective: Connective) -> Key {
    let negated = before.pop_if(|name| name.is_word("not")).is_some();
    Key::Logic(texts(std::mem::take(before)), negated, connective)
}

fn texts(names: Vec<Name>) -> Path {
    names.into_iter().map(|name| name.text).collect()
}
