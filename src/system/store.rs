use jiff::Timestamp;
use tokio_postgres::Row;

use crate::Result;
use crate::db::doctor::{self, Finding};
use crate::db::tx::Tx;

/// A migration that was applied.
pub(super) struct Applied {
    pub(super) name: String,
    pub(super) steps: i64,
    pub(super) at: Option<Timestamp>,
}

/// For how many months after this one a table is ready.
pub(super) struct Ahead {
    pub(super) table: String,
    pub(super) months: i32,
}

/// The newest seal of the audit log.
pub(super) struct Seal {
    pub(super) number: i64,
    pub(super) at: Timestamp,
}

/// A backup that was taken, or restored.
pub(super) struct Backup {
    pub(super) what: String,
    pub(super) at: Timestamp,
    pub(super) by: Option<String>,
    pub(super) details: Option<serde_json::Value>,
}

/// Everything that the database tells the server of itself.
pub(super) struct Found {
    pub(super) postgresql: String,
    pub(super) size: i64,
    pub(super) migrations: Vec<Applied>,
    pub(super) ahead: Vec<Ahead>,
    pub(super) seal: Option<Seal>,
    pub(super) backups: Vec<Backup>,
    pub(super) findings: Vec<Finding>,
}

/// How many backups are shown.
const BACKUPS: i64 = 10;

/// Looks at the installation, as a job does: the caller was let in by their role.
pub(super) async fn look(tx: &Tx<'_>) -> Result<Found> {
    let backups = backups(tx).await?;
    tx.as_worker(async {
        let about =
            "SELECT current_setting('server_version'), pg_catalog.pg_database_size(pg_catalog.current_database())";
        let about = tx.query_one(about, &[]).await?;
        Ok(Found {
            postgresql: about.get(0),
            size: about.get(1),
            migrations: migrations(tx).await?,
            ahead: ahead(tx).await?,
            seal: seal(tx).await?,
            backups,
            findings: doctor::examine_as_server(tx).await?,
        })
    })
    .await
}

/// Makes the months that are missing, and says which it made.
pub(super) async fn make_months(tx: &Tx<'_>) -> Result<Vec<String>> {
    tx.as_worker(async {
        let rows = tx.query("SELECT p::pg_catalog.text FROM tenantry.maintain_partitions() p ORDER BY 1", &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    })
    .await
}

async fn migrations(tx: &Tx<'_>) -> Result<Vec<Applied>> {
    let sql = "SELECT s.migration, pg_catalog.count(*) FILTER (WHERE s.step <> 'done'),
                      pg_catalog.max(s.applied_at) FILTER (WHERE s.step = 'done')
                 FROM tenantry.migration_steps s GROUP BY s.migration ORDER BY s.migration";
    let rows = tx.query(sql, &[]).await?;
    Ok(rows.iter().map(|row: &Row| Applied { name: row.get(0), steps: row.get(1), at: row.get(2) }).collect())
}

async fn ahead(tx: &Tx<'_>) -> Result<Vec<Ahead>> {
    let sql = "SELECT a.table_name::pg_catalog.text, a.months FROM tenantry.partition_months_ahead() a ORDER BY 1";
    let rows = tx.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| Ahead { table: row.get(0), months: row.get(1) }).collect())
}

async fn seal(tx: &Tx<'_>) -> Result<Option<Seal>> {
    let sql = "SELECT s.number, s.sealed_at FROM tenantry.audit_seals s ORDER BY s.number DESC LIMIT 1";
    Ok(tx.query_opt(sql, &[]).await?.map(|row| Seal { number: row.get(0), at: row.get(1) }))
}

/// As the audit log tells whoever asks of them.
async fn backups(tx: &Tx<'_>) -> Result<Vec<Backup>> {
    let sql = "SELECT l.action, l.at, l.actor, l.details FROM public.audit_log l
                WHERE l.table_schema IS NULL AND l.action IN ('backup', 'restore') ORDER BY l.id DESC LIMIT $1";
    let rows = tx.query(sql, &[&BACKUPS]).await?;
    let backup = |row: &Row| Backup { what: row.get(0), at: row.get(1), by: row.get(2), details: row.get(3) };
    Ok(rows.iter().map(backup).collect())
}
