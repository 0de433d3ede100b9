//! What is wrong with a value, a row or a document: the place, the rule, the layer it came from, and the mend.

use std::fmt;

use crate::{Key, Place};

/// One thing that is wrong. Never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// Where: in the document, or in the value or schema that was judged.
    pub path: Key,
    /// Which rule it breaks.
    pub rule: Rule,
    /// What is wrong, in words.
    pub detail: String,
    /// What to do about it.
    pub mend: String,
    /// The layer that supplied what stands there, where one did.
    pub place: Option<Place>,
    /// The row of that layer, by the identifier that its entry was given.
    pub row: Option<u128>,
}

/// The rules that a problem can break.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A key that names no path.
    Key,
    /// Two rows of one layer of which one lies within the other, which isn't an object.
    Prefix,
    /// A property that starts with `$`, which are Tenantry's.
    Reserved,
    /// A value, schema or result that is too large or too deep.
    Size,
    /// A value that PostgreSQL or those who read it wouldn't keep as it was sent.
    Unkept,
    /// A whole document that isn't an object.
    Document,
    /// A removal with nothing beneath it.
    Pointless,
    /// A value above a lock. Says whether it would change what the lock holds.
    Locked {
        /// Whether the document would be another without the lock.
        would_change: bool,
    },
    /// A value above a lock that would change what the lock holds because that refers to it.
    LockedReference {
        /// The place of that value.
        to: Key,
    },
    /// A reference that can't be read: `${` without a path and `}`.
    Malformed,
    /// A reference to what isn't there.
    Unknown,
    /// References that lead back to where they started.
    Cycle,
    /// A chain of references that is too long.
    Hops,
    /// A reference inside a longer text to what isn't a scalar.
    Scalar,
    /// The number of a payment card.
    Card,
    /// A JSON Schema that can't be used.
    SchemaItself,
    /// A property that a schema requires and nobody supplies.
    Required,
    /// Another keyword of a JSON Schema.
    Keyword(Box<str>),
}

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// A row that is stored and has no effect. It blocks only a change that writes that very row.
    Ignored,
    /// Something is yet to be supplied. It blocks activation and applying, never an edit.
    Incomplete,
    /// Wrong. It blocks the change that introduces it.
    Invalid,
}

impl Rule {
    /// The rule as answers name it; of JSON Schema the keyword.
    pub fn name(&self) -> &str {
        match self {
            Self::Key => "key",
            Self::Prefix => "prefix",
            Self::Reserved => "reserved",
            Self::Size => "size",
            Self::Unkept => "unkept",
            Self::Document => "document",
            Self::Pointless => "pointless-removal",
            Self::Locked { .. } => "x-locked",
            Self::LockedReference { .. } => "x-locked-reference",
            Self::Malformed => "reference-malformed",
            Self::Unknown => "reference-unknown",
            Self::Cycle => "reference-cycle",
            Self::Hops => "reference-hops",
            Self::Scalar => "reference-scalar",
            Self::Card => "card-number",
            Self::SchemaItself => "schema",
            Self::Required => "required",
            Self::Keyword(keyword) => keyword,
        }
    }
}

impl Problem {
    /// A problem of which the layer isn't known, or which has none.
    pub fn new(path: Key, rule: Rule, detail: String, mend: String) -> Self {
        Self { path, rule, detail, mend, place: None, row: None }
    }

    /// The same, with the layer and row that supplied what is wrong.
    #[must_use]
    pub fn from_layer(self, place: Option<Place>, row: Option<u128>) -> Self {
        Self { place, row, ..self }
    }

    /// How much it weighs.
    pub fn weight(&self) -> Weight {
        match self.rule {
            Rule::Pointless | Rule::Locked { .. } | Rule::LockedReference { .. } => Weight::Ignored,
            Rule::Required => Weight::Incomplete,
            _ => Weight::Invalid,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, rule, detail, mend, place, row: _ } = self;
        write!(f, "{}: {detail} ({}", path.pointer(), rule.name())?;
        if let Some(place) = place {
            write!(f, ", from {place}")?;
        }
        write!(f, "). {mend}")
    }
}

impl std::error::Error for Problem {}
