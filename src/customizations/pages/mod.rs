//! Pages about customizations.

use axum::Router;
use axum::routing::{get, post};

use super::types::Step;
use crate::configurations::changes::Desk;

/// What is done with a customization.
mod act;

/// Beside what the template says.
mod beside;

/// The form of a draft.
mod edit;

/// The list, of all clients and of one.
mod list;

/// A design that isn't there yet.
mod new;

/// One customization.
mod one;

/// Every page of this slice.
pub fn routes<S>(desk: Desk) -> Router<S> {
    Router::new()
        .route("/customizations", get(list::all))
        .route("/customizations/{id}", get(one::show))
        .route("/customizations/{id}/edit", get(edit::form).post(edit::save))
        .route(
            "/customizations/{id}/submit",
            post(|desk, visitor, id, sent| act::advance(desk, visitor, id, sent, Step::Submit)),
        )
        .route(
            "/customizations/{id}/approve",
            post(|desk, visitor, id, sent| act::advance(desk, visitor, id, sent, Step::Approve)),
        )
        .route(
            "/customizations/{id}/return",
            post(|desk, visitor, id, sent| act::advance(desk, visitor, id, sent, Step::SendBack)),
        )
        .route(
            "/customizations/{id}/deploy",
            post(|desk, visitor, id, sent| act::advance(desk, visitor, id, sent, Step::Deploy)),
        )
        .route("/customizations/{id}/activate", post(act::activate))
        .route("/customizations/{id}/again", post(act::again))
        .route("/clients/{id}/customizations", get(list::of_client))
        .route("/clients/{id}/customizations/new", get(new::form).post(new::begin))
        .with_state(desk)
}
