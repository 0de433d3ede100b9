use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;

use super::catalog::{Catalog, read};
use crate::Result;
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;

/// How often the schema is looked at for changes that no request has stumbled over, such as a new column.
const LOOK: Duration = Duration::from_secs(2);

/// The catalog as it was last read, and the way to read it again. Cheap to clone.
#[derive(Clone)]
pub struct Held {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    listed: Vec<String>,
    current: ArcSwapOption<Catalog>,
    /// Whoever holds it reads; others wait for what comes of it.
    reading: Mutex<()>,
}

impl Held {
    /// Nothing yet: the database needn't be there. `listed` are the site's own relations that a setting exposes.
    ///
    /// Needs a runtime, in which it looks for changes as long as the value lives.
    pub fn new(database: Database, listed: Vec<String>) -> Self {
        let inner =
            Arc::new(Inner { database, listed, current: ArcSwapOption::empty(), reading: Mutex::const_new(()) });
        tokio::spawn(keep_up(Arc::downgrade(&inner)));
        Self { inner }
    }

    /// The catalog; read first where it never was.
    pub async fn get(&self) -> Result<Arc<Catalog>> {
        match self.inner.current.load_full() {
            Some(catalog) => Ok(catalog),
            None => self.inner.changed_since(None).await.map(|read| read.expect("there was none before")),
        }
    }

    /// The catalog of now, where it isn't the one that somebody worked with.
    pub async fn changed_since(&self, used: &Arc<Catalog>) -> Result<Option<Arc<Catalog>>> {
        self.inner.changed_since(Some(used)).await
    }
}

impl Inner {
    async fn changed_since(&self, used: Option<&Arc<Catalog>>) -> Result<Option<Arc<Catalog>>> {
        let _alone = self.reading.lock().await;
        if let Some(current) = self.current.load_full()
            && used.is_none_or(|used| !Arc::ptr_eq(used, &current))
        {
            return Ok(Some(current));
        }
        let tx = self.database.begin(&Caller::Worker, &Act::new("read the catalog")).await?;
        if let Some(used) = used
            && read::fingerprint(&tx).await? == used.fingerprint()
        {
            return Ok(None);
        }
        let catalog = Arc::new(read::catalog(&tx, &self.listed).await?);
        self.current.store(Some(catalog.clone()));
        tracing::info!(relations = catalog.relations().len(), "read the catalog");
        Ok(Some(catalog))
    }
}

/// Reads the catalog again whenever the schema was changed, until nobody holds it.
async fn keep_up(held: Weak<Inner>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(inner) = held.upgrade() else { return };
        let used = inner.current.load_full();
        if let Some(used) = used
            && let Err(error) = inner.changed_since(Some(&used)).await
        {
            tracing::debug!(%error, "the schema couldn't be looked at");
        }
    }
}
