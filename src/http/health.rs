use axum::Router;
use axum::routing::get;

use crate::app::Shared;

/// `/healthz`: alive.
pub fn routes() -> Router<Shared> {
    Router::new().route("/healthz", get(alive))
}

async fn alive() -> &'static str {
    "ok\n"
}
