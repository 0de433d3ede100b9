use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Json, Router};
use tokio::sync::Mutex;

use crate::app::Shared;
use crate::db::readiness::{Readiness, look};
use crate::snapshots::Standing;

/// For how long a look is good for everybody who asks, so that asking often costs nothing.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// What the server says of itself.
#[derive(serde::Serialize)]
pub(super) struct Said {
    #[serde(flatten)]
    readiness: Readiness,
    /// How configuration in memory stands, which goes on being read while the database is away.
    snapshots: Standing,
}

type Kept = Arc<Mutex<Option<(Instant, Readiness)>>>;

/// `/readyz`: whether requests can be answered.
pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/readyz", get(ready)).layer(Extension(Kept::default()))
}

/// Whether requests can be answered
#[utoipa::path(
    get, path = "/readyz", operation_id = "ready", tag = "operation", security(()),
    responses(
        (status = 200, description = "They can.", body = ref("#/components/schemas/Readiness")),
        (status = 503, description = "Not yet, or not any more, and why.", body = ref("#/components/schemas/Readiness")),
    ),
)]
pub(super) async fn ready(State(app): State<Shared>, Extension(kept): Extension<Kept>) -> (StatusCode, Json<Said>) {
    let mut kept = kept.lock().await;
    let found = match &*kept {
        Some((at, found)) if at.elapsed() < GOOD_FOR => found.clone(),
        _ => kept.insert((Instant::now(), look(&app.database).await)).1.clone(),
    };
    let status = if found.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Said { readiness: found, snapshots: app.snapshots.standing() }))
}
