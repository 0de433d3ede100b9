//! Changes in a browser: which there are, what one does to whose documents, and what may be done with it.

use axum::Router;
use axum::routing::{get, post};

use super::desk::Desk;

/// What is done with a change.
mod act;

/// The rows that a change edits.
mod edits;

/// Changes, newest first.
mod list;

/// What somebody may do with a change.
mod may;

/// Rows that somebody else wrote meanwhile.
mod moved;

/// What a change does to whose documents.
mod reached;

/// One change.
mod show;

mod store;

/// Every page of changes.
pub fn routes<S>(desk: Desk) -> Router<S> {
    Router::new()
        .route("/changes", get(list::show))
        .route("/changes/{id}", get(show::show))
        .route("/changes/{id}/apply", post(act::apply))
        .route("/changes/{id}/approve", post(act::approve))
        .route("/changes/{id}/reject", post(act::reject))
        .route("/changes/{id}/withdraw", post(act::withdraw))
        .route("/changes/{id}/revert", post(act::revert))
        .route("/changes/{id}/undo", post(act::undo))
        .route("/changes/{id}/again", post(act::again))
        .with_state(desk)
}
