use std::any::Any;

use axum::body::Body;
use axum::http::{Response, StatusCode};

/// The answer where a handler panicked: the cause is for the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub(super) fn answer(cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let said = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = said.unwrap_or("a panic without words"), "a handler panicked");
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    answer
}
