use std::sync::Arc;

use layers::Sources;
use serde_json::Value;

use super::asked::Asked;
use super::documents::Compiled;
use super::view::View;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// A document that can be given away.
pub struct Export {
    /// The document without its secrets.
    pub document: Value,
    /// Its layers, which say what variables its keys become.
    pub sources: Arc<Sources>,
    /// The places that are left out, as JSON pointers.
    pub left_out: Vec<String>,
}

/// Composes a document without its secrets.
pub async fn export(tx: &Tx<'_>, compiled: &Compiled, asked: &Asked) -> Result<Export, Problem> {
    let found = asked.find(tx, compiled, View::Staff).await?;
    let sources = found.inputs.sources(&found.target)?;
    let resolved = layers::resolve(&sources, &layers::closed);
    Ok(Export {
        document: View::Client.value(resolved.document).unwrap_or_default(),
        sources,
        left_out: resolved.secrets.iter().map(|secret| secret.path.pointer()).collect(),
    })
}
