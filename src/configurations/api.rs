//! What is read under `/api/v1`.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};
use uuid::Uuid;

use super::asked::Asked;
use super::contract::{self, Contract, Fulfilment};
use super::diff::{self, RevisionDiff, Span};
use super::documents::Compiled;
use super::explain::{self, Explanation};
use super::history::{self, History, MOST_VERSIONS};
use super::resolve::{self, Resolution};
use super::types::Environment;
use super::view::View;
use crate::auth::{Entrance, Signed};
use crate::problem::{JsonBody, Params, Problem, page_size};
use crate::validator;

/// What is described here, for the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(resolve, explain, versions, diff, contract), components(schemas(Problem, crate::problem::Fault)))]
struct Described;

/// The operations of this entrance, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

impl Signed {
    fn view(&self) -> View {
        if self.is_client() { View::Client } else { View::Staff }
    }
}

/// Every route of this slice that reads.
pub fn routes<S>(entrance: Entrance<Compiled>) -> Router<S> {
    Router::new()
        .route("/api/v1/clients/{client_id}/configuration", get(resolve))
        .route("/api/v1/clients/{client_id}/configuration/explain", get(explain))
        .route("/api/v1/configurations/{row_id}/versions", get(versions))
        .route("/api/v1/revisions/{range}/diff", get(diff))
        .route("/api/v1/contract", post(contract))
        .with_state(entrance)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfClient {
    /// The client.
    client_id: Uuid,
}

/// Which of a client's documents.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The template that the app is built from; without it, that of the client's only active customization.
    #[param(example = "storefront")]
    template: Option<String>,
    /// The environment; `production` without it.
    #[param(value_type = Option<Environment>, example = "production")]
    environment: Option<String>,
    /// A revision or a time; without it, now.
    #[param(example = "42")]
    as_of: Option<String>,
}

impl Which {
    fn of(self, client_id: Uuid) -> Result<Asked, Problem> {
        Asked::read(client_id, self.template, self.environment.as_deref(), self.as_of.as_deref())
    }
}

/// What an app reads: the document that is composed of all layers
///
/// A secret is shown as its mask `{"$secret": …}`, and to a client's own login not at all. What is wrong with the document
/// stands beside it.
#[utoipa::path(
    get, path = "/api/v1/clients/{client_id}/configuration", operation_id = "resolve", tag = "configuration", security(("bearer" = []), ("apikey" = [])),
    params(OfClient, Which, ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an earlier answer.")),
    responses(
        (status = 200, description = "The document. Its `ETag` is of all but `revision`, which others' writes move too.", body = Resolution),
        (status = 304, description = "It is as it was when that `ETag` was given."),
    ),
)]
async fn resolve(
    State(entrance): State<Entrance<Compiled>>,
    signed: Signed,
    Params(of, which): Params<OfClient, Which>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = which.of(of.client_id)?;
    let tx = entrance.snapshot(&signed).await?;
    let resolution = resolve::resolve(&tx, &entrance.tools, &asked, signed.view()).await?;
    let etag = resolution.etag();
    let is_held = validator::is_held(&headers, etag.as_bytes());
    let about = [
        (ETAG, etag),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (VARY, HeaderValue::from_static("authorization, apikey")),
    ];
    if is_held {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, Json(resolution)).into_response())
}

/// A key of a client's document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichKey {
    /// The key: a dotted path of the document.
    #[param(example = "notifications.reminderHours")]
    key: String,
    /// The template that the app is built from; without it, that of the client's only active customization.
    #[param(example = "storefront")]
    template: Option<String>,
    /// The environment; `production` without it.
    #[param(value_type = Option<Environment>, example = "production")]
    environment: Option<String>,
    /// A revision or a time; without it, now.
    #[param(example = "42")]
    as_of: Option<String>,
}

/// Where a value comes from: what each layer says, which won, who set it when and by which change
///
/// A client's own login is shown its own rows, and `inherited` for the rest.
#[utoipa::path(
    get, path = "/api/v1/clients/{client_id}/configuration/explain", operation_id = "explain", tag = "configuration", security(("bearer" = []), ("apikey" = [])),
    params(OfClient, WhichKey), responses((status = 200, description = "Every layer, from the lowest to the highest.", body = Explanation)),
)]
async fn explain(
    State(entrance): State<Entrance<Compiled>>,
    signed: Signed,
    Params(of, which): Params<OfClient, WhichKey>,
) -> Result<Json<Explanation>, Problem> {
    let WhichKey { key, template, environment, as_of } = which;
    let asked = Which { template, environment, as_of }.of(of.client_id)?;
    let tx = entrance.snapshot(&signed).await?;
    Ok(Json(explain::explain(&tx, &entrance.tools, &asked, &key, signed.view()).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfRow {
    /// A row of one of the four configuration tables.
    row_id: Uuid,
}

/// A page of versions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Page {
    /// Only versions that began earlier: `next` of the page before.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
}

/// What a configuration row held before, newest first, and who made it so
///
/// History begins when Tenantry was set up on this database.
#[utoipa::path(
    get, path = "/api/v1/configurations/{row_id}/versions", operation_id = "configuration_versions", tag = "configuration", security(("bearer" = []), ("apikey" = [])),
    params(OfRow, Page), responses((status = 200, description = "Its contents, the present one first.", body = History)),
)]
async fn versions(
    State(entrance): State<Entrance<Compiled>>,
    signed: Signed,
    Params(of, page): Params<OfRow, Page>,
) -> Result<Json<History>, Problem> {
    let tx = entrance.snapshot(&signed).await?;
    let limit = page_size(page.limit, MOST_VERSIONS)?;
    Ok(Json(history::history(&tx, of.row_id, page.before, limit, signed.view()).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfRange {
    /// Two revisions, the earlier first.
    #[param(example = "3..7")]
    range: String,
}

/// Whose differences.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfWhom {
    /// Only rows of this client, and what they make of its document.
    client: Option<Uuid>,
    /// The template of that document; without it, that of the client's only active customization.
    template: Option<String>,
    /// The environment of that document; `production` without it.
    #[param(value_type = Option<Environment>, example = "production")]
    environment: Option<String>,
    /// Only rows behind this one: `next` of the page before.
    after: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 500, example = 100)]
    limit: Option<i64>,
}

/// What is different between two revisions: rows of all layers, and of one client the document
#[utoipa::path(
    get, path = "/api/v1/revisions/{range}/diff", operation_id = "diff_revisions", tag = "configuration", security(("bearer" = []), ("apikey" = [])),
    params(OfRange, OfWhom), responses((status = 200, description = "The differences.", body = RevisionDiff)),
)]
async fn diff(
    State(entrance): State<Entrance<Compiled>>,
    signed: Signed,
    Params(of, whom): Params<OfRange, OfWhom>,
) -> Result<Json<RevisionDiff>, Problem> {
    let OfWhom { client, template, environment, after, limit } = whom;
    let span = Span::read(&of.range, after.as_deref(), limit)?;
    if client.is_none() && (template.is_some() || environment.is_some()) {
        return Err(Problem::invalid("`template` and `environment` belong to the document of a client")
            .mend("name the `client` as well, or leave them out"));
    }
    let read = |client| Asked::read(client, template, environment.as_deref(), None);
    let asked = client.map(read).transpose()?;
    let tx = entrance.snapshot(&signed).await?;
    Ok(Json(diff::diff(&tx, &entrance.tools, &span, asked.as_ref(), signed.view()).await?))
}

/// Whether the documents of a template are what its app expects: ready, missing, of a wrong type, unknown
///
/// For every client that the caller may see, in each environment. Secrets stay closed: of them counts that they are there.
#[utoipa::path(
    post, path = "/api/v1/contract", operation_id = "check_contract", tag = "configuration", security(("bearer" = []), ("apikey" = [])),
    request_body(content = Contract, example = json!({
        "template": "storefront",
        "schema": { "type": "object", "properties": { "theme": { "type": "string" } }, "required": ["theme"] },
    })),
    responses((status = 200, description = "Each document, and how many there are of which kind.", body = Fulfilment)),
)]
async fn contract(
    State(entrance): State<Entrance<Compiled>>,
    signed: Signed,
    JsonBody(contract): JsonBody<Contract>,
) -> Result<Json<Fulfilment>, Problem> {
    let tx = entrance.snapshot(&signed).await?;
    Ok(Json(contract::check(&tx, &entrance.tools, &contract, signed.view()).await?))
}
