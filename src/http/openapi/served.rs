use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use tokio::sync::Mutex;

use super::document;
use crate::app::Shared;
use crate::tables::catalog::Catalog;

/// The document as it was last made, and of which catalog: making it takes longer than sending it.
type Kept = Arc<Mutex<Option<(Arc<Catalog>, Bytes)>>>;

/// `/openapi.json`: the document for the database as it is now.
pub(in crate::http) fn routes() -> Router<Shared> {
    Router::new().route("/openapi.json", get(openapi)).layer(Extension(Kept::default()))
}

/// This document
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "operation", security(()),
    responses(
        (status = 200, description = "OpenAPI 3.1, for the database as it is now.", body = Object),
        (status = 503, description = "PostgreSQL can't be reached.", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn openapi(
    State(app): State<Shared>,
    Extension(kept): Extension<Kept>,
) -> Result<impl IntoResponse, StatusCode> {
    let catalog = app.tables.catalog().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let mut kept = kept.lock().await;
    let text = match &*kept {
        Some((of, text)) if Arc::ptr_eq(of, &catalog) => text.clone(),
        _ => Bytes::from(document(&catalog).to_string()),
    };
    *kept = Some((catalog, text.clone()));
    Ok(([(CONTENT_TYPE, "application/json")], text))
}
