//! Pages about clients.

use axum::Router;
use axum::routing::get;

use crate::console::{ADMINISTRATORS, Console};
use crate::db::policies::rules::Role;

/// Several clients at once.
mod bulk;

/// One client.
mod client;

/// The form of a client.
mod edit;

/// Clients as a file.
mod export;

/// The list.
mod list;

/// Who may say how a client is served, and by whom.
const KEEPERS: &[Role] = ADMINISTRATORS;

/// Every page of this slice.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/clients", get(list::list))
        .route("/clients.csv", get(export::export))
        .route("/clients/bulk", get(bulk::preview).post(bulk::change))
        .route("/clients/new", get(edit::new_form).post(edit::add))
        .route("/clients/{id}", get(client::overview))
        .route("/clients/{id}/edit", get(edit::form).post(edit::save))
        .with_state(console)
}
