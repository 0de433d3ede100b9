//! SQL on revisions and on reads of secrets; all of it as a job.

use jiff::Timestamp;
use uuid::Uuid;

use crate::Result;
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;

/// Whose documents a revision may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The client's; none for all clients'.
    pub client_id: Option<Uuid>,
    /// Of this template; none for all.
    pub template_id: Option<String>,
    /// In this environment; none for all.
    pub environment: Option<String>,
    /// The newest revision that did.
    pub revision: i64,
}

/// The newest revision.
pub async fn revision(database: &Database) -> Result<i64> {
    let sql = "SELECT r.revision FROM tenantry.installation_revision r";
    let rows = database.read(&Caller::Worker, &act(), sql, &[]).await?;
    rows.first().map(|row| row.get(0)).ok_or_else(|| crate::Error::failure("the installation has no revision"))
}

/// What revisions after one have touched.
pub async fn touched_after(database: &Database, revision: i64) -> Result<Vec<Touched>> {
    read(database, include_str!("touched_after.sql"), &[&revision]).await
}

/// By client, the newest revision that touched anything of theirs; without a client, of everybody's.
pub async fn last_touched(database: &Database) -> Result<Vec<Touched>> {
    read(database, include_str!("last_touched.sql"), &[]).await
}

async fn read(
    database: &Database,
    sql: &str,
    values: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Result<Vec<Touched>> {
    let rows = database.read(&Caller::Worker, &act(), sql, values).await?;
    let touched = rows.iter().map(|row| Touched {
        client_id: row.get("client_id"),
        template_id: row.get("template_id"),
        environment: row.get("environment"),
        revision: row.get("revision"),
    });
    Ok(touched.collect())
}

/// Reads of secrets: token, client, address, hour, and how many.
#[derive(Default)]
pub struct Reads {
    /// The tokens.
    pub tokens: Vec<Uuid>,
    /// The clients whose secrets they read.
    pub clients: Vec<Uuid>,
    /// Where from.
    pub addresses: Vec<String>,
    /// The hours.
    pub hours: Vec<Timestamp>,
    /// How many.
    pub counts: Vec<i64>,
}

/// Counts reads.
pub async fn note_reads(database: &Database, reads: &Reads) -> Result<()> {
    let Reads { tokens, clients, addresses, hours, counts } = reads;
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] = [tokens, clients, addresses, hours, counts];
    database.once(&Caller::Worker, &act(), include_str!("note_reads.sql"), &values).await?;
    Ok(())
}

/// Puts hours that are over into the audit log.
pub async fn close_hours(database: &Database) -> Result<()> {
    database.once(&Caller::Worker, &act(), include_str!("close_hours.sql"), &[]).await?;
    Ok(())
}

fn act() -> Act {
    Act::new("snapshots")
}
