//! Pages about deployment templates.

use axum::Router;
use axum::routing::get;

use crate::console::Console;

/// The form of one, and of one that isn't there yet.
mod edit;

/// The list.
mod list;

/// One deployment template.
mod one;

/// Taking one away.
mod remove;

/// Every page of deployment templates.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/deployment-templates", get(list::list))
        .route("/deployment-templates/new", get(edit::new_form).post(edit::add))
        .route("/deployment-templates/{id}", get(one::show))
        .route("/deployment-templates/{id}/edit", get(edit::form).post(edit::save))
        .route("/deployment-templates/{id}/remove", get(remove::confirm).post(remove::remove))
        .with_state(console)
}
