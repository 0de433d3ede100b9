//! What a request will do, as values: the query of the dialect, compared with the catalog and the caller's rights.
//!
//! Pure. Every column, relation and type is a place in the catalog here; the client's words are left only where they are
//! values, or keys of the answer.

mod columns;
mod conditions;
mod embeds;
mod find;
mod nested;
mod read;
mod types;
mod write;

pub use read::{Read, read};
pub use types::{Condition, Embed, Item, Join, Node, Order, OrderBy, Value, What};
pub use write::{Change, Conflict, Found, Insert, Missing, Payload, Returning, Write, Writing, delete, insert, update};

use super::catalog::{Catalog, Relation};

/// For whom a request is planned, and against what.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// What there is.
    pub catalog: &'a Catalog,
    /// The database role that the request runs as.
    pub role: &'a str,
    /// How many rows an answer holds at most.
    pub max_rows: u64,
}

impl<'a> Asker<'a> {
    fn relation(&self, place: usize) -> &'a Relation {
        self.catalog.relation(place)
    }
}
