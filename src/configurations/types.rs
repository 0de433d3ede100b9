use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// An environment that an app reads its configuration in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Where it is written.
    Development,
    /// Where it is tried.
    Staging,
    /// Where it is used.
    Production,
}

impl Environment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Development, Self::Staging, Self::Production];

    /// Its word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Environment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|environment| environment.as_str() == text)
            .ok_or_else(|| format!("there is no environment {text:?}: it is development, staging or production"))
    }
}

/// The tables whose rows are layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfigTable {
    /// One value at one layer.
    SystemConfigurations,
    /// Schema and defaults of a template's version.
    TemplateConfigurations,
    /// How a client's app departs from its template.
    ClientCustomizations,
    /// How a client's deployments in an environment are set up.
    DeploymentConfigurations,
}

impl ConfigTable {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::SystemConfigurations,
        Self::TemplateConfigurations,
        Self::ClientCustomizations,
        Self::DeploymentConfigurations,
    ];

    /// Its name in `public`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SystemConfigurations => "system_configurations",
            Self::TemplateConfigurations => "template_configurations",
            Self::ClientCustomizations => "client_customizations",
            Self::DeploymentConfigurations => "deployment_configurations",
        }
    }

    /// The table with a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

impl fmt::Display for ConfigTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// It is made.
    Insert,
    /// Some of its columns are given other values.
    Update,
    /// It is removed.
    Delete,
}

/// The version of a row that an edit was made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The counter of the row, where the table has one.
    Version(i64),
    /// When it was last changed, where it has none.
    #[schema(value_type = String, format = DateTime)]
    UpdatedAt(Timestamp),
}

/// One edit of one row: the form that every write of configuration is turned into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowEdit {
    /// The table of the row.
    pub table: ConfigTable,
    /// Its id; a row that is yet to be made is given one when the edit is.
    pub row_id: Uuid,
    /// What is done to it.
    pub operation: Operation,
    /// The columns that are written, by name; empty for a deletion.
    pub columns: Map<String, Value>,
    /// The version that the edit was made for; none where any will do.
    pub base: Option<Base>,
}

/// One row before and after an edit: what [`Inputs`](super::documents::Inputs) are changed by.
#[derive(Clone, Debug, PartialEq)]
pub struct Rewrite {
    /// The table of the row.
    pub table: ConfigTable,
    /// Its id.
    pub id: Uuid,
    /// The whole row as it was; none for one that is made.
    pub before: Option<Map<String, Value>>,
    /// The whole row as it will be; none for one that is removed.
    pub after: Option<Map<String, Value>>,
}

/// A moment that configuration is read as of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// A revision of the installation.
    Revision(i64),
    /// A time.
    Time(Timestamp),
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(revision) = text.parse() {
            return Ok(Self::Revision(revision));
        }
        text.parse().map(Self::Time).map_err(|_| {
            format!("{text:?} is neither a revision, such as 42, nor a time, such as 2026-11-23T10:00:00Z")
        })
    }
}
