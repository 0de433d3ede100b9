use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio_postgres::{Client, Row};

use super::Step;
use crate::db::quote::literal;
use crate::{Error, Result};

/// Makes the ledger, which has to be there before the first migration that it records.
pub(super) const CREATE: &str = "
CREATE SCHEMA IF NOT EXISTS tenantry AUTHORIZATION tenantry_owner;
CREATE TABLE IF NOT EXISTS tenantry.migration_steps (
    migration text NOT NULL,
    step text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz DEFAULT clock_timestamp(),
    applied_by text NOT NULL DEFAULT session_user,
    program_version text NOT NULL,
    CONSTRAINT migration_steps_pkey PRIMARY KEY (migration, step)
);
ALTER TABLE tenantry.migration_steps OWNER TO tenantry_owner;
COMMENT ON SCHEMA tenantry IS 'Everything of Tenantry''s that the table API doesn''t reach.';
COMMENT ON TABLE tenantry.migration_steps IS 'The migration ledger: one row per step that was applied, or was begun outside a transaction.';
COMMENT ON COLUMN tenantry.migration_steps.migration IS 'Number and name of the migration.';
COMMENT ON COLUMN tenantry.migration_steps.step IS 'What the step does; \"done\" closes its migration.';
COMMENT ON COLUMN tenantry.migration_steps.checksum IS 'SHA-256 of the step''s SQL, in hex.';
COMMENT ON COLUMN tenantry.migration_steps.applied_at IS 'When the step was done; NULL for one that was begun outside a transaction, until it is known to be done.';
COMMENT ON COLUMN tenantry.migration_steps.applied_by IS 'The database role that the migrator connected as.';
COMMENT ON COLUMN tenantry.migration_steps.program_version IS 'Version of the program that applied it.';
";

/// The step that closes a migration; its checksum is the whole migration's.
pub(super) const DONE: &str = "done";

/// The step that takes a migration back; alone in the ledger, it says that the migration isn't applied.
pub(crate) const TAKEN_BACK: &str = "taken back";

/// The statement that takes a migration out of the ledger.
pub(crate) fn forgotten(migration: &str) -> String {
    format!("DELETE FROM tenantry.migration_steps WHERE migration = {};\n", literal(migration))
}

/// One step that was applied, or begun outside a transaction.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// Number and name of the migration.
    pub migration: String,
    /// What the step does.
    pub step: String,
    /// SHA-256 of its SQL, in hex.
    pub checksum: String,
    /// When it was done; none where it was begun outside a transaction and isn't known to be done.
    pub applied_at: Option<Timestamp>,
    /// The database role that the migrator connected as.
    pub applied_by: String,
    /// Version of the program that applied it.
    pub program_version: String,
}

/// The ledger has row level security like every table of Tenantry's: whoever isn't its owner reads nothing in it.
pub(in crate::db) const AS_OWNER: &str = "SET LOCAL ROLE tenantry_owner";

/// Whether the database has a ledger.
pub async fn exists(client: &Client) -> Result<bool> {
    let row = client.query_one("SELECT to_regclass('tenantry.migration_steps') IS NOT NULL", &[]).await?;
    Ok(row.get(0))
}

/// Refuses a database without Tenantry's schema.
pub async fn needs_schema(client: &Client) -> Result<()> {
    if exists(client).await? {
        return Ok(());
    }
    let database: String = client.query_one("SELECT current_database()::text", &[]).await?.get(0);
    Err(Error::failure(format!("database {database:?} doesn't have Tenantry's schema yet"))
        .mend("make it with `tenantry up`, or with `tenantry migrate up` alone"))
}

/// Everything in the ledger, in the order in which it was applied; nothing where there is no ledger.
pub async fn read(client: &Client) -> Result<Vec<Entry>> {
    if !exists(client).await? {
        return Ok(Vec::new());
    }
    client.batch_execute(&format!("BEGIN; {AS_OWNER}")).await?;
    let rows = client
        .query(
            "SELECT migration, step, checksum, applied_at, applied_by, program_version
               FROM tenantry.migration_steps ORDER BY applied_at, migration, step",
            &[],
        )
        .await;
    client.batch_execute("ROLLBACK").await?;
    Ok(rows?.iter().map(entry).collect())
}

fn entry(row: &Row) -> Entry {
    Entry {
        migration: row.get(0),
        step: row.get(1),
        checksum: row.get(2),
        applied_at: row.get(3),
        applied_by: row.get(4),
        program_version: row.get(5),
    }
}

/// The migrations that are closed, each with its checksum.
pub async fn closed(client: &Client) -> Result<BTreeMap<String, String>> {
    let entries = read(client).await?;
    Ok(entries.into_iter().filter(|entry| entry.step == DONE).map(|entry| (entry.migration, entry.checksum)).collect())
}

/// The migrations of which anything was applied, also those that aren't closed.
pub(super) async fn started(client: &Client) -> Result<BTreeSet<String>> {
    let entries = read(client).await?;
    Ok(entries.into_iter().filter(|entry| entry.step != TAKEN_BACK).map(|entry| entry.migration).collect())
}

/// Records a step in the caller's transaction, which runs as the owner.
pub(super) async fn record(client: &Client, migration: &str, step: &Step) -> Result<()> {
    insert(client, migration, &step.name, &step.checksum(), true).await
}

/// Records a step that ran before there was a ledger.
pub(super) async fn note(client: &Client, migration: &str, step: &Step) -> Result<()> {
    as_owner(client, async || record(client, migration, step).await).await
}

/// Notes that a step begins which no transaction holds: killed from now on, the server may finish it by itself.
pub(super) async fn begin(client: &Client, migration: &str, step: &Step) -> Result<()> {
    as_owner(client, async || insert(client, migration, &step.name, &step.checksum(), false).await).await
}

/// Notes that a step which was begun is done.
pub(crate) async fn finish(client: &Client, migration: &str, step: &str) -> Result<()> {
    let sql = "UPDATE tenantry.migration_steps SET applied_at = clock_timestamp() WHERE migration = $1 AND step = $2";
    as_owner(client, async || Ok(client.execute(sql, &[&migration, &step]).await.map(|_| ())?)).await
}

/// Forgets a step that was begun and left nothing behind.
pub(crate) async fn abandon(client: &Client, migration: &str, step: &str) -> Result<()> {
    let sql = "DELETE FROM tenantry.migration_steps WHERE migration = $1 AND step = $2 AND applied_at IS NULL";
    as_owner(client, async || Ok(client.execute(sql, &[&migration, &step]).await.map(|_| ())?)).await
}

/// The steps of a migration that were begun and aren't known to be done.
pub(crate) async fn begun(client: &Client, migration: &str) -> Result<Vec<String>> {
    let entries = read(client).await?;
    let begun = entries.into_iter().filter(|entry| entry.migration == migration && entry.applied_at.is_none());
    Ok(begun.map(|entry| entry.step).collect())
}

/// Whether a step of a migration was applied.
pub async fn has(client: &Client, migration: &str, step: &str) -> Result<bool> {
    let row = client
        .query_one(
            "SELECT EXISTS (SELECT FROM tenantry.migration_steps
                             WHERE migration = $1 AND step = $2 AND applied_at IS NOT NULL)",
            &[&migration, &step],
        )
        .await?;
    Ok(row.get(0))
}

/// Closes a migration.
pub(super) async fn close(client: &Client, migration: &str, checksum: &str) -> Result<()> {
    as_owner(client, async || insert(client, migration, DONE, checksum, true).await).await
}

/// Forgets a migration that was taken back.
pub(super) async fn forget(client: &Client, migration: &str) -> Result<()> {
    let sql = "DELETE FROM tenantry.migration_steps WHERE migration = $1";
    as_owner(client, async || Ok(client.execute(sql, &[&migration]).await.map(|_| ())?)).await
}

/// Writes to the ledger in a transaction of its own.
async fn as_owner(client: &Client, write: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
    client.batch_execute(&format!("BEGIN; {AS_OWNER}")).await?;
    let written = write().await;
    client.batch_execute(if written.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    written
}

async fn insert(client: &Client, migration: &str, step: &str, checksum: &str, applied: bool) -> Result<()> {
    client
        .execute(
            "INSERT INTO tenantry.migration_steps AS ledger (migration, step, checksum, applied_at, program_version)
             VALUES ($1, $2, $3, CASE WHEN $5 THEN clock_timestamp() END, $4)
             ON CONFLICT (migration, step) DO UPDATE
                SET checksum = excluded.checksum, applied_at = excluded.applied_at, applied_by = session_user,
                    program_version = excluded.program_version",
            &[&migration, &step, &checksum, &env!("CARGO_PKG_VERSION"), &applied],
        )
        .await?;
    Ok(())
}
