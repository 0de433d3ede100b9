//! Finding the way in a schema: which subschemas speak of a place.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::Key;

/// Which keywords are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// What holds of every document: `properties`, `allOf`, local `$ref`.
    Certain,
    /// What may hold: the branches too.
    Possible,
}

/// Keywords whose value is one subschema, a list of them, or an object of them.
const ONE: [&str; 11] = [
    "additionalProperties",
    "items",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED: [&str; 5] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

/// Every subschema with the pointer to it, the schema itself first. References aren't followed.
pub(super) fn every(schema: &Value) -> Vec<(Key, &Value)> {
    let mut found = vec![(Key::root(), schema)];
    let mut next = 0;
    while let Some((path, node)) = found.get(next).map(|(path, node)| (path.clone(), *node)) {
        let one = ONE.iter().filter_map(|&word| Some((path.child(word), node.get(word)?)));
        let list = LIST.iter().flat_map(|&word| {
            let path = path.child(word);
            let members = node.get(word).and_then(Value::as_array).into_iter().flatten().enumerate();
            members.map(move |(index, member)| (path.child(&index.to_string()), member))
        });
        let named = NAMED.iter().flat_map(|&word| {
            let path = path.child(word);
            let members = node.get(word).and_then(Value::as_object).into_iter().flatten();
            members.map(move |(name, member)| (path.child(name), member))
        });
        let beneath: Vec<_> = one.chain(list).chain(named).filter(|(_, node)| node.is_object()).collect();
        found.extend(beneath);
        next += 1;
    }
    found
}

/// A whole schema, in which references are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'a> {
    /// The schema.
    pub schema: &'a Value,
    /// Its named places.
    pub anchors: &'a Anchors,
}

/// Where in a schema the subschemas are that have a name of their own.
pub(super) type Anchors = HashMap<Box<str>, Key>;

/// The places of a schema that have a name.
pub(super) fn anchors(schema: &Value) -> Anchors {
    let named = |(path, node): (Key, &Value)| {
        let names = ["$anchor", "$dynamicAnchor"].into_iter().filter_map(|word| node.get(word)?.as_str());
        names.map(|name| (name.into(), path.clone())).collect::<Vec<_>>()
    };
    every(schema).into_iter().flat_map(named).collect()
}

impl<'a> Root<'a> {
    /// The schema's own top level.
    pub fn top(self) -> Vec<Node<'a>> {
        vec![(Key::root(), self.schema)]
    }

    /// What a local reference leads to: `#`, `#/a/pointer` or `#anchor`.
    pub fn referenced(self, reference: &str) -> Option<Node<'a>> {
        let fragment = percent_decoded(reference.strip_prefix('#')?)?;
        let path = match fragment.as_str() {
            pointer if pointer.is_empty() || pointer.starts_with('/') => Key::of_pointer(pointer),
            name => self.anchors.get(name)?.clone(),
        };
        let node = path.find(self.schema)?;
        Some((path, node))
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                u8::try_from(digit(bytes.next()?)? * 16 + digit(bytes.next()?)?).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).ok()
}

/// A subschema, and where it stands in the whole.
pub(super) type Node<'a> = (Key, &'a Value);

/// The subschemas that speak of the same place as these: what they refer to, then their parts, then themselves. What
/// `seen` holds is left out, and what is found is put there: a cycle stops.
pub(super) fn expanded<'a>(
    root: Root<'a>,
    nodes: Vec<Node<'a>>,
    reach: Reach,
    seen: &mut HashSet<*const Value>,
) -> Vec<Node<'a>> {
    let mut found = Vec::with_capacity(nodes.len());
    for node in nodes {
        expand(root, node, reach, seen, &mut found);
    }
    found
}

fn expand<'a>(
    root: Root<'a>,
    node: Node<'a>,
    reach: Reach,
    seen: &mut HashSet<*const Value>,
    found: &mut Vec<Node<'a>>,
) {
    if !seen.insert(std::ptr::from_ref(node.1)) {
        return;
    }
    let (path, schema) = &node;
    for word in ["$ref", "$dynamicRef"] {
        if let Some(target) = schema.get(word).and_then(Value::as_str).and_then(|text| root.referenced(text)) {
            expand(root, target, reach, seen, found);
        }
    }
    let lists: &[&str] = if reach == Reach::Certain { &["allOf"] } else { &["allOf", "anyOf", "oneOf"] };
    for &word in lists {
        for (index, member) in schema.get(word).and_then(Value::as_array).into_iter().flatten().enumerate() {
            expand(root, (path.child(word).child(&index.to_string()), member), reach, seen, found);
        }
    }
    if reach == Reach::Possible {
        for word in ["if", "then", "else"] {
            if let Some(branch) = schema.get(word) {
                expand(root, (path.child(word), branch), reach, seen, found);
            }
        }
        for (name, member) in schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten() {
            expand(root, (path.child("dependentSchemas").child(name), member), reach, seen, found);
        }
    }
    found.push(node);
}

/// The subschema that a subschema's `properties` have for a name.
pub(super) fn property<'a>((path, schema): &Node<'a>, name: &str) -> Option<Node<'a>> {
    let node = schema.get("properties")?.get(name)?;
    Some((path.child("properties").child(name), node))
}

/// The pointers, as fragments, of the subschemas of a place that is reached through properties.
pub(super) fn pointers_at(root: Root<'_>, path: &Key) -> Vec<String> {
    at(root, path).into_iter().map(|(path, _)| format!("#{}", path.pointer())).collect()
}

/// The subschemas that speak of a place that is reached through properties, those that they refer to first.
pub(super) fn about<'a>(root: Root<'a>, path: &Key) -> Vec<&'a Value> {
    let found = expanded(root, at(root, path), Reach::Certain, &mut HashSet::new());
    found.into_iter().map(|(_, schema)| schema).collect()
}

fn at<'a>(root: Root<'a>, path: &Key) -> Vec<Node<'a>> {
    let mut nodes = root.top();
    for segment in path.segments() {
        let here = expanded(root, nodes, Reach::Certain, &mut HashSet::new());
        nodes = here.iter().filter_map(|node| property(node, segment)).collect();
    }
    nodes
}

/// Whether a subschema of a place, or of one that it lies within, says `true` after a keyword.
pub(super) fn says(root: Root<'_>, path: &[&str], keyword: &str) -> bool {
    let mut nodes = root.top();
    let mut rest = path.iter();
    loop {
        let here = expanded(root, nodes, Reach::Possible, &mut HashSet::new());
        if here.iter().any(|(_, schema)| schema.get(keyword) == Some(&Value::Bool(true))) {
            return true;
        }
        let Some(segment) = rest.next() else { return false };
        nodes = here.iter().flat_map(|node| possible(node, segment)).collect();
    }
}

/// The subschemas that a subschema may have for what is called so in an object, or has that number in an array.
pub(super) fn possible<'a>(node: &Node<'a>, segment: &str) -> Vec<Node<'a>> {
    let (path, schema) = node;
    let mut found: Vec<_> = property(node, segment).into_iter().collect();
    for (pattern, member) in schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
        if super::admission::matches(pattern, segment) {
            found.push((path.child("patternProperties").child(pattern), member));
        }
    }
    if found.is_empty() {
        found.extend(schema.get("additionalProperties").map(|node| (path.child("additionalProperties"), node)));
        found.extend(schema.get("unevaluatedProperties").map(|node| (path.child("unevaluatedProperties"), node)));
    }
    if let Ok(index) = segment.parse::<usize>() {
        let prefix = schema.get("prefixItems").and_then(|items| items.get(index));
        let place = path.child("prefixItems").child(segment);
        found.extend(prefix.map(|node| (place, node)));
        found.extend(schema.get("items").map(|node| (path.child("items"), node)));
        found.extend(schema.get("contains").map(|node| (path.child("contains"), node)));
    }
    found
}

/// The places of a value that no subschema names: the outermost each.
pub(super) fn unknown<'a>(root: Root<'a>, nodes: Vec<&'a Value>, value: &Value, path: &Key, found: &mut Vec<Key>) {
    let Value::Object(properties) = value else { return };
    let nodes = nodes.into_iter().map(|node| (Key::root(), node)).collect();
    let here = expanded(root, nodes, Reach::Possible, &mut HashSet::new());
    let is_open = !here.iter().any(|(_, schema)| {
        ["properties", "patternProperties", "additionalProperties"].iter().any(|&word| schema.get(word).is_some())
    });
    if is_open {
        return;
    }
    for (name, value) in properties {
        let beneath: Vec<&'a Value> = here.iter().flat_map(|node| possible(node, name)).map(|(_, node)| node).collect();
        let path = path.child(name);
        if beneath.iter().all(|node| **node == Value::Bool(false)) {
            found.push(path);
        } else {
            unknown(root, beneath, value, &path, found);
        }
    }
}
