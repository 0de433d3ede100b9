//! People and access: who there is, what they may, how they come in, and everybody's own page.

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::console::{ADMINISTRATORS, Console};
use crate::db::policies::rules::Role;
use crate::problem::Problem;

mod access;
mod list;
mod me;
mod memberships;
mod new;
mod of_client;
mod one;
mod set_up;
mod tokens;

/// Who sees people and puts them into clients.
pub(super) const KEEPERS: &[Role] = ADMINISTRATORS;

/// Who makes people, and says what they may.
pub(super) const SUPER_ADMINS: &[Role] = &[Role::SuperAdmin];

/// Pages for whoever is signed in; the database decides whose.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/people", get(list::show).post(new::take))
        .route("/people/new", get(new::show))
        .route("/people/me", get(me::show).post(me::introduce))
        .route("/people/me/password", post(me::change_password))
        .route("/people/me/sessions/end", post(me::end_sessions))
        .route("/people/{id}", get(one::show))
        .route("/people/{id}/role", get(access::role).post(access::set_role))
        .route("/people/{id}/disable", get(access::confirm_disable).post(access::disable))
        .route("/people/{id}/enable", post(access::enable))
        .route("/people/{id}/sessions/end", post(access::end_sessions))
        .route("/people/{id}/link", post(access::make_link))
        .route("/people/{id}/memberships", post(memberships::add))
        .route("/people/{id}/memberships/end", post(memberships::end))
        .route("/clients/{id}/members", get(of_client::show).post(of_client::add))
        .route("/clients/{id}/members/{user_id}/as/{member_role}", post(of_client::make))
        .route("/clients/{id}/members/{user_id}/end", post(of_client::end))
        .route("/tokens", get(tokens::show).post(tokens::new::take))
        .route("/tokens/new", get(tokens::new::show))
        .route("/tokens/{id}/revoke", post(tokens::revoke))
        .with_state(console)
}

/// The page that makes the first administrator, for whoever has the link to it.
pub fn open_routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new().route("/set-up", get(set_up::show).post(set_up::take)).with_state(console)
}

/// The page of a person.
fn page_of(user_id: Uuid) -> String {
    format!("/people/{user_id}")
}

fn absent() -> Problem {
    Problem::absent("there is no such person").mend("look for them in the list of people")
}

/// What PostgreSQL refused by a rule or a right of its own, which belongs at the form; anything else went wrong.
fn at_form(error: crate::Error) -> Result<Problem, Problem> {
    let problem = Problem::from(error);
    if problem.status.is_client_error() { Ok(problem) } else { Err(problem) }
}
