use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio_postgres::error::{DbError, SqlState};
use uuid::Uuid;

use crate::Error;
use crate::error::Kind;

pub use self::nearest::nearest;
pub use self::request::{JsonBody, Nothing, Params, page_size, unkept};

/// What was meant by a name that nothing has.
mod nearest;

/// What a request of `/api/v1` says, read strictly.
mod request;

/// The media type of a problem.
const MEDIA_TYPE: &str = "application/problem+json";

/// Why an operation wasn't done: RFC 9457's problem, as `/api/v1` answers it and the command line prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// What is wrong, in one sentence that names the place.
    pub detail: String,
    /// How to mend it, where one thing mends all of it.
    pub mend: Option<String>,
    /// Every fault that was found, not just the first.
    pub errors: Vec<Fault>,
    /// What the caller needs besides, such as the row as it is now; members of the answer.
    pub more: Box<Map<String, Value>>,
    challenge: Option<String>,
    database: Option<Box<DbError>>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
    /// Where: a JSON pointer into the document or the request's body, or the name of a parameter.
    pub pointer: String,
    /// The rule that is broken, in a word or two.
    pub rule: String,
    /// What is wrong, without a value that may be secret.
    pub detail: String,
    /// The layer that supplied the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// The row that supplied the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_id: Option<Uuid>,
    /// The client whose document it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// The environment of that document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

impl Problem {
    /// One with a status and what is wrong.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            mend: None,
            errors: Vec::new(),
            more: Box::default(),
            challenge: None,
            database: None,
        }
    }

    /// Nothing is there, or nothing that the caller may see: 404.
    pub fn absent(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }

    /// Understood and refused: 422.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// Several faults at once: 422.
    pub fn faults(detail: impl Into<String>, errors: Vec<Fault>) -> Self {
        Self { errors, ..Self::invalid(detail) }
    }

    /// Not for this caller: 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// The request can't be read: 400.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The row has moved since the caller saw it: 412, with the row as it is now.
    pub fn moved(detail: impl Into<String>, current: Value) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, detail).with("current", current)
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }

    /// Adds a member to the answer.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    /// Adds how a caller who isn't known says who they are.
    #[must_use]
    pub fn challenge(self, challenge: Option<String>) -> Self {
        Self { challenge, ..self }
    }

    /// What PostgreSQL said, where it was PostgreSQL that refused.
    pub fn database(&self) -> Option<&DbError> {
        self.database.as_deref()
    }

    /// As the body of an answer to a request.
    pub fn body(&self, request_id: Option<&str>) -> Value {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let mut body = json!({
            "type": "about:blank", "title": title, "status": self.status.as_u16(), "detail": self.detail,
        });
        let members = [
            ("mend", self.mend.as_ref().map(|mend| json!(mend))),
            ("errors", (!self.errors.is_empty()).then(|| json!(self.errors))),
            ("request_id", request_id.map(|id| json!(id))),
        ];
        for (name, value) in members.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            body[name] = value;
        }
        if let Some(body) = body.as_object_mut() {
            body.extend((*self.more).clone());
        }
        body
    }

    /// The answer to a request with a number.
    pub fn answer(&self, request_id: Option<&str>) -> Response {
        let mut response = Response::new(Body::from(self.body(request_id).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Some(challenge) = self.challenge.as_deref().and_then(|said| HeaderValue::from_str(said).ok()) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl Fault {
    /// One at a place.
    pub fn at(pointer: impl Into<String>, rule: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), rule: rule.into(), detail: detail.into(), ..Self::default() }
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }

    /// Adds the layer that supplied the value.
    #[must_use]
    pub fn layer(self, layer: impl Into<String>) -> Self {
        Self { layer: Some(layer.into()), ..self }
    }
}

impl utoipa::PartialSchema for Problem {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let text = || utoipa::schema!(String).build();
        utoipa::openapi::ObjectBuilder::new()
            .description(Some("Why an operation wasn't done (RFC 9457), with everything that is wrong at once."))
            .property("type", text())
            .property("title", text())
            .property("status", utoipa::schema!(i32).build())
            .property("detail", text())
            .property("mend", text())
            .property("errors", utoipa::schema!(#[inline] Vec<Fault>).build())
            .property("request_id", text())
            .required("type")
            .required("title")
            .required("status")
            .required("detail")
            .into()
    }
}

impl utoipa::ToSchema for Problem {}

impl From<&layers::Problem> for Fault {
    fn from(problem: &layers::Problem) -> Self {
        let layers::Problem { path, rule, detail, mend, place, row } = problem;
        Self {
            layer: place.map(|place| place.name().to_owned()),
            row_id: row.map(Uuid::from_u128),
            ..Self::at(path.pointer(), rule.name(), detail).mend(mend)
        }
    }
}

impl IntoResponse for Problem {
    /// Keeps itself beside the answer, so that whoever knows the request's number can add it.
    fn into_response(self) -> Response {
        let mut response = self.answer(None);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Problem {
    /// What the database refuses is told with its hint; any other cause is logged here and not said.
    fn from(error: Error) -> Self {
        if let Some(problem) = error.refusal().and_then(refused) {
            return problem;
        }
        match error.kind() {
            Kind::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "the database is away").mend("try again in a moment")
            }
            Kind::Busy => {
                Self::new(StatusCode::GATEWAY_TIMEOUT, "nobody is free to do it").mend("try again in a moment")
            }
            Kind::Failure | Kind::Usage => {
                tracing::error!(%error, "an operation failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong in the server")
                    .mend("its log has the cause under this request's X-Request-Id")
            }
        }
    }
}

/// What PostgreSQL refused because of what was asked; none where it is the server's fault.
fn refused(refusal: &DbError) -> Option<Problem> {
    let code = refusal.code().code();
    let status = match code {
        "TN401" => StatusCode::UNAUTHORIZED,
        "42501" => StatusCode::FORBIDDEN,
        "40001" | "40P01" | "23503" | "23505" => StatusCode::CONFLICT,
        "57014" => StatusCode::GATEWAY_TIMEOUT,
        _ if ["TN", "22", "23"].contains(&&code[..2]) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => return None,
    };
    let problem = Problem { database: Some(Box::new(refusal.clone())), ..Problem::new(status, refusal.message()) };
    let rule = refusal.constraint().unwrap_or(code);
    let problem = match refusal.column() {
        Some(column) => Problem { errors: vec![Fault::at(format!("/{column}"), rule, refusal.message())], ..problem },
        None => problem,
    };
    Some(match refusal.hint() {
        Some(hint) => problem.mend(hint),
        None if *refusal.code() == SqlState::QUERY_CANCELED => problem.mend("ask for less at once"),
        None => problem,
    })
}

impl From<Problem> for Error {
    /// For the command line: the sentence, every fault on a line of its own, the mend.
    fn from(problem: Problem) -> Self {
        let faults: String = problem.errors.iter().map(|fault| format!("\n  {}", line(fault))).collect();
        let error = Self::failure(format!("{}{faults}", problem.detail));
        match problem.mend {
            Some(mend) => error.mend(mend),
            None => error,
        }
    }
}

fn line(fault: &Fault) -> String {
    let layer = fault.layer.as_ref().map_or_else(String::new, |layer| format!(", from {layer}"));
    let mend = fault.mend.as_ref().map_or_else(String::new, |mend| format!("; {mend}"));
    format!("{}: {} ({}{layer}){mend}", fault.pointer, fault.detail, fault.rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_everything_at_once() {
        let fault = Fault::at("/a/b", "type", "is a number").layer("client, all environments").mend("set a string");
        let problem = Problem::faults("the document wouldn't be valid", vec![fault]).mend("change the edit");
        let body = problem.body(Some("r-1"));
        assert_eq!(body["status"], 422);
        assert_eq!(body["request_id"], "r-1");
        assert_eq!(
            body["errors"],
            json!([{ "pointer": "/a/b", "rule": "type", "detail": "is a number",
                     "layer": "client, all environments", "mend": "set a string" }])
        );
        assert_eq!(Error::from(problem).to_string().lines().count(), 3);
    }

    #[test]
    fn a_cause_inside_is_not_told() {
        let problem = Problem::from(Error::failure("the password is hunter2"));
        assert!(!problem.body(None).to_string().contains("hunter2"));
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
