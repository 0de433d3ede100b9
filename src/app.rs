use std::sync::Arc;

use crate::auth::Gate;
use crate::clock::Clock;
use crate::configurations::changes::Tools;
use crate::configurations::documents::Compiled;
use crate::console::Console;
use crate::db::database::Database;
use crate::secrets::Keys;
use crate::settings::Server;
use crate::snapshots::Snapshots;
use crate::system::About;
use crate::tables::Tables;

/// What every request needs: axum's state.
pub struct App {
    /// The way to PostgreSQL.
    pub database: Database,
    /// Who is let in.
    pub gate: Gate,
    /// What secrets are sealed and opened with.
    pub keys: Arc<Keys>,
    /// What was compiled of templates for the documents that are composed here.
    pub compiled: Compiled,
    /// Configuration in memory.
    pub snapshots: Snapshots,
    /// The table API.
    pub tables: Tables,
    /// How the server was told to be.
    pub settings: Server,
    /// Where the time comes from.
    pub clock: Clock,
    /// What the program knows of itself.
    pub about: About,
}

/// As handlers get it.
pub type Shared = Arc<App>;

impl App {
    /// What pages need.
    pub fn console(&self) -> Console {
        Console::new(self.database.clone(), self.gate.clone(), self.clock, &self.settings.sign_in.public_url)
    }

    /// What configuration is written with.
    pub fn tools(&self) -> Tools {
        Tools { compiled: self.compiled.clone(), keys: self.keys.clone() }
    }

    /// One for a database, which needn't be there yet.
    pub fn new(database: Database, gate: Gate, keys: Arc<Keys>, settings: Server, clock: Clock) -> Shared {
        Self::knowing(About::default(), database, gate, keys, settings, clock)
    }

    /// The same, which knows of itself what only the command line and jobs can tell.
    pub fn knowing(
        about: About,
        database: Database,
        gate: Gate,
        keys: Arc<Keys>,
        settings: Server,
        clock: Clock,
    ) -> Shared {
        let compiled = Compiled::default();
        let snapshots =
            Snapshots::new(database.clone(), compiled.clone(), keys.clone(), clock, settings.snapshots.clone());
        let tools = Tools { compiled: compiled.clone(), keys: keys.clone() };
        let tables = Tables::new(database.clone(), tools, settings.tables.clone());
        Arc::new(Self { database, gate, keys, compiled, snapshots, tables, settings, clock, about })
    }
}
