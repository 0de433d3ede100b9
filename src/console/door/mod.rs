//! Where people come in: sign-in and sign-out, giving the password again, and choosing one by a link.

use axum::Router;
use axum::body::Body;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

pub use self::choose_password::chosen;
use super::screen::is_ours;
use super::{Console, Done, cookie};
use crate::auth::console::{Browser, Secret};

pub(super) mod choose_password;
pub(super) mod sign_in;
pub(super) mod sign_out;
pub(super) mod step_up;

/// What of a path needn't be encoded in a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Pages for whoever isn't signed in.
pub(super) fn open<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::take))
        .route("/sign-out", post(sign_out::take))
        .route("/choose-password", get(choose_password::show).post(choose_password::take))
        .with_state(console)
}

/// Pages for whoever is.
pub(super) fn inside<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new().route("/step-up", get(step_up::show).post(step_up::take)).with_state(console)
}

/// Where to go on after a password was given.
#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

impl Next {
    fn path(&self) -> &str {
        onwards(self.next.as_deref())
    }
}

/// The page to go on with, where it is one of ours; a page of the door would only lead in circles.
fn onwards(next: Option<&str>) -> &str {
    let is_door = |path: &str| ["/sign-in", "/sign-out", "/step-up"].iter().any(|door| path.starts_with(door));
    next.filter(|path| is_ours(path) && !is_door(path)).unwrap_or("/")
}

/// A page of the door that goes on with another.
fn with_next(door: &str, next: &str) -> String {
    format!("{door}?next={}", utf8_percent_encode(next, QUERY))
}

/// The browser that a request comes from.
pub fn browser(headers: &HeaderMap) -> Browser<'_> {
    let device = headers.get(axum::http::header::USER_AGENT).and_then(|value| value.to_str().ok());
    Browser { device, former: cookie::secret(headers) }
}

/// An answer that gives the browser its session.
pub fn come_in(secret: &Secret, answer: impl IntoResponse) -> Response<Body> {
    let mut answer = answer.into_response();
    answer.headers_mut().append(SET_COOKIE, cookie::set(secret));
    answer
}

/// On with a page.
fn go_on(next: &str) -> Done {
    Done::to(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_come_next() {
        for path in ["/", "/clients?status=active&q=%2F", "/people/me"] {
            assert_eq!(onwards(Some(path)), path);
        }
        for path in [
            "",
            "clients",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\n/evil.example",
            "/sign-in?next=/",
            "/sign-out",
            "/step-up",
        ] {
            assert_eq!(onwards(Some(path)), "/", "{path}");
        }
        assert_eq!(onwards(None), "/");
        assert_eq!(with_next("/sign-in", "/clients?a=b&c=d"), "/sign-in?next=/clients%3Fa%3Db%26c%3Dd");
    }
}
