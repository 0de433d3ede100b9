//! What a schema says of the places of a document, besides what is valid there: defaults, locks, strategies, names.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::nodes::{self, Node, Reach, Root};
use crate::limits::{DOCUMENT_DEPTH, SCHEMA_PLACES};
use crate::patch::Strategy;
use crate::tree::Tree;
use crate::{Key, Problem, Rule, value};

/// All that is said of places, as far as it holds of every document.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub defaults: Vec<(Key, Value)>,
    pub locks: Vec<Key>,
    pub strategies: Tree<Strategy>,
    pub env_names: Tree<Box<str>>,
}

/// Walks a schema through `properties`, `allOf` and local references. Not through branches: what they say depends.
pub(super) fn collect(root: Root<'_>) -> Result<Collected, Vec<Problem>> {
    let mut walk = Walk { root, above: HashSet::new(), places: 0, collected: Collected::default() };
    if walk.visit(root.top(), &Key::root()).is_none() {
        let detail = format!("The schema names more than {SCHEMA_PLACES} places, its references followed");
        let mend = "Refer to fewer parts from fewer places.".to_owned();
        return Err(vec![Problem::new(Key::root(), Rule::Size, detail, mend)]);
    }
    let mut problems = wrong_defaults(&walk.collected.defaults);
    problems.extend(equal_names(&walk.collected.env_names));
    if problems.is_empty() { Ok(walk.collected) } else { Err(problems) }
}

struct Walk<'a> {
    root: Root<'a>,
    /// The subschemas on the way here: one that comes again goes round in a circle.
    above: HashSet<*const Value>,
    places: usize,
    collected: Collected,
}

impl<'a> Walk<'a> {
    /// Collects what the subschemas of one place say, and goes on to its properties. `None`: there are too many places.
    fn visit(&mut self, nodes: Vec<Node<'a>>, path: &Key) -> Option<()> {
        if path.segments().len() > DOCUMENT_DEPTH {
            return Some(());
        }
        let nodes = nodes::expanded(self.root, nodes, Reach::Certain, &mut self.above);
        self.places += nodes.len();
        if self.places > SCHEMA_PLACES {
            return None;
        }
        for (_, schema) in &nodes {
            self.take(schema, path);
        }
        for name in names(&nodes) {
            let beneath = nodes.iter().filter_map(|node| nodes::property(node, name)).collect();
            self.visit(beneath, &path.child(name))?;
        }
        for (_, schema) in nodes {
            self.above.remove(&std::ptr::from_ref(schema));
        }
        Some(())
    }

    fn take(&mut self, schema: &Value, path: &Key) {
        let Collected { defaults, locks, strategies, env_names } = &mut self.collected;
        // What a subschema says itself comes after what it refers to, and is put over it.
        defaults.extend(schema.get("default").map(|default| (path.clone(), default.clone())));
        if schema.get("x-locked") == Some(&Value::Bool(true)) && !locks.contains(path) {
            locks.push(path.clone());
        }
        if let Some(strategy) = schema.get("x-merge").and_then(Value::as_str).and_then(Strategy::parse) {
            *strategies.at(path) = Some(strategy);
        }
        if let Some(name) = schema.get("x-env-name").and_then(Value::as_str) {
            *env_names.at(path) = Some(name.into());
        }
    }
}

/// The properties that subschemas of one place name, each once, in the order they are named.
fn names<'a>(nodes: &[Node<'a>]) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let named = nodes.iter().filter_map(|(_, schema)| schema.get("properties")?.as_object());
    named.flat_map(|properties| properties.keys().map(String::as_str)).filter(|&name| seen.insert(name)).collect()
}

/// Places that would become the same environment variable.
fn equal_names(env_names: &Tree<Box<str>>) -> Vec<Problem> {
    let mut first: HashMap<&str, Key> = HashMap::new();
    let mut problems = Vec::new();
    for (path, name) in env_names.places() {
        if let Some(other) = first.get(name.as_ref()) {
            let detail = format!("{path} and {other} have the same x-env-name");
            let mend = "Give each place a name of its own.".to_owned();
            problems.push(Problem::new(path, Rule::SchemaItself, detail, mend));
        } else {
            first.insert(name, path);
        }
    }
    problems
}

/// What may not be a default: what may not be a value, and removals, since nothing lies beneath.
fn wrong_defaults(defaults: &[(Key, Value)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, default) in defaults {
        let wrong =
            value::check(default).into_iter().map(|problem| Problem { path: path.join(&problem.path), ..problem });
        problems.extend(wrong);
        let removals = crate::patch::Patch::of_value(default.clone()).removals();
        problems.extend(removals.into_iter().map(|removed| {
            let detail = "A default removes what nothing lies beneath".to_owned();
            Problem::new(path.join(&removed), Rule::SchemaItself, detail, "Leave the default out.".to_owned())
        }));
    }
    problems
}
