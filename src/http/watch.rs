use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse as _;

use super::{act, error, metrics};
use crate::app::Shared;
use crate::console::Screen;
use crate::db::caller::Act;

/// What every answer says to a browser, unless it says something else itself.
const SECURITY: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // What is answered is somebody's, and not another's who asks the same proxy.
    (CACHE_CONTROL, "no-store"),
];

/// Sees every request and every answer: gives the request its number, the answer its headers, and the log and the
/// metrics their line.
pub(super) async fn watch(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let begun = Instant::now();
    let act = act::of_request(request.headers(), peer, &app.settings.proxies);
    let seen = Seen {
        method: metrics::method(request.method()),
        path: request.uri().path().to_owned(),
        route: request.extensions().get::<MatchedPath>().cloned(),
    };
    let screen = screen(&app, &request);
    request.extensions_mut().insert(act.clone());
    let answer = if length(&request) > app.settings.limits.url_limit {
        StatusCode::URI_TOO_LONG.into_response()
    } else {
        next.run(request).await
    };
    // Whoever waited in vain for a database that doesn't answer isn't to ask for less.
    let is_late = [StatusCode::REQUEST_TIMEOUT, StatusCode::GATEWAY_TIMEOUT].contains(&answer.status());
    let answer =
        if is_late && app.snapshots.is_away() { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { answer };
    let mut answer = error::render(&seen.path, &act.request_id, screen.as_ref(), answer);
    conclude(&seen, &mut answer, &act, begun.elapsed());
    answer
}

/// Does the same for the answer to what couldn't be read as a request.
pub(super) fn refused(answer: &mut Response<Body>, method: &Method, path: &str, act: &Act) {
    let seen = Seen { method: metrics::method(method), path: path.to_owned(), route: None };
    conclude(&seen, answer, act, Duration::ZERO);
}

/// What is done with every answer.
fn conclude(seen: &Seen, answer: &mut Response<Body>, act: &Act, took: Duration) {
    secure(answer.headers_mut(), &act.request_id);
    let status = answer.status();
    metrics::answered(seen.method, seen.route(), status, took);
    // The path and nothing behind it: a query may hold what somebody searched for, or a token.
    tracing::info!(
        target: "tenantry::http",
        request_id = act.request_id,
        method = seen.method,
        path = seen.path,
        route = seen.route(),
        status = status.as_u16(),
        ms = took.as_secs_f64() * 1_000.0,
        address = act.address.map(tracing::field::display),
        "answered"
    );
}

/// What a page is shown on, where the answer is one.
fn screen(app: &Shared, request: &Request) -> Option<Screen> {
    let is_page = error::wants_page(request.uri().path(), request.headers());
    is_page.then(|| Screen::of(request.uri(), request.headers(), app.clock.now()))
}

struct Seen {
    method: &'static str,
    path: String,
    route: Option<MatchedPath>,
}

impl Seen {
    fn route(&self) -> &str {
        self.route.as_ref().map_or("none", MatchedPath::as_str)
    }
}

fn length(request: &Request) -> usize {
    request.uri().path_and_query().map_or(0, |both| both.as_str().len())
}

fn secure(headers: &mut HeaderMap, request_id: &str) {
    for (name, value) in SECURITY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(number) = HeaderValue::from_str(request_id) {
        headers.insert(act::REQUEST_ID, number);
    }
}
