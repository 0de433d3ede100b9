use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{Content, migrations};
use crate::{Error, Result};

/// Makes Tenantry's roles where they are missing, and gives them what only a database's owner can give. Safe to repeat.
///
/// A restored database needs it: roles belong to the cluster, and grants on the database itself are in no dump.
pub async fn roles(client: &Client) -> Result<()> {
    for migration in migrations() {
        if let Content::Roles { up, .. } = migration.content {
            let made = client.batch_execute(&format!("BEGIN; SET LOCAL search_path = public; {up}; COMMIT")).await;
            made.map_err(|error| with_statements(error.into()))?;
        }
    }
    Ok(())
}

/// Where the migrator may not make the roles, the refusal's DETAIL holds the statements for a superuser, and no value.
pub(super) fn with_statements(error: Error) -> Error {
    let statements = error.database_detail().map(ToOwned::to_owned);
    match (error.sql_state(), statements) {
        (Some(state), Some(statements)) if *state == SqlState::INSUFFICIENT_PRIVILEGE => Error::failure(error.what())
            .mend(format!("have a superuser run these statements in this database, then run it again:\n{statements}"))
            .caused_by(error),
        _ => error,
    }
}
