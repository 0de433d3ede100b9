use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::Arc;

use layers::{Entry, Key, Layer, Place, Problem, Schema};
use serde_json::Value;
use uuid::Uuid;

use super::row::VersionRow;

/// How far a version of a template is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Being written.
    Draft,
    /// What those get who pin none, where it is the newest.
    Active,
    /// Served to those who pin it.
    Deprecated,
    /// Served to those who pin it, and pinned anew by nobody.
    Archived,
}

impl FromStr for Status {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "draft" => Ok(Self::Draft),
            "active" => Ok(Self::Active),
            "deprecated" => Ok(Self::Deprecated),
            "archived" => Ok(Self::Archived),
            _ => Err(()),
        }
    }
}

/// A version of a template, compiled once.
#[derive(Clone)]
pub struct TemplateVersion {
    /// The row's id.
    pub id: Uuid,
    /// The template.
    pub template_id: Arc<str>,
    /// The version's number, or the word that it was adopted with.
    pub version: String,
    /// How far it is in its life.
    pub status: Status,
    /// Whether documents are judged by its schema.
    pub is_judged: bool,
    /// When it was made, in microseconds since 1970.
    created: i64,
    /// Its schema; none where it can't be used.
    pub schema: Option<Arc<Schema>>,
    /// Why its schema can't be used.
    pub faults: Vec<Problem>,
    /// Its defaults: layer 2.
    pub(super) defaults: Arc<Layer>,
}

impl TemplateVersion {
    /// Compiles what a row says. A schema that can't be used counts as one that says nothing.
    pub(super) fn new(row: &VersionRow, schema: &Value, defaults: Value) -> Self {
        let (schema, faults) = match Schema::compile(schema) {
            Ok(schema) => (Some(Arc::new(schema)), Vec::new()),
            Err(faults) => (None, faults),
        };
        let defaults = Entry {
            id: Some(row.id.as_u128()),
            key: Key::root(),
            value: defaults,
            schema: None,
            is_literal: row.is_literal,
        };
        Self {
            id: row.id,
            template_id: row.template_id.clone(),
            version: row.version.clone(),
            status: row.status,
            is_judged: row.is_judged,
            created: row.created,
            schema,
            faults,
            defaults: Arc::new(Layer::new(Place::TemplateDefaults, [defaults])),
        }
    }

    /// The same content, as far in its life as a row says.
    pub(super) fn moved(&self, row: &VersionRow) -> Self {
        let VersionRow { id: _, template_id, version, status, is_judged, is_literal: _, created, stamp: _, content: _ } =
            row;
        Self {
            template_id: template_id.clone(),
            version: version.clone(),
            status: *status,
            is_judged: *is_judged,
            created: *created,
            ..self.clone()
        }
    }
}

/// Which of two versions is the newer, each by its number and the microsecond in which it was made: by the precedence of
/// semantic versions; a word that a site brought along is older than all of those. Among equals the one that was made
/// later. The database orders them so, too (`tenantry.newest_versions`).
pub fn newer(a: (&str, i64), b: (&str, i64)) -> Ordering {
    let by_number = match (semver::Version::parse(a.0), semver::Version::parse(b.0)) {
        (Ok(a), Ok(b)) => a.cmp_precedence(&b),
        (a, b) => a.is_ok().cmp(&b.is_ok()),
    };
    by_number.then_with(|| (a.1, a.0).cmp(&(b.1, b.0)))
}

/// The version that those get who pin none.
pub(super) fn newest_active(versions: &[Arc<TemplateVersion>]) -> Option<&Arc<TemplateVersion>> {
    versions
        .iter()
        .filter(|version| version.status == Status::Active)
        .max_by(|a, b| newer((&a.version, a.created), (&b.version, b.created)))
}
