//! `/auth/v1`: sign-in as `supabase.auth` expects it.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router, middleware};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::OpenApi;
use zeroize::Zeroizing;

use super::account::Changes;
use super::gate::Gate;
use super::problem::{self, Problem};
use super::refused;
use super::sessions::Scope;
use crate::db::caller::Act;

/// What is described here, for the OpenAPI document; schemas stand beside the table API's.
#[derive(OpenApi)]
#[openapi(paths(token, user, update_user, logout, settings, keys))]
struct Described;

/// The operations of this entrance, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// No body that is understood here is longer.
const LONGEST_BODY: usize = 64 * 1024;

/// Every route beneath `/auth/v1`.
pub fn routes<S>(gate: Gate) -> Router<S> {
    Router::new()
        .route("/token", post(token))
        .route("/user", get(user).put(update_user))
        .route("/logout", post(logout))
        .route("/settings", get(settings))
        .route("/.well-known/jwks.json", get(keys))
        .fallback(any(refused::answer))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(problem::shape))
        .with_state(gate)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    grant_type: String,
}

/// What a sign-in by password sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByPassword {
    email: Option<String>,
    phone: Option<String>,
    password: Zeroizing<String>,
    #[serde(default)]
    gotrue_meta_security: Security,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Security {
    captcha_token: Option<String>,
}

/// What a refresh sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByRefreshToken {
    refresh_token: Zeroizing<String>,
}

/// Sign in by password, or go on with a session
///
/// A refresh token is good for one use; used again within 10 seconds, it gives the same answer.
#[utoipa::path(
    post, path = "/auth/v1/token", operation_id = "sign_in", tag = "sign-in", security(("apikey" = []), ()),
    params(("grant_type" = String, Query, pattern = "^(password|refresh_token)$", example = "password")),
    request_body(content = ref("#/components/schemas/Grant")),
    responses((status = 200, description = "A session, with the tokens for it.", body = ref("#/components/schemas/Session"))),
)]
async fn token(
    State(gate): State<Gate>,
    Extension(act): Extension<Act>,
    headers: HeaderMap,
    grant: Result<Query<Grant>, axum::extract::rejection::QueryRejection>,
    body: Bytes,
) -> Result<Response, Problem> {
    gate.app(&headers, &act).await?;
    let Query(Grant { grant_type }) =
        grant.map_err(|_| Problem::bad_request("Name one grant_type, password or refresh_token, and nothing else"))?;
    let answer = match grant_type.as_str() {
        "password" => by_password(&gate, problem::parse(&body)?, &act).await?,
        "refresh_token" => {
            let ByRefreshToken { refresh_token } = problem::parse(&body)?;
            gate.refresh(&refresh_token, &act).await?
        }
        other => return Err(refused::grant(other)),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

async fn by_password(gate: &Gate, sent: ByPassword, act: &Act) -> Result<Value, Problem> {
    let ByPassword { email, phone, password, gotrue_meta_security: Security { captcha_token } } = sent;
    if phone.is_some() {
        return Err(Problem::not_here("phone_provider_disabled", "People sign in by e-mail address, not by phone"));
    }
    if captcha_token.is_some() {
        return Err(Problem::not_here("feature_disabled", "Tenantry asks no captcha: leave options.captchaToken out"));
    }
    let email = email.ok_or_else(|| Problem::bad_request("Send email and password"))?;
    gate.sign_in(&email, password, act).await
}

/// Who is signed in
#[utoipa::path(
    get, path = "/auth/v1/user", operation_id = "get_user", tag = "sign-in", security(("apikey" = [], "bearer" = []), ("bearer" = [])),
    responses((status = 200, description = "The person.", body = ref("#/components/schemas/User"))),
)]
async fn user(
    State(gate): State<Gate>,
    Extension(act): Extension<Act>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let person = gate.person(&method, &headers, &act).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(gate.user(&person, &act).await?)).into_response())
}

/// Change the own password, or what one says of oneself
///
/// `data` goes to `user_metadata`, never the role. A password needs the current one, or a session younger than ten minutes.
#[utoipa::path(
    put, path = "/auth/v1/user", operation_id = "update_user", tag = "sign-in", security(("apikey" = [], "bearer" = []), ("bearer" = [])),
    request_body(content = ref("#/components/schemas/UserChanges")),
    responses((status = 200, description = "The person as they are now.", body = ref("#/components/schemas/User"))),
)]
async fn update_user(
    State(gate): State<Gate>,
    Extension(act): Extension<Act>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let person = gate.person(&method, &headers, &act).await?;
    let changes: Changes = problem::parse(&body)?;
    Ok(Json(gate.update(&person, changes, &act).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignOut {
    scope: Option<Scope>,
}

/// End this session, the person's others, or all
#[utoipa::path(
    post, path = "/auth/v1/logout", operation_id = "sign_out", tag = "sign-in", security(("apikey" = [], "bearer" = []), ("bearer" = [])),
    params(("scope" = Option<String>, Query, pattern = "^(global|local|others)$", description = "`global` without it.", example = "local")),
    responses((status = 204, description = "Ended; it counts from the next request.")),
)]
async fn logout(
    State(gate): State<Gate>,
    Extension(act): Extension<Act>,
    method: Method,
    headers: HeaderMap,
    asked: Result<Query<SignOut>, axum::extract::rejection::QueryRejection>,
) -> Result<StatusCode, Problem> {
    let person = gate.person(&method, &headers, &act).await?;
    let Query(SignOut { scope }) = asked.map_err(|_| Problem::bad_request("scope is global, local or others"))?;
    gate.sign_out(&person, scope.unwrap_or(Scope::Global), &act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What there is to sign in with, as GoTrue says it
#[utoipa::path(
    get, path = "/auth/v1/settings", operation_id = "sign_in_settings", tag = "sign-in", security(()),
    responses((status = 200, description = "By e-mail and password; nobody signs up.", body = Object)),
)]
async fn settings() -> Json<Value> {
    Json(json!({
        "external": { "email": true, "phone": false, "anonymous_users": false },
        "disable_signup": true, "mailer_autoconfirm": false, "phone_autoconfirm": false,
        "sms_provider": "", "saml_enabled": false, "mfa_enabled": false, "passkeys_enabled": false,
    }))
}

/// The public halves of the live keys, by which access tokens can be checked
#[utoipa::path(
    get, path = "/auth/v1/.well-known/jwks.json", operation_id = "jwks", tag = "sign-in", security(()),
    responses((status = 200, description = "A JWK set.", body = ref("#/components/schemas/Jwks"))),
)]
// Not kept long by whoever asks: after a rotation the next token names a new one.
async fn keys(State(gate): State<Gate>) -> Response {
    ([(CACHE_CONTROL, "public, max-age=60")], Json(gate.published_keys())).into_response()
}
