use std::collections::BTreeMap;

use serde::Deserialize;

use super::functions::Function;

/// What of `public` only types ask for, beside the catalog of the table API.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Surroundings {
    /// Enums of `public`, with their labels.
    pub enums: BTreeMap<String, Vec<String>>,
    /// Composite types of `public`, each with its attributes and the names of their types, in their order.
    pub composites: BTreeMap<String, Vec<(String, String)>>,
    /// Views of `public` that PostgreSQL lets rows be written into.
    pub writable_views: BTreeMap<String, WritableView>,
    /// Functions of `public`.
    pub functions: Vec<Function>,
}

/// What may be written into a view.
#[derive(Clone, Debug, Deserialize)]
pub struct WritableView {
    /// Whether rows can be added.
    pub insert: bool,
    /// Whether rows can be changed.
    pub update: bool,
    /// Columns that take a value.
    pub columns: Vec<String>,
}
