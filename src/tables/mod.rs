//! The table API: `/rest/v1/{table}`, the PostgREST dialect that `@supabase/supabase-js` speaks.
//!
//! A request goes through pure steps but one. [`request`] parses what the wire says; [`plan`] compares it with the
//! [`catalog`] and the columns that the caller's role may use; [`sql`] is written from the plan, names from the catalog
//! only, values as parameters only; it runs as the caller's role, so that policies decide about rows; the response is made
//! of what PostgreSQL built. What is accepted is honoured; anything else is refused with a clear error.

use std::sync::Arc;

use crate::configurations::changes::Tools;
use crate::db::database::Database;
use crate::secrets::Keys;
use crate::settings;

/// What is exposed, read from PostgreSQL's catalog.
pub mod catalog;

/// The body of a write.
pub mod body;

/// What a request asks.
pub mod request;

/// What a request will do, as values.
pub mod plan;

/// A plan as one statement of SQL.
pub mod sql;

/// How a request is refused.
pub mod refusal;

/// What PostgreSQL refuses, in the words of the table API.
pub mod failure;

/// The answer of a request.
pub mod response;

/// Routes and handlers.
pub mod api;

mod change;
mod held;
mod run;
mod seal;
mod writer;

use catalog::Catalog;
use held::Held;
use refusal::Refusal;

/// What the table API needs: the way to PostgreSQL and the catalog as it was last read. Cheap to clone.
#[derive(Clone)]
pub struct Tables {
    database: Database,
    tools: Tools,
    held: Held,
    settings: Arc<settings::Tables>,
}

impl Tables {
    /// One for a database, which needn't be there yet. Needs a runtime, in which it looks for changes of the schema.
    pub fn new(database: Database, tools: Tools, settings: settings::Tables) -> Self {
        let held = Held::new(database.clone(), settings.expose.clone());
        Self { database, tools, held, settings: Arc::new(settings) }
    }

    /// What is exposed now.
    pub async fn catalog(&self) -> Result<Arc<Catalog>, Refusal> {
        self.held.get().await.map_err(|error| failure::by_kind(error.kind()))
    }

    async fn changed_since(&self, used: &Arc<Catalog>) -> Result<Option<Arc<Catalog>>, Refusal> {
        self.held.changed_since(used).await.map_err(|error| failure::by_kind(error.kind()))
    }

    fn database(&self) -> &Database {
        &self.database
    }

    fn keys(&self) -> &Keys {
        &self.tools.keys
    }

    fn tools(&self) -> &Tools {
        &self.tools
    }

    fn settings(&self) -> &settings::Tables {
        &self.settings
    }
}
