//! Texts with `${a.b}` in them.

use serde_json::Value;

use crate::{Key, Problem, Rule};

/// A text, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pub parts: Vec<Part>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// What stands there.
    Text(String),
    /// The place whose value stands there.
    Reference(Key),
}

/// What opens a reference, and what stands for it literally.
const OPEN: &str = "${";
const ESCAPED: &str = "$${";

/// A text with `${` that begins no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Malformed {
    /// The problem that the text at a place has.
    pub fn at(path: Key) -> Problem {
        let detail = "The text has a ${ that doesn't begin a reference such as ${branding.name}".to_owned();
        let mend = "Write $${ for a literal ${, or complete the reference.".to_owned();
        Problem::new(path, Rule::Malformed, detail, mend)
    }
}

impl Template {
    /// Reads a text: `${a.b}` is a reference, `$${` a literal `${`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(OPEN) {
            let is_escaped = rest[..at].ends_with('$');
            literal.push_str(&rest[..at - usize::from(is_escaped)]);
            let after = &rest[at + OPEN.len()..];
            if is_escaped {
                literal.push_str(OPEN);
                rest = after;
                continue;
            }
            let (key, after) = after.split_once('}').ok_or(Malformed)?;
            let key = Key::parse(key).map_err(|_| Malformed)?;
            push_text(&mut parts, &mut literal);
            parts.push(Part::Reference(key));
            rest = after;
        }
        literal.push_str(rest);
        push_text(&mut parts, &mut literal);
        Ok(Self { parts })
    }

    /// The places that it refers to.
    pub fn references(&self) -> impl Iterator<Item = &Key> {
        self.parts.iter().filter_map(|part| match part {
            Part::Reference(key) => Some(key),
            Part::Text(_) => None,
        })
    }

    /// What the text says, where it refers to nothing.
    pub fn plain(&self) -> Option<String> {
        match self.parts.as_slice() {
            [] => Some(String::new()),
            [Part::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }
}

fn push_text(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part::Text(std::mem::take(literal)));
    }
}

/// Whether a text has to be read at all.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains(OPEN)
}

/// Whether some text of a value may refer to something.
pub(crate) fn has_references(value: &Value) -> bool {
    match value {
        Value::String(text) => is_template(text),
        Value::Array(items) => items.iter().any(has_references),
        Value::Object(properties) => properties.values().any(has_references),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The same value, in which every text means what it says.
pub(crate) fn literal(value: Value) -> Value {
    match value {
        Value::String(text) if is_template(&text) => Value::String(text.replace(OPEN, ESCAPED)),
        Value::Array(items) => Value::Array(items.into_iter().map(literal).collect()),
        Value::Object(properties) => {
            Value::Object(properties.into_iter().map(|(name, value)| (name, literal(value))).collect())
        }
        other => other,
    }
}
