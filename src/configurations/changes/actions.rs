//! What somebody does with changes, by whatever entrance they come: `/api/v1` and the pages call the same.

use uuid::Uuid;

use super::apply::{Applied, Tools, apply_any};
use super::import::Import;
use super::preview::{self, Preview};
use super::propose::{self, LONGEST_REASON, Proposed, When};
use super::types::{Change, State};
use super::wanted::{self, Said, Wanted};
use super::{command, decide, prepare, revert};
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// Somebody of the agency, or a machine, with what their act needs.
#[derive(Clone, Copy)]
pub(super) struct Actor<'a> {
    database: &'a Database,
    tools: &'a Tools,
    caller: &'a Caller,
    act: &'a Act,
}

/// A change that was written down.
pub(super) struct Kept {
    pub(super) change: Change,
    pub(super) preview: Option<Preview>,
    /// Whether its preview is yet to be computed.
    pub(super) is_pending: bool,
}

impl<'a> Actor<'a> {
    /// Whoever may do something with changes: not a client's own login, which writes values of rows that are delegated to it.
    pub(super) fn new(
        database: &'a Database,
        tools: &'a Tools,
        caller: &'a Caller,
        act: &'a Act,
    ) -> Result<Self, Problem> {
        if matches!(caller, Caller::Person(_, Role::Client)) {
            return Err(Problem::forbidden("a client's own login proposes no changes")
                .mend("write the value of a row that is delegated to you with PATCH /rest/v1/system_configurations"));
        }
        Ok(Self { database, tools, caller, act })
    }

    /// Writes a change down.
    pub(super) async fn propose(self, edits: Vec<Wanted>, reason: &str) -> Result<Kept, Problem> {
        propose::check_reason(reason)?;
        let said = wanted::read(edits).map_err(prepare::refused)?;
        self.propose_said(said, reason).await
    }

    /// Applies edits at once, or not at all.
    pub(super) async fn write(self, edits: Vec<Wanted>, reason: &str) -> Result<Applied, Problem> {
        propose::check_reason(reason)?;
        let said = wanted::read(edits).map_err(prepare::refused)?;
        let tx = self.begin().await?;
        let edits = prepare::edits(&tx, said).await?;
        let applied = Box::pin(apply_any(&tx, self.tools, edits, reason)).await?;
        tx.commit().await?;
        Ok(applied)
    }

    /// Writes the values of a file down as a change.
    pub(super) async fn import(self, import: &Import) -> Result<Kept, Problem> {
        propose::check_reason(&import.reason)?;
        let tx = self.begin().await?;
        let names = command::environment_names(&tx, self.tools, import.template_id.as_deref()).await?;
        drop(tx);
        let said = import.edits(&names).map_err(prepare::refused)?;
        self.propose_said(said, &import.reason).await
    }

    async fn propose_said(self, said: Vec<Said>, reason: &str) -> Result<Kept, Problem> {
        let tx = self.begin().await?;
        let edits = prepare::edits(&tx, said).await?;
        let proposed = Box::pin(propose::propose(&tx, self.tools, edits, reason, None, When::Later)).await?;
        self.keep(tx, proposed).await
    }

    /// Writes the change down that takes another one back.
    pub(super) async fn revert(self, id: Uuid, reason: Option<&str>) -> Result<Kept, Problem> {
        let tx = self.begin().await?;
        let change = decide::found(&tx, id).await?;
        let own = || format!("Take back: {}", change.reason).chars().take(LONGEST_REASON).collect();
        let reason = reason.map_or_else(own, ToOwned::to_owned);
        let edits = revert::edits(&tx, &change).await?;
        let proposed = Box::pin(propose::propose(&tx, self.tools, edits, &reason, Some(id), When::Later)).await?;
        self.keep(tx, proposed).await
    }

    /// Commits a proposal, and begins its preview where that takes long.
    async fn keep(self, tx: Tx<'_>, proposed: Proposed) -> Result<Kept, Problem> {
        let Proposed { change, is_pending } = proposed;
        let preview = preview::read(&tx, change.id).await?;
        tx.commit().await?;
        if is_pending {
            preview::start(self.database, self.tools, change.id);
        }
        Ok(Kept { change, preview, is_pending })
    }

    /// Applies a change.
    pub(super) async fn apply(self, id: Uuid) -> Result<Change, Problem> {
        Box::pin(decide::apply(self.database, self.tools, self.caller, self.act, id)).await
    }

    /// Approves, rejects or withdraws a change.
    pub(super) async fn decide(self, id: Uuid, state: State, words: Option<&str>) -> Result<Change, Problem> {
        let tx = self.begin().await?;
        let change = decide::decide(&tx, id, state, words).await?;
        tx.commit().await?;
        Ok(change)
    }

    async fn begin(self) -> Result<Tx<'static>, Problem> {
        Ok(self.database.begin(self.caller, self.act).await?)
    }
}
