use serde_json::Value;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::http::{health, metrics, readiness};
use crate::{auth, configurations, secrets, snapshots, templates};

/// What is described where it stands.
#[derive(OpenApi)]
#[openapi(
    paths(health::alive, readiness::ready, metrics::metrics, super::served::openapi),
    info(
        title = "Tenantry",
        description = "The back office for agencies: clients, their configuration, deployments and billing. \
                       `@supabase/supabase-js` speaks it; row level security decides what each caller gets.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "tables", description = "The table API, in the dialect of PostgREST."),
        (name = "configuration", description = "What apps read, where it comes from, and changes of it."),
        (name = "templates", description = "Templates of apps and their versions."),
        (name = "customizations", description = "What clients make of templates, and which of it is served."),
        (name = "deployments", description = "How clients' deployments are set up."),
        (name = "tokens", description = "What programs call with."),
        (name = "sign-in", description = "Sessions, in the shape that `supabase.auth` expects."),
        (name = "runtime", description = "What client apps read, with runtime tokens."),
        (name = "operation", description = "For whoever runs it."),
    ),
    modifiers(&Credentials),
)]
struct Described;

/// How callers say who they are.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let key = "A publishable key (`tnt_pub_…`) or a service token (`tnt_svc_…`).";
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("apikey", key)));
        let token = "The access token of a session, a personal token (`tnt_pat_…`), or the key again.";
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(token)).build();
        components.add_security_scheme("apikey", key);
        components.add_security_scheme("bearer", SecurityScheme::Http(token));
        let runtime = "A runtime token (`tnt_rt_…`), which says whose configuration it reads.";
        let runtime = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(runtime)).build();
        components.add_security_scheme("runtime", SecurityScheme::Http(runtime));
    }
}

/// The document without the tables.
pub(super) fn document() -> Value {
    let mut described = Described::openapi();
    described.merge(auth::api::described());
    described.merge(auth::tokens::api::described());
    described.merge(configurations::api::described());
    described.merge(configurations::changes::api::described());
    described.merge(snapshots::api::described());
    described.merge(templates::api::described());
    described.merge(secrets::api::described());
    serde_json::to_value(described).unwrap_or_default()
}
