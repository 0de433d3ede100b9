//! Writing a change down, with a preview of what it would do.

use std::sync::Arc;

use uuid::Uuid;

use super::apply::{MOST_DOCUMENTS, Tools, judged_edits, kept, refuse_broken};
use super::reach::{self, Findings, Reach};
use super::store::{self, NewChange};
use super::types::{Change, State};
use super::{decide, preview};
use crate::configurations::documents::Edits;
use crate::configurations::{Environment, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::secrets::Masks;

/// The longest reason that is kept, in characters.
pub(super) const LONGEST_REASON: usize = 2_000;

/// When a preview is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Before the answer, however long it takes.
    Now,
    /// Beside requests, where it takes long.
    Later,
}

/// A change that was written down.
pub(super) struct Proposed {
    pub(super) change: Change,
    /// Whether its preview is yet to be computed.
    pub(super) is_pending: bool,
}

/// What is wrong with a reason.
pub(super) fn check_reason(reason: &str) -> Result<(), Problem> {
    if reason.trim().is_empty() {
        return Err(no_reason("there is no reason".to_owned()));
    }
    check_words(reason)
}

/// What is wrong with what somebody says to a change, if they say something.
pub(super) fn check_words(words: &str) -> Result<(), Problem> {
    let length = words.chars().count();
    if length <= LONGEST_REASON {
        return Ok(());
    }
    Err(no_reason(format!("the reason has {length} characters, and {LONGEST_REASON} are kept")))
}

fn no_reason(detail: String) -> Problem {
    let fault = Fault::at("/reason", "length", detail.clone()).mend("say in a sentence what it is for");
    Problem::faults(detail, vec![fault])
}

/// Writes a change down. What is wrong with its edits in themselves is refused; what it would break of some documents,
/// the preview shows.
pub(super) async fn propose(
    tx: &Tx<'_>,
    tools: &Tools,
    edits: Vec<RowEdit>,
    reason: &str,
    reverts: Option<Uuid>,
    when: When,
) -> Result<Proposed, Problem> {
    check_reason(reason)?;
    let masks = if reverts.is_some() { Masks::OfThisPlace } else { Masks::Unchanged };
    let (edits, read) = judged_edits(tx, tools, edits, masks).await?;
    let reach = Reach::of(read.rewrites());
    let looked = tx.as_worker(look(tx, tools, &read, &reach, when)).await?;
    if let Looked::At(findings) = &looked {
        refuse_useless(findings, &read)?;
    }
    let id = Uuid::new_v4();
    let change = NewChange { id, state: State::Proposed, reason, reach: &reach, reverts, revision: None };
    store::insert(tx, &change, &kept(&edits, read.rewrites())).await?;
    tx.as_worker(async {
        match &looked {
            Looked::At(findings) => preview::keep(tx, id, findings).await,
            Looked::Later { revision, documents } => preview::begin(tx, id, *revision, *documents).await,
        }
    })
    .await?;
    let is_pending = matches!(looked, Looked::Later { .. });
    Ok(Proposed { change: decide::found(tx, id).await?, is_pending })
}

enum Looked {
    At(Findings),
    Later { revision: i64, documents: usize },
}

async fn look(tx: &Tx<'_>, tools: &Tools, read: &Arc<Edits>, reach: &Reach, when: When) -> Result<Looked, Problem> {
    let clients = reach.clients(tx).await?;
    let documents = clients.len() * Environment::ALL.len();
    if when == When::Later && documents > MOST_DOCUMENTS {
        return Ok(Looked::Later { revision: store::revision(tx).await?.0, documents });
    }
    Ok(Looked::At(reach::look(tx, &tools.compiled, read, &clients, &mut |_| {}).await?))
}

/// Refuses what could be applied to no document that it reaches: there is nothing to weigh.
fn refuse_useless(findings: &Findings, read: &Edits) -> Result<(), Problem> {
    let breaks_all = findings.broken() > 0 && findings.broken() == findings.documents.len();
    if breaks_all || findings.pointless().next().is_some() {
        return refuse_broken(findings, read.rewrites());
    }
    Ok(())
}
