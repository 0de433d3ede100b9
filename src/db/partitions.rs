use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;

use super::admin::Admin;
use super::caller::Caller;
use super::quote;
use super::tx::Tx;
use crate::{Error, Result};

/// Below `deadlock_timeout`, so that this gives way and never the application.
const LOCK_TIMEOUT: &str = "100ms";

/// How long to wait for a moment in which nobody holds a table that gets or loses a month.
const PATIENCE: Duration = Duration::from_mins(1);

/// What maintenance did.
#[derive(Debug, Default, serde::Serialize)]
pub struct Maintained {
    /// Months that were made.
    pub made: Vec<String>,
    /// Months that the retention settings take away.
    pub dropped: Vec<String>,
}

/// Makes the months that are missing, and drops those that retention, where it was configured, no longer keeps.
pub async fn maintain(admin: &mut Admin, caller: &Caller) -> Result<Maintained> {
    let made = make(admin, caller).await?;
    let mut dropped = Vec::new();
    for Expired { parent, partition } in expired(admin, caller).await? {
        drop_month(admin, caller, &parent, &partition).await?;
        dropped.push(partition);
    }
    Ok(Maintained { made, dropped })
}

/// Makes the months that are missing.
pub async fn make(admin: &mut Admin, caller: &Caller) -> Result<Vec<String>> {
    let begun = Instant::now();
    loop {
        match make_now(admin, caller).await {
            Err(error) if gave_way(&error) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            done => return done.map_err(|error| error.within("making the months ahead")),
        }
    }
}

async fn make_now(admin: &mut Admin, caller: &Caller) -> Result<Vec<String>> {
    let tx = Tx::begin(admin, caller, "partitions maintain").await?;
    // A new month's foreign keys lock what they refer to: whoever waited for that would hold up every writer behind.
    tx.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")).await?;
    let rows = tx.query("SELECT p::text FROM tenantry.maintain_partitions() p ORDER BY 1", &[]).await?;
    tx.commit().await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

struct Expired {
    parent: String,
    partition: String,
}

async fn expired(admin: &mut Admin, caller: &Caller) -> Result<Vec<Expired>> {
    let tx = Tx::begin(admin, caller, "partitions maintain").await?;
    let sql = "SELECT parent::text, partition::text FROM tenantry.expired_partitions()";
    let rows = tx.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| Expired { parent: row.get(0), partition: row.get(1) }).collect())
}

async fn drop_month(admin: &mut Admin, caller: &Caller, parent: &str, partition: &str) -> Result<()> {
    // PostgreSQL detaches nothing concurrently from a table with a DEFAULT partition, which the audit log alone has.
    let is_audit_log = parent == "audit_log";
    if !is_audit_log {
        detach(admin, parent, partition).await?;
    }
    let begun = Instant::now();
    loop {
        match drop_now(admin, caller, parent, partition, is_audit_log).await {
            Err(error) if gave_way(&error) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            done => return done.map_err(|error| error.within(&format!("dropping {partition}"))),
        }
    }
}

/// Takes a month out of its table while others read and write it; goes on where an earlier try was interrupted.
async fn detach(admin: &Admin, parent: &str, partition: &str) -> Result<()> {
    let pending = admin
        .query_opt(
            "SELECT inhdetachpending FROM pg_catalog.pg_inherits WHERE inhrelid = to_regclass($1)",
            &[&partition],
        )
        .await?;
    let how = match pending.map(|row| row.get::<_, bool>(0)) {
        None => return Ok(()),
        Some(true) => "FINALIZE",
        Some(false) => "CONCURRENTLY",
    };
    let table = quote::qualified("public", parent);
    admin.batch_execute("SET ROLE tenantry_owner").await?;
    let detached = admin.batch_execute(&format!("ALTER TABLE {table} DETACH PARTITION {partition} {how}")).await;
    admin.batch_execute("RESET ROLE").await?;
    Ok(detached?)
}

async fn drop_now(admin: &mut Admin, caller: &Caller, parent: &str, partition: &str, is_audit_log: bool) -> Result<()> {
    let tx = Tx::begin(admin, caller, "partitions maintain").await?;
    tx.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")).await?;
    if is_audit_log {
        let table = quote::qualified("public", parent);
        tx.run(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await?;
        tx.query("SELECT tenantry.note_audit_retention(to_regclass($1))", &[&partition]).await?;
        tx.run(&format!("ALTER TABLE {table} DETACH PARTITION {partition}")).await?;
    } else {
        let details = serde_json::json!({ "partition": partition });
        tx.query("SELECT tenantry.audit_event('retention', $1::jsonb)", &[&details]).await?;
    }
    tx.run(&format!("DROP TABLE {partition}")).await?;
    tx.commit().await
}

fn gave_way(error: &Error) -> bool {
    matches!(error.sql_state(), Some(state) if [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(state))
}
