use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::show;
use crate::configurations::changes::desk::Desk;
use crate::configurations::changes::types::State;
use crate::console::{AGENCY, Done, Sent, Visitor};
use crate::problem::Problem;

/// Applies a change, and offers to take it back.
pub(super) async fn apply(
    With(desk): With<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    sent.only(&[])?;
    match desk.apply(&visitor, id).await {
        Ok(change) => {
            let done = Done::to(path(id)).saying("Applied. Apps read the new values from now on.");
            let done = if change.revision.is_some() { done.undo(format!("{}/undo", path(id))) } else { done };
            Ok(done.into_response())
        }
        Err(problem) => told(&desk, &visitor, id, &sent, problem).await,
    }
}

/// Approves a change of somebody else's.
pub(super) async fn approve(
    desk: With<Desk>,
    visitor: Visitor,
    id: Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    decide(desk, visitor, id, sent, State::Approved, "Approved. It can be applied now.").await
}

/// Rejects a change of somebody else's.
pub(super) async fn reject(
    desk: With<Desk>,
    visitor: Visitor,
    id: Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    decide(desk, visitor, id, sent, State::Rejected, "Rejected.").await
}

/// Withdraws a change of one's own.
pub(super) async fn withdraw(
    desk: With<Desk>,
    visitor: Visitor,
    id: Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    decide(desk, visitor, id, sent, State::Withdrawn, "Withdrawn.").await
}

async fn decide(
    With(desk): With<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
    state: State,
    words: &str,
) -> Result<Response, Problem> {
    sent.only(&["reason"])?;
    match desk.decide(&visitor, id, state, sent.trimmed("reason")).await {
        Ok(_) => Ok(Done::to(path(id)).saying(words).into_response()),
        Err(problem) => told(&desk, &visitor, id, &sent, problem).await,
    }
}

/// Proposes the change that takes another back.
pub(super) async fn revert(
    With(desk): With<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    sent.only(&["reason"])?;
    match desk.revert(&visitor, id, sent.trimmed("reason")).await {
        Ok(back) => Ok(proposed(back).into_response()),
        Err(problem) => told(&desk, &visitor, id, &sent, problem).await,
    }
}

/// The same applied at once, where nothing stands in its way; else it stays proposed.
pub(super) async fn undo(
    With(desk): With<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    sent.only(&[])?;
    let back = match desk.revert(&visitor, id, None).await {
        Ok(back) => back,
        Err(problem) => return told(&desk, &visitor, id, &sent, problem).await,
    };
    match desk.apply(&visitor, back).await {
        Ok(_) => Ok(Done::to(path(back)).saying("Taken back: the former values stand again.").into_response()),
        Err(problem) => told(&desk, &visitor, back, &sent, problem).await,
    }
}

/// Proposes the edits of a change anew, over rows that somebody else wrote meanwhile.
pub(super) async fn again(
    With(desk): With<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    sent.only(&[])?;
    visitor.has_to_be(AGENCY)?;
    match desk.again(&visitor, id).await {
        Ok(anew) => {
            // What it was before is the same, and would stand in the list for good. Somebody else's isn't ours to withdraw.
            let replaced = desk.decide(&visitor, id, State::Withdrawn, Some("Proposed anew")).await;
            let said = "Proposed anew, over the rows as they are now.";
            let said =
                if replaced.is_ok() { format!("{said} The former proposal is withdrawn.") } else { said.to_owned() };
            Ok(Done::to(path(anew)).saying(said).into_response())
        }
        Err(problem) => told(&desk, &visitor, id, &sent, problem).await,
    }
}

fn proposed(id: Uuid) -> Done {
    Done::to(path(id)).saying("Proposed. Nothing is changed until it is applied.")
}

fn path(id: Uuid) -> String {
    format!("/changes/{id}")
}

/// The change itself with what stood in the way; what isn't about the change at all is told by itself.
async fn told(desk: &Desk, visitor: &Visitor, id: Uuid, sent: &Sent, problem: Problem) -> Result<Response, Problem> {
    let is_about_it = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PRECONDITION_FAILED, StatusCode::CONFLICT];
    if !is_about_it.contains(&problem.status) {
        return Err(problem);
    }
    Ok(show::refused(desk, visitor, id, sent, &problem).await?.into_response())
}
