//! `/api/v1/tokens`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::{Filter, Listed, Runtime, Scope, UseFor, Wanted};
use crate::auth::token::Kind;
use crate::auth::{Entrance, Signed};
use crate::clock::Clock;
use crate::problem::{Fault, JsonBody, Nothing, Params, Problem, page_size};

/// How many tokens a page shows at most.
const LONGEST_PAGE: i64 = 1_000;

const ENVIRONMENTS: [&str; 3] = ["development", "staging", "production"];

/// What is described here, for the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(create_token, list_tokens, revoke_token), components(schemas(Listed)))]
struct Described;

/// The operations of this entrance, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// Every route of tokens. Their answers aren't compressed: one of them holds a token, beside what the caller chose.
pub fn routes<S>(entrance: Entrance<Clock>) -> Router<S> {
    Router::new()
        .route("/api/v1/tokens", post(create_token).get(list_tokens))
        .route("/api/v1/tokens/{id}", delete(revoke_token))
        .with_state(entrance)
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken)]
struct Asked {
    /// runtime for a client's app, service for a machine, publishable for an app's pages.
    kind: Kind,
    /// What it is for.
    #[schema(example = "Acme's shop in production", max_length = 255)]
    name: String,
    /// What it may; `config:read` (runtime) or `read` (service) where it is left out.
    scopes: Option<Vec<Scope>>,
    /// The client whose configuration it reads (runtime).
    client_id: Option<Uuid>,
    /// The environment whose configuration it reads (runtime).
    #[schema(example = "production")]
    environment: Option<String>,
    /// The template whose configuration it reads (runtime); without it, that of the client's active customization.
    template_id: Option<String>,
    /// When it stops by itself; never, where it is left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A token, this once.
#[derive(Serialize, ToSchema)]
#[schema(as = MadeToken)]
struct Made {
    /// The token itself. It is kept as a hash, so nobody can show it again.
    token: String,
    #[serde(flatten)]
    listed: Listed,
}

/// A page of tokens, newest first.
#[derive(Serialize, ToSchema)]
struct Tokens {
    /// The tokens.
    tokens: Vec<Listed>,
    /// `after` this, the next page begins; none where there is none.
    next: Option<Uuid>,
}

/// Make a token; it is shown this once
///
/// Runtime tokens: managers of the client and above. Service tokens and publishable keys: super admins. A token of a
/// machine makes none. Personal tokens are made at the command line.
#[utoipa::path(
    post, path = "/api/v1/tokens", operation_id = "create_token", tag = "tokens",
    request_body(content = Asked, example = json!({
        "kind": "runtime", "name": "Acme's shop in production", "client_id": "c0000000-0000-4000-8000-00000000000a",
        "environment": "production", "scopes": ["config:read", "secret:read"], "expires_at": "2027-11-23T00:00:00Z"
    })),
    responses(
        (status = 201, description = "The token; `Cache-Control: no-store`.", body = Made),
        (status = 403, description = "Such a token isn't for you to make."),
        (status = 422, description = "Every fault of it; nothing was made."),
    ),
)]
async fn create_token(
    State(entrance): State<Entrance<Clock>>,
    signed: Signed,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<Response, Problem> {
    let kind = asked.kind;
    let wanted = asked.wanted(entrance.tools.now())?;
    let tx = entrance.begin(&signed).await?;
    let (token, listed) = super::create(&tx, &wanted).await.map_err(|problem| not_yours(problem, kind))?;
    tx.commit().await?;
    let made = Made { token: token.reveal().to_owned(), listed };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// What policies refuse, said so that it can be mended.
fn not_yours(problem: Problem, kind: Kind) -> Problem {
    if problem.status != StatusCode::FORBIDDEN {
        return problem;
    }
    let mend = match kind {
        Kind::Runtime => "ask a manager of the client, or an admin: a machine makes no tokens",
        _ => "ask a super admin: nobody else makes such tokens, and a machine makes none",
    };
    Problem::forbidden(format!("a {kind} token isn't for you to make")).mend(mend)
}

/// What policies refuse whoever sees no token.
fn not_shown(problem: Problem) -> Problem {
    if problem.status != StatusCode::FORBIDDEN {
        return problem;
    }
    Problem::forbidden("tokens aren't for you to see").mend("ask a manager of the client, or an admin")
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Those of this kind.
    #[param(example = "runtime")]
    kind: Option<Kind>,
    /// Those that read this client's configuration.
    client_id: Option<Uuid>,
    /// Where the page before ended: its `next`.
    after: Option<Uuid>,
    /// How many at most.
    #[param(minimum = 1, maximum = 1000, example = 20)]
    limit: Option<i64>,
}

/// List tokens, newest first: what they are for, what they may, when they were last used
///
/// Super admins see all, admins runtime tokens, managers those of their clients.
#[utoipa::path(
    get, path = "/api/v1/tokens", operation_id = "list_tokens", tag = "tokens", params(Which),
    responses((status = 200, description = "A page.", body = Tokens)),
)]
async fn list_tokens(
    State(entrance): State<Entrance<Clock>>,
    signed: Signed,
    Params(_, which): Params<NoPath, Which>,
) -> Result<Json<Tokens>, Problem> {
    let Which { kind, client_id, after, limit } = which;
    let limit = page_size(limit, LONGEST_PAGE)?;
    let tx = entrance.begin(&signed).await?;
    let filter = Filter { kind, client_id, after, limit: Some(limit) };
    let tokens = super::list(&tx, &filter).await.map_err(|error| not_shown(error.into()))?;
    let is_full = i64::try_from(tokens.len()).is_ok_and(|count| count == limit);
    let next = tokens.last().filter(|_| is_full).map(|token| token.id);
    Ok(Json(Tokens { tokens, next }))
}

#[derive(Deserialize)]
struct NoPath {}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfToken {
    /// The token's id.
    id: Uuid,
}

/// Revoke a token: it is refused from now on, and stays listed
#[utoipa::path(
    delete, path = "/api/v1/tokens/{id}", operation_id = "revoke_token", tag = "tokens", params(OfToken),
    responses(
        (status = 200, description = "Revoked, or it was before.", body = Listed),
        (status = 404, description = "There is none that you see."),
    ),
)]
async fn revoke_token(
    State(entrance): State<Entrance<Clock>>,
    signed: Signed,
    Params(OfToken { id }, Nothing {}): Params<OfToken>,
) -> Result<Json<Listed>, Problem> {
    let tx = entrance.begin(&signed).await?;
    let revoked = super::revoke(&tx, id).await.map_err(|error| not_shown(error.into()))?;
    let revoked = revoked.ok_or_else(|| {
        Problem::absent(format!("there is no token {id}")).mend("GET /api/v1/tokens lists those that you see")
    })?;
    tx.commit().await?;
    Ok(Json(revoked))
}

impl Asked {
    /// The token that is meant, or every fault of the request.
    fn wanted(self, now: Timestamp) -> Result<Wanted, Problem> {
        let mut faults = self.odd_members();
        faults.extend(super::check_name(&self.name));
        faults.extend(self.wrong_scopes());
        if self.expires_at.is_some_and(|moment| moment <= now) {
            faults.push(Fault::at("/expires_at", "future", "this is over").mend("name a moment to come, or none"));
        }
        let use_for = self.use_for(&mut faults);
        match use_for {
            Some(use_for) if faults.is_empty() => Ok(Wanted { name: self.name, use_for, expires_at: self.expires_at }),
            _ => Err(Problem::faults("the token can't be made", faults)),
        }
    }

    /// Members that this kind of token doesn't have, which would be ignored.
    fn odd_members(&self) -> Vec<Fault> {
        let members = [
            ("scopes", self.scopes.is_some(), [Kind::Service, Kind::Runtime].as_slice()),
            ("client_id", self.client_id.is_some(), &[Kind::Runtime]),
            ("environment", self.environment.is_some(), &[Kind::Runtime]),
            ("template_id", self.template_id.is_some(), &[Kind::Runtime]),
        ];
        let odd = members.into_iter().filter(|(_, is_there, kinds)| *is_there && !kinds.contains(&self.kind));
        let kind = self.kind;
        odd.map(|(name, ..)| {
            Fault::at(format!("/{name}"), "member", format!("a {kind} token has no {name}")).mend("leave it out")
        })
        .collect()
    }

    fn wrong_scopes(&self) -> Vec<Fault> {
        let scopes = self.scopes.as_deref().unwrap_or_default();
        let kind = self.kind;
        let mut faults: Vec<Fault> = (0..)
            .zip(scopes)
            .filter(|(_, scope)| [Kind::Service, Kind::Runtime].contains(&kind) && !scope.is_of(kind))
            .map(|(place, scope): (usize, _)| {
                let detail = format!("a {kind} token has no scope {}", scope.as_str());
                Fault::at(format!("/scopes/{place}"), "scope", detail)
                    .mend("read and write are for service tokens, config:read and secret:read for runtime ones")
            })
            .collect();
        if self.scopes.as_ref().is_some_and(Vec::is_empty) {
            let fault = Fault::at("/scopes", "scope", "a token without a scope may nothing");
            faults.push(fault.mend("name what it may, or leave scopes out"));
        }
        if scopes == [Scope::SecretRead] {
            let fault = Fault::at("/scopes", "scope", "a token with secret:read alone reads nothing");
            faults.push(fault.mend("secrets stand in the configuration: add config:read"));
        }
        faults
    }

    fn use_for(&self, faults: &mut Vec<Fault>) -> Option<UseFor> {
        match self.kind {
            Kind::Publishable => Some(UseFor::App),
            Kind::Service => Some(UseFor::Service(self.scopes.clone().unwrap_or_else(|| vec![Scope::Read]))),
            Kind::Personal => {
                let fault = Fault::at("/kind", "kind", "personal tokens aren't made here");
                faults.push(fault.mend("`tenantry token create personal --user EMAIL`, at the command line"));
                None
            }
            Kind::Runtime => self.runtime(faults).map(UseFor::Runtime),
        }
    }

    fn runtime(&self, faults: &mut Vec<Fault>) -> Option<Runtime> {
        if self.client_id.is_none() {
            let fault = Fault::at("/client_id", "required", "a runtime token reads the configuration of one client");
            faults.push(fault.mend("name the client by its id"));
        }
        let named = self.environment.as_deref();
        if named.is_none_or(|name| !ENVIRONMENTS.contains(&name)) {
            let rule = if named.is_some() { "environment" } else { "required" };
            let fault = Fault::at("/environment", rule, "a runtime token reads the configuration of one environment");
            faults.push(fault.mend("name development, staging or production"));
        }
        Some(Runtime {
            client_id: self.client_id?,
            environment: self.environment.clone()?,
            template_id: self.template_id.clone(),
            secrets: self.scopes.as_deref().unwrap_or_default().contains(&Scope::SecretRead),
        })
    }
}
