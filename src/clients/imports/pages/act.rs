use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use uuid::Uuid;

use super::{at, parse, show};
use crate::clients::imports::columns::{self, pointer};
use crate::clients::imports::store;
use crate::clients::imports::types::{Import, State as Stage};
use crate::clients::imports::work::{self, Work, absent};
use crate::console::list::Asked;
use crate::console::{ADMINISTRATORS, Console, Done, Form, Sent, Visitor, words};
use crate::problem::Problem;

/// Makes a dry run, with what somebody said of the columns.
pub(super) async fn check(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    let id = parse(&id)?;
    let settled = settle(&console, &visitor, id, &sent).await;
    let done = match settled {
        Ok(()) => work::begin(&console, &visitor, id, Work::Check).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(()) => Ok(Done::to(at(id)).into_response()),
        Err(problem) => again(&console, &visitor, id, &sent, problem).await,
    }
}

async fn settle(console: &Console, visitor: &Visitor, id: Uuid, sent: &Sent) -> Result<(), Problem> {
    let tx = visitor.begin(console).await?;
    let import = store::find(&tx, id).await?.ok_or_else(absent)?;
    sent.only_where(|name| (0..import.columns.len()).any(|place| pointer(place) == name))?;
    if import.is_settled() {
        return Ok(());
    }
    let columns = columns::settle(&import.columns, |place| sent.get(&pointer(place)).map(ToOwned::to_owned))?;
    store::settle(&tx, id, &columns).await?;
    Ok(tx.commit().await?)
}

/// Imports the file as the dry run says that the page showed.
pub(super) async fn apply(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    sent.only(&["check"])?;
    let id = parse(&id)?;
    let check = sent.trimmed("check").and_then(|number| number.parse().ok()).unwrap_or_default();
    match work::begin(&console, &visitor, id, Work::Apply { check }).await {
        Ok(()) => {
            let tx = visitor.snapshot(&console).await?;
            let import = store::find(&tx, id).await?.ok_or_else(absent)?;
            let done = Done::to(at(id));
            Ok(if import.state == Stage::Applied { done.saying(said(&import)) } else { done }.into_response())
        }
        Err(problem) => again(&console, &visitor, id, &sent, problem).await,
    }
}

fn said(import: &Import) -> String {
    let count = |count: i32| words::count(i64::from(count), "client", "clients");
    format!("{} added, {} changed.", count(import.added), count(import.changed))
}

/// Throws a file away that somebody doesn't import.
pub(super) async fn discard(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    sent.only(&[])?;
    let id = parse(&id)?;
    let tx = visitor.begin(&console).await?;
    if store::claim(&tx, id).await? && store::discard(&tx, id).await? > 0 {
        tx.commit().await?;
        return Ok(Done::to("/clients/import").saying("The file is thrown away.").into_response());
    }
    Ok(Done::to(at(id)).saying("The file stays: it is being worked on, or was imported.").into_response())
}

/// The page as it is now, where what was sent can't be done.
async fn again(
    console: &Console,
    visitor: &Visitor,
    id: Uuid,
    sent: &Sent,
    problem: Problem,
) -> Result<Response<Body>, Problem> {
    if ![StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT].contains(&problem.status) {
        return Err(problem);
    }
    let form = Form::of(sent).refused(&problem);
    let page = show::page(console, visitor, id, &Asked::parse(&at(id), ""), &form).await?;
    Ok(page.status(problem.status).into_response())
}
