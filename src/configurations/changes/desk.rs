//! What people do with changes on pages: the same steps as under `/api/v1`, for whoever is signed in.

use uuid::Uuid;

use super::apply::Tools;
use super::propose::{self, Proposed, When};
use super::store;
use super::types::{Change, State};
use super::wanted::{self, Wanted};
use super::{decide, prepare, preview, revert};
use crate::console::{Console, Visitor};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// What pages of configuration need. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    console: Console,
    tools: Tools,
}

/// Everybody but a client's own login.
pub(in crate::configurations) const AGENCY: &[Role] = &[Role::Staff, Role::Manager, Role::Admin, Role::SuperAdmin];

impl Desk {
    /// One with the way to the database, and what configuration is written with.
    pub fn new(console: Console, tools: Tools) -> Self {
        Self { console, tools }
    }

    /// What pages need of the server.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// What configuration is written with.
    pub fn tools(&self) -> &Tools {
        &self.tools
    }

    /// Writes a change down, with its preview or the beginning of one; its id.
    pub async fn propose(&self, visitor: &Visitor, edits: Vec<Wanted>, reason: &str) -> Result<Uuid, Problem> {
        visitor.has_to_be(AGENCY)?;
        propose::check_reason(reason)?;
        let said = wanted::read(edits).map_err(prepare::refused)?;
        let tx = visitor.begin(&self.console).await?;
        let edits = prepare::edits(&tx, said).await?;
        let proposed = Box::pin(propose::propose(&tx, &self.tools, edits, reason, None, When::Later)).await?;
        self.kept(tx, proposed).await
    }

    /// Writes down the change that takes another back; its id.
    pub(super) async fn revert(&self, visitor: &Visitor, id: Uuid, reason: Option<&str>) -> Result<Uuid, Problem> {
        visitor.has_to_be(AGENCY)?;
        let tx = visitor.begin(&self.console).await?;
        let change = decide::found(&tx, id).await?;
        let own = format!("Take back: {}", change.reason);
        let reason = reason.map_or_else(|| own.chars().take(propose::LONGEST_REASON).collect(), ToOwned::to_owned);
        let edits = revert::edits(&tx, &change).await?;
        let proposed = Box::pin(propose::propose(&tx, &self.tools, edits, &reason, Some(id), When::Later)).await?;
        self.kept(tx, proposed).await
    }

    async fn kept(&self, tx: Tx<'_>, proposed: Proposed) -> Result<Uuid, Problem> {
        let id = proposed.change.id;
        tx.commit().await?;
        if proposed.is_pending {
            preview::start(self.console.database(), &self.tools, id);
        }
        Ok(id)
    }

    /// Applies a change.
    pub(super) async fn apply(&self, visitor: &Visitor, id: Uuid) -> Result<Change, Problem> {
        visitor.has_to_be(AGENCY)?;
        Box::pin(decide::apply(self.console.database(), &self.tools, &visitor.caller, &visitor.act, id)).await
    }

    /// Approves, rejects or withdraws a change.
    pub(super) async fn decide(
        &self,
        visitor: &Visitor,
        id: Uuid,
        state: State,
        words: Option<&str>,
    ) -> Result<Change, Problem> {
        visitor.has_to_be(AGENCY)?;
        let tx = visitor.begin(&self.console).await?;
        let change = decide::decide(&tx, id, state, words).await?;
        tx.commit().await?;
        Ok(change)
    }

    /// Writes the edits of a change down anew, over the rows as they are now; its id.
    pub(super) async fn again(&self, visitor: &Visitor, id: Uuid) -> Result<Uuid, Problem> {
        let tx = visitor.snapshot(&self.console).await?;
        let change = decide::found(&tx, id).await?;
        let mut edits = Vec::new();
        for edit in store::edits(&tx, id).await? {
            let is_there = store::current(&tx, edit.table, edit.id).await?.is_some();
            edits.extend(Wanted::again(edit, is_there));
        }
        drop(tx);
        self.propose(visitor, edits, &change.reason).await
    }
}
