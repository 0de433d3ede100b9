use axum::Router;
use axum::routing::get;

use crate::app::Shared;

/// `/healthz`: alive.
pub fn routes() -> Router<Shared> {
    Router::new().route("/healthz", get(alive))
}

/// Whether the process is alive
#[utoipa::path(
    get, path = "/healthz", operation_id = "alive", tag = "operation", security(()),
    responses((status = 200, description = "It is.", body = String, content_type = "text/plain")),
)]
pub(super) async fn alive() -> &'static str {
    "ok\n"
}
