//! Pages about deployment configurations.

use axum::Router;
use axum::routing::{get, post};

use crate::configurations::changes::Desk;

/// What is done with one.
mod act;

/// The form of one.
mod edit;

/// The list, of all clients and of one.
mod list;

/// One that isn't there yet.
mod new;

/// One deployment configuration.
mod one;

/// What one says, section by section.
mod sections;

/// Every page of deployment configurations.
pub fn routes<S>(desk: Desk) -> Router<S> {
    Router::new()
        .route("/deployment-configurations", get(list::all))
        .route("/deployment-configurations/{id}", get(one::show))
        .route("/deployment-configurations/{id}/edit", get(edit::form).post(edit::save))
        .route("/deployment-configurations/{id}/validate", post(act::validate))
        .route("/deployment-configurations/{id}/apply", post(act::apply))
        .route("/deployment-configurations/{id}/remove", get(act::confirm).post(act::remove))
        .route("/clients/{id}/deployment-configurations", get(list::of_client))
        .route("/clients/{id}/deployment-configurations/new", get(new::form).post(new::begin))
        .with_state(desk)
}
