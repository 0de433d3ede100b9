//! Secrets under `/api/v1`: nothing but revealing them.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::keys::Keys;
use super::reveal;
use crate::auth::{Entrance, Signed};
use crate::db::caller::Act;
use crate::problem::{JsonBody, Params, Problem};

/// What is described here, for the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(reveal_secrets))]
struct Described;

/// The operations of this entrance, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// Every route of this slice. Its answers aren't compressed: next to something that the caller chose, the length of what is
/// compressed tells of secrets.
pub fn routes<S>(entrance: Entrance<Arc<Keys>>) -> Router<S> {
    Router::new().route("/api/v1/configurations/{row_id}/reveal", post(reveal_secrets)).with_state(entrance)
}

#[derive(Deserialize)]
struct OfRow {
    row_id: Uuid,
}

#[derive(Deserialize)]
struct NoQuery {}

/// Why secrets are revealed, and which.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// What it is for; the audit log keeps it.
    reason: String,
    /// The mask to open, as a JSON pointer into the row; without it, all of the row's.
    #[serde(default)]
    pointer: Option<String>,
}

/// Reveal the secrets of a row
///
/// For managers of the client and above, in any row that they see: configuration, deployments, billing; of global and
/// template rows for admins. Written into the
/// audit log with the reason before it is answered. A manager of other clients gets 404, as for every hidden row.
#[utoipa::path(
    post, path = "/api/v1/configurations/{row_id}/reveal", operation_id = "reveal", tag = "configuration",
    params(("row_id" = Uuid, Path, description = "The row.")),
    request_body(content = Asked, example = json!({ "reason": "The provider asks for the key's owner", "pointer": "/configuration_value" })),
    responses(
        (status = 200, description = "The secrets in the clear.", example = json!({
            "table": "system_configurations", "row_id": "6b658148-8bef-4fce-bda0-fdabff360659",
            "client_id": "c0000000-0000-4000-8000-00000000000a",
            "secrets": [{ "pointer": "/configuration_value", "secret_id": "5e0c9f0e-6a52-4a8d-9f3c-2f3c6f1f7a10", "value": "…" }]
        })),
        (status = 403, description = "Not for this role, or a client that isn't managed by the caller."),
        (status = 404, description = "There is no such row that the caller sees."),
        (status = 422, description = "No reason, or no secret there."),
    ),
)]
async fn reveal_secrets(
    State(entrance): State<Entrance<Arc<Keys>>>,
    signed: Signed,
    Params(of, _): Params<OfRow, NoQuery>,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<Response, Problem> {
    reveal::may_ask(&signed.caller, &asked.reason)?;
    let act = Act { reason: Some(asked.reason), ..signed.act };
    let tx = entrance.database.begin(&signed.caller, &act).await?;
    let revealed = reveal::reveal(&tx, &entrance.tools, &signed.caller, of.row_id, asked.pointer.as_deref()).await?;
    tx.commit().await?;
    let answer = revealed.answer()?;
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(answer)).into_response())
}
