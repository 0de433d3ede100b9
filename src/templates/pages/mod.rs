//! Templates in a browser: which there are, their versions, who uses which, and bringing a client to another one.

use axum::Router;
use axum::routing::{get, post};

use crate::configurations::changes::Desk;
use crate::console::{ADMINISTRATORS, segment};
use crate::db::policies::rules::Role;

/// A version that is written: the first of a template, the next of one, or a draft.
mod draft;

/// The list.
mod list;

/// Moving a version on in its life.
mod life;

mod store;

/// One template: its versions, and who uses them.
mod template;

/// Bringing a customization to another version.
mod upgrade;

/// One version: schema, defaults, and what differs from another.
mod version;

/// Who writes templates.
const KEEPERS: &[Role] = ADMINISTRATORS;

/// Every page of this slice.
pub fn routes<S>(desk: Desk) -> Router<S> {
    Router::new()
        .route("/templates", get(list::show))
        .route("/templates/new", get(draft::first_form).post(draft::add_first))
        .route("/templates/{template_id}", get(template::show))
        .route("/templates/{template_id}/new", get(draft::next_form).post(draft::add_next))
        .route("/templates/{template_id}/versions/{version}", get(version::show))
        .route("/templates/{template_id}/versions/{version}/edit", get(draft::form).post(draft::save))
        .route("/templates/{template_id}/versions/{version}/advance", post(life::advance))
        .route("/customizations/{id}/upgrade", get(upgrade::form).post(upgrade::bring))
        .with_state(desk)
}

/// The path of a template.
fn path(template_id: &str) -> String {
    format!("/templates/{}", segment(template_id))
}

/// The path of a version.
fn version_path(template_id: &str, version: &str) -> String {
    format!("{}/versions/{}", path(template_id), segment(version))
}
