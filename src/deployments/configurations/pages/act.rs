use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use maud::html;
use serde_json::{Map, json};

use super::one::{parse, path, told};
use crate::configurations::ConfigTable;
use crate::configurations::changes::{Desk, Wanted};
use crate::configurations::pages::protected;
use crate::console::components::Confirm;
use crate::console::{ADMINISTRATORS, Done, MANAGERS, Nav, Page, Sent, Visitor};
use crate::db::policies::rules::Role;
use crate::deployments::configurations::actions;
use crate::problem::Problem;
use crate::templates;

/// Who may remove one.
const KEEPERS: &[Role] = ADMINISTRATORS;

/// Looks whether it may be applied, and notes what was found.
pub(super) async fn validate(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["seen"])?;
    let id = parse(&id)?;
    let judged = async {
        let tx = visitor.begin(desk.console()).await?;
        let of = actions::found(&tx, &visitor, id).await?;
        visitor.has_to_write_for(&tx, of.about.client_id).await?;
        let judged = Box::pin(templates::validate(&tx, desk.tools(), id, None)).await?;
        tx.commit().await?;
        Ok(judged)
    };
    match Box::pin(judged).await {
        Ok(judged) => {
            let said =
                if judged.is_ready { "Nothing stands in the way: it may be applied." } else { "It isn't ready yet." };
            Ok(Done::to(path(id)).saying(said).into_response())
        }
        Err(problem) => told(&desk, &visitor, id, problem).await,
    }
}

/// Puts it into force at once; where its environment is protected, proposes that.
pub(super) async fn apply(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["seen"])?;
    let id = parse(&id)?;
    let seen = actions::version(sent.trimmed("seen"));
    let applied = async {
        let tx = visitor.begin(desk.console()).await?;
        let of = actions::found(&tx, &visitor, id).await?;
        visitor.has_to_write_for(&tx, of.about.client_id).await?;
        if seen.is_some_and(|seen| seen != i64::from(of.about.version)) {
            return Err(Problem::new(
                axum::http::StatusCode::PRECONDITION_FAILED,
                "somebody else wrote it since you looked",
            )
            .mend("look at it as it is now, and apply it then"));
        }
        if protected(&tx).await?.contains(&of.about.environment) {
            return Ok(None);
        }
        let applied = Box::pin(templates::apply(&tx, desk.tools(), id, None)).await?;
        tx.commit().await?;
        Ok(Some(applied.change_id))
    };
    let done = match Box::pin(applied).await {
        Ok(Some(change)) => Ok(Done::to(path(id))
            .saying("Applied. It is in force from now on.")
            .undo(format!("/changes/{change}/undo"))),
        Ok(None) => {
            let columns = Map::from_iter([("status".to_owned(), json!("applied"))]);
            let edit = Wanted::row(ConfigTable::DeploymentConfigurations, id, columns);
            let proposed = desk.propose(&visitor, vec![edit], "Apply a deployment configuration");
            Box::pin(proposed).await.map(|change| {
                Done::to(format!("/changes/{change}"))
                    .saying("Proposed. Nothing is changed until somebody approves it and it is applied.")
            })
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(done.into_response()),
        Err(problem) => told(&desk, &visitor, id, problem).await,
    }
}

/// Asks again before it is removed.
pub(super) async fn confirm(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let id = parse(&id)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let of = actions::found(&tx, &visitor, id).await?;
    let about = &of.about;
    let what = html! {
        p { "“" (about.name) "” of " (about.client) " goes. Its history stays, and the change can be reverted." }
        @if about.revision.is_some() { p { strong { "It is in force: apps lose what it says." } } }
    };
    let confirm = Confirm::new(format!("{}/remove", path(id)), "Remove it", path(id)).dangerous();
    let confirm = confirm.field("seen", about.version.to_string()).what(what);
    Ok(Page::new(&visitor, format!("Remove {}", about.name))
        .under(Nav::DeploymentConfigurations)
        .crumb("Deployment configurations", "/deployment-configurations")
        .crumb(about.name.clone(), path(id))
        .body(html! { (confirm) }))
}

/// Removes it.
pub(super) async fn remove(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["seen"])?;
    let id = parse(&id)?;
    let removed = async {
        let tx = visitor.begin(desk.console()).await?;
        actions::found(&tx, &visitor, id).await?;
        let seen = actions::version(sent.trimmed("seen"));
        let removed = actions::remove(&tx, desk.tools(), &visitor, id, seen).await?;
        tx.commit().await?;
        Ok(removed.change_id)
    };
    match Box::pin(removed).await {
        Ok(change) => Ok(Done::to("/deployment-configurations")
            .saying("Removed.")
            .undo(format!("/changes/{change}/undo"))
            .into_response()),
        Err(problem) => told(&desk, &visitor, id, problem).await,
    }
}
