//! Pages about figures.

use axum::Router;
use axum::routing::get;

use crate::console::Console;

/// Figures of all clients.
mod across;

/// What pages show of figures.
mod charts;

/// Figures of one client.
mod one;

/// Every page of this slice.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/analytics", get(across::show))
        .route("/clients/{id}/analytics", get(one::show))
        .with_state(console)
}
