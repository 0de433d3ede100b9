//! A column as JSON Schema says it.

use serde_json::{Map, Value, json};

use super::rules;
use crate::tables::catalog::{Column, Relation};

/// The schema of a column's values; what it is for, its rules and an example included.
pub(super) fn schema(relation: &Relation, place: usize) -> Value {
    let column = &relation.columns[place];
    let mut schema = values(column);
    let mut said: Vec<String> = column.comment.iter().cloned().collect();
    for check in relation.checks.iter().filter(|check| check.columns.contains(&place)) {
        let keywords =
            if check.columns == [place] { rules::keywords(&check.expression, &column.name) } else { Map::new() };
        if keywords.is_empty() && column.values.is_empty() {
            said.push(format!("Rule `{}`: `{}`.", check.name, one_line(&check.expression)));
        }
        schema.extend(keywords);
    }
    if let Some(value) = column.default.as_deref().and_then(|default| constant(column, default)) {
        schema.insert("default".to_owned(), value);
    }
    schema.insert("examples".to_owned(), json!([example(column)]));
    if !said.is_empty() {
        schema.insert("description".to_owned(), Value::from(said.join(" ")));
    }
    Value::Object(schema)
}

/// Type, enumeration and length; `null` among them where the column may be.
fn values(column: &Column) -> Map<String, Value> {
    let mut schema = base(column);
    if column.not_null {
        return schema;
    }
    if let Some(Value::Array(listed)) = schema.get_mut("enum") {
        listed.push(Value::Null);
    }
    if let Some(Value::String(one)) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([one, "null"]));
    }
    schema
}

fn base(column: &Column) -> Map<String, Value> {
    if !column.values.is_empty() {
        return object(json!({ "type": "string", "enum": column.values }));
    }
    if let Some(element) = column.base_type.strip_prefix('_') {
        let mut items = scalar(element, &column.labels, None);
        if let Some(Value::String(one)) = items.get("type").cloned() {
            items.insert("type".to_owned(), json!([one, "null"]));
        }
        return object(json!({ "type": "array", "items": items }));
    }
    scalar(&column.base_type, &column.labels, length(column))
}

fn scalar(pg_type: &str, labels: &[String], length: Option<u32>) -> Map<String, Value> {
    let schema = match pg_type {
        "bool" => json!({ "type": "boolean" }),
        "int2" => json!({ "type": "integer", "minimum": i16::MIN, "maximum": i16::MAX }),
        "int4" => json!({ "type": "integer", "format": "int32" }),
        "int8" => json!({ "type": "integer", "format": "int64" }),
        "float4" | "float8" | "numeric" => json!({ "type": "number" }),
        "json" | "jsonb" => json!({}),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "timestamptz" => json!({ "type": "string", "format": "date-time" }),
        _ if !labels.is_empty() => json!({ "type": "string", "enum": labels }),
        _ => json!({ "type": "string" }),
    };
    let mut schema = object(schema);
    if let Some(length) = length {
        schema.insert("maxLength".to_owned(), length.into());
    }
    schema
}

/// The number in `character varying(255)`; of other types it means something else.
fn length(column: &Column) -> Option<u32> {
    let inside = column.type_name.strip_prefix("character")?.split_once('(')?.1;
    inside.trim_end_matches(')').parse().ok()
}

/// A default that is a constant: `'active'::character varying`, `0`, `true`, `'{}'::jsonb`.
fn constant(column: &Column, default: &str) -> Option<Value> {
    let (literal, cast) = default.split_once("::").unwrap_or((default, ""));
    let Some(text) = literal.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) else {
        return serde_json::from_str(literal).ok();
    };
    match cast {
        "jsonb" | "json" => serde_json::from_str(text).ok(),
        _ if column.is_array() => (text == "{}").then(|| json!([])),
        // A default that a trigger replaces is none that a client sees.
        _ if !column.values.is_empty() && !column.values.iter().any(|value| value == text) => None,
        "character varying" | "text" | "bpchar" => Some(Value::from(text)),
        _ => None,
    }
}

/// A value that the column takes.
pub(super) fn example(column: &Column) -> Value {
    if let Some(value) = column.values.first().or(column.labels.first().filter(|_| !column.is_array())) {
        return Value::from(value.as_str());
    }
    if column.is_array() {
        return match column.base_type.as_str() {
            "_text" | "_varchar" => json!([column.name.trim_end_matches('s').replace('_', " ")]),
            _ => json!([]),
        };
    }
    match column.base_type.as_str() {
        "bool" => json!(true),
        "int2" | "int4" | "int8" => json!(12),
        "float4" | "float8" | "numeric" => json!(12.5),
        "json" | "jsonb" => json!({ "key": "value" }),
        "uuid" => json!("0b1c6f9e-6a53-4f4e-9d0a-3c2f1a7d5e10"),
        "date" => json!("2026-11-23"),
        "timestamptz" => json!("2026-11-23T09:30:00+00:00"),
        "timestamp" => json!("2026-11-23T09:30:00"),
        _ => json!(spoken_example(column)),
    }
}

/// An example of a text, by what its column is called.
fn spoken_example(column: &Column) -> String {
    let name = column.name.as_str();
    match name {
        _ if name.contains("email") => "hello@shop.example".to_owned(),
        _ if name.contains("currency") => "EUR".to_owned(),
        _ if name.contains("domain") => "www.shop.example".to_owned(),
        _ if name.contains("url") => "https://shop.example".to_owned(),
        _ if name.contains("version") => "1.2.0".to_owned(),
        "configuration_key" => "theme.primary".to_owned(),
        _ => {
            let words = name.replace('_', " ");
            length(column).map_or(words.clone(), |length| words.chars().take(length as usize).collect())
        }
    }
}

fn one_line(expression: &str) -> String {
    expression.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
