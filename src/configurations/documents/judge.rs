use std::sync::Arc;

use layers::{Resolved, Sources};
use serde_json::Value;

use super::inputs::Inputs;
use super::target::Target;
use crate::problem::Problem;

/// A document and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The document; a secret is shown as its mask.
    pub document: Value,
    /// What is wrong: references, and where documents of the template are judged, its schema.
    pub problems: Vec<layers::Problem>,
}

impl Inputs {
    /// Composes a document and judges it, secrets unopened.
    pub fn judge(&self, target: &Target) -> Result<Judged, Problem> {
        let sources = self.sources(target)?;
        let resolved = layers::resolve(&sources, &layers::closed);
        let problems = self.problems(target, &sources, &resolved)?;
        Ok(Judged { document: resolved.document, problems })
    }

    /// Everything that is wrong with a document that was resolved.
    pub fn problems(
        &self,
        target: &Target,
        sources: &Arc<Sources>,
        resolved: &Resolved,
    ) -> Result<Vec<layers::Problem>, Problem> {
        let is_judged = self.version(target)?.is_some_and(|version| version.is_judged);
        let by_schema = if is_judged { layers::validate(sources, resolved) } else { Vec::new() };
        Ok(resolved.problems.iter().cloned().chain(by_schema).collect())
    }
}
