use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::configurations::Environment;
use crate::problem::Fault;

/// How far a version of a template is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It is being written.
    Draft,
    /// It may be used, and the newest of these is what those get who pin none.
    Active,
    /// It may still be used, and there is a better one.
    Deprecated,
    /// It goes on serving those who pin it, and nobody else.
    Archived,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Active, Self::Deprecated, Self::Archived];

    /// Its word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Deprecated => "deprecated",
            Self::Archived => "archived",
        }
    }

    pub(super) fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// The one that follows; none after the last.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::Draft => Some(Self::Active),
            Self::Active => Some(Self::Deprecated),
            Self::Deprecated => Some(Self::Archived),
            Self::Archived => None,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a new version begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// Being written.
    Draft,
    /// In use at once.
    #[default]
    Active,
}

/// A version to publish.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// Its number: a semantic version that the template doesn't have yet.
    #[schema(example = "2.0.0")]
    pub template_version: String,
    /// The version that it starts from; the newest one where nothing is said.
    pub based_on: Option<String>,
    /// What people call the template.
    pub template_name: Option<String>,
    /// JSON Schema 2020-12 of the documents.
    #[schema(value_type = Option<Object>)]
    pub configuration_schema: Option<Value>,
    /// Values of the template itself.
    #[schema(value_type = Option<Object>)]
    pub default_configuration: Option<Value>,
    /// Its group in the list of templates; an empty text for none.
    pub category: Option<String>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// Industries that it is meant for.
    pub supported_industries: Option<Vec<String>>,
    /// Whether it is in use at once, or written on.
    #[serde(default)]
    pub status: Start,
    /// What it is for.
    pub reason: Option<String>,
}

/// A version after an act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Published {
    /// The row.
    pub id: Uuid,
    /// The template.
    pub template_id: String,
    /// Its version.
    pub template_version: String,
    /// How far it is now.
    pub status: Stage,
    /// The change that did it.
    pub change_id: Uuid,
    /// The installation's revision that it made.
    pub revision: Option<i64>,
}

/// A customization that is served now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Activated {
    /// The customization.
    pub id: Uuid,
    /// Those that were served before.
    pub replaced: Vec<Uuid>,
    /// The change that did it; none where it was active already.
    pub change_id: Option<Uuid>,
    /// The installation's revision that it made.
    pub revision: Option<i64>,
}

/// Bringing a customization to another version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Upgrade {
    /// The version to bring it to.
    #[schema(example = "2.0.0")]
    pub to: String,
    /// What to do where client and new version each say something else, by dotted path.
    #[serde(default)]
    pub choices: BTreeMap<String, Choice>,
    /// Only tell what it would do.
    #[serde(default)]
    pub dry_run: bool,
    /// What it is for.
    pub reason: Option<String>,
}

/// What to do about a value that client and new version each changed.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// The client's stays.
    Client,
    /// The new version's is taken.
    Template,
    /// Neither: this.
    #[schema(value_type = Object)]
    Value(Value),
}

/// What became of one value of the client's.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Step {
    /// The place.
    #[schema(example = "branding.tagline")]
    pub path: String,
    /// The old version's default.
    #[schema(value_type = Object)]
    pub old: Option<Value>,
    /// The new version's default.
    #[schema(value_type = Object)]
    pub new: Option<Value>,
    /// What the client had; none where it had removed what lies beneath.
    #[schema(value_type = Object)]
    pub client: Option<Value>,
    /// What was decided.
    pub verdict: Verdict,
}

/// What a merge of three decides about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The client's stays.
    Kept,
    /// The new default is taken: the client had only said what the old one did.
    Taken,
    /// It is left out: the new version has nothing there.
    Dropped,
    /// Somebody chose.
    Chosen,
    /// Somebody has to choose.
    Conflict,
}

/// A customization on its way to another version.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Brought {
    /// The customization with the outcome: the same where it is a draft, else a new draft; none in a dry run.
    pub id: Option<Uuid>,
    /// The version before.
    pub from: String,
    /// The version after.
    pub to: String,
    /// What became of every value that the client had.
    pub steps: Vec<Step>,
    /// How many of them somebody has to choose about.
    pub conflicts: usize,
    /// The customization's values for the new version; where there is a conflict, the client's.
    #[schema(value_type = Object)]
    pub customization_config: Value,
    /// What would be wrong with the client's documents once it is served.
    pub lacking: Vec<Lacking>,
    /// The change that did it.
    pub change_id: Option<Uuid>,
    /// The installation's revision that it made.
    pub revision: Option<i64>,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Lacking {
    /// The environment.
    pub environment: Environment,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

/// A deployment configuration that was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Judged {
    /// The deployment configuration.
    pub id: Uuid,
    /// Its status now.
    pub status: String,
    /// Whether it may be applied.
    pub is_ready: bool,
    /// What stands in the way.
    pub faults: Vec<Fault>,
    /// The change that noted it.
    pub change_id: Uuid,
}

/// A deployment configuration that is in force now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppliedConfiguration {
    /// The deployment configuration.
    pub id: Uuid,
    /// The one that was in force before.
    pub replaced: Option<Uuid>,
    /// The change that did it.
    pub change_id: Uuid,
    /// The installation's revision that it made.
    pub revision: Option<i64>,
}
