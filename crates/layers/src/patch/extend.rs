//! `x-merge`: arrays that add to the array beneath them instead of taking its place.

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;

use super::Patch;

/// How the arrays of layers come together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strategy {
    /// One after the other.
    Append,
    /// The same, without what is there already.
    Union,
    /// Objects with the same value of this property merge key by key; others are added.
    ByKey(Box<str>),
}

/// Items that a layer adds to the array beneath it.
#[derive(Debug, Clone, PartialEq)]
pub struct Extension {
    /// How they come to those that are there.
    pub strategy: Strategy,
    /// The items.
    pub items: Vec<Value>,
}

impl Strategy {
    /// Reads what a schema says after `x-merge`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "append" => Some(Self::Append),
            None if text == "union" => Some(Self::Union),
            Some(("byKey", field)) if !field.is_empty() => Some(Self::ByKey(field.into())),
            _ => None,
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Append => f.write_str("append"),
            Self::Union => f.write_str("union"),
            Self::ByKey(field) => write!(f, "byKey:{field}"),
        }
    }
}

impl Extension {
    /// Extends a value in turn. What isn't an array is replaced: layers clash, and the higher wins.
    pub(super) fn put(extensions: &[Self], value: &mut Value) {
        let mut items = match value.take() {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        for Self { strategy, items: more } in extensions {
            match strategy {
                Strategy::Append => items.extend(more.iter().cloned()),
                Strategy::Union => add_by(&mut items, more, |item| Some(item)),
                Strategy::ByKey(field) => add_by(&mut items, more, |item| item.get(field.as_ref())),
            }
        }
        *value = Value::Array(items);
    }
}

/// Adds items; those that are known by the same value as one that is there are merged into it. Known by its text, so
/// that long arrays take no longer than they are.
fn add_by(items: &mut Vec<Value>, more: &[Value], known_by: impl Fn(&Value) -> Option<&Value>) {
    let name = |item: &Value| known_by(item).map(canonical);
    let mut places: HashMap<String, usize> = HashMap::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        if let Some(name) = name(item) {
            places.entry(name).or_insert(place);
        }
    }
    for item in more {
        let Some(name) = name(item) else {
            items.push(item.clone());
            continue;
        };
        match places.get(&name) {
            Some(&place) => merge(&mut items[place], item),
            None => {
                places.insert(name, items.len());
                items.push(item.clone());
            }
        }
    }
}

/// Merges one item into another. An item can't be removed: elements of arrays aren't addressed.
fn merge(into: &mut Value, item: &Value) {
    if let Some(merged) = Patch::of_value(item.clone()).applied(Some(into.take())) {
        *into = merged;
    }
}

/// A text that is the same for equal values.
fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
