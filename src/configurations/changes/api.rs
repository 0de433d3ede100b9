//! `/api/v1/changes` and `/api/v1/import`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::actions::{Actor, Kept};
use super::apply::Tools;
use super::decide;
use super::import::Import;
use super::preview::{self, Document, Page, Preview};
use super::store::{self, Filter};
use super::types::{Change, KeptEdit, Outcome, State as Stage};
use super::wanted::Wanted;
use crate::auth::{Entrance, Signed};
use crate::problem::{self, JsonBody, Params, Problem};

/// How many changes or documents a page shows where nobody says, and at most.
const PAGE: i64 = 100;
const LONGEST_PAGE: i64 = 1_000;

/// Every route of changes.
pub fn routes<S>(entrance: Entrance<Tools>) -> Router<S> {
    Router::new()
        .route("/api/v1/changes", post(propose_change).get(list_changes))
        .route("/api/v1/changes/{id}", get(get_change))
        .route("/api/v1/changes/{id}/preview", get(preview_change))
        .route("/api/v1/changes/{id}/apply", post(apply_change))
        .route("/api/v1/changes/{id}/approve", post(approve_change))
        .route("/api/v1/changes/{id}/reject", post(reject_change))
        .route("/api/v1/changes/{id}/withdraw", post(withdraw_change))
        .route("/api/v1/changes/{id}/revert", post(revert_change))
        .route("/api/v1/import", post(import))
        .with_state(entrance)
}

/// What is described here, for the OpenAPI document.
#[derive(OpenApi)]
#[openapi(
    paths(
        propose_change,
        list_changes,
        get_change,
        preview_change,
        apply_change,
        approve_change,
        reject_change,
        withdraw_change,
        revert_change,
        import
    ),
    components(schemas(Wanted, Told, Detail, Changes, Pages))
)]
struct Described;

/// The operations of changes, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// A change to propose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Proposal {
    /// What it is for.
    #[schema(example = "New opening hours from December on")]
    reason: String,
    /// What it does.
    edits: Vec<Wanted>,
}

/// A change with its preview.
#[derive(Serialize, ToSchema)]
struct Told {
    #[serde(flatten)]
    change: Change,
    /// What it would do, as far as that is known.
    preview: Option<Preview>,
}

/// A change with its edits and its preview.
#[derive(Serialize, ToSchema)]
struct Detail {
    #[serde(flatten)]
    change: Change,
    /// The rows that it edits.
    rows: Vec<KeptEdit>,
    /// What it would do, or did.
    preview: Option<Preview>,
}

/// A page of changes, newest first.
#[derive(Serialize, ToSchema)]
struct Changes {
    /// The changes.
    changes: Vec<Change>,
    /// `after` this, the next page begins; none where there is none.
    next: Option<Uuid>,
}

/// A page of documents.
#[derive(Serialize, ToSchema)]
struct Pages {
    /// What is known of all of them.
    preview: Preview,
    /// The documents of this page.
    documents: Vec<Document>,
    /// `after` this, the next page begins; none where there is none.
    next: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Id {
    id: Uuid,
}

/// Propose a change, and see what it would do
///
/// Nothing is written but the change itself. What reaches more than 1,000 documents is answered with 202; its preview
/// says how far it is.
#[utoipa::path(
    post, path = "/api/v1/changes", operation_id = "propose_change", tag = "changes",
    request_body(content = Proposal, example = json!({
        "reason": "Acme has a new slogan",
        "edits": [{ "operation": "set", "key": "branding.tagline", "value": "Breathe out.",
                    "client_id": "c0000000-0000-4000-8000-00000000000a", "environment": "all" }]
    })),
    responses(
        (status = 201, description = "Proposed; what it would do.", body = Told),
        (status = 202, description = "Proposed; what it would do is being looked at.", body = Told),
        (status = 412, description = "A row isn't the one that an edit names; `current` is the row now."),
        (status = 422, description = "Every fault of every edit; nothing was kept."),
    ),
)]
async fn propose_change(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    JsonBody(Proposal { reason, edits }): JsonBody<Proposal>,
) -> Result<Response, Problem> {
    actor(&entrance, &signed)?.propose(edits, &reason).await.map(told)
}

fn actor<'a>(entrance: &'a Entrance<Tools>, signed: &'a Signed) -> Result<Actor<'a>, Problem> {
    Actor::new(&entrance.database, &entrance.tools, &signed.caller, &signed.act)
}

fn told(kept: Kept) -> Response {
    let Kept { change, preview, is_pending } = kept;
    let status = if is_pending { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    (status, Json(Told { change, preview })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    client_id: Option<Uuid>,
    state: Option<Stage>,
    after: Option<Uuid>,
    limit: Option<i64>,
}

/// List changes, newest first
///
/// You see those of which you see every client.
#[utoipa::path(
    get, path = "/api/v1/changes", operation_id = "list_changes", tag = "changes",
    params(
        ("client_id" = Option<Uuid>, Query, description = "Those that edit rows of this client and of no other."),
        ("state" = Option<Stage>, Query, description = "Those in this state.", example = "proposed"),
        ("after" = Option<Uuid>, Query, description = "Where the page before ended: its `next`."),
        ("limit" = Option<i64>, Query, description = "How many at most.", minimum = 1, maximum = 1000, example = 20),
    ),
    responses((status = 200, description = "A page.", body = Changes)),
)]
async fn list_changes(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(_, asked): Params<NoPath, Listed>,
) -> Result<Json<Changes>, Problem> {
    let Listed { client_id, state, after, limit } = asked;
    let filter = Filter { client_id, state, after, limit: page_size(limit)? };
    let tx = entrance.begin(&signed).await?;
    let changes = store::list(&tx, &filter).await?;
    let is_full = i64::try_from(changes.len()).is_ok_and(|count| count == filter.limit);
    let next = changes.last().filter(|_| is_full).map(|change| change.id);
    Ok(Json(Changes { changes, next }))
}

#[derive(Deserialize)]
struct NoPath {}

fn page_size(asked: Option<i64>) -> Result<i64, Problem> {
    problem::page_size(asked.or(Some(PAGE)), LONGEST_PAGE)
}

/// Show a change with its edits
#[utoipa::path(
    get, path = "/api/v1/changes/{id}", operation_id = "get_change", tag = "changes",
    params(("id" = Uuid, Path, description = "The change.")),
    responses(
        (status = 200, description = "The change.", body = Detail),
        (status = 404, description = "There is none that you see."),
    ),
)]
async fn get_change(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(Id { id }, _): Params<Id>,
) -> Result<Json<Detail>, Problem> {
    let tx = entrance.begin(&signed).await?;
    let change = decide::found(&tx, id).await?;
    Ok(Json(Detail { change, rows: store::edits(&tx, id).await?, preview: preview::read(&tx, id).await? }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    outcome: Option<Outcome>,
    group: Option<i32>,
    client_id: Option<Uuid>,
    after: Option<i32>,
    limit: Option<i64>,
}

/// See what a change would do to each document, page by page
#[utoipa::path(
    get, path = "/api/v1/changes/{id}/preview", operation_id = "preview_change", tag = "changes",
    params(
        ("id" = Uuid, Path, description = "The change."),
        ("outcome" = Option<Outcome>, Query, description = "Documents to which this happens.", example = "invalid"),
        ("group" = Option<i32>, Query, description = "Documents of this group.", example = 0),
        ("client_id" = Option<Uuid>, Query, description = "Documents of this client."),
        ("after" = Option<i32>, Query, description = "Where the page before ended: its `next`.", example = 100),
        ("limit" = Option<i64>, Query, description = "How many at most.", minimum = 1, maximum = 1000, example = 20),
    ),
    responses(
        (status = 200, description = "A page.", body = Pages),
        (status = 202, description = "Some documents are yet to be looked at; how many were, says `done`.", body = Pages),
        (status = 404, description = "There is no such change that you see."),
    ),
)]
async fn preview_change(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(Id { id }, shown): Params<Id, Shown>,
) -> Result<Response, Problem> {
    let Shown { outcome, group, client_id, after, limit } = shown;
    let page = Page { outcome, group, client_id, after: after.unwrap_or(0), limit: page_size(limit)? };
    let tx = entrance.begin(&signed).await?;
    let change = decide::found(&tx, id).await?;
    let preview = preview::read(&tx, id).await?;
    let preview =
        preview.ok_or_else(|| Problem::absent("the change was applied at once, and nobody asked for a preview"))?;
    let documents = preview::page(&tx, id, &page).await?;
    drop(tx);
    let is_full = i64::try_from(documents.len()).is_ok_and(|count| count == page.limit);
    let next = documents.last().filter(|_| is_full).map(|document| document.place);
    let is_ready = preview.state == "ready";
    let answer = Json(Pages { preview, documents, next });
    if is_ready {
        return Ok(answer.into_response());
    }
    // What was decided meanwhile isn't looked at any more: its rows may be written.
    if matches!(change.state, Stage::Proposed | Stage::Approved) {
        preview::resume(&entrance.database, &entrance.tools, id).await?;
    }
    Ok((StatusCode::ACCEPTED, answer).into_response())
}

/// Apply a change: all of its edits, or none
#[utoipa::path(
    post, path = "/api/v1/changes/{id}/apply", operation_id = "apply_change", tag = "changes",
    params(("id" = Uuid, Path, description = "The change.")),
    responses(
        (status = 200, description = "Applied; `revision` is what it made.", body = Change),
        (status = 403, description = "Its rows, or the change, aren't for you to write."),
        (status = 412, description = "A row has moved since it was proposed; `current` is the row now."),
        (status = 422, description = "It would break documents, each of which is named, or awaits approval."),
    ),
)]
async fn apply_change(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(Id { id }, _): Params<Id>,
) -> Result<Json<Change>, Problem> {
    actor(&entrance, &signed)?.apply(id).await.map(Json)
}

/// What somebody says to a change.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// Why.
    #[schema(example = "Checked with the client")]
    reason: Option<String>,
}

/// Approve a change of somebody else's
#[utoipa::path(
    post, path = "/api/v1/changes/{id}/approve", operation_id = "approve_change", tag = "changes",
    params(("id" = Uuid, Path, description = "The change.")), request_body = Decision,
    responses(
        (status = 200, description = "Approved.", body = Change),
        (status = 422, description = "It is your own, or decided already."),
    ),
)]
async fn approve_change(
    entrance: State<Entrance<Tools>>,
    signed: Signed,
    id: Params<Id>,
    body: JsonBody<Decision>,
) -> Result<Json<Change>, Problem> {
    decided(entrance, signed, id, body, Stage::Approved).await
}

/// Reject a change
#[utoipa::path(
    post, path = "/api/v1/changes/{id}/reject", operation_id = "reject_change", tag = "changes",
    params(("id" = Uuid, Path, description = "The change.")), request_body = Decision,
    responses((status = 200, description = "Rejected.", body = Change), (status = 422, description = "It is decided already.")),
)]
async fn reject_change(
    entrance: State<Entrance<Tools>>,
    signed: Signed,
    id: Params<Id>,
    body: JsonBody<Decision>,
) -> Result<Json<Change>, Problem> {
    decided(entrance, signed, id, body, Stage::Rejected).await
}

/// Withdraw a change of one's own
#[utoipa::path(
    post, path = "/api/v1/changes/{id}/withdraw", operation_id = "withdraw_change", tag = "changes",
    params(("id" = Uuid, Path, description = "The change.")), request_body = Decision,
    responses(
        (status = 200, description = "Withdrawn.", body = Change),
        (status = 403, description = "It is somebody else's: reject it instead."),
    ),
)]
async fn withdraw_change(
    entrance: State<Entrance<Tools>>,
    signed: Signed,
    id: Params<Id>,
    body: JsonBody<Decision>,
) -> Result<Json<Change>, Problem> {
    decided(entrance, signed, id, body, Stage::Withdrawn).await
}

async fn decided(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(Id { id }, _): Params<Id>,
    JsonBody(Decision { reason }): JsonBody<Decision>,
    stage: Stage,
) -> Result<Json<Change>, Problem> {
    actor(&entrance, &signed)?.decide(id, stage, reason.as_deref()).await.map(Json)
}

/// What a change is taken back for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Back {
    /// What for.
    #[schema(example = "The client changed their mind")]
    reason: String,
}

/// Propose the change that takes another back, deletions included
///
/// It is a change like any other: apply it to have the former values again.
#[utoipa::path(
    post, path = "/api/v1/changes/{id}/revert", operation_id = "revert_change", tag = "changes",
    params(("id" = Uuid, Path, description = "The change to take back.")), request_body = Back,
    responses(
        (status = 201, description = "Proposed; what it would do.", body = Told),
        (status = 202, description = "Proposed; what it would do is being looked at.", body = Told),
        (status = 412, description = "Its rows were written again since."),
        (status = 422, description = "It wasn't applied, or is taken back already."),
    ),
)]
async fn revert_change(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(Id { id }, _): Params<Id>,
    JsonBody(Back { reason }): JsonBody<Back>,
) -> Result<Response, Problem> {
    actor(&entrance, &signed)?.revert(id, Some(&reason)).await.map(told)
}

/// Propose the values of a file as one change
#[utoipa::path(
    post, path = "/api/v1/import", operation_id = "import_configuration", tag = "changes",
    request_body(content = Import, example = json!({
        "format": "dotenv", "content": "SUPPORT_EMAIL=help@acme.example\n", "beneath": "mail", "environment": "staging",
        "client_id": "c0000000-0000-4000-8000-00000000000a", "reason": "Move from the old host"
    })),
    responses(
        (status = 201, description = "Proposed; what it would do.", body = Told),
        (status = 202, description = "Proposed; what it would do is being looked at.", body = Told),
        (status = 422, description = "Every bad line and every fault of every value; nothing was kept."),
    ),
)]
async fn import(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    JsonBody(import): JsonBody<Import>,
) -> Result<Response, Problem> {
    actor(&entrance, &signed)?.import(&import).await.map(told)
}
