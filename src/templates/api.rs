//! What is done with templates, customizations and deployment configurations under `/api/v1`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::types::{Activated, AppliedConfiguration, Brought, Choice, Judged, NewVersion, Published, Stage, Upgrade};
use super::{customizations, deployments, versions};
use crate::auth::{Entrance, Signed};
use crate::configurations::changes::Tools;
use crate::db::tx::Tx;
use crate::problem::{JsonBody, Nothing, Params, Problem};

/// What is described here, for the OpenAPI document.
#[derive(OpenApi)]
#[openapi(paths(publish, release, deprecate, archive, activate, upgrade, validate, apply), components(schemas(Choice)))]
struct Described;

/// The operations of this entrance, as OpenAPI has them.
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// What a client's own login never does.
async fn begin(entrance: &Entrance<Tools>, signed: &Signed) -> Result<Tx<'static>, Problem> {
    if signed.is_client() {
        return Err(Problem::forbidden("this isn't for a client's own login").mend("ask your agency to do it"));
    }
    entrance.begin(signed).await
}

/// Every route of this slice.
pub fn routes<S>(entrance: Entrance<Tools>) -> Router<S> {
    Router::new()
        .route("/api/v1/templates/{template_id}/versions", post(publish))
        .route("/api/v1/templates/{template_id}/versions/{version}/publish", post(release))
        .route("/api/v1/templates/{template_id}/versions/{version}/deprecate", post(deprecate))
        .route("/api/v1/templates/{template_id}/versions/{version}/archive", post(archive))
        .route("/api/v1/customizations/{id}/activate", post(activate))
        .route("/api/v1/customizations/{id}/upgrade", post(upgrade))
        .route("/api/v1/deployment-configurations/{id}/validate", post(validate))
        .route("/api/v1/deployment-configurations/{id}/apply", post(apply))
        .with_state(entrance)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfTemplate {
    /// The template.
    #[param(example = "storefront")]
    template_id: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfVersion {
    /// The template.
    #[param(example = "storefront")]
    template_id: String,
    /// Its version.
    #[param(example = "1.2.0")]
    version: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfRow {
    /// The row.
    id: Uuid,
}

/// What an act is for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    /// What it is for.
    #[schema(example = "Reviewed with the client on Monday")]
    reason: Option<String>,
}

/// Publish a version of a template
///
/// It starts from the newest version, or the one that `based_on` names; what is sent takes the place of what that has.
/// Whoever pins no version follows it at once, and it is refused where it would break a document of theirs.
#[utoipa::path(
    post, path = "/api/v1/templates/{template_id}/versions", operation_id = "publish_version", tag = "templates",
    params(OfTemplate),
    request_body(content = NewVersion, example = json!({
        "template_version": "2.0.0", "default_configuration": { "checkout": { "guests": true } },
        "reason": "Guests may check out"
    })),
    responses(
        (status = 201, description = "The version.", body = Published),
        (status = 422, description = "What is wrong with it, or which documents it would break."),
    ),
)]
async fn publish(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(OfTemplate { template_id }, Nothing {}): Params<OfTemplate>,
    JsonBody(new): JsonBody<NewVersion>,
) -> Result<(StatusCode, Json<Published>), Problem> {
    let tx = begin(&entrance, &signed).await?;
    let published = Box::pin(versions::publish(&tx, &entrance.tools, &template_id, new)).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(published)))
}

async fn advance(
    entrance: &Entrance<Tools>,
    signed: &Signed,
    of: OfVersion,
    to: Stage,
    said: Said,
) -> Result<Json<Published>, Problem> {
    let OfVersion { template_id, version } = of;
    let tx = begin(entrance, signed).await?;
    let act = versions::advance(&tx, &entrance.tools, &template_id, &version, to, said.reason.as_deref());
    let published = Box::pin(act).await?;
    tx.commit().await?;
    Ok(Json(published))
}

/// Put a draft of a version into use
///
/// From then on its schema and defaults never change.
#[utoipa::path(
    post, path = "/api/v1/templates/{template_id}/versions/{version}/publish", operation_id = "publish_draft",
    tag = "templates", params(OfVersion), request_body = Said,
    responses((status = 200, description = "The version, active.", body = Published)),
)]
async fn release(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(of, Nothing {}): Params<OfVersion>,
    JsonBody(said): JsonBody<Said>,
) -> Result<Json<Published>, Problem> {
    advance(&entrance, &signed, of, Stage::Active, said).await
}

/// Say of a version that there is a better one
///
/// Whoever pins it stays; whoever pins none follows the newest that is still active.
#[utoipa::path(
    post, path = "/api/v1/templates/{template_id}/versions/{version}/deprecate", operation_id = "deprecate_version",
    tag = "templates", params(OfVersion), request_body = Said,
    responses((status = 200, description = "The version, deprecated.", body = Published)),
)]
async fn deprecate(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(of, Nothing {}): Params<OfVersion>,
    JsonBody(said): JsonBody<Said>,
) -> Result<Json<Published>, Problem> {
    advance(&entrance, &signed, of, Stage::Deprecated, said).await
}

/// Have a version serve those who pin it, and nobody anew
#[utoipa::path(
    post, path = "/api/v1/templates/{template_id}/versions/{version}/archive", operation_id = "archive_version",
    tag = "templates", params(OfVersion), request_body = Said,
    responses((status = 200, description = "The version, archived.", body = Published)),
)]
async fn archive(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(of, Nothing {}): Params<OfVersion>,
    JsonBody(said): JsonBody<Said>,
) -> Result<Json<Published>, Problem> {
    advance(&entrance, &signed, of, Stage::Archived, said).await
}

/// Have a customization served, in place of the one that is served now
///
/// It has to be approved, and whole: refused where a document of an environment in which the client has deployments would
/// lack something.
#[utoipa::path(
    post, path = "/api/v1/customizations/{id}/activate", operation_id = "activate_customization",
    tag = "customizations", params(OfRow), request_body = Said,
    responses(
        (status = 200, description = "It is served.", body = Activated),
        (status = 422, description = "It isn't approved, or what its documents lack."),
    ),
)]
async fn activate(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(OfRow { id }, Nothing {}): Params<OfRow>,
    JsonBody(Said { reason }): JsonBody<Said>,
) -> Result<Json<Activated>, Problem> {
    let tx = begin(&entrance, &signed).await?;
    let activated = Box::pin(customizations::activate(&tx, &entrance.tools, id, reason.as_deref())).await?;
    tx.commit().await?;
    Ok(Json(activated))
}

/// Bring a customization to another version of its template
///
/// A merge of three: the old version's defaults, the new one's, and the client's values. What both changed is a conflict,
/// about which `choices` say `"client"`, `"template"` or `{"value": …}`. A draft is changed itself; of any other a new draft
/// is made, because what was reviewed doesn't change. With `dry_run` nothing is written.
#[utoipa::path(
    post, path = "/api/v1/customizations/{id}/upgrade", operation_id = "upgrade_customization", tag = "customizations",
    params(OfRow),
    request_body(content = Upgrade, example = json!({
        "to": "2.0.0", "dry_run": true, "choices": { "branding.colour": "client" }
    })),
    responses(
        (status = 200, description = "What became of each value.", body = Brought),
        (status = 422, description = "The values about which somebody has to choose."),
    ),
)]
async fn upgrade(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(OfRow { id }, Nothing {}): Params<OfRow>,
    JsonBody(asked): JsonBody<Upgrade>,
) -> Result<Json<Brought>, Problem> {
    let tx = begin(&entrance, &signed).await?;
    let brought = Box::pin(customizations::bring(&tx, &entrance.tools, id, &asked)).await?;
    tx.commit().await?;
    Ok(Json(brought))
}

/// Look whether a deployment configuration may be applied, and note what was found
#[utoipa::path(
    post, path = "/api/v1/deployment-configurations/{id}/validate", operation_id = "validate_deployment_configuration",
    tag = "deployments", params(OfRow), request_body = Said,
    responses((status = 200, description = "What stands in the way, if anything.", body = Judged)),
)]
async fn validate(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(OfRow { id }, Nothing {}): Params<OfRow>,
    JsonBody(Said { reason }): JsonBody<Said>,
) -> Result<Json<Judged>, Problem> {
    let tx = begin(&entrance, &signed).await?;
    let judged = Box::pin(deployments::validate(&tx, &entrance.tools, id, reason.as_deref())).await?;
    tx.commit().await?;
    Ok(Json(judged))
}

/// Put a validated deployment configuration into force
///
/// Its content is frozen, so that an edit changes nothing that runs until it is applied again; what was in force in its
/// place is not any more.
#[utoipa::path(
    post, path = "/api/v1/deployment-configurations/{id}/apply", operation_id = "apply_deployment_configuration",
    tag = "deployments", params(OfRow), request_body = Said,
    responses(
        (status = 200, description = "It is in force.", body = AppliedConfiguration),
        (status = 422, description = "It isn't validated, or what its document lacks."),
    ),
)]
async fn apply(
    State(entrance): State<Entrance<Tools>>,
    signed: Signed,
    Params(OfRow { id }, Nothing {}): Params<OfRow>,
    JsonBody(Said { reason }): JsonBody<Said>,
) -> Result<Json<AppliedConfiguration>, Problem> {
    let tx = begin(&entrance, &signed).await?;
    let applied = Box::pin(deployments::apply(&tx, &entrance.tools, id, reason.as_deref())).await?;
    tx.commit().await?;
    Ok(Json(applied))
}
