use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::{Map, json};
use uuid::Uuid;

use super::one::{parse, path, told};
use crate::configurations::ConfigTable;
use crate::configurations::changes::{Desk, Wanted};
use crate::configurations::pages::protected;
use crate::console::{Done, Form, MANAGERS, Sent, Visitor};
use crate::customizations::{Step, actions, store};
use crate::problem::Problem;
use crate::templates;

/// Takes a draft a step further, or back.
pub(super) async fn advance(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
    step: Step,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["seen", "reason"])?;
    let id = parse(&id)?;
    let done = async {
        let tx = visitor.begin(desk.console()).await?;
        let of = actions::found(&tx, id).await?;
        visitor.has_to_write_for(&tx, of.about.client_id).await?;
        actions::advance(&tx, desk.tools(), id, step, seen(&sent)?, sent.trimmed("reason")).await?;
        Ok(tx.commit().await?)
    };
    match Box::pin(done).await {
        Ok(()) => Ok(Done::to(path(id)).saying(step.done()).into_response()),
        Err(problem) => told(&desk, &visitor, id, Form::of(&sent), problem).await,
    }
}

/// Has it served at once; where an environment is protected, proposes that.
pub(super) async fn activate(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["seen"])?;
    let id = parse(&id)?;
    let done = async {
        let tx = visitor.begin(desk.console()).await?;
        let of = actions::found(&tx, id).await?;
        visitor.has_to_write_for(&tx, of.about.client_id).await?;
        if !protected(&tx).await?.is_empty() {
            let replaced = store::served(&tx, &of.about).await?;
            return Ok(Served::Proposed(replaced));
        }
        let activated = Box::pin(templates::activate(&tx, desk.tools(), id, None)).await?;
        tx.commit().await?;
        Ok(Served::Now(activated.change_id))
    };
    match Box::pin(done).await {
        Ok(Served::Now(change)) => {
            let done = Done::to(path(id)).saying("Served. Apps read its values from now on.");
            let done = if let Some(change) = change { done.undo(format!("/changes/{change}/undo")) } else { done };
            Ok(done.into_response())
        }
        Ok(Served::Proposed(replaced)) => propose(&desk, &visitor, id, &replaced).await,
        Err(problem) => told(&desk, &visitor, id, Form::empty(), problem).await,
    }
}

/// What came of having one served.
enum Served {
    /// It is served, by a change where it wasn't before.
    Now(Option<Uuid>),
    /// It has to be proposed, in place of these.
    Proposed(Vec<Uuid>),
}

async fn propose(desk: &Desk, visitor: &Visitor, id: Uuid, replaced: &[Uuid]) -> Result<Response, Problem> {
    let edit = |id: Uuid, is_active: bool| {
        let columns = Map::from_iter([("is_active".to_owned(), json!(is_active))]);
        Wanted::row(ConfigTable::ClientCustomizations, id, columns)
    };
    // The one before first: there is never more than one that is served.
    let edits = replaced.iter().map(|id| edit(*id, false)).chain([edit(id, true)]).collect();
    match Box::pin(desk.propose(visitor, edits, "Serve this version of the client's design")).await {
        Ok(change) => {
            let done = Done::to(format!("/changes/{change}"));
            Ok(done
                .saying("Proposed. Nothing is changed until somebody approves it and it is applied.")
                .into_response())
        }
        Err(problem) => told(desk, visitor, id, Form::empty(), problem).await,
    }
}

/// Begins a new draft with what this one says.
pub(super) async fn again(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["seen"])?;
    let id = parse(&id)?;
    let done = async {
        let tx = visitor.begin(desk.console()).await?;
        let of = actions::found(&tx, id).await?;
        visitor.has_to_write_for(&tx, of.about.client_id).await?;
        let draft = actions::again(&tx, desk.tools(), id).await?;
        tx.commit().await?;
        Ok(draft)
    };
    match Box::pin(done).await {
        Ok(draft) => Ok(Done::to(path(draft)).saying("A new draft, with the same content.").into_response()),
        Err(problem) => told(&desk, &visitor, id, Form::empty(), problem).await,
    }
}

/// What whoever pressed a button had seen.
fn seen(sent: &Sent) -> Result<Option<Timestamp>, Problem> {
    let unreadable = |_| Problem::invalid("the page doesn't say what it was made of").mend("load it again");
    sent.trimmed("seen").map(str::parse).transpose().map_err(unreadable)
}
