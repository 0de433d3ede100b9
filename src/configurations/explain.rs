use std::collections::HashMap;

use jiff::Timestamp;
use layers::{Key, Outcome, Place, Says, Step};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::{Asked, Found};
use super::documents::Compiled;
use super::store;
use super::types::{ConfigTable, Environment};
use super::view::{INHERITED, View};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// How the value of a key came about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// The key.
    pub key: String,
    /// The client.
    pub client_id: Uuid,
    /// What the client is called.
    pub client_name: String,
    /// The template that its app is built from, where there is one.
    pub template_id: Option<String>,
    /// The version of it.
    pub template_version: Option<String>,
    /// The environment.
    pub environment: Environment,
    /// The revision of the installation that this is as of.
    pub revision: i64,
    /// Whether anything stands there.
    pub is_set: bool,
    /// What stands there in the document; a secret is shown as its mask, and to a client's own login not at all.
    pub value: Option<Value>,
    /// Whether a secret stands there or within, or what refers to one.
    pub is_secret: bool,
    /// The lock that holds it.
    pub lock: Option<LockSays>,
    /// What every layer says, from the lowest to the highest.
    pub layers: Vec<LayerSays>,
    /// What is wrong there and within.
    pub problems: Vec<Fault>,
}

/// A lock.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LockSays {
    /// The key that is locked: this one, or one that it lies within.
    pub key: String,
    /// Whose word it is: rows of this scope still set it, those of later ones don't.
    pub scope: String,
    /// The row whose schema says so; none where the template's does.
    pub row_id: Option<Uuid>,
}

/// What one layer says of a key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LayerSays {
    /// Its number in the order of precedence, from 1.
    pub number: usize,
    /// What it is called.
    pub layer: String,
    /// What it says: `inherited` (nothing), `set` or `removed`.
    pub says: String,
    /// The value that it sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What became of that: `won`, `shielded`, `locked out`, `not part of this template` or `pointless`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The layer that shields it, or the scope whose lock keeps it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The rows that say it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowSays>,
}

/// A row that says something of a key, and who made it say so.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowSays {
    /// The table of the row.
    pub table: ConfigTable,
    /// Its id.
    pub row_id: Uuid,
    /// Its own key, where it is a row of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its version, where the table counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Since when it says so.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Timestamp,
    /// The revision that made it say so.
    pub revision: i64,
    /// The person who did; none for a machine and the operator.
    pub set_by: Option<Uuid>,
    /// As whom the audit log knows somebody without a session, such as `operator:root`.
    pub set_by_name: Option<String>,
    /// Why, where they said so.
    pub reason: Option<String>,
    /// The change by which they did.
    pub change_id: Option<Uuid>,
}

/// Explains a key of a document.
pub async fn explain(
    tx: &Tx<'_>,
    compiled: &Compiled,
    asked: &Asked,
    key: &str,
    view: View,
) -> Result<Explanation, Problem> {
    let key = read_key(key)?;
    let found = asked.find(tx, compiled, view).await?;
    explain_found(tx, &found, &key, view).await
}

/// A key in the words of a request.
pub(super) fn read_key(key: &str) -> Result<Key, Problem> {
    Key::parse(key).map_err(|problem| {
        Problem::faults("the key names no place", vec![Fault { pointer: "key".to_owned(), ..Fault::from(&*problem) }])
    })
}

/// Explains a key of a document that was found already.
pub(super) async fn explain_found(tx: &Tx<'_>, found: &Found, key: &Key, view: View) -> Result<Explanation, Problem> {
    let version = found.inputs.version(&found.target)?;
    let sources = found.inputs.sources(&found.target)?;
    let told = layers::explain(&sources, key, &layers::closed);
    let rows = rows(tx, &told.steps, found.inputs.revision()).await?;
    Ok(Explanation {
        key: key.to_string(),
        client_id: found.client.id,
        client_name: found.client.name.clone(),
        template_id: version.map(|version| version.template_id.to_string()),
        template_version: version.map(|version| version.version.clone()),
        environment: found.target.environment,
        revision: found.inputs.revision(),
        is_set: told.value.is_some(),
        value: told.value.and_then(|value| view.value(value)),
        is_secret: told.is_secret,
        lock: told.lock.map(|(key, lock)| LockSays {
            key: key.to_string(),
            scope: lock.scope.name().to_owned(),
            row_id: lock.row.map(Uuid::from_u128).filter(|_| view.shows(lock.place)),
        }),
        layers: told.steps.into_iter().map(|step| layer(step, &rows, view)).collect(),
        problems: told.problems.iter().map(|problem| view.problem(problem)).collect(),
    })
}

fn layer(step: Step, rows: &HashMap<Uuid, RowSays>, view: View) -> LayerSays {
    let Step { place, rows: ids, says, outcome, after: _ } = step;
    let nothing = LayerSays {
        number: place.number(),
        layer: place.name().to_owned(),
        says: INHERITED.to_owned(),
        value: None,
        outcome: None,
        by: None,
        rows: Vec::new(),
    };
    let (says, value) = match says {
        Says::Inherited => return told_nothing(nothing, outcome, view),
        Says::Removed => ("removed", None),
        Says::Value(value) => ("set", view.value(value)),
    };
    // A secret row isn't a client's own to read, nor are layers of the agency's.
    if !view.shows(place) || view == View::Client && says == "set" && value.is_none() {
        return nothing;
    }
    let (outcome, by) = became(outcome, view);
    let rows = ids.into_iter().filter_map(|id| rows.get(&Uuid::from_u128(id)).cloned());
    let rows = rows.map(|row| match view {
        View::Staff => row,
        View::Client => RowSays { set_by: None, set_by_name: None, reason: None, change_id: None, ..row },
    });
    LayerSays { says: says.to_owned(), value, outcome, by, rows: rows.collect(), ..nothing }
}

/// A layer that says nothing here, or nothing that comes through.
fn told_nothing(nothing: LayerSays, outcome: Outcome, view: View) -> LayerSays {
    match view {
        View::Staff => {
            let (outcome, by) = became(outcome, view);
            LayerSays { outcome, by, ..nothing }
        }
        View::Client => nothing,
    }
}

fn became(outcome: Outcome, view: View) -> (Option<String>, Option<String>) {
    let named = |place: Place| if view.shows(place) { place.name() } else { INHERITED };
    let (outcome, by) = match outcome {
        Outcome::Silent => return (None, None),
        Outcome::Won => ("won", None),
        Outcome::Shielded { by } => ("shielded", Some(named(by))),
        Outcome::LockedOut { by } => ("locked out", Some(by.scope.name())),
        Outcome::NotOfTemplate => ("not part of this template", None),
        Outcome::Pointless => ("pointless", None),
    };
    (Some(outcome.to_owned()), by.map(ToOwned::to_owned))
}

/// Who made the rows of a story say what they say.
async fn rows(tx: &Tx<'_>, steps: &[Step], revision: i64) -> crate::Result<HashMap<Uuid, RowSays>> {
    let ids: Vec<Uuid> = steps.iter().flat_map(|step| &step.rows).copied().map(Uuid::from_u128).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    tx.as_worker(async {
        let found = store::provenance(tx, &ids, revision).await?;
        let revisions: Vec<i64> = found.iter().map(|row| row.revision).collect();
        let makers = store::makers(tx, &revisions).await?;
        let row = |row: store::Provenance| {
            let maker = makers.get(&row.revision).cloned().unwrap_or_default();
            let text = |column: &str| row.content.get(column).and_then(Value::as_str).map(ToOwned::to_owned);
            let says = RowSays {
                table: row.table,
                row_id: row.row_id,
                key: text("configuration_key"),
                description: text("description"),
                version: row.content.get("version").and_then(Value::as_i64),
                set_at: row.valid_from,
                revision: row.revision,
                set_by: maker.person(&row.content),
                set_by_name: maker.name,
                reason: maker.reason,
                change_id: maker.change_id,
            };
            (row.row_id, says)
        };
        Ok(found.into_iter().map(row).collect())
    })
    .await
}
