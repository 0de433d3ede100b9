//! What every test needs: databases of its own on the server that `tests/with-postgres` started.

/// A PostgreSQL of the test's own, which it may stop and start.
pub mod cluster;

/// The texts of the console's sources.
pub mod texts;

/// Somebody's browser at the console.
pub mod browser;
mod database;
mod dump;
mod generated;
/// A data directory and the `tenantry up` on it.
pub mod installation;
/// The real program.
pub mod program;

/// The server, in this process, on a database of the test's own.
pub mod server;

/// The real program, serving.
pub mod serving;

pub use browser::Browser;
pub use cluster::Cluster;
pub use database::Database;
pub use dump::schema_dump;
pub use generated::assert_current;
pub use program::{Outcome, tenantry};
pub use server::Server;
pub use serving::Serving;
