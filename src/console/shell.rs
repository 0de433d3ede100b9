use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use axum::routing::post;

use super::done::toast_cookie;
use super::page::Shown;
use super::screen::{Screen, Theme, is_ours};
use super::sent::Sent;
use super::visitor::Visitor;
use super::{Console, failure};
use crate::db::caller::Act;
use crate::problem::Problem;

/// What a page may do: show and ask what is this server's, and send forms there.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// A page's own forms say where they come from; other sites learn nothing.
const REFERRERS: HeaderValue = HeaderValue::from_static("same-origin");

/// Sees every request of the console and its answer: tells handlers of the screen, makes pages of what was refused, and
/// gives pages their headers.
pub(super) async fn around(State(console): State<Console>, request: Request, next: Next) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let screen = Screen::of(&parts.uri, &parts.headers, console.clock().now());
    let request_id = parts.extensions.get::<Act>().map(|act| act.request_id.clone()).unwrap_or_default();
    parts.extensions.insert(screen.clone());
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    if let Some(problem) = problem(&mut answer) {
        answer = in_words(&problem, &screen, &request_id, &answer);
    }
    dress(&mut answer, &screen);
    answer
}

/// A page that says what was refused, for an answer from outside of the console's own layers.
pub fn refused(mut answer: Response<Body>, screen: &Screen, request_id: &str) -> Response<Body> {
    if let Some(problem) = problem(&mut answer) {
        answer = in_words(&problem, screen, request_id, &answer);
        dress(&mut answer, screen);
    }
    answer
}

/// What an answer refuses; none where it has said so itself.
fn problem(answer: &mut Response<Body>) -> Option<Problem> {
    if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = answer.status();
    let is_said = answer.extensions().get::<Shown>().is_some();
    ((status.is_client_error() || status.is_server_error()) && !is_said).then(|| failure::of_status(status))
}

fn in_words(problem: &Problem, screen: &Screen, request_id: &str, refused: &Response<Body>) -> Response<Body> {
    let visitor = refused.extensions().get::<Visitor>();
    if problem.status == StatusCode::UNAUTHORIZED {
        return to_sign_in(screen);
    }
    let mut answer = failure::page(problem, visitor, screen, request_id, refused.extensions().get()).into_response();
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = refused.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// A session that ended while the request was on its way.
fn to_sign_in(screen: &Screen) -> Response<Body> {
    let next: String = form_urlencoded::byte_serialize(screen.path.as_bytes()).collect();
    let mut answer = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::from_str(&format!("/sign-in?next={next}"));
    answer.headers_mut().insert(LOCATION, to.unwrap_or(HeaderValue::from_static("/sign-in")));
    answer
}

fn dress(answer: &mut Response<Body>, screen: &Screen) {
    let is_page = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = answer.headers_mut();
    headers.insert(REFERRER_POLICY, REFERRERS);
    if !is_page {
        return;
    }
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    if screen.toast.is_some()
        && let Ok(cookie) = HeaderValue::from_str(&toast_cookie("", 0))
    {
        headers.append(SET_COOKIE, cookie);
    }
}

/// The switch between light and dark.
pub(super) fn themes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/theme", post(choose_theme))
}

async fn choose_theme(sent: Sent) -> Result<Response<Body>, Problem> {
    sent.only(&["theme", "next"])?;
    let theme = sent.get("theme").and_then(Theme::parse);
    let theme = theme.ok_or_else(|| Problem::invalid("the theme is auto, light or dark"))?;
    let next = sent.get("next").filter(|next| is_ours(next)).unwrap_or("/");
    let mut answer = super::Done::to(next).into_response();
    let year = 365 * 24 * 60 * 60;
    let line = format!("{}={}; Path=/; Max-Age={year}; Secure; HttpOnly; SameSite=Lax", Theme::COOKIE, theme.name());
    if let Ok(cookie) = HeaderValue::from_str(&line) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(answer)
}
