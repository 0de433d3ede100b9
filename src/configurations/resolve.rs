use axum::http::HeaderValue;
use layers::Weight;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::Asked;
use super::documents::Compiled;
use super::types::Environment;
use super::view::View;
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::validator;

/// A document, and what is wrong with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Resolution {
    /// The client.
    pub client_id: Uuid,
    /// What the client is called.
    pub client_name: String,
    /// The template that its app is built from, where there is one.
    pub template_id: Option<String>,
    /// The version of it.
    pub template_version: Option<String>,
    /// The environment.
    pub environment: Environment,
    /// The revision of the installation that this is as of.
    pub revision: i64,
    /// What the app reads. A secret is shown as its mask, and to a client's own login not at all.
    pub document: Value,
    /// Whether everything is there that the template requires.
    pub complete: bool,
    /// What is wrong with it; a layer says who supplied the value.
    pub problems: Vec<Fault>,
}

impl Resolution {
    /// Its validator: of all that is said but the revision, which every write moves, of whomever.
    pub fn etag(&self) -> HeaderValue {
        let mut said = serde_json::to_value(self).unwrap_or_default();
        said["revision"] = Value::Null;
        validator::of(said.to_string().as_bytes())
    }
}

/// Composes a document.
pub async fn resolve(tx: &Tx<'_>, compiled: &Compiled, asked: &Asked, view: View) -> Result<Resolution, Problem> {
    let found = asked.find(tx, compiled, view).await?;
    let version = found.inputs.version(&found.target)?;
    let sources = found.inputs.sources(&found.target)?;
    let resolved = layers::resolve(&sources, &layers::closed);
    let problems = found.inputs.problems(&found.target, &sources, &resolved)?;
    Ok(Resolution {
        client_id: found.client.id,
        client_name: found.client.name,
        template_id: version.map(|version| version.template_id.to_string()),
        template_version: version.map(|version| version.version.clone()),
        environment: found.target.environment,
        revision: found.inputs.revision(),
        document: view.value(resolved.document).unwrap_or_default(),
        complete: problems.iter().all(|problem| problem.weight() != Weight::Incomplete),
        problems: problems.iter().map(|problem| view.problem(problem)).collect(),
    })
}
