//! Where in a document a schema says `x-secret`, asked without compiling the rest of it.

use std::collections::HashSet;

use serde_json::Value;

use super::nodes::{self, Anchors, Node, Reach, Root};
use super::{circles, compile};
use crate::{Key, Problem, Rule};

/// What a schema says is secret.
#[derive(Debug)]
pub struct Secrets {
    source: Value,
    anchors: Anchors,
}

impl Secrets {
    /// Reads a schema; none where it marks nothing, or is too large or too entangled to be followed.
    pub fn of(source: Value) -> Option<Self> {
        compile::check_size(&source).ok()?;
        let nodes = nodes::every(&source);
        nodes.iter().find(|(_, node)| is_secret(node))?;
        let anchors = nodes::anchors(&source);
        circles::check(Root { schema: &source, anchors: &anchors }, &nodes).ok()?;
        Some(Self { source, anchors })
    }

    /// The outermost places that are secret in what stands, or is to stand, at a place of the document.
    pub fn places(&self, at: &Key, value: &Value) -> Vec<Key> {
        let root = Root { schema: &self.source, anchors: &self.anchors };
        let mut nodes = root.top();
        for segment in at.segments() {
            let here = speakers(root, nodes);
            if here.iter().any(|(_, schema)| is_secret(schema)) {
                return vec![Key::root()];
            }
            nodes = beneath(&here, segment);
        }
        let mut found = Vec::new();
        walk(root, nodes, value, &Key::root(), &mut found);
        found
    }
}

fn walk<'a>(root: Root<'a>, nodes: Vec<Node<'a>>, value: &Value, path: &Key, found: &mut Vec<Key>) {
    if nodes.is_empty() {
        return;
    }
    let here = speakers(root, nodes);
    if here.iter().any(|(_, schema)| is_secret(schema)) {
        found.push(path.clone());
        return;
    }
    let mut go_on = |name: &str, value: &Value| walk(root, beneath(&here, name), value, &path.child(name), found);
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| go_on(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| go_on(&place.to_string(), item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn speakers<'a>(root: Root<'a>, nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
    nodes::expanded(root, nodes, Reach::Possible, &mut HashSet::new())
}

fn beneath<'a>(here: &[Node<'a>], segment: &str) -> Vec<Node<'a>> {
    here.iter().flat_map(|node| nodes::possible(node, segment)).collect()
}

fn is_secret(schema: &Value) -> bool {
    schema.get("x-secret") == Some(&Value::Bool(true))
}

/// Defaults and examples of what is secret, which would stand in the schema for everybody to read. Of the schema's places,
/// where they are written; of the document's, where a default of something around a secret brings it along.
pub(super) fn in_the_clear(source: &Value, defaults: Option<&Value>) -> Vec<Problem> {
    let nodes = nodes::every(source);
    let secret: HashSet<&Key> = nodes.iter().filter(|(_, node)| is_secret(node)).map(|(path, _)| path).collect();
    let is_within = |path: &Key| (0..=path.segments().len()).any(|length| secret.contains(&path.first(length)));
    let within = nodes.iter().filter(|(path, _)| is_within(path));
    let written = within.flat_map(|(path, node)| {
        let words = ["default", "examples"].into_iter();
        words.filter(|word| node.get(word).is_some_and(holds_anything)).map(|word| path.child(word))
    });
    let mut places: Vec<Key> = written.collect();
    if places.is_empty()
        && let (Some(defaults), Some(secrets)) = (defaults, Secrets::of(source.clone()))
    {
        let brought = secrets.places(&Key::root(), defaults).into_iter();
        places.extend(brought.filter(|place| place.find(defaults).is_some_and(holds_anything)));
    }
    places.into_iter().map(in_the_clear_at).collect()
}

fn in_the_clear_at(place: Key) -> Problem {
    let detail = "A default or an example of what is secret would stand in the schema for everybody to read".to_owned();
    let mend = "Leave it out, and set the secret as a value, which is sealed.".to_owned();
    Problem::new(place, Rule::Keyword("x-secret".into()), detail, mend)
}

fn holds_anything(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(holds_anything),
        Value::Object(members) => members.values().any(holds_anything),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
