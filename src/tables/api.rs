use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, FromRequest as _, Path, RawQuery, Request as HttpRequest, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::routing::any;
use dialect::headers::Headers;

use super::refusal::Refusal;
use super::request::{METHODS, Request};
use super::{Tables, failure};
use crate::auth::{Denial, Gate};
use crate::db::caller::Act;

/// What the handlers need.
#[derive(Clone)]
struct Entrance {
    gate: Gate,
    tables: Tables,
}

/// `/rest/v1`: every table and view that is exposed.
pub fn routes<S: Clone + Send + Sync + 'static>(gate: Gate, tables: Tables) -> Router<S> {
    Router::new()
        .route("/rest/v1/{table}", any(table))
        .route("/rest/v1/rpc/{function}", any(function))
        .with_state(Entrance { gate, tables })
}

async fn table(
    State(entrance): State<Entrance>,
    Extension(act): Extension<Act>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    request: HttpRequest,
) -> Response<Body> {
    if *request.method() == Method::OPTIONS {
        return allowed();
    }
    answer(&entrance, &act, &name, query.unwrap_or_default().as_bytes(), request).await.unwrap_or_else(Response::from)
}

async fn answer(
    entrance: &Entrance,
    act: &Act,
    name: &str,
    query: &[u8],
    request: HttpRequest,
) -> Result<Response<Body>, Response<Body>> {
    let caller = entrance.gate.caller(request.method(), request.headers(), act).await.map_err(denied)?;
    let (parts, body) = request.into_parts();
    let body = match whole(body).await {
        Ok(body) => body,
        Err(refusal) => return Err(entrance.tables.unless_nobody(&caller, act, refusal).await.into()),
    };
    let request = match Request::parse(&parts.method, name, query, &parts.headers, &body) {
        Ok(request) => request,
        Err(refusal) => return Err(entrance.tables.unless_nobody(&caller, act, refusal).await.into()),
    };
    let answer = entrance.tables.answer(&caller, act, &request).await.map_err(Response::from)?;
    Ok(answer.into())
}

async fn function(
    State(entrance): State<Entrance>,
    Extension(act): Extension<Act>,
    Path(name): Path<String>,
    request: HttpRequest,
) -> Response<Body> {
    let caller = match entrance.gate.caller(request.method(), request.headers(), &act).await {
        Ok(caller) => caller,
        Err(denial) => return denied(denial),
    };
    entrance.tables.unless_nobody(&caller, &act, no_function(&name, &request)).await.into()
}

fn no_function(name: &str, request: &HttpRequest) -> Refusal {
    // Another schema would be looked for before a function is.
    let pairs = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    if let Err(error) = Headers::parse(*request.method() == Method::POST, pairs) {
        return error.into();
    }
    let message = format!("Could not find the function public.{name} in the schema cache");
    Refusal::new(StatusCode::NOT_FOUND, "PGRST202", message)
        .hint("Tenantry has no public functions: read and write the tables, or call /api/v1")
}

fn allowed() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(METHODS));
    response
}

/// The whole body; a layer limits how much that may be.
async fn whole(body: Body) -> Result<Bytes, Refusal> {
    use axum::response::IntoResponse as _;

    Bytes::from_request(HttpRequest::new(body), &()).await.map_err(|rejection| {
        let status = rejection.into_response().status();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Refusal::new(status, "TN413", "the body is larger than this server takes")
                .hint("send it in several requests, or raise --body-limit")
        } else {
            Refusal::bad("PGRST102", "the body ended before it was whole")
        }
    })
}

fn denied(denial: Denial) -> Response<Body> {
    let refused = match denial {
        Denial::Refused(refused) => refused,
        Denial::Failed(error) => return failure::by_kind(error.kind()).into(),
    };
    let mut refusal = Refusal::new(refused.status, refused.code, refused.message);
    refusal.hint = refused.hint.map(ToOwned::to_owned);
    let mut response = Response::from(refusal);
    if let Some(challenge) = refused.challenge.and_then(|challenge| HeaderValue::from_str(&challenge).ok()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
