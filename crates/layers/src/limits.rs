//! How large things may be. Each is measured before anything is built from what is measured.

use serde_json::Value;

use crate::{Key, Problem, Rule};

/// Bytes of one value, as compact JSON.
pub const VALUE_BYTES: usize = 512 * 1024;
/// Levels of one value.
pub const VALUE_DEPTH: usize = 32;
/// Levels of a document that references may lead to: as many as parsers of JSON commonly read.
pub const DOCUMENT_DEPTH: usize = 127;
/// Bytes of a JSON Schema, as compact JSON.
pub const SCHEMA_BYTES: usize = 512 * 1024;
/// Levels of a JSON Schema: a property takes two.
pub const SCHEMA_DEPTH: usize = 100;
/// References in a JSON Schema.
pub const SCHEMA_REFERENCES: usize = 2_000;
/// Subschemas that may judge one value, one leading to the next. Times the levels of a document, it is how deep judging
/// goes.
pub const SCHEMA_CHAIN: usize = 12;
/// How often a JSON Schema may have one place of a document judged, counted down to the deepest.
pub const SCHEMA_WORK: usize = 50_000;
/// Different patterns in a JSON Schema: each takes memory as long as the schema is used.
pub const SCHEMA_PATTERNS: usize = 200;
/// Steps back that a pattern may take on one text. One that needs more isn't matched.
pub const PATTERN_STEPS: usize = 10_000;
/// Places that a JSON Schema names once its local references are followed.
pub const SCHEMA_PLACES: usize = 20_000;
/// References from one to the next.
pub const REFERENCE_HOPS: usize = 10;
/// Bytes of all that references bring into a document, as compact JSON.
pub const REFERENCE_BYTES: usize = 1024 * 1024;
/// Texts with references in a document.
pub const REFERENCES: usize = 10_000;

/// Refuses what is too large or too deep.
pub(crate) fn check(what: &str, value: &Value, most_bytes: usize, most_depth: usize) -> Option<Problem> {
    let refused = |detail: String, mend: &str| {
        Some(Problem::new(Key::root(), Rule::Size, format!("The {what} has {detail}"), mend.to_owned()))
    };
    if is_deeper(value, most_depth) {
        return refused(format!("more than {most_depth} levels"), "Flatten it.");
    }
    if size(value, most_bytes) > most_bytes {
        let mend = "Keep what is that large in a file or another service, and its address here.";
        return refused(format!("more than {most_bytes} bytes"), mend);
    }
    None
}

/// Whether a value has more levels than that. Looks no further, so that it is safe at any depth.
pub(crate) fn is_deeper(value: &Value, levels: usize) -> bool {
    match value {
        Value::Object(properties) => levels == 0 || properties.values().any(|value| is_deeper(value, levels - 1)),
        Value::Array(items) => levels == 0 || items.iter().any(|value| is_deeper(value, levels - 1)),
        _ => false,
    }
}

/// The bytes of a value as compact JSON, escapes aside; stops counting past the most.
pub(crate) fn size(value: &Value, most: usize) -> usize {
    let counted = |sizes: &mut dyn Iterator<Item = &Value>, start: usize| {
        let mut total = start;
        for value in sizes {
            total += size(value, most.saturating_sub(total)) + 1;
            if total > most {
                break;
            }
        }
        total
    };
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(items) => counted(&mut items.iter(), 1),
        Value::Object(properties) => {
            let names = properties.keys().map(|name| name.len() + 3).sum::<usize>();
            counted(&mut properties.values(), 1 + names)
        }
    }
}
