use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::columns::UNSETTLED;
use crate::problem::Fault;

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It comes in; or it broke off while it did.
    Reading,
    /// It is here, and there is no dry run.
    Read,
    /// There is a dry run.
    Checked,
    /// It was imported.
    Applied,
}

impl State {
    pub(super) fn parse(word: &str) -> Self {
        match word {
            "read" => Self::Read,
            "checked" => Self::Checked,
            "applied" => Self::Applied,
            _ => Self::Reading,
        }
    }
}

/// A file that somebody is about to import, or has.
#[derive(Clone, Debug)]
pub(super) struct Import {
    pub(super) id: Uuid,
    pub(super) created_at: Timestamp,
    pub(super) file_name: String,
    pub(super) headings: Vec<String>,
    /// What each column is, as [`super::columns`] says it.
    pub(super) columns: Vec<String>,
    /// How many rows there are.
    pub(super) lines: i32,
    pub(super) state: State,
    /// Which dry run this is.
    pub(super) checks: i32,
    pub(super) added: i32,
    pub(super) changed: i32,
    pub(super) unchanged: i32,
    pub(super) refused: i32,
    /// Of how many rows somebody else changed the client since the dry run before.
    pub(super) moved: i32,
    /// How many rows whoever is at it has done.
    pub(super) done: i32,
    pub(super) failure: Option<String>,
    pub(super) applied_at: Option<Timestamp>,
}

impl Import {
    /// What people call it.
    pub(super) fn called(&self) -> &str {
        if self.file_name.is_empty() { "a file" } else { &self.file_name }
    }

    /// Whether it is known of each column what it is.
    pub(super) fn is_settled(&self) -> bool {
        self.columns.iter().all(|column| column != UNSETTLED)
    }

    /// How many rows write something.
    pub(super) fn writes(&self) -> i32 {
        self.added + self.changed
    }
}

/// What would come of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Add,
    Change,
    Same,
    Refused,
}

impl Outcome {
    /// As the database and the URL have it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Same => "same",
            Self::Refused => "refused",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [Self::Add, Self::Change, Self::Same, Self::Refused].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// A row of the file, and what would come of it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) line: i32,
    pub(super) client: Option<Uuid>,
    /// What the client is called now.
    pub(super) name: Option<String>,
    pub(super) before: Map<String, Value>,
    pub(super) after: Map<String, Value>,
    pub(super) faults: Vec<Fault>,
    pub(super) cells: Vec<String>,
}
