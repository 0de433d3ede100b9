use std::collections::BTreeSet;

use layers::{Key, Schema};
use serde_json::{Number, Value};

use crate::problem::{Fault, unkept};

/// How deep keys are looked for in a schema.
const DEEPEST: usize = 8;

/// The keys within a place that a schema names and that hold no further ones.
pub fn keys(schema: &Schema, within: &Key) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    named(schema, within, 0, &mut found);
    found
}

fn named(schema: &Schema, key: &Key, depth: usize, found: &mut BTreeSet<Key>) {
    let schemas = schema.about(key);
    let names: BTreeSet<&String> = schemas
        .iter()
        .filter_map(|schema| schema.get("properties")?.as_object())
        .flat_map(serde_json::Map::keys)
        .collect();
    if names.is_empty() || depth == DEEPEST {
        if !schemas.is_empty() && !key.is_root() {
            found.insert(key.clone());
        }
        return;
    }
    for name in names {
        named(schema, &key.child(name), depth + 1, found);
    }
}

/// What a schema says of one key, as a form needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// What it holds.
    pub kind: Kind,
    /// What it is called.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The bounds that it has to keep, in words.
    pub bounds: Vec<String>,
    /// Whether it is never shown.
    pub is_secret: bool,
    /// Whether the document has to have it.
    pub is_required: bool,
}

/// What a key holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Kind {
    /// Text.
    Text {
        /// The most characters.
        longest: Option<u64>,
    },
    /// A number.
    Number {
        /// Whether it has no fraction.
        is_whole: bool,
    },
    /// Yes or no.
    Flag,
    /// One of several values.
    OneOf(Vec<Value>),
    /// Anything, written as JSON.
    #[default]
    Json,
}

impl About {
    /// What is known of a key: what the template's schema says, else what its value is like.
    pub fn of(schema: Option<&Schema>, key: &Key, value: Option<&Value>) -> Self {
        let schemas = schema.map(|schema| schema.about(key)).unwrap_or_default();
        let path: Vec<&str> = key.segments().iter().map(AsRef::as_ref).collect();
        let text =
            |word: &str| schemas.iter().rev().find_map(|schema| schema.get(word)?.as_str()).map(ToOwned::to_owned);
        Self {
            kind: kind(&schemas, value),
            title: text("title"),
            description: text("description"),
            bounds: schemas.iter().flat_map(|schema| bounds(schema)).collect(),
            is_secret: schema.is_some_and(|schema| schema.is_secret(&path)),
            is_required: schema.is_some_and(|schema| is_required(schema, key)),
        }
    }
}

fn is_required(schema: &Schema, key: &Key) -> bool {
    let Some((last, parents)) = key.segments().split_last() else { return false };
    let named = |names: &Value| names.as_array().is_some_and(|names| names.iter().any(|name| name == &**last));
    schema.about(&key.first(parents.len())).iter().any(|schema| schema.get("required").is_some_and(named))
}

fn kind(schemas: &[&Value], value: Option<&Value>) -> Kind {
    let word = |name: &str| schemas.iter().find_map(|schema| schema.get(name));
    if let Some(options) = word("enum").and_then(Value::as_array) {
        return Kind::OneOf(options.clone());
    }
    if let Some(only) = word("const") {
        return Kind::OneOf(vec![only.clone()]);
    }
    let longest = word("maxLength").and_then(Value::as_u64);
    match word("type") {
        Some(Value::String(name)) => of_type(name, longest),
        Some(_) => Kind::Json,
        None => match value {
            Some(Value::String(_)) => Kind::Text { longest },
            Some(Value::Bool(_)) => Kind::Flag,
            Some(Value::Number(_)) => Kind::Number { is_whole: false },
            _ => Kind::Json,
        },
    }
}

fn of_type(name: &str, longest: Option<u64>) -> Kind {
    match name {
        "string" => Kind::Text { longest },
        "boolean" => Kind::Flag,
        "integer" => Kind::Number { is_whole: true },
        "number" => Kind::Number { is_whole: false },
        _ => Kind::Json,
    }
}

/// The rules of a schema that one keeps while typing.
fn bounds(schema: &Value) -> Vec<String> {
    let words = [
        ("minimum", "at least "),
        ("maximum", "at most "),
        ("exclusiveMinimum", "more than "),
        ("exclusiveMaximum", "less than "),
        ("multipleOf", "a multiple of "),
        ("minLength", "characters at least: "),
        ("maxLength", "characters at most: "),
        ("minItems", "entries at least: "),
        ("maxItems", "entries at most: "),
        ("pattern", "of the form "),
        ("format", "in the format "),
    ];
    let said = |(word, text): (&str, &str)| match schema.get(word)? {
        Value::String(rule) => Some(format!("{text}{rule}")),
        rule => Some(format!("{text}{rule}")),
    };
    words.into_iter().filter_map(said).collect()
}

impl Kind {
    /// A value as it stands in a field.
    pub fn typed(&self, value: &Value) -> String {
        match (self, value) {
            (Self::Text { .. }, Value::String(text)) => text.clone(),
            (Self::Json, value @ (Value::Object(_) | Value::Array(_))) => format!("{value:#}"),
            (_, value) => value.to_string(),
        }
    }

    /// The value that somebody typed into a field.
    pub fn read(&self, typed: &str) -> Result<Value, Fault> {
        let fault = |detail: &str, mend: &str| Fault::at("", "type", detail).mend(mend);
        let is_text = matches!(self, Self::Text { .. });
        if let Some(lost) = (!is_text).then(|| unkept(typed)).into_iter().flatten().next() {
            return Err(Fault { pointer: String::new(), ..lost });
        }
        match self {
            Self::Text { .. } => Ok(Value::String(typed.replace("\r\n", "\n"))),
            Self::Number { is_whole } => number(typed.trim(), *is_whole)
                .map(Value::Number)
                .ok_or_else(|| fault("this is no such number", "write digits, with a point before a fraction")),
            Self::Flag | Self::OneOf(_) | Self::Json => serde_json::from_str(typed).map_err(|error| {
                let place = format!("line {}, column {}", error.line(), error.column());
                fault(&format!("this is no JSON ({place})"), "texts stand in double quotes, names too")
            }),
        }
    }
}

fn number(typed: &str, is_whole: bool) -> Option<Number> {
    let number: Number = serde_json::from_str(typed).ok()?;
    (!is_whole || !number.is_f64()).then_some(number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn about(schema: &Value, value: Option<&Value>) -> About {
        let schema = Schema::compile(schema).expect("a schema");
        About::of(Some(&schema), &Key::parse("a.b").expect("a key"), value)
    }

    #[test]
    fn a_field_follows_from_what_the_schema_says() {
        let within = |b: Value| json!({ "properties": { "a": { "required": ["b"], "properties": { "b": b } } } });
        let found = about(&within(json!({ "type": "integer", "minimum": 1, "description": "How many" })), None);
        assert_eq!(found.kind, Kind::Number { is_whole: true });
        assert_eq!((found.description.as_deref(), found.is_required), (Some("How many"), true));
        assert_eq!(found.bounds, ["at least 1"]);
        assert_eq!(about(&within(json!({ "enum": ["x", 1] })), None).kind, Kind::OneOf(vec![json!("x"), json!(1)]));
        assert_eq!(about(&within(json!({ "type": ["string", "null"] })), None).kind, Kind::Json);
        assert!(about(&within(json!({ "type": "string", "x-secret": true })), None).is_secret);
        assert_eq!(about(&json!({}), Some(&json!("text"))).kind, Kind::Text { longest: None });
    }

    #[test]
    fn what_was_typed_is_read_as_what_it_is() {
        let whole = Kind::Number { is_whole: true };
        assert_eq!(whole.read(" 12 "), Ok(json!(12)));
        assert!(whole.read("1.5").is_err() && whole.read("").is_err() && whole.read("\"1\"").is_err());
        assert_eq!(Kind::Text { longest: None }.read("12\r\nb"), Ok(json!("12\nb")));
        assert_eq!(Kind::Json.read("{\"a\": 1}"), Ok(json!({ "a": 1 })));
        let fault = Kind::Json.read("{a}").expect_err("no JSON");
        assert!(fault.detail.contains("line 1") && !fault.detail.contains("{a}"), "{fault:?}");
        assert_eq!(Kind::Flag.read("true"), Ok(json!(true)));
    }
}
