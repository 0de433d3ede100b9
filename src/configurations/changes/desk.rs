//! What people do with changes on pages: the same steps as under `/api/v1`, for whoever is signed in.

use uuid::Uuid;

use super::actions::Actor;
use super::apply::{Applied, Tools};
use super::types::{Change, State};
use super::wanted::Wanted;
use super::{decide, store};
use crate::console::{Console, Visitor};
use crate::problem::Problem;

/// What pages of configuration need. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    console: Console,
    tools: Tools,
}

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

    fn actor<'a>(&'a self, visitor: &'a Visitor) -> Result<Actor<'a>, Problem> {
        Actor::new(self.console.database(), &self.tools, &visitor.caller, &visitor.act)
    }

    /// Writes a change down, with its preview or the beginning of one; its id.
    pub async fn propose(&self, visitor: &Visitor, edits: Vec<Wanted>, reason: &str) -> Result<Uuid, Problem> {
        Ok(self.actor(visitor)?.propose(edits, reason).await?.change.id)
    }

    /// Applies edits at once, or not at all.
    pub async fn write(&self, visitor: &Visitor, edits: Vec<Wanted>, reason: &str) -> Result<Applied, Problem> {
        self.actor(visitor)?.write(edits, reason).await
    }

    /// Writes down the change that takes another back; its id.
    pub(super) async fn revert(&self, visitor: &Visitor, id: Uuid, reason: Option<&str>) -> Result<Uuid, Problem> {
        Ok(self.actor(visitor)?.revert(id, reason).await?.change.id)
    }

    /// Applies a change.
    pub(super) async fn apply(&self, visitor: &Visitor, id: Uuid) -> Result<Change, Problem> {
        self.actor(visitor)?.apply(id).await
    }

    /// Approves, rejects or withdraws a change.
    pub(super) async fn decide(
        &self,
        visitor: &Visitor,
        id: Uuid,
        state: State,
        words: Option<&str>,
    ) -> Result<Change, Problem> {
        self.actor(visitor)?.decide(id, state, words).await
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
