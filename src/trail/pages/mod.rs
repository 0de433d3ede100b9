//! The audit log in a browser.

use axum::Router;
use axum::routing::get;

use crate::console::{ADMINISTRATORS, Console, MANAGERS};
use crate::db::policies::rules::Role;

/// One entry.
mod entry;

/// Entries as a file.
mod export;

/// The list.
mod list;

/// What entries are called: who, what, whose.
mod named;

/// Whether a seal holds what is shown.
mod sealed;

/// Whom the database shows entries.
const READERS: &[Role] = MANAGERS;

/// Whom it shows all of them.
const KEEPERS: &[Role] = ADMINISTRATORS;

/// Every page of this slice.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/audit", get(list::all))
        .route("/audit.csv", get(export::csv))
        .route("/audit.jsonl", get(export::lines))
        .route("/audit/{id}", get(entry::show))
        .route("/clients/{client_id}/audit", get(list::of_client))
        .with_state(console)
}
