//! Names, quoted text, and the way into JSON values.

use super::cursor::{Cursor, Mismatch, Parsed};
use crate::query::{Arrow, Field, JsonStep, Operand};

/// A name as it was written: whether in quotes decides if it may be a reserved word.
pub(super) struct Name {
    pub(super) text: String,
    pub(super) quoted: bool,
}

impl Name {
    /// Whether this is the word `word`, rather than something named so.
    pub(super) fn is_word(&self, word: &str) -> bool {
        !self.quoted && self.text == word
    }
}

/// Whether a character may stand in a name without quotes.
pub(super) fn is_bare(next: char) -> bool {
    next.is_alphabetic() || next.is_ascii_digit() || matches!(next, '_' | ' ' | '$')
}

/// `name`, `name-with-dashes`, `"any name"`.
pub(super) fn name(cursor: &mut Cursor) -> Parsed<Name> {
    let start = cursor.at();
    let name = if cursor.peek() == Some('"') {
        Name { text: quoted(cursor)?, quoted: true }
    } else {
        Name { text: bare(cursor).trim().to_owned(), quoted: false }
    };
    if name.text.is_empty() {
        cursor.back_to(start);
        return Err(cursor.unexpected(&["a name (letters, digits, _, $, -, or anything in double quotes)"]));
    }
    Ok(name)
}

/// A dash belongs to the name, unless it begins an arrow.
fn bare(cursor: &mut Cursor) -> String {
    let mut text = String::new();
    loop {
        text.push_str(cursor.take_while(is_bare));
        if cursor.rest().starts_with("->") || !cursor.take("-") {
            return text;
        }
        text.push('-');
    }
}

/// `"text"`, in which a backslash stands before what is meant literally.
pub(super) fn quoted(cursor: &mut Cursor) -> Parsed<String> {
    let start = cursor.at();
    cursor.expect("\"", "\"\\\"\"")?;
    let mut text = String::new();
    loop {
        match cursor.next() {
            Some('"') => return Ok(text),
            Some('\\') => text.extend(cursor.next()),
            Some(other) => text.push(other),
            None => return Err(Mismatch::new(start, "a double quote opens here and nothing closes it")),
        }
    }
}

/// A name of a type or of a text search configuration: never in quotes.
pub(super) fn bare_name(cursor: &mut Cursor, what: &str) -> Parsed<String> {
    let text = cursor.take_while(is_bare).trim();
    if text.is_empty() { Err(cursor.unexpected(&[what])) } else { Ok(text.to_owned()) }
}

/// `name->key->>0`.
pub(super) fn field(cursor: &mut Cursor) -> Parsed<Field> {
    cursor.skip_blanks();
    let name = name(cursor)?.text;
    let path = json_path(cursor)?;
    cursor.skip_blanks();
    Ok(Field { name, path })
}

/// `->key->>0`; empty where no arrow stands.
pub(super) fn json_path(cursor: &mut Cursor) -> Parsed<Vec<JsonStep>> {
    let mut path: Vec<JsonStep> = Vec::new();
    loop {
        let at = cursor.at();
        let arrow = if cursor.take("->>") {
            Arrow::Text
        } else if cursor.take("->") {
            Arrow::Json
        } else {
            return Ok(path);
        };
        if path.last().is_some_and(|last| last.arrow == Arrow::Text) {
            let after_text = Mismatch::new(at, "nothing can follow ->>, which gives text");
            return Err(after_text.hint("write -> for every step but the last"));
        }
        let most = cursor.budget.limits.json_steps;
        if path.len() == most {
            return Err(Mismatch::new(at, format!("more than {most} steps into a JSON value")));
        }
        path.push(JsonStep { arrow, operand: operand(cursor)? });
    }
}

/// A number is an index where nothing of a name follows it; otherwise it is a key.
fn operand(cursor: &mut Cursor) -> Parsed<Operand> {
    let start = cursor.at();
    let negative = cursor.take("-");
    let digits = cursor.take_while(|next| next.is_ascii_digit());
    if !digits.is_empty() && ends_operand(cursor) {
        let number = cursor.since(start);
        return number
            .parse()
            .map(Operand::Index)
            .map_err(|_| Mismatch::new(start, format!("no JSON array has a place {number}")));
    }
    if negative {
        return Err(cursor.unexpected(&["a digit"]).hint("put a key that begins with - in double quotes"));
    }
    cursor.back_to(start);
    Ok(Operand::Key(name(cursor)?.text))
}

fn ends_operand(cursor: &Cursor) -> bool {
    let rest = cursor.rest();
    rest.is_empty() || rest.starts_with(['.', ',', ')', ' ']) || rest.starts_with("->") || rest.starts_with("::")
}
