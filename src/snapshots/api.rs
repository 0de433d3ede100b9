//! `/config/v1`: what a client's app reads.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, RETRY_AFTER, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::get;
use utoipa::OpenApi;

use super::Snapshots;
use super::encoding::Encoding;
use super::shelf::Known;
use super::snapshot::{Document, Format, Snapshot, View};
use crate::problem::Problem;
use crate::validator;

/// How old an answer is, while the server can't know whether it still holds.
const STALE: HeaderName = HeaderName::from_static("tenantry-stale-seconds");

/// The revision that last changed the document.
const REVISION: HeaderName = HeaderName::from_static("tenantry-revision");

const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");

/// What is described here, for the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(read, stream))]
struct Described;

/// The operations of this entrance, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// `/config/v1` and its stream.
pub fn routes<S>(snapshots: Snapshots) -> Router<S> {
    Router::new().route("/config/v1", get(read)).route("/config/v1/stream", get(stream)).with_state(snapshots)
}

/// The configuration of the token's client, template and environment
///
/// The token says whose it is: there is nothing to choose. Ask again with `If-None-Match`, and 304 says that nothing has
/// changed. While the database is away it goes on being answered from memory; `Tenantry-Stale-Seconds` says how old it is.
#[utoipa::path(
    get, path = "/config/v1", operation_id = "read_configuration", tag = "runtime", security(("runtime" = [])),
    params(
        ("format" = Option<String>, Query, pattern = "^(json|env)$", example = "json",
         description = "`json`, or `env` for the keys with `x-env-name` as a file of variables."),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an earlier answer."),
    ),
    responses(
        (status = 200, description = "The document.", content(
            (Object = "application/json", example = json!({ "brand": { "name": "Alder" }, "features": { "booking": true } })),
            (String = "text/plain", example = "BRAND_NAME=Alder\n"),
        )),
        (status = 304, description = "It is the one that the client has."),
        (status = 400, description = "A parameter that isn't known here.", body = Object, content_type = "application/problem+json"),
        (status = 401, description = "No runtime token, or one that is unknown, expired or revoked.", body = Object, content_type = "application/problem+json"),
        (status = 403, description = "A token that doesn't read configuration.", body = Object, content_type = "application/problem+json"),
        (status = 422, description = "The client has several active customizations, and the token names no template.", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "It isn't in memory, and the database is away.", body = Object, content_type = "application/problem+json"),
    ),
)]
async fn read(State(snapshots): State<Snapshots>, request: Request) -> Response<Body> {
    answer(&snapshots, &request.into_parts().0).await.unwrap_or_else(Problem::into_response)
}

async fn answer(snapshots: &Snapshots, request: &Parts) -> Result<Response<Body>, Problem> {
    let known = snapshots.known(request).await?;
    let format = format(request.uri.query())?;
    let snapshot = snapshots.snapshot(&known).await?;
    let (document, view) = (snapshot.document()?, snapshot.view(known.sight)?);
    let age = snapshots.age(&known)?;
    snapshots.note_read(&known, request);
    let headers = &request.headers;
    if validator::is_held(headers, view.etag.bytes()) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        validators(response.headers_mut(), document, view, age);
        return Ok(response);
    }
    let (encoding, body) = body(&snapshot, &known, format, Encoding::wanted(headers)).await?;
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    validators(headers, document, view, age);
    headers.insert(CONTENT_TYPE, media_type(format));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, encoding.header());
    }
    Ok(response)
}

/// The bytes to send, and how they are compressed: large ones beside those who answer others meanwhile.
async fn body(
    snapshot: &Arc<Snapshot>,
    known: &Known,
    format: Format,
    wanted: Option<Encoding>,
) -> Result<(Option<Encoding>, Bytes), Problem> {
    let view = snapshot.view(known.sight)?;
    let Some(encoding) = wanted else { return Ok((None, view.body(format).plain())) };
    let packed = if view.body(format).takes_long(encoding) {
        let (snapshot, sight) = (snapshot.clone(), known.sight);
        let packing = tokio::task::spawn_blocking(move || snapshot.view(sight).ok()?.body(format).packed(encoding));
        packing.await.unwrap_or_default()
    } else {
        view.body(format).packed(encoding)
    };
    Ok(packed.map_or_else(|| (None, view.body(format).plain()), |packed| (Some(encoding), packed)))
}

fn validators(headers: &mut HeaderMap, document: &Document, view: &View, age: Option<Duration>) {
    // Those that every answer has besides find room as well.
    headers.reserve(20);
    headers.insert(ETAG, view.etag.header());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Authorization, Accept-Encoding"));
    headers.insert(REVISION, HeaderValue::from(document.revision));
    if let Some(age) = age {
        headers.insert(STALE, HeaderValue::from(age.as_secs()));
    }
}

fn media_type(format: Format) -> HeaderValue {
    HeaderValue::from_static(match format {
        Format::Json => "application/json",
        Format::Env => "text/plain; charset=utf-8",
    })
}

/// The format that a query asks for; anything else is refused, lest somebody think that it chooses a client.
fn format(query: Option<&str>) -> Result<Format, Problem> {
    match query {
        None | Some("" | "format=json") => Ok(Format::Json),
        Some("format=env") => Ok(Format::Env),
        Some(_) => Err(Problem::unreadable("the query is neither format=json nor format=env")
            .mend("leave everything else out: the token says whose configuration it is")),
    }
}

/// Told when the configuration changes
///
/// Server-sent events, each with the new revision and nothing else; the first one at once. Whoever hears it asks
/// `/config/v1` again.
#[utoipa::path(
    get, path = "/config/v1/stream", operation_id = "hear_of_configuration", tag = "runtime", security(("runtime" = [])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The revision that was heard of last.")),
    responses(
        (status = 200, description = "Events called `revision`.", body = String, content_type = "text/event-stream",
         example = "event: revision\nid: 42\ndata: 42\n\n"),
        (status = 401, description = "No runtime token, or one that is unknown, expired or revoked.", body = Object, content_type = "application/problem+json"),
        (status = 403, description = "A token that doesn't read configuration.", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "As many streams are open as there may be, or the database is away.", body = Object, content_type = "application/problem+json"),
    ),
)]
async fn stream(State(snapshots): State<Snapshots>, request: Request) -> Response<Body> {
    open(&snapshots, &request.into_parts().0).await.unwrap_or_else(Problem::into_response)
}

async fn open(snapshots: &Snapshots, request: &Parts) -> Result<Response<Body>, Problem> {
    let known = snapshots.known(request).await?;
    if request.uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Problem::unreadable("the stream has no parameters"));
    }
    let held = request.headers.get(LAST_EVENT).and_then(|value| value.to_str().ok()?.parse().ok());
    let Some(stream) = snapshots.stream(known, held) else {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "as many streams are open as this server allows");
        let mut response = problem.mend("ask /config/v1 now and then, or raise --max-streams").into_response();
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
        return Ok(response);
    };
    let mut response = stream.into_response();
    // A proxy that gathers answers would keep events from whoever waits for them.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_a_format_and_nothing_else() {
        assert_eq!(format(None).ok(), Some(Format::Json));
        assert_eq!(format(Some("format=env")).ok(), Some(Format::Env));
        for odd in ["format=yaml", "client=1", "format=env&client_id=2", "format=env&format=json", "FORMAT=env"] {
            assert_eq!(format(Some(odd)).map_err(|problem| problem.status), Err(StatusCode::BAD_REQUEST), "{odd}");
        }
    }
}
