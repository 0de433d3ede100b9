//! Layers from outside: a table of worked examples for every sentence of the specification, what is refused and how, and
//! what holds whatever the rows are.

mod precedence;

use std::sync::Arc;

use layers::{Entry, Key, Layer, Place, Resolved, Schema, Shared, Sources, closed, resolve};
use serde_json::Value;

/// A key that must be readable.
fn key(text: &str) -> Key {
    if text.is_empty() {
        return Key::root();
    }
    Key::parse(text).unwrap_or_else(|problem| panic!("{text} was refused: {problem}"))
}

/// A schema that must compile.
fn schema(source: &Value) -> Arc<Schema> {
    match Schema::compile(source) {
        Ok(schema) => Arc::new(schema),
        Err(problems) => panic!("{source} was refused: {problems:?}"),
    }
}

/// Rows of one document: where they stand, their key (nothing for a whole document) and their value.
type Rows = Vec<(Place, &'static str, Value)>;

/// The layers of these rows, each of which has its number in the list, from 1, as its identifier.
fn sources_of(template: Option<Arc<Schema>>, rows: Rows) -> Sources {
    let entries = rows
        .into_iter()
        .zip(1..)
        .map(|((place, text, value), number)| (place, Entry { id: Some(number), ..Entry::new(key(text), value) }));
    sources(template, &entries.collect::<Vec<_>>())
}

/// The layers of these entries.
fn sources(template: Option<Arc<Schema>>, entries: &[(Place, Entry)]) -> Sources {
    let layer = |place: Place| {
        let of_place = entries.iter().filter(|(other, _)| *other == place).map(|(_, entry)| entry.clone());
        let of_place: Vec<_> = of_place.collect();
        (!of_place.is_empty()).then(|| Arc::new(Layer::new(place, of_place)))
    };
    let (shared, own): (Vec<Place>, Vec<Place>) = Place::ALL.into_iter().partition(|place| place.is_shared());
    let shared = Shared::new(template, shared.into_iter().filter_map(layer));
    Sources::new(Arc::new(shared), own.into_iter().filter_map(layer))
}

/// The document of these rows.
fn document(template: Option<&Value>, rows: Rows) -> Value {
    resolved(template, rows).document
}

/// The same with what else is known.
fn resolved(template: Option<&Value>, rows: Rows) -> Resolved {
    resolve(&sources_of(template.map(schema), rows), &closed)
}
