use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::{cors, health, metrics, openapi, panic, readiness, watch};
use crate::app::Shared;
use crate::auth::Entrance;
use crate::configurations::changes::Desk;
use crate::console::{self, Console};
use crate::{
    analytics, auth, billing, clients, configurations, customizations, dashboard, deployments, find, members, secrets,
    snapshots, system, tables, templates, trail,
};

/// Shorter answers fit into one packet anyway.
const SMALLEST_COMPRESSED: u64 = 1_024;

/// Every route of the server, and what every request passes on its way there.
pub fn all(app: Shared) -> Router {
    let (limits, console) = (&app.settings.limits, app.console());
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), watch::watch))
        .layer(cors::layer(&app.settings.origins()))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request_timeout()))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .nest("/auth/v1", auth::api::routes(app.gate.clone()))
        .merge(console::routes(&console))
        .merge(console::in_the_open(&console, members::pages::open_routes(console.clone())))
        .merge(compressed(console::signed_in(&console, pages(&app, &console))))
        .merge(console::signed_in(&console, configurations::pages::secret_routes(desk(&app, &console))))
        .merge(health::routes())
        .merge(readiness::routes())
        .merge(metrics::routes())
        .merge(operations(&app))
        .merge(snapshots::api::routes(app.snapshots.clone()))
        .merge(compressed(tables::api::routes(app.gate.clone(), app.tables.clone())))
        .merge(compressed(openapi::served::routes()))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(RequestBodyLimitLayer::new(limits.body_limit))
        // A file of clients may be larger; it is read while it comes in, up to a limit of its own.
        .merge(compressed(console::signed_in(&console, clients::imports::pages::routes(console.clone()))))
        .layer(layers)
        .with_state(app)
}

/// Every page for somebody signed in.
fn pages(app: &Shared, console: &Console) -> Router<Shared> {
    Router::new()
        .merge(dashboard::pages::routes(console.clone()))
        .merge(find::pages::routes(console.clone()))
        .merge(clients::pages::routes(console.clone()))
        .merge(billing::pages::routes(console.clone(), app.keys.clone()))
        .merge(system::pages::routes(console.clone(), app.keys.clone(), app.about.clone()))
        .merge(members::pages::routes(console.clone()))
        .merge(customizations::pages::routes(desk(app, console)))
        .merge(deployments::pages::routes(console.clone()))
        .merge(deployments::configurations::pages::routes(desk(app, console)))
        .merge(deployments::templates::pages::routes(console.clone()))
        .merge(analytics::pages::routes(console.clone()))
        .merge(configurations::pages::routes(desk(app, console)))
        .merge(configurations::changes::pages::routes(desk(app, console)))
        .merge(templates::pages::routes(desk(app, console)))
        .merge(trail::pages::routes(console.clone()))
}

/// What pages of configuration need.
fn desk(app: &Shared, console: &Console) -> Desk {
    Desk::new(console.clone(), app.tools())
}

/// Every operation of `/api/v1`.
fn operations(app: &Shared) -> Router<Shared> {
    Router::new()
        .merge(compressed(configurations::changes::api::routes(entrance(app, app.tools()))))
        .merge(compressed(configurations::api::routes(entrance(app, app.compiled.clone()))))
        .merge(compressed(templates::api::routes(entrance(app, app.tools()))))
        .merge(auth::tokens::api::routes(entrance(app, app.clock)))
        .merge(secrets::api::routes(entrance(app, app.keys.clone())))
        .route_layer(from_fn_with_state(app.gate.clone(), auth::first))
}

/// What handlers of `/api/v1` need, with what they work with.
fn entrance<T>(app: &Shared, tools: T) -> Entrance<T> {
    Entrance::new(app.gate.clone(), app.database.clone(), tools)
}

/// Routes whose answers are rows and documents, which are sent compressed to whoever takes that.
///
/// Sign-in isn't among them: next to something that the caller chose, the length of what is compressed tells of secrets.
fn compressed(routes: Router<Shared>) -> Router<Shared> {
    let large = SizeAbove::new(SMALLEST_COMPRESSED);
    routes.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(large))
}
