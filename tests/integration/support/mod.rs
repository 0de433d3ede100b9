//! What every test needs: databases of its own on the server that `tests/with-postgres` started.

mod database;
mod dump;
mod generated;
mod program;

pub use database::Database;
pub use dump::schema_dump;
pub use generated::assert_current;
pub use program::tenantry;
