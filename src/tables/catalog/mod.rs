//! What the table API exposes, read from PostgreSQL's catalog: relations, their columns and rights, and how they relate.
//!
//! [`read::catalog`] reads it once; [`Catalog::fingerprint`] tells whether it has to be read again. Everything derived from
//! the schema (plans, types, OpenAPI) is a function of this value, so no name reaches SQL that isn't in it.

/// Reading it.
pub mod read;

/// Relations, columns, keys.
pub mod relation;

/// Foreign keys between exposed relations, also through views.
pub mod relationship;

/// The roles that requests run as.
pub mod roles;

mod lists;
mod views;

use std::collections::HashMap;

pub use relation::{Check, Column, ConflictTarget, Identity, Kind, Relation, Unique};
pub use relationship::Relationship;
pub use roles::{REQUEST_ROLES, Roles};

/// What the table API exposes of one database at one time.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    fingerprint: String,
    relations: Vec<Relation>,
    by_name: HashMap<String, usize>,
    relationships: Vec<Relationship>,
}

impl Catalog {
    /// One of its parts.
    pub fn new(fingerprint: String, relations: Vec<Relation>, relationships: Vec<Relationship>) -> Self {
        let by_name = relations.iter().enumerate().map(|(place, relation)| (relation.name.clone(), place)).collect();
        Self { fingerprint, relations, by_name, relationships }
    }

    /// What differs from that of another time whenever something was changed.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// All relations, by name.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// A relation by its place.
    pub fn relation(&self, place: usize) -> &Relation {
        &self.relations[place]
    }

    /// A relation's place by its name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A relation by its name.
    pub fn by_name(&self, name: &str) -> Option<&Relation> {
        self.position(name).map(|place| &self.relations[place])
    }

    /// Every relationship, by the name of its foreign key.
    pub fn relationships(&self) -> &[Relationship] {
        &self.relationships
    }

    /// The relationships whose referencing columns are a relation's.
    pub fn relationships_of(&self, place: usize) -> impl Iterator<Item = &Relationship> {
        self.relationships.iter().filter(move |relationship| relationship.relation == place)
    }
}
