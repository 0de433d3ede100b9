//! Subschemas that lead back to themselves without going deeper into the document: judging would never end.

use std::collections::HashMap;

use serde_json::Value;

use super::nodes::{Node, Root};
use crate::limits::SCHEMA_CHAIN;
use crate::{Problem, Rule};

/// Refuses circles, and chains so long that they might be.
pub(super) fn check(root: Root<'_>, nodes: &[Node<'_>]) -> Result<(), Vec<Problem>> {
    let mut walk = Walk { root, lengths: HashMap::new() };
    for node in nodes {
        if walk.length(node, SCHEMA_CHAIN).is_none() {
            let detail = format!(
                "From here, subschemas lead to themselves or through more than {SCHEMA_CHAIN} others at one place"
            );
            let mend = "Let references that come round go through properties or items, and shorten the chain.";
            return Err(vec![Problem::new(node.0.clone(), Rule::SchemaItself, detail, mend.to_owned())]);
        }
    }
    Ok(())
}

struct Walk<'a> {
    root: Root<'a>,
    /// How many subschemas follow one another from each that was looked at.
    lengths: HashMap<*const Value, usize>,
}

impl<'a> Walk<'a> {
    /// How many subschemas follow one another from here; `None`: more than are left, or no end of them.
    fn length(&mut self, node: &Node<'a>, left: usize) -> Option<usize> {
        let place = std::ptr::from_ref(node.1);
        if let Some(&length) = self.lengths.get(&place) {
            return (length <= left).then_some(length);
        }
        let left = left.checked_sub(1)?;
        let mut longest = 0;
        for next in following(self.root, node) {
            longest = longest.max(self.length(&next, left)?);
        }
        self.lengths.insert(place, longest + 1);
        Some(longest + 1)
    }
}

/// The subschemas that judge the same value as this one.
pub(super) fn following<'a>(root: Root<'a>, (path, schema): &Node<'a>) -> Vec<Node<'a>> {
    let mut found: Vec<Node<'a>> =
        ["$ref", "$dynamicRef"].into_iter().filter_map(|word| root.referenced(schema.get(word)?.as_str()?)).collect();
    for word in ["not", "if", "then", "else"] {
        found.extend(schema.get(word).map(|node| (path.child(word), node)));
    }
    for word in ["allOf", "anyOf", "oneOf"] {
        let members = schema.get(word).and_then(Value::as_array).into_iter().flatten();
        found.extend(members.map(|node| (path.child(word), node)));
    }
    let dependent = schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
    found.extend(dependent.map(|(_, node)| (path.child("dependentSchemas"), node)));
    found
}
