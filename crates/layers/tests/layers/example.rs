//! An example: rows go in, a document comes out, and what is said about them.

use layers::{Entry, Place, closed, resolve};
use serde_json::{Value, json};

use super::{key, named, schema, sources};

/// A row: where it stands, its key (nothing for a whole document), its value.
#[derive(Clone)]
pub struct Given {
    pub place: Place,
    key: &'static str,
    value: Value,
    schema: Option<Value>,
    is_literal: bool,
}

/// A row of a layer.
pub fn row(place: Place, key: &'static str, value: impl Into<Value>) -> Given {
    Given { place, key, value: value.into(), schema: None, is_literal: false }
}

/// `{"$removed": true}`.
pub fn removed() -> Value {
    json!({ "$removed": true })
}

impl Given {
    /// The row has a schema of its own.
    pub fn with_schema(self, schema: Value) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// The row's own schema locks it.
    pub fn locked(self) -> Self {
        self.with_schema(json!({ "x-locked": true }))
    }

    /// The row is from before adoption, and nobody has edited it since.
    pub fn literally(self) -> Self {
        Self { is_literal: true, ..self }
    }

    /// The entry, with a number of its own.
    pub fn entry(self, number: u128) -> (Place, Entry) {
        let Self { place, key: text, value, schema: source, is_literal } = self;
        let schema = source.as_ref().map(schema);
        (place, Entry { id: Some(number), key: key(text), value, schema, is_literal })
    }
}

/// A sentence of the specification with what it means.
pub struct Example {
    sentence: &'static str,
    template: Option<Value>,
    rows: Vec<Given>,
}

/// Begins an example of a sentence.
pub fn example(sentence: &'static str) -> Example {
    Example { sentence, template: None, rows: Vec::new() }
}

impl Example {
    /// The schema of the template's version.
    pub fn template(self, schema: Value) -> Self {
        Self { template: Some(schema), ..self }
    }

    /// The rows of all layers; the first has the number 1.
    pub fn rows(self, rows: impl IntoIterator<Item = Given>) -> Self {
        Self { rows: rows.into_iter().collect(), ..self }
    }

    /// The document that comes of it, with nothing to be said.
    pub fn gives(self, document: Value) {
        self.gives_noting(document, &[]);
    }

    /// The document that comes of it, and the pointers and rules of what is to be said.
    pub fn gives_noting(self, document: Value, notes: &[(&str, &str)]) {
        let Self { sentence, template, rows } = self;
        let entries: Vec<_> = rows.into_iter().zip(1..).map(|(row, number)| row.entry(number)).collect();
        let resolved = resolve(&sources(template.as_ref(), &entries), &closed);
        let found = (resolved.document, named(&resolved.problems));
        let notes = notes.iter().map(|&(path, rule)| (path.to_owned(), rule.to_owned())).collect();
        assert_eq!(found, (document, notes), "{sentence}");
    }
}
