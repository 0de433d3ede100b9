use maud::{Markup, html};
use serde_json::{Map, Value};

use super::code::json;
use crate::console::words;

/// How many lists within each other are still read as such; what lies deeper is shown as JSON.
const DEEPEST: usize = 2;

/// What a document of JSON says, as people read it: its members with their names in words, lists with commas.
pub fn told(value: &Value) -> Markup {
    match value {
        Value::Object(members) if is_told(value, DEEPEST) => listed(members),
        _ => line(value).unwrap_or_else(|| json(value)),
    }
}

fn listed(members: &Map<String, Value>) -> Markup {
    html! {
        ul.plain {
            @for (name, value) in members {
                li {
                    (words::label(name)) ": "
                    @match value {
                        Value::Object(inner) => div.document-inner { (listed(inner)) },
                        _ => @if let Some(line) = line(value) { (line) },
                    }
                }
            }
        }
    }
}

/// Whether all of it can be told in lines, with so many lists within each other.
fn is_told(value: &Value, deep: usize) -> bool {
    match value {
        Value::Object(members) if !members.is_empty() => {
            deep > 0 && members.values().all(|value| is_told(value, deep - 1))
        }
        _ => line(value).is_some(),
    }
}

/// A value that needs no more than a line; none where it does.
fn line(value: &Value) -> Option<Markup> {
    match value {
        Value::Object(_) => None,
        Value::Array(values) if values.is_empty() => Some(html! { (words::NONE) }),
        Value::Array(values) => {
            let words: Option<Vec<String>> = values.iter().map(word).collect();
            words.map(|words| html! { (words.join(", ")) })
        }
        _ => word(value).map(|word| html! { (word) }),
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(words::NONE.to_owned()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_can_be_told_in_lines_is() {
        let text = |value: Value| told(&value).into_string();
        let said =
            text(json!({ "postal_code": "10115", "languages": ["pt", "en"], "is_open": true, "in": { "a": 1 } }));
        for line in ["Postal code: 10115", "Languages: pt, en", "Is open: yes", "A: 1"] {
            assert!(said.contains(line), "{said}");
        }
        assert!(!said.contains('{'), "{said}");
        assert_eq!(text(json!(["a", 2, null])), format!("a, 2, {}", words::NONE));
        assert!(text(json!({ "<b>": "<i>" })).contains("&lt;i&gt;"));
    }

    #[test]
    fn what_lies_deeper_stays_json() {
        for deep in [json!({ "a": { "b": { "c": 1 } } }), json!([[1]]), json!({ "a": [{ "b": 1 }] }), json!({})] {
            assert!(told(&deep).into_string().contains("<pre"), "{deep}");
        }
    }
}
