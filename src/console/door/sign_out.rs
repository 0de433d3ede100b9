use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse as _;

use super::super::cookie;
use super::super::sent::Sent;
use super::go_on;
use crate::console::Console;
use crate::db::caller::Act;
use crate::problem::Problem;

/// Ends the session that the browser has, if it is one. What it keeps of pages is nothing: they aren't to be stored.
pub(super) async fn take(
    State(console): State<Console>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&[])?;
    if let Some(secret) = cookie::secret(&headers)
        && let Some(visit) = console.gate().visit(&secret, &act).await?
    {
        console.gate().end_session(&visit, Some(visit.session), &act).await?;
    }
    let mut answer = go_on("/sign-in").saying("You are signed out.").into_response();
    answer.headers_mut().append(SET_COOKIE, cookie::clear());
    Ok(answer)
}
