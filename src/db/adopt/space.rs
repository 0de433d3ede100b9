use std::path::PathBuf;

use tokio_postgres::Client;

use super::Adoption;
use crate::{Error, Result};

/// What has to stay free beside what adoption takes: write-ahead log and the application's own growth.
const RESERVE: u64 = 256 * 1024 * 1024;

/// Refuses an adoption for which the server's disk has no room, where the server is on this machine and says where its
/// files are; of another machine's disk nobody here can tell.
///
/// Filling a column in writes each row of the events once more, and every table gets new indexes: together no more than
/// the tables take now.
pub async fn check(client: &Client, adoption: &Adoption) -> Result<()> {
    let Some(directory) = directory(client).await? else { return Ok(()) };
    let Ok(disk) = rustix::fs::statvfs(&directory) else { return Ok(()) };
    let free = disk.f_bavail * disk.f_frsize;
    let needed = size(client, adoption).await? + RESERVE;
    if free >= needed {
        return Ok(());
    }
    let mebibytes = |bytes: u64| bytes / (1024 * 1024);
    Err(Error::failure(format!(
        "{}: {} MiB are free, and adopting the tables may take {} MiB",
        directory.display(),
        mebibytes(free),
        mebibytes(needed)
    ))
    .mend("make room on that disk, then run it again: nothing was changed"))
}

/// Where a server on this machine keeps its files; none for another machine's, or for a role that may not know.
async fn directory(client: &Client) -> Result<Option<PathBuf>> {
    let row = client
        .query_opt(
            "SELECT setting FROM pg_catalog.pg_settings
              WHERE name = 'data_directory'
                AND coalesce(pg_catalog.inet_server_addr() <<= ANY ('{127.0.0.0/8,::1/128}'::inet[]), true)",
            &[],
        )
        .await?;
    Ok(row.and_then(|row| row.get::<_, Option<String>>(0)).map(PathBuf::from))
}

async fn size(client: &Client, adoption: &Adoption) -> Result<u64> {
    let tables: Vec<&str> = adoption.tables.iter().map(String::as_str).collect();
    let row = client
        .query_one(
            "SELECT coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class c
              WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname::text = ANY ($1::text[])",
            &[&tables],
        )
        .await?;
    Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or_default())
}
