//! A plan as one statement of SQL.
//!
//! Pure. Names come from the catalog, values go as parameters, and PostgreSQL builds the JSON. The only words of the client
//! in the text are the keys of its answer, quoted as names. The same request with other values gives the same text, so
//! that a statement which was prepared serves it again.

mod action;
mod condition;
mod csv;
mod select;
mod write;

#[cfg(test)]
mod tests;

pub use action::{Wanted, given, held, kept, same, update_each};
pub use csv::header;
pub use select::read;
pub use write::{LOCK, Match, current, write};

use dialect::headers::media::Answer;

use super::catalog::{Catalog, Relation};
use super::plan::{Item, Value, What};
use crate::db::quote::ident;

/// A statement with the values of its parameters, each as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values of `$1`, `$2` …
    pub values: Vec<String>,
}

/// In which form rows come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a body.
    Body(Answer),
    /// Only counted: nobody reads them.
    Counted,
}

/// Writes one statement.
struct Writer<'a> {
    catalog: &'a Catalog,
    values: Vec<String>,
    aliases: usize,
}

/// Rows that a piece of SQL speaks of.
#[derive(Clone, Copy)]
struct Rows<'a> {
    relation: &'a Relation,
    alias: usize,
}

impl<'a> Writer<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, values: Vec::new(), aliases: 0 }
    }

    fn finish(self, sql: String) -> Statement {
        Statement { sql, values: self.values }
    }

    /// A parameter with a value.
    fn value(&mut self, value: impl Into<String>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Rows of a relation under a name of their own.
    fn rows(&mut self, relation: usize) -> Rows<'a> {
        self.aliases += 1;
        Rows { relation: self.catalog.relation(relation), alias: self.aliases }
    }
}

impl Rows<'_> {
    /// The name under which they stand in FROM.
    fn name(self) -> String {
        format!("t{}", self.alias)
    }

    fn table(self) -> String {
        table(self.relation)
    }

    fn column(self, place: usize) -> String {
        format!("t{}.{}", self.alias, ident(&self.relation.columns[place].name))
    }
}

fn table(relation: &Relation) -> String {
    crate::db::quote::qualified("public", &relation.name)
}

/// What makes a body of the rows `_r`.
fn body(form: Form, items: &[Item]) -> String {
    match form {
        Form::Counted => "NULL::pg_catalog.text".to_owned(),
        Form::Body(Answer::Array) => "coalesce(pg_catalog.json_agg(_r), '[]')::pg_catalog.text".to_owned(),
        // Read only where there is one.
        Form::Body(Answer::Object) => "pg_catalog.max(pg_catalog.row_to_json(_r)::pg_catalog.text)".to_owned(),
        Form::Body(Answer::Csv) => csv::body(items),
    }
}

impl Item {
    /// Whether it is a count of rows.
    fn is_count(&self) -> bool {
        matches!(self.what, What::Count { .. })
    }
}

impl Value {
    /// Whether it is a column as it stands.
    fn is_plain(&self) -> bool {
        self.path.is_empty()
    }
}
