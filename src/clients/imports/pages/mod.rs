//! Pages about files of clients.

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use super::work::absent;
use crate::console::Console;
use crate::problem::Problem;

/// What is done with a file.
mod act;

/// Columns that nobody knows.
mod columns;

/// Where a file is chosen.
mod form;

/// Refused rows as a file.
mod refused;

/// What would come of each row.
mod rows;

/// One file: how far it is, and what it would do.
mod show;

/// Every page of imports. Their router stands by itself, because a file may be larger than other requests.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/clients/import", get(form::show).post(form::upload))
        .route("/clients/import/{id}", get(show::show))
        .route("/clients/import/{id}/refused.csv", get(refused::file))
        .route("/clients/import/{id}/check", post(act::check))
        .route("/clients/import/{id}/apply", post(act::apply))
        .route("/clients/import/{id}/discard", post(act::discard))
        .with_state(console)
}

fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| absent())
}

/// Where a file has its page.
fn at(id: Uuid) -> String {
    format!("/clients/import/{id}")
}
