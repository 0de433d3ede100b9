//! A column as JSON Schema says it.

use serde_json::{Map, Value, json};

use super::{casts, rules};
use crate::tables::catalog::{Column, Relation};

/// The schema of what a writer may send for a column.
pub(super) fn written(relation: &Relation, place: usize) -> Value {
    let mut schema = object(schema(relation, place));
    casts::widen(&relation.columns[place], &mut schema);
    Value::Object(schema)
}

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
        extend(&mut schema, keywords);
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

/// Adds what a rule says; a bound of its own replaces that of the type.
fn extend(schema: &mut Map<String, Value>, keywords: Map<String, Value>) {
    for (own, other) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if keywords.contains_key(own) || keywords.contains_key(other) {
            schema.retain(|keyword, _| keyword != own && keyword != other);
        }
    }
    schema.extend(keywords);
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
    let mut schema = scalar(&column.base_type, &column.labels, length(column));
    if let Some(bound) = Numeric::of(column).and_then(|numeric| numeric.bound()) {
        schema.extend([("exclusiveMinimum".to_owned(), json!(-bound)), ("exclusiveMaximum".to_owned(), json!(bound))]);
    }
    schema
}

fn scalar(pg_type: &str, labels: &[String], length: Option<u32>) -> Map<String, Value> {
    let schema = match pg_type {
        "bool" => json!({ "type": "boolean" }),
        "int2" => json!({ "type": "integer", "minimum": i16::MIN, "maximum": i16::MAX }),
        "int4" => json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX }),
        "int8" => json!({ "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX }),
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
pub(super) fn length(column: &Column) -> Option<u32> {
    let inside = column.type_name.strip_prefix("character")?.split_once('(')?.1;
    inside.trim_end_matches(')').parse().ok()
}

/// How many digits a `numeric(p,s)` has room for, before the point and behind it.
pub(super) struct Numeric {
    pub(super) whole: usize,
    pub(super) fraction: usize,
}

impl Numeric {
    /// Of a column that says it, and keeps digits on both sides of the point.
    pub(super) fn of(column: &Column) -> Option<Self> {
        let inside = column.type_name.strip_prefix("numeric(")?.strip_suffix(')')?;
        let (precision, scale) = inside.split_once(',').unwrap_or((inside, "0"));
        let (precision, fraction): (usize, usize) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
        Some(Self { whole: precision.checked_sub(fraction).filter(|whole| *whole > 0)?, fraction })
    }

    /// The least number that it has no room for. PostgreSQL rounds what is written, and halves go away from zero.
    fn bound(&self) -> Option<f64> {
        let exact = format!("{}.{}5", "9".repeat(self.whole), "9".repeat(self.fraction));
        let nearest: f64 = exact.parse().ok()?;
        let written = nearest.to_string();
        let is_less = written.split('.').next()?.len() == self.whole && written < exact;
        Some(if is_less { nearest.next_up() } else { nearest })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_bounded_by_what_rounds_into_its_digits() {
        let bound = |whole, fraction| Numeric { whole, fraction }.bound();
        assert_eq!(bound(3, 2), Some(999.995));
        assert_eq!(bound(2, 0), Some(99.5));
        assert_eq!(bound(13, 2).unwrap().to_string(), "9999999999999.996", "no double is nearer above");
        assert_eq!(bound(13, 3), Some(10_000_000_000_000.0));
    }

    #[test]
    fn a_rule_replaces_the_bound_of_the_type() {
        let mut schema = scalar("int4", &[], None);
        extend(&mut schema, object(json!({ "exclusiveMinimum": 0 })));
        let expected = json!({ "type": "integer", "format": "int32", "maximum": i32::MAX, "exclusiveMinimum": 0 });
        assert_eq!(Value::Object(schema), expected);
    }
}
