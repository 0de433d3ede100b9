use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Problem;

/// Whether one may be used.
pub const STATUSES: [&str; 3] = ["active", "draft", "deprecated"];

/// For whom one is.
pub const TYPES: [&str; 4] = ["basic", "standard", "enterprise", "custom"];

/// A deployment template, as lists show it.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its key.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// For whom it is.
    pub kind: String,
    /// Its group.
    pub category: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Whether it may be used.
    pub status: String,
    /// Whether Tenantry brought it along.
    pub is_system: bool,
    /// Whether it is shown first.
    pub is_featured: bool,
    /// How many deployments were made from it.
    pub uses: i32,
    /// How many of those that ended succeeded, in percent, as the database has it; none until one ended.
    pub success: Option<String>,
    /// When it was last deployed from.
    pub last_used: Option<Timestamp>,
}

/// Everything of one.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What lists show of it.
    pub about: Template,
    /// When it was begun, and by whom.
    pub begun: (Timestamp, Option<Uuid>),
    /// When it was last changed, and by whom.
    pub changed: (Timestamp, Option<Uuid>),
    /// Its columns.
    pub row: Map<String, Value>,
}

/// What narrows a list; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somewhere in name, description or tags.
    pub search: Option<String>,
    /// Whether they may be used.
    pub status: Option<String>,
    /// For whom they are.
    pub kind: Option<String>,
    /// Their group.
    pub category: Option<String>,
}

impl Filter {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Problem> {
        let word =
            |name: &str, known: &[&str]| match asked(name) {
                Some(word) if !known.contains(&word) => Err(Problem::invalid(format!("there is no {name} {word:?}"))
                    .mend(format!("choose {}", known.join(", ")))),
                word => Ok(word.map(ToOwned::to_owned)),
            };
        Ok(Self {
            search: asked("q").map(ToOwned::to_owned),
            status: word("status", &STATUSES)?,
            kind: word("type", &TYPES)?,
            category: asked("category").map(ToOwned::to_owned),
        })
    }
}
