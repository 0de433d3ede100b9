//! Configuration in a browser: a client's document key by key, where each value comes from, and how to change it; and the
//! same of what all clients have in common, or all of one template.

use axum::Router;
use axum::routing::get;

use super::changes::Desk;
use super::findings::page;

pub use store::protected;

/// Two environments beside each other.
mod compare;

/// What differs between two revisions.
mod difference;

/// A client's document.
mod document;

/// Changing values by a form.
mod edit;

/// Where a value comes from.
mod explanation;

/// What a row held before.
mod past;

/// People and clients by their names.
pub(super) mod names;

/// Rows that are no client's.
mod rows;

/// What is shown to whoever may open it.
mod secret;

/// What steers Tenantry itself.
mod steering;

mod store;

/// Whose configuration it is.
mod subject;

/// Values as pages show them.
pub mod value;

/// Which document, as its address says.
mod which;

/// Every page of configuration but those that show secrets.
pub fn routes<S>(desk: Desk) -> Router<S> {
    Router::new()
        .route("/clients/{client_id}/configuration", get(document::of_client))
        .route("/clients/{client_id}/configuration/edit", get(edit::of_client).post(edit::propose_of_client))
        .route("/templates/{template_id}/configuration", get(document::of_template))
        .route("/templates/{template_id}/configuration/edit", get(edit::of_template).post(edit::propose_of_template))
        .route("/configuration", get(document::of_all))
        .route("/configuration/findings", get(page::show))
        .route("/configuration/edit", get(edit::of_all).post(edit::propose_of_all))
        .route("/configuration/system/{row_id}", get(steering::form).post(steering::propose))
        .route("/clients/{client_id}/configuration/differences", get(difference::show))
        .route("/configurations/{row_id}/history", get(past::show))
        .with_state(desk)
}

/// Pages that show secrets. They aren't compressed: next to something that the caller chose, the length of what is
/// compressed tells of secrets.
pub fn secret_routes<S>(desk: Desk) -> Router<S> {
    Router::new().route("/configurations/{row_id}/reveal", get(secret::ask).post(secret::reveal)).with_state(desk)
}
