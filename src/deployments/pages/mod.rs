//! Pages about deployments.

use axum::Router;
use axum::routing::{get, post};

use crate::console::Console;

/// What is known of one.
mod facts;

/// What is done with a deployment.
mod act;

/// The list, of all clients and of one.
mod list;

/// One deployment.
mod one;

/// What happened.
mod timeline;

/// Every page of this slice.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/deployments", get(list::all))
        .route("/deployments/{id}", get(one::show))
        .route("/deployments/{id}/events", post(act::tell))
        .route("/deployments/{id}/standing", post(act::stand))
        .route("/clients/{id}/deployments", get(list::of_client))
        .route("/clients/{id}/events", get(timeline::of_client))
        .with_state(console)
}
