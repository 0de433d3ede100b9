//! Which properties a document may have at its top level.

use std::collections::HashSet;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::nodes::{self, Reach, Root};
use crate::Key;

/// A subschema of the top level that lets only some properties in.
#[derive(Debug)]
pub(super) struct Gate {
    named: HashSet<Box<str>>,
    refused: HashSet<Box<str>>,
    patterns: Vec<Validator>,
    names: Option<Validator>,
    is_closed: bool,
}

impl Gate {
    pub(super) fn admits(&self, name: &str) -> bool {
        let is_named = || {
            self.named.contains(name) || {
                let name = Value::String(name.to_owned());
                self.patterns.iter().any(|pattern| pattern.is_valid(&name))
            }
        };
        let document = || Value::Object(Map::from_iter([(name.to_owned(), Value::Null)]));
        !self.refused.contains(name)
            && (!self.is_closed || is_named())
            && self.names.as_ref().is_none_or(|names| names.is_valid(&document()))
    }
}

/// The gates of a schema's top level: every subschema that holds of every document and keeps some property out.
pub(super) fn gates(root: Root<'_>) -> Vec<Gate> {
    let here = nodes::expanded(root, root.top(), Reach::Certain, &mut HashSet::new());
    here.iter().filter_map(|(_, schema)| gate(root, schema)).collect()
}

fn gate<'a>(root: Root<'a>, schema: &'a Value) -> Option<Gate> {
    let is_false = |word: &str| schema.get(word) == Some(&Value::Bool(false));
    // What is evaluated anywhere within counts for `unevaluatedProperties`, which is about all of it.
    let speakers = if is_false("unevaluatedProperties") {
        nodes::expanded(root, vec![(Key::root(), schema)], Reach::Possible, &mut HashSet::new())
    } else {
        vec![(Key::root(), schema)]
    };
    let is_opened = speakers.iter().any(|(_, speaker)| {
        speaker.get("additionalProperties").is_some_and(|additional| *additional != Value::Bool(false))
    });
    let names_of =
        |word: &'static str| speakers.iter().filter_map(move |(_, speaker)| speaker.get(word)?.as_object()).flatten();
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let gate = Gate {
        named: names_of("properties").map(|(name, _)| name.as_str().into()).collect(),
        refused: own.filter(|(_, node)| **node == Value::Bool(false)).map(|(name, _)| name.as_str().into()).collect(),
        patterns: names_of("patternProperties").filter_map(|(pattern, _)| of_pattern(pattern)).collect(),
        names: schema.get("propertyNames").and_then(|names| about_names(root.schema, names)),
        is_closed: is_false("additionalProperties") || (is_false("unevaluatedProperties") && !is_opened),
    };
    (gate.is_closed || gate.names.is_some() || !gate.refused.is_empty()).then_some(gate)
}

/// A validator of names alone. What it refers to by a pointer comes along where schemas usually keep it.
fn about_names(root: &Value, names: &Value) -> Option<Validator> {
    let of = |word: &str| root.get(word).cloned().unwrap_or_else(|| json!({}));
    let schema = json!({ "propertyNames": names, "$defs": of("$defs"), "definitions": of("definitions") });
    super::compile::options().build(&schema).ok()
}

/// A validator of texts that match a pattern.
fn of_pattern(pattern: &str) -> Option<Validator> {
    super::compile::options().build(&json!({ "pattern": pattern })).ok()
}

/// Whether a name matches a pattern of `patternProperties`.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    of_pattern(pattern).is_some_and(|validator| validator.is_valid(&Value::String(name.to_owned())))
}
