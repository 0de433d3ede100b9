use std::path::PathBuf;

use crate::clock::Clock;
use crate::db::admin::Admin;
use crate::db::adopt::pending;
use crate::db::backup;
use crate::db::migrate::{UpOptions, ledger, migrations, preconditions};
use crate::db::programs::Programs;
use crate::settings::Settings;
use crate::{Error, Result};

/// Backs up a database that `up` is about to change, into the data directory; says where.
///
/// Nothing is backed up where there is nothing yet, or nothing to do.
pub(super) async fn back_up(
    admin: &Admin,
    settings: &Settings,
    options: &UpOptions,
    say: &dyn Fn(&str),
) -> Result<Option<PathBuf>> {
    preconditions::check(admin).await?;
    if is_empty(admin).await? || !will_change(admin, options).await? {
        return Ok(None);
    }
    let now = Clock::System.now().strftime("%Y%m%dT%H%M%S%3fZ");
    let directory = settings.data_dir.join("backups").join(format!("before-up-{now}"));
    say(&format!("backing up into {}", directory.display()));
    let programs = Programs::for_server(admin, settings.pg_bindir.as_deref()).await.map_err(or_without)?;
    backup::backup(admin, &programs, &directory, say).await.map_err(or_without)?;
    Ok(Some(directory))
}

fn or_without(error: Error) -> Error {
    let mend = error.how_to_mend().map(|mend| format!("{mend}; or ")).unwrap_or_default();
    error.within("the backup before the migration").mend(format!("{mend}pass --no-backup, where you have one"))
}

/// Whether nobody keeps anything in the database.
async fn is_empty(admin: &Admin) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%')";
    Ok(admin.query_one(sql, &[]).await?.get(0))
}

/// Whether there is something left to apply, or something that a person asked for or may have mended.
async fn will_change(admin: &Admin, options: &UpOptions) -> Result<bool> {
    let closed = ledger::closed(admin).await?;
    Ok(migrations().iter().any(|migration| !closed.contains_key(migration.name))
        || options.mend
        || options.adopt_roles
        || !options.keep_roles.is_empty()
        || !pending::read(admin).await?.is_empty())
}
