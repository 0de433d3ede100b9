use tokio_postgres::Client;

use super::{Content, migrations};
use crate::Result;

/// Makes Tenantry's roles where they are missing, and gives them what only a database's owner can give. Safe to repeat.
///
/// A restored database needs it: roles belong to the cluster, and grants on the database itself are in no dump.
pub async fn roles(client: &Client) -> Result<()> {
    for migration in migrations() {
        if let Content::Roles { up, .. } = migration.content {
            client.batch_execute(&format!("BEGIN; SET LOCAL search_path = public; {up}; COMMIT")).await?;
        }
    }
    Ok(())
}
