//! What every test needs: databases of its own on the server that `tests/with-postgres` started.

mod database;
mod dump;
mod generated;
/// A data directory and the `tenantry up` on it.
pub mod installation;
/// The real program.
pub mod program;

pub use database::Database;
pub use dump::schema_dump;
pub use generated::assert_current;
pub use program::tenantry;
