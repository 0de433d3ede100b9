use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{Content, migrations};
use crate::{Error, Result};

/// Makes Tenantry's roles where they are missing, and gives them what only a database's owner can give. Safe to repeat.
///
/// A restored database needs it: roles belong to the cluster, and grants on the database itself are in no dump.
pub async fn roles(client: &Client) -> Result<()> {
    let made = client.batch_execute(&format!("BEGIN; {}COMMIT", statements())).await;
    made.map_err(|error| with_statements(error.into()))
}

/// The same in the caller's transaction, which an error ends.
pub async fn roles_within(client: &Client) -> Result<()> {
    Ok(client.batch_execute(&statements()).await?)
}

/// Whether a role has the name of one of Tenantry's.
pub fn is_ours(role: &str) -> bool {
    role.starts_with("tenantry_") || ["anon", "authenticated"].contains(&role)
}

fn statements() -> String {
    let of_roles = migrations().into_iter().filter_map(|migration| match migration.content {
        Content::Roles { up, .. } => Some(format!("SET LOCAL search_path = public; {up};")),
        _ => None,
    });
    of_roles.collect()
}

/// What a superuser has to run, one statement a line, where the migrator may not make the roles: the refusal's DETAIL,
/// which holds no value.
pub fn statements_for_a_superuser(error: &Error) -> Option<&str> {
    let is_refused = error.sql_state().is_some_and(|state| *state == SqlState::INSUFFICIENT_PRIVILEGE);
    error.database_detail().filter(|_| is_refused)
}

pub(super) fn with_statements(error: Error) -> Error {
    match statements_for_a_superuser(&error) {
        Some(statements) => Error::failure(error.what())
            .mend(format!("have a superuser run these statements in this database, then run it again:\n{statements}"))
            .caused_by(error),
        None => error,
    }
}
