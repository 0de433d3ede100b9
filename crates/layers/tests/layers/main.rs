//! Layers from outside: a table of worked examples for every sentence of the specification, what is refused and how, and
//! what holds whatever the rows are.

mod cards;
mod documents;
mod example;
mod explanations;
mod hostile;
mod locks;
mod marks;
mod merge;
mod precedence;
mod properties;
mod references;
mod schemas;
mod secrets;
mod upgrades;
mod validation;
mod written;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use layers::{Entry, Key, Layer, Place, Problem, Schema, Shared, Sources};
use serde_json::Value;

/// A key that must be readable; nothing is the whole document.
fn key(text: &str) -> Key {
    if text.is_empty() {
        return Key::root();
    }
    Key::parse(text).unwrap_or_else(|problem| panic!("{text} was refused: {problem}"))
}

/// A schema that must compile. Each is compiled once, as in the program.
fn schema(source: &Value) -> Arc<Schema> {
    static COMPILED: Mutex<BTreeMap<String, Arc<Schema>>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let schema = compiled.entry(source.to_string()).or_insert_with(|| match Schema::compile(source) {
        Ok(schema) => Arc::new(schema),
        Err(problems) => panic!("{source} was refused: {problems:?}"),
    });
    Arc::clone(schema)
}

/// The layers of these entries.
fn sources(template: Option<&Value>, entries: &[(Place, Entry)]) -> Sources {
    let layer = |place: Place| {
        let of_place = entries.iter().filter(|(other, _)| *other == place).map(|(_, entry)| entry.clone());
        let of_place: Vec<_> = of_place.collect();
        (!of_place.is_empty()).then(|| Arc::new(Layer::new(place, of_place)))
    };
    let (shared, own): (Vec<Place>, Vec<Place>) = Place::ALL.into_iter().partition(|place| place.is_shared());
    let shared = Shared::new(template.map(schema), shared.into_iter().filter_map(layer));
    Sources::new(Arc::new(shared), own.into_iter().filter_map(layer))
}

/// Problems as tests name them: the pointer and the rule.
fn named(problems: &[Problem]) -> Vec<(String, String)> {
    problems.iter().map(|problem| (problem.path.pointer(), problem.rule.name().to_owned())).collect()
}
