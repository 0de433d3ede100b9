//! Backups that prove themselves.
//!
//! A backup is a directory: PostgreSQL's own dump (`pg_dump`, directory format, so that `pg_restore` alone can read it)
//! and a [`Manifest`] beside it. The manifest says what was in the database at the moment of the dump: rows and a hash
//! of their content for each table, counted in the very snapshot that the dump is taken in, and a checksum of each file.
//!
//! Nothing half-done looks whole. A backup is written under another name, its manifest last, and renamed when all of it
//! is on disk. A restore checks the files first, goes into a database under another name, compares every table with the
//! manifest, and is renamed only then.
//!
//! Row level security makes dumps that are quietly empty. So [`reader`] proves from the catalog, before the dump starts,
//! that the role which dumps sees every row of every table.

use std::path::Path;

use tokio_postgres::Client;

use super::admin::Admin;
use super::libpq;
use super::programs::Programs;
use crate::Result;

pub use manifest::Manifest;
pub use restore::{Restored, prove, restore};

/// Rows and content of each table.
mod content;

/// The directory: written under another name until it is whole.
mod directory;

/// The dump, put into a database.
mod load;

/// What a backup says of itself.
mod manifest;

/// Who reads every row.
mod reader;

/// The way back.
mod restore;

/// Roles that a restored database needs.
mod roles;

use directory::Unfinished;
use reader::Reader;

/// Takes a backup of the database into a directory that doesn't exist yet, or is empty.
pub async fn backup(admin: &Admin, programs: &Programs, directory: &Path, say: &dyn Fn(&str)) -> Result<Manifest> {
    let reader = Reader::find(admin).await?;
    let unfinished = Unfinished::begin(directory)?;
    let taken = admin.again().await?;
    taken
        .batch_execute(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
             SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; {}",
            content::SETTINGS
        ))
        .await?;
    let mut manifest = manifest::describe(&taken).await?;
    let snapshot: String = taken.query_one("SELECT pg_export_snapshot()", &[]).await?.get(0);
    taken.batch_execute(&reader.become_it()).await?;
    say("reading every table for the manifest");
    manifest.tables = content::of_all_tables(&taken).await?;
    say("running pg_dump");
    dump(admin, programs, &unfinished, &snapshot, &reader).await?;
    taken.batch_execute("COMMIT").await?;
    unfinished.finish(&mut manifest)?;
    let rows: i64 = manifest.tables.iter().map(|table| table.rows).sum();
    let details = serde_json::json!({ "directory": directory, "lsn": manifest.lsn, "tables": manifest.tables.len(), "rows": rows });
    note(admin, "backup", &details).await?;
    Ok(manifest)
}

async fn dump(
    admin: &Admin,
    programs: &Programs,
    unfinished: &Unfinished,
    snapshot: &str,
    reader: &Reader,
) -> Result<()> {
    let mut command = libpq::command(&programs.path("pg_dump"), admin.config());
    command.args(["--format=directory", "--no-password", "--snapshot", snapshot, "--file"]).arg(unfinished.dump());
    command.args(reader.arguments());
    let output = command.output().await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(directory::failed(&format!("pg_dump failed ({})", output.status), &said, unfinished.place()))
}

/// Writes an act that is no row of the database into the audit log, where there is one.
async fn note(client: &Client, action: &str, details: &serde_json::Value) -> Result<()> {
    let sql = "SELECT to_regprocedure('tenantry.audit_event(text, jsonb, uuid, text, text, text)') IS NOT NULL";
    if !client.query_one(sql, &[]).await?.get::<_, bool>(0) {
        return Ok(());
    }
    let actor = super::caller::Caller::operator().actor();
    client.batch_execute("BEGIN; SET LOCAL ROLE tenantry_owner").await?;
    let noted = async {
        client.execute("SELECT set_config('tenantry.actor', $1, true)", &[&actor]).await?;
        client.execute("SELECT tenantry.audit_event($1, $2)", &[&action, details]).await
    };
    let noted = noted.await;
    client.batch_execute(if noted.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    noted?;
    Ok(())
}
