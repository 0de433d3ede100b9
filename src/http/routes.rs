use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::{cors, health, metrics, panic, readiness, watch};
use crate::app::Shared;
use crate::{auth, tables};

/// Every route of the server, and what every request passes on its way there.
pub fn all(app: Shared) -> Router {
    let limits = &app.settings.limits;
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), watch::watch))
        .layer(cors::layer(&app.settings.origins()))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request_timeout()))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits.body_limit));
    Router::new()
        .nest("/auth/v1", auth::api::routes(app.gate.clone()))
        .merge(health::routes())
        .merge(readiness::routes())
        .merge(metrics::routes())
        .merge(tables::api::routes(app.gate.clone(), app.tables.clone()))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(layers)
        .with_state(app)
}
