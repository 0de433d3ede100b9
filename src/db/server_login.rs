//! The password of `tenantry_server`, the one role of Tenantry's that can log in.

use tokio_postgres::Client;

use crate::Result;
use crate::db::quote::literal;

/// What a DBA runs where no password is given by a setting.
pub const STATEMENT: &str = "ALTER ROLE tenantry_server PASSWORD '…'";

/// Gives `tenantry_server` a password.
///
/// The server gets the SCRAM verifier and never the password itself, which its log might keep.
pub async fn set_password(client: &Client, password: &str) -> Result<()> {
    let verifier = postgres_protocol::password::scram_sha_256(password.as_bytes());
    client.batch_execute(&format!("ALTER ROLE tenantry_server PASSWORD {}", literal(&verifier))).await?;
    Ok(())
}
