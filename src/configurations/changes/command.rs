//! What the command line does with changes, each in the operator's transaction.

use serde::Serialize;
use uuid::Uuid;

use super::apply::{self, Tools};
use super::import::{EnvironmentNames, Import};
use super::preview::{self, Document, Page, Preview};
use super::propose::{self, When};
use super::store::{self, Filter};
use super::types::{Change, KeptEdit, State};
use super::wanted::{self, Said, Wanted};
use super::{decide, prepare, revert};
use crate::configurations::documents::{Inputs, Wanted as Asked};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// A change that a command made, with what it does.
#[derive(Debug, Serialize)]
pub struct Made {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// Its preview; none for what was applied at once.
    pub preview: Option<Preview>,
}

/// A change with its edits.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// The rows that it edits.
    pub rows: Vec<KeptEdit>,
    /// What it does.
    pub preview: Option<Preview>,
}

/// What to do with edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Apply them at once, or not at all.
    Apply,
    /// Write them down, and see what they would do.
    Propose,
}

/// Makes a change of edits.
pub async fn write(tx: &Tx<'_>, tools: &Tools, edits: Vec<Wanted>, reason: &str, then: Then) -> Result<Made, Problem> {
    let said = wanted::read(edits).map_err(prepare::refused)?;
    make(tx, tools, said, reason, then).await
}

/// Makes a change of the values of a file.
pub async fn import(tx: &Tx<'_>, tools: &Tools, import: &Import, then: Then) -> Result<Made, Problem> {
    let names = environment_names(tx, tools, import.template_id.as_deref()).await?;
    let said = import.edits(&names).map_err(prepare::refused)?;
    make(tx, tools, said, &import.reason, then).await
}

async fn make(tx: &Tx<'_>, tools: &Tools, said: Vec<Said>, reason: &str, then: Then) -> Result<Made, Problem> {
    propose::check_reason(reason)?;
    let edits = prepare::edits(tx, said).await?;
    let id = match then {
        Then::Apply => apply::apply_any(tx, tools, edits, reason).await?.change_id,
        Then::Propose => Box::pin(propose::propose(tx, tools, edits, reason, None, When::Now)).await?.change.id,
    };
    made(tx, id).await
}

async fn made(tx: &Tx<'_>, id: Uuid) -> Result<Made, Problem> {
    Ok(Made { change: decide::found(tx, id).await?, preview: preview::read(tx, id).await? })
}

/// Changes, newest first.
pub async fn list(tx: &Tx<'_>, filter: &Filter) -> Result<Vec<Change>, Problem> {
    Ok(store::list(tx, filter).await?)
}

/// One change with its edits.
pub async fn show(tx: &Tx<'_>, id: Uuid) -> Result<Shown, Problem> {
    let change = decide::found(tx, id).await?;
    Ok(Shown { change, rows: store::edits(tx, id).await?, preview: preview::read(tx, id).await? })
}

/// What a change does to each document.
pub async fn documents(tx: &Tx<'_>, id: Uuid, page: &Page) -> Result<Vec<Document>, Problem> {
    decide::found(tx, id).await?;
    Ok(preview::page(tx, id, page).await?)
}

/// Applies a change.
pub async fn apply(tx: &Tx<'_>, tools: &Tools, id: Uuid) -> Result<Change, Problem> {
    decide::apply_in(tx, tools, id).await
}

/// Approves, rejects or withdraws a change.
pub async fn decide(tx: &Tx<'_>, id: Uuid, state: State, words: Option<&str>) -> Result<Change, Problem> {
    decide::decide(tx, id, state, words).await
}

/// Takes a change back.
pub async fn revert(tx: &Tx<'_>, tools: &Tools, id: Uuid, reason: &str, then: Then) -> Result<Made, Problem> {
    let change = decide::found(tx, id).await?;
    let edits = revert::edits(tx, &change).await?;
    let proposed = Box::pin(propose::propose(tx, tools, edits, reason, Some(id), When::Now)).await?.change.id;
    if then == Then::Apply {
        decide::apply_in(tx, tools, proposed).await?;
    }
    made(tx, proposed).await
}

/// The keys that a template's schema gives names of variables to.
pub(super) async fn environment_names(
    tx: &Tx<'_>,
    tools: &Tools,
    template: Option<&str>,
) -> Result<EnvironmentNames, Problem> {
    let Some(template) = template else { return Ok(EnvironmentNames::new()) };
    let inputs = tx.as_worker(Inputs::load(tx, &tools.compiled, Asked::clients(&[]).asked(&[template]))).await?;
    let schema = inputs.newest_active(template).and_then(|version| version.schema.clone());
    let names = schema.iter().flat_map(|schema| schema.env_names());
    Ok(names.map(|(key, name)| (name.to_owned(), key.to_string())).collect())
}
