use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::gate::Gate;
use crate::db::caller::Act;
use crate::problem::Problem;

/// Asks whether somebody calls before an answer of `/api/v1` tells what is wrong with what they sent.
///
/// A handler refuses without the database what it can; whether a session is over or a person disabled the database alone
/// knows, and whoever is nobody is told that and nothing else. What is done, or refused by the database, asked it already.
pub async fn first(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let act = request.extensions().get::<Act>().cloned().unwrap_or_default();
    let answer = next.run(request).await;
    if !is_unasked(&answer) {
        return answer;
    }
    let known = async { gate.confirm(&gate.caller(&method, &headers, &act).await?, &act).await };
    match known.await {
        Ok(()) => answer,
        Err(denial) => Problem::from(denial).into_response(),
    }
}

/// Whether a handler refused, and perhaps without having asked the database.
fn is_unasked(answer: &Response) -> bool {
    let said = answer.extensions().get::<Problem>();
    said.is_some_and(|problem| {
        problem.status.is_client_error() && problem.status != StatusCode::UNAUTHORIZED && problem.database().is_none()
    })
}
