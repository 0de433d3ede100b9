//! Pages about accounts.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;

use crate::console::{ADMINISTRATORS, Console};
use crate::db::policies::rules::Role;
use crate::secrets::Keys;

/// One account.
mod account;

/// The form of an account.
mod edit;

/// The list.
mod list;

/// What was used of what is included.
mod usage;

/// Who sees accounts: administrators all of them, managers those of clients they manage, a client's own login its own.
const SEERS: &[Role] = &[Role::Client, Role::Manager, Role::Admin, Role::SuperAdmin];

/// Who writes them.
const WRITERS: &[Role] = ADMINISTRATORS;

/// What the pages of accounts need: secrets of theirs are sealed.
#[derive(Clone)]
struct Books {
    console: Console,
    keys: Arc<Keys>,
}

impl FromRef<Books> for Console {
    fn from_ref(books: &Books) -> Self {
        books.console.clone()
    }
}

/// Every page of this slice.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console, keys: Arc<Keys>) -> Router<S> {
    Router::new()
        .route("/billing", get(list::list))
        .route("/clients/{id}/billing", get(account::show))
        .route("/clients/{id}/billing/edit", get(edit::form).post(edit::save))
        .with_state(Books { console, keys })
}
