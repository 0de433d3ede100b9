//! What wasn't done, as a page.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::components::{Icon, icon};
use super::page::Page;
use super::screen::Screen;
use super::sending::Refused;
use super::visitor::Visitor;
use crate::problem::Problem;

/// A status that a layer answered without words.
pub(super) fn of_status(status: StatusCode) -> Problem {
    let (detail, mend) = match status {
        StatusCode::NOT_FOUND => {
            ("There is nothing under this address.", Some("It may have been mistyped, or what was there is gone."))
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("This address can't be called that way.", Some("Go there by a link of the console."))
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("What was sent is larger than this server takes.", Some("Send it in several parts."))
        }
        StatusCode::REQUEST_TIMEOUT => ("It took too long.", Some("Ask for less at once.")),
        StatusCode::SERVICE_UNAVAILABLE => ("The server can't do this at the moment.", Some("Try again in a moment.")),
        status if status.is_server_error() => {
            ("Something went wrong in the server.", Some("Its log has the cause under the number of this request."))
        }
        _ => ("The request can't be understood.", None),
    };
    let problem = Problem::new(status, detail);
    match mend {
        Some(mend) => problem.mend(mend),
        None => problem,
    }
}

/// The page that says why something wasn't done, and how to go on.
pub(super) fn page(
    problem: &Problem,
    visitor: Option<&Visitor>,
    screen: &Screen,
    request_id: &str,
    refused: Option<&Refused>,
) -> Page {
    let title = title(problem.status);
    let page = match visitor {
        Some(visitor) => Page::new(visitor, title),
        None => Page::bare(screen, title),
    };
    page.status(problem.status).body(body(problem, request_id, refused))
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::FORBIDDEN => "Not for your role",
        StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => "Somebody else was faster",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => "Not at the moment",
        status if status.is_server_error() => "Something went wrong",
        _ => "This can't be done",
    }
}

fn body(problem: &Problem, request_id: &str, refused: Option<&Refused>) -> Markup {
    html! {
        div.failure {
            p.failure-detail { (icon(Icon::AlertCircle)) span { (sentence(&problem.detail)) } }
            @if !problem.errors.is_empty() {
                ul {
                    @for fault in &problem.errors {
                        li {
                            @if !fault.pointer.is_empty() { code { (fault.pointer) } " " }
                            (fault.detail)
                            @if let Some(mend) = &fault.mend { span.text-secondary { " " (sentence(mend)) } }
                        }
                    }
                }
            }
            @if let Some(mend) = &problem.mend { p { (sentence(mend)) } }
            @if let Some(Refused { form, .. }) = refused { (form.kept()) }
            p.failure-ways {
                @if let Some(Refused { from, .. }) = refused.filter(|refused| refused.from != "/") {
                    a.btn.btn-primary href=(from) { "Back to where it was sent from" }
                    " " a.btn href="/" { "Go to the start" }
                } @else {
                    a.btn.btn-primary href="/" { "Go to the start" }
                }
            }
            @if problem.status.is_server_error() && !request_id.is_empty() {
                p.text-secondary { "Request " code { (request_id) } }
            }
        }
    }
}

/// With a capital letter at its start and a full stop at its end, as pages have sentences.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?', ':']) || text.is_empty() { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
