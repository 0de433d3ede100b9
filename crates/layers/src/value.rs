//! What a value may hold: the two objects that mean something to Tenantry, and the rule about all others.

use serde_json::{Map, Number, Value};

use crate::limits::{self, VALUE_BYTES, VALUE_DEPTH};
use crate::references::{Malformed, Template};
use crate::{Key, Problem, Rule, written};

/// The property whose object says that what lies beneath is removed.
const REMOVED: &str = "$removed";
/// The property whose object stands for a secret.
const SECRET: &str = "$secret";

/// Whether a value is `{"$removed": true}`.
pub fn is_removed(value: &Value) -> bool {
    matches!(only(value), Some((REMOVED, Value::Bool(true))))
}

/// `{"$removed": true}`.
pub fn removed() -> Value {
    object(REMOVED, Value::Bool(true))
}

/// The identifier of the secret that a value stands for, where it is a mask.
pub fn secret_id(value: &Value) -> Option<&str> {
    match only(value) {
        Some((SECRET, Value::Object(mask))) => mask.get("id")?.as_str(),
        _ => None,
    }
}

/// Whether a value is a mask: of a secret, or of a text that refers to secrets.
pub(crate) fn is_mask(value: &Value) -> bool {
    matches!(only(value), Some((SECRET, Value::Object(_))))
}

/// What stands in a document for a text that refers to secrets, where they aren't opened.
pub(crate) fn mask_of_text(refers_to: impl IntoIterator<Item = String>) -> Value {
    let refers_to = refers_to.into_iter().map(Value::String).collect();
    object(SECRET, Value::Object(Map::from_iter([("refers_to".to_owned(), Value::Array(refers_to))])))
}

fn object(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}

/// The property of an object that has one.
fn only(value: &Value) -> Option<(&str, &Value)> {
    let properties = value.as_object().filter(|properties| properties.len() == 1)?;
    properties.iter().next().map(|(name, value)| (name.as_str(), value))
}

/// Everything that is wrong with a value which somebody wants to store, whatever the schemas say.
pub fn check(value: &Value) -> Vec<Problem> {
    if let Some(too_large) = limits::check("value", value, VALUE_BYTES, VALUE_DEPTH) {
        return vec![too_large];
    }
    let mut problems = Vec::new();
    check_within(value, &Key::root(), false, &mut problems);
    problems
}

fn check_within(value: &Value, path: &Key, in_array: bool, problems: &mut Vec<Problem>) {
    match value {
        Value::Object(_) if is_stored_mask(value) || (!in_array && is_removed(value)) => {}
        Value::Object(properties) => {
            for (name, value) in properties {
                if name.contains('\0') {
                    problems.push(unkept(path.clone(), NO_NUL));
                } else if name.starts_with('$') {
                    problems.push(reserved(path.child(name), in_array));
                } else {
                    check_within(value, &path.child(name), in_array, problems);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                check_within(value, &path.child(&index.to_string()), true, problems);
            }
        }
        Value::String(text) if text.contains('\0') => problems.push(unkept(path.clone(), NO_NUL)),
        Value::String(text) => problems.extend(Template::parse(text).err().map(|_| Malformed::at(path.clone()))),
        Value::Number(number) if is_rounded(number) => problems.push(written::rounded(path.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Why text isn't kept, and how to mend it.
const NO_NUL: (&str, &str) = ("The character U+0000 stands in no text of PostgreSQL's", "Leave it out, or encode it.");

/// Whether a number is too large for its digits to be kept: those of 64 bits are, and what lies beyond is a float.
fn is_rounded(number: &Number) -> bool {
    const BITS_64: f64 = 18_446_744_073_709_551_616.0;
    number.is_f64() && number.as_f64().is_some_and(|number| number.abs() >= BITS_64)
}

fn unkept(path: Key, (detail, mend): (&str, &str)) -> Problem {
    Problem::new(path, Rule::Unkept, detail.to_owned(), mend.to_owned())
}

/// Whether a value is the mask of one secret, with all that such a mask has.
fn is_stored_mask(value: &Value) -> bool {
    let Some((SECRET, Value::Object(mask))) = only(value) else { return false };
    let is_known = |name: &String| matches!(name.as_str(), "id" | "fingerprint" | "set_at" | "set_by");
    mask.keys().all(is_known) && ["id", "fingerprint"].iter().all(|&name| mask.get(name).is_some_and(Value::is_string))
}

fn reserved(path: Key, in_array: bool) -> Problem {
    let mend = if in_array {
        "Name the property otherwise; in an array, leave out what is to be removed and set the array anew."
    } else {
        "Name the property otherwise; to remove what lies beneath, write {\"$removed\": true} and nothing else."
    };
    let detail = "Properties that start with $ are Tenantry's own".to_owned();
    Problem::new(path, Rule::Reserved, detail, mend.to_owned())
}
