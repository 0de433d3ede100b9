use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, extract::Request, middleware::Next};
use serde_json::{Value, json};

use super::refusal::{Denial, Refusal};
use crate::Error;
use crate::error::Kind;

/// The header by which a client says which shape of errors it knows, and the server which one it gave.
const API_VERSION: &str = "x-supabase-api-version";

/// The version from which on `code` is the word and no number.
const WORDS_SINCE: &str = "2024-01-01";

/// What `/auth/v1` answers when something isn't done, in the words of Supabase's GoTrue.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    wait: Option<i64>,
    challenge: Option<String>,
    weak_because: Option<&'static str>,
}

impl Problem {
    /// One by its status, its word in GoTrue's list, and what to say.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), wait: None, challenge: None, weak_because: None }
    }

    /// The request isn't as it has to be.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "validation_failed", message)
    }

    /// A person is unknown or the password wrong: the same words for both.
    pub fn invalid_credentials() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_credentials", "Invalid login credentials")
    }

    /// The person is shut out.
    pub fn disabled() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "user_banned", "This person is disabled; an administrator can enable them")
    }

    /// Tenantry doesn't do this; `instead` says what does.
    pub fn not_here(code: &'static str, instead: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, instead)
    }

    /// Come back later.
    pub fn too_soon(wait: i64) -> Self {
        let message = format!("Too many failed attempts from here; try again in {wait} s");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "over_request_rate_limit", message);
        Self { wait: Some(wait), ..problem }
    }

    /// A password that others would guess.
    pub fn weak_password(message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "weak_password", message);
        Self { weak_because: Some("length"), ..problem }
    }

    /// In the shape for a client that knows, or doesn't know, codes that are words.
    fn response(&self, knows_words: bool) -> Response {
        let mut body = json!({
            "code": self.status.as_u16(), "error_code": self.code, "msg": self.message,
        });
        if knows_words {
            body["code"] = json!(self.code);
            body["message"] = json!(self.message);
        }
        if let Some(reason) = self.weak_because {
            body["weak_password"] = json!({ "reasons": [reason] });
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if knows_words {
            headers.insert(API_VERSION, HeaderValue::from_static(WORDS_SINCE));
        }
        if let Some(wait) = self.wait {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait));
        }
        if let Some(challenge) = self.challenge.as_deref().and_then(|said| HeaderValue::from_str(said).ok()) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<Problem> for crate::problem::Problem {
    /// For the console, which says the same on a page.
    fn from(problem: Problem) -> Self {
        Self::new(problem.status, problem.message)
    }
}

impl IntoResponse for Problem {
    /// Keeps itself beside the answer, so that [`shape`] can say it as the client understands it.
    fn into_response(self) -> Response {
        let mut response = self.response(false);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, code, message, hint, challenge } = refusal;
        let (status, code) = match (code, message.as_str()) {
            // By this word `supabase-js` drops the session that it keeps.
            (_, "the session has ended") => (StatusCode::FORBIDDEN, "session_not_found"),
            ("PGRST302", _) => (status, "no_authorization"),
            _ if status == StatusCode::UNAUTHORIZED => (status, "bad_jwt"),
            _ => (status, "not_admin"),
        };
        let message = hint.map_or_else(|| message.clone(), |hint| format!("{message}. {hint}"));
        Self { challenge: challenge.filter(|_| status == StatusCode::UNAUTHORIZED), ..Self::new(status, code, message) }
    }
}

impl From<Error> for Problem {
    /// The cause is logged here and not said.
    fn from(error: Error) -> Self {
        let (status, message) = match error.kind() {
            Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "The database is away; try again"),
            Kind::Busy => (StatusCode::GATEWAY_TIMEOUT, "Everybody is busy; try again"),
            Kind::Failure | Kind::Usage => {
                tracing::error!(%error, "sign-in failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here; the server's log says what")
            }
        };
        let wait = (status != StatusCode::INTERNAL_SERVER_ERROR).then_some(1);
        Self { wait, ..Self::new(status, "unexpected_failure", message) }
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Refused(refusal) => refusal.into(),
            Denial::Failed(error) => error.into(),
        }
    }
}

/// Gives problems the shape that the client asked for.
pub async fn shape(request: Request, next: Next) -> Response {
    let knows_words = match version(request.headers()) {
        Ok(version) => version.is_some_and(|version| *version >= *WORDS_SINCE),
        Err(problem) => return problem.into_response(),
    };
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if knows_words => problem.response(true),
        _ => response,
    }
}

/// The version that a client named: a day, so that versions compare as text.
fn version(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(API_VERSION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let is_day = text.parse::<jiff::civil::Date>().is_ok() && text.len() == WORDS_SINCE.len();
    if is_day {
        Ok(Some(text.to_owned()))
    } else {
        Err(Problem::bad_request(format!("{API_VERSION} is a day, such as {WORDS_SINCE}")))
    }
}

/// A body of JSON, as it has to be.
pub fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let problem = |message: String| Problem::new(StatusCode::BAD_REQUEST, "bad_json", message);
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| problem(format!("The body is no JSON (line {}, column {})", error.line(), error.column())))?;
    if !value.is_object() {
        return Err(problem("The body is no JSON object".to_owned()));
    }
    // Read again, so that a member that stands there twice is refused. What serde_json says of a wrong one could repeat
    // its value, which may be a password; the names of members it says first.
    serde_json::from_slice(body).map_err(|error| {
        let said = error.to_string();
        let name =
            said.split('`').nth(1).filter(|_| said.starts_with("unknown field") || said.starts_with("duplicate field"));
        match name {
            Some(name) if said.starts_with("unknown") => {
                Problem::bad_request(format!("The body's member {name:?} isn't known here"))
            }
            Some(name) => problem(format!("The body's member {name:?} stands there twice")),
            None => Problem::bad_request(format!(
                "A member of the body has the wrong type (line {}, column {})",
                error.line(),
                error.column()
            )),
        }
    })
}
