use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::configurations::{ConfigTable, Operation};
use crate::problem::Fault;

/// How far a change got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Written down, and nothing else.
    Proposed,
    /// Somebody other than the author agrees.
    Approved,
    /// Its rows are written.
    Applied,
    /// Somebody doesn't agree.
    Rejected,
    /// Its author took it back before it was applied.
    Withdrawn,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Approved, Self::Applied, Self::Rejected, Self::Withdrawn];

    /// Its word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with a word.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether it may still be applied.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Approved)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A change, without its edits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Change {
    /// Its id.
    pub id: Uuid,
    /// How far it got.
    pub state: State,
    /// What its author says it is for.
    pub reason: String,
    /// The clients whose rows it edits.
    pub client_ids: Vec<Uuid>,
    /// Whether it edits global rows, template rows or templates, which reach every client.
    pub is_shared: bool,
    /// The environments whose documents its rows belong to.
    pub environments: Vec<String>,
    /// How many rows it edits.
    pub edits: i32,
    /// The change that it takes back.
    pub reverts: Option<Uuid>,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    pub proposed_at: Timestamp,
    /// Who proposed it.
    pub author: Who,
    /// When it was approved, rejected or withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<Who>,
    /// What they said to it.
    pub decision: Option<String>,
    /// When it was applied.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub applied_at: Option<Timestamp>,
    /// The person who applied it.
    pub applied_by: Option<Uuid>,
    /// The installation's revision that it made.
    pub revision: Option<i64>,
}

/// Somebody who did something to a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Who {
    /// The person.
    pub user_id: Option<Uuid>,
    /// The token, where it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_id: Option<Uuid>,
    /// As whom the audit log knows somebody without a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One row that a change edits, as it is kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptEdit {
    /// The table of the row.
    pub table: ConfigTable,
    /// Its id.
    pub id: Uuid,
    /// What is done to it.
    pub operation: Operation,
    /// The columns that are written. A secret's place holds its mask.
    #[schema(value_type = Object)]
    pub columns: Map<String, Value>,
    /// The whole row that the edit was made for; none where it is yet to be made.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Map<String, Value>>,
    /// The version of that row.
    #[schema(value_type = Option<Object>)]
    pub base: Option<Value>,
}

/// What happens to a document, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It breaks a rule that it didn't break before: the change can't be applied.
    Invalid,
    /// A lock keeps an edit out.
    LockedOut,
    /// It lacks a required key that it had before.
    Incomplete,
    /// Some of its keys have other values.
    Changed,
    /// An override in a higher layer hides the edit.
    Shielded,
    /// The schema of the document's template has no such key.
    NotInTemplate,
    /// Nothing.
    Unchanged,
}

impl Outcome {
    /// All of them, the worst first.
    pub const ALL: [Self; 7] = [
        Self::Invalid,
        Self::LockedOut,
        Self::Incomplete,
        Self::Changed,
        Self::Shielded,
        Self::NotInTemplate,
        Self::Unchanged,
    ];

    /// Its word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::LockedOut => "locked_out",
            Self::Incomplete => "incomplete",
            Self::Changed => "changed",
            Self::Shielded => "shielded",
            Self::NotInTemplate => "not_in_template",
            Self::Unchanged => "unchanged",
        }
    }

    /// The outcome with a word.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// What a change does to a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Cell {
    /// The worst of it.
    pub outcome: Outcome,
    /// The keys whose values differ, before and after.
    pub keys: Vec<KeyChange>,
    /// Edits that don't show in the document, and why.
    pub without_effect: Vec<WithoutEffect>,
    /// What the document breaks with the change and didn't break without it.
    pub invalid: Vec<Fault>,
    /// Required keys that the document lacks with the change and had without it.
    pub incomplete: Vec<Fault>,
}

/// One key of a document before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeyChange {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// Its value now; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Value, required = false)]
    pub before: Option<Value>,
    /// Its value with the change; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Value, required = false)]
    pub after: Option<Value>,
}

/// An edit that doesn't show in a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WithoutEffect {
    /// Where it would show, as a JSON pointer.
    pub pointer: String,
    /// Why not: `shielded`, `locked_out` or `not_in_template`.
    pub why: Outcome,
    /// The layer that is in its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A value that is there, null included.
pub(super) fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
