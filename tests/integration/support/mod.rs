//! What every test needs: databases of its own on the server that `tests/with-postgres` started.

mod database;
mod program;

pub use database::Database;
pub use program::{Outcome, tenantry};
