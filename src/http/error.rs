//! What is refused before any handler, in the words of the entrance that was called.

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::console;
use crate::problem::Problem;

/// How long to wait before the next try, where the reason passes by itself.
const RETRY: HeaderValue = HeaderValue::from_static("1");

/// Gives an answer of a layer's, or of axum's, the body that its entrance promises; leaves a handler's own as it is.
///
/// A browser that wants a page, and not an answer of one of the entrances for programs, gets one.
pub(super) fn render(
    path: &str,
    request_id: &str,
    screen: Option<&console::Screen>,
    mut answer: Response<Body>,
) -> Response<Body> {
    let status = answer.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().entry(RETRY_AFTER).or_insert(RETRY);
    }
    let is_error = status.is_client_error() || status.is_server_error();
    if let Some(screen) = screen.filter(|_| is_error && !is_said(&answer)) {
        return console::refused(answer, screen, request_id);
    }
    if let Some(problem) = answer.extensions().get::<Problem>() {
        return problem.answer(Some(request_id));
    }
    if !is_error || is_said(&answer) {
        return answer;
    }
    let (kind, body) = said(path, status, request_id);
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::from_parts(parts, Body::from(body.to_string()))
}

fn is_said(answer: &Response<Body>) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json") || kind.contains("html"))
}

/// The entrances for programs, which answer in their own words whatever a browser would like.
const FOR_PROGRAMS: [&str; 9] =
    ["/rest/v1", "/auth/v1", "/api/v1", "/config/v1", "/openapi.json", "/healthz", "/readyz", "/metrics", "/assets"];

/// Whether an answer to a request is a page: a browser asks, and not at an entrance for programs.
pub(super) fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let is_browser = accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().starts_with("text/html"));
    is_browser && !FOR_PROGRAMS.iter().any(|root| within(path, root)) && elsewhere(path).is_none()
}

/// The body, and its type, in which an entrance says why it refused.
pub(super) fn said(path: &str, status: StatusCode, request_id: &str) -> (&'static str, Value) {
    let Words { code, message, hint } = words(path, status);
    if within(path, "/auth/v1") {
        let error_code = if status == StatusCode::NOT_FOUND { "not_found" } else { code };
        return ("application/json", json!({ "code": status.as_u16(), "error_code": error_code, "msg": message }));
    }
    if within(path, "/rest/v1") || elsewhere(path).is_some() {
        return ("application/json", json!({ "code": code, "message": message, "details": null, "hint": hint }));
    }
    let title = status.canonical_reason().unwrap_or("Error");
    (
        "application/problem+json",
        json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": message,
                "mend": hint, "request_id": request_id }),
    )
}

struct Words {
    code: &'static str,
    message: String,
    hint: Option<String>,
}

/// What Supabase has and Tenantry hasn't.
fn elsewhere(path: &str) -> Option<&'static str> {
    let known = [
        ("/realtime/v1", "realtime"),
        ("/storage/v1", "storage"),
        ("/functions/v1", "edge functions"),
        ("/graphql/v1", "GraphQL"),
    ];
    known.into_iter().find(|(root, _)| within(path, root)).map(|(_, what)| what)
}

fn words(path: &str, status: StatusCode) -> Words {
    let say = |code, message: &str, hint: Option<&str>| Words {
        code,
        message: message.to_owned(),
        hint: hint.map(ToOwned::to_owned),
    };
    if let Some(what) = elsewhere(path).filter(|_| status == StatusCode::NOT_FOUND) {
        let message = format!("Tenantry has no {what}");
        return say("PGRST125", &message, Some("docs/MOVING-FROM-SUPABASE.md says what to do instead"));
    }
    match status {
        StatusCode::BAD_REQUEST => say(
            "PGRST100",
            "the request can't be read",
            Some("check its first line, its headers, and how its path is encoded"),
        ),
        StatusCode::NOT_FOUND => {
            say("PGRST125", "there is nothing under this path", Some("see /openapi.json for what there is"))
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            say("PGRST117", "this path doesn't know the method", Some("the header Allow names those that it knows"))
        }
        StatusCode::REQUEST_TIMEOUT => {
            say("TN408", "the request took too long", Some("send less at once, or ask for less"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => say(
            "TN413",
            "the body is larger than this server takes",
            Some("send it in several requests, or raise --body-limit"),
        ),
        StatusCode::URI_TOO_LONG => say(
            "TN414",
            "the URL is longer than this server takes",
            Some("ask in several requests, or raise --url-limit"),
        ),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => say(
            "TN431",
            "the headers are larger, or more, than this server takes",
            Some("send less than 100 of them, or raise --header-limit"),
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            say("PGRST107", "the body isn't of a type that this path takes", Some("send application/json"))
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            say("PGRST001", "the server can't do this at the moment", Some("try again in a moment"))
        }
        status if status.is_server_error() => say(
            "PGRSTX00",
            "something went wrong in the server",
            Some("its log has the cause under this request's X-Request-Id"),
        ),
        status => say("PGRST100", status.canonical_reason().unwrap_or("the request can't be read"), None),
    }
}

fn within(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
