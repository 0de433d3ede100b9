use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use arc_swap::ArcSwap;
use layers::Schema;
use quick_cache::sync::Cache;
use serde_json::Value;
use uuid::Uuid;

use super::template::TemplateVersion;

/// How many versions of templates are kept; more only cost the work again.
const MOST_VERSIONS: usize = 1_000;

/// How many schemas of rows are kept, likewise: most rows that have one have the same as others.
const MOST_SCHEMAS: usize = 4_000;

/// What was compiled once for this process: versions of templates, and schemas of rows. Cheap to clone.
#[derive(Clone)]
pub struct Compiled {
    inner: Arc<Inner>,
}

struct Inner {
    versions: ArcSwap<Versions>,
    schemas: Cache<String, Option<Arc<Schema>>>,
}

/// Versions by the stamps of their rows, which are others for every writing.
pub(super) type Versions = HashMap<String, Arc<TemplateVersion>>;

impl Default for Compiled {
    fn default() -> Self {
        let inner = Inner { versions: ArcSwap::default(), schemas: Cache::new(MOST_SCHEMAS) };
        Self { inner: Arc::new(inner) }
    }
}

impl Compiled {
    /// The versions whose content needn't be read again.
    pub(super) fn versions(&self) -> Arc<Versions> {
        self.inner.versions.load_full()
    }

    /// Keeps versions that were compiled just now, in place of what their rows said before.
    pub(super) fn keep(&self, found: &[(String, Arc<TemplateVersion>)]) {
        if found.is_empty() {
            return;
        }
        self.inner.versions.rcu(|kept| {
            let is_replaced = |id: Uuid| found.iter().any(|(_, version)| version.id == id);
            let room = MOST_VERSIONS.saturating_sub(found.len());
            let still = kept.iter().filter(|(_, version)| !is_replaced(version.id)).take(room);
            let new = found.iter().map(|(stamp, version)| (stamp.clone(), version.clone()));
            still.map(|(stamp, version)| (stamp.clone(), version.clone())).chain(new).collect::<Versions>()
        });
    }

    /// A row's own schema, or everything that is wrong with it.
    pub fn row_schema(&self, schema: &Value) -> Result<Arc<Schema>, Vec<layers::Problem>> {
        match self.schema(schema) {
            Some(schema) => Ok(schema),
            None => Schema::compile(schema).map(Arc::new),
        }
    }

    /// A row's own schema; none where it can't be used.
    pub(super) fn schema(&self, schema: &Value) -> Option<Arc<Schema>> {
        let compiled = || Ok::<_, Infallible>(Schema::compile(schema).ok().map(Arc::new));
        let Ok(schema) = self.inner.schemas.get_or_insert_with(schema.to_string().as_str(), compiled);
        schema
    }
}
