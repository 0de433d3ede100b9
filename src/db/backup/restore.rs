use std::path::Path;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config};

use super::manifest::{Database, Manifest};
use super::{content, directory, load, note, roles};
use crate::db::admin::Admin;
use crate::db::programs::Programs;
use crate::db::{migrate, quote};
use crate::{Error, Result};

/// Marks a database that isn't whole, whatever its name says.
const UNFINISHED: &str = "Tenantry: a restore that isn't finished";

/// PostgreSQL cuts a longer name off.
const LONGEST_NAME: usize = 63;

/// What a restore made.
#[derive(Debug, serde::Serialize)]
pub struct Restored {
    /// The database.
    pub database: String,
    /// How many tables were compared with the backup.
    pub tables: usize,
    /// How many rows they hold.
    pub rows: i64,
    /// Roles that were missing, and were made without a right to connect.
    pub roles_made: Vec<String>,
    /// Keys that its secrets need, which no backup holds.
    pub key_ids: Vec<String>,
}

/// Restores a backup into a database that doesn't exist yet or is empty: of the name given, or of the one it was taken of.
///
/// `server` says how to connect; no connection to its database may be open, since an empty one is replaced.
pub async fn restore(
    server: &Config,
    bindir: Option<&Path>,
    backup: &Path,
    into: Option<&str>,
    say: &dyn Fn(&str),
) -> Result<Restored> {
    if into.is_some_and(|name| name.is_empty() || name.len() > LONGEST_NAME) {
        return Err(
            Error::usage(format!("--into: the name of a database has 1 to {LONGEST_NAME} bytes")).mend("name another")
        );
    }
    say("checking the backup's files");
    let manifest = directory::open(backup)?;
    let target = into.unwrap_or(&manifest.database.name).to_owned();
    let maintenance = maintenance(server).await?;
    let programs = Programs::for_server(&maintenance, bindir).await?;
    refuse_older_server(&maintenance, &manifest).await?;
    let exists = refuse_occupied(&maintenance, &target).await?;
    let scratch = beside(&target, "unfinished");
    take(&maintenance, &scratch).await?;
    let restored = into_scratch(&maintenance, &programs, backup, &manifest, &scratch, say).await?;
    let named = name_it(&maintenance, &scratch, &target, exists).await;
    if named.is_err() {
        drop_database(&maintenance, &scratch).await?;
    }
    named?;
    Ok(Restored { database: target, ..restored })
}

/// Restores a backup into a database of its own, compares every table, and drops it again.
pub async fn prove(admin: &Admin, programs: &Programs, backup: &Path, say: &dyn Fn(&str)) -> Result<Restored> {
    say("checking the backup's files");
    let manifest = directory::open(backup)?;
    let maintenance = maintenance(admin.config()).await?;
    refuse_older_server(&maintenance, &manifest).await?;
    let scratch = beside(&manifest.database.name, "proof");
    take(&maintenance, &scratch).await?;
    let proved = into_scratch(&maintenance, programs, backup, &manifest, &scratch, say).await?;
    drop_database(&maintenance, &scratch).await?;
    Ok(proved)
}

/// The name of a database beside another, the same each time, so that an interrupted try is found by the next.
fn beside(name: &str, what: &str) -> String {
    // PostgreSQL cuts names after 63 bytes.
    let end =
        name.char_indices().map(|(place, c)| place + c.len_utf8()).take_while(|end| *end <= 50).last().unwrap_or(0);
    format!("{}_{what}", &name[..end])
}

/// Takes a name for a database that is being restored, for as long as the connection lives: another restore is refused,
/// and what has the name without somebody who took it was left by one that was killed.
async fn take(maintenance: &Client, scratch: &str) -> Result<()> {
    let sql = "SELECT pg_try_advisory_lock(hashtextextended('tenantry restore ' || $1, 0))";
    if maintenance.query_one(sql, &[&scratch]).await?.get(0) {
        return Ok(());
    }
    Err(Error::failure(format!("another restore into {scratch:?} is at work"))
        .mend("wait for it to end, then try again"))
}

/// A connection to a database that is neither source nor target.
async fn maintenance(server: &Config) -> Result<Admin> {
    let named = |name: &str| {
        let mut config = server.clone();
        config.dbname(name);
        config
    };
    match Admin::connect_with(named("postgres")).await {
        Err(error) if error.sql_state() == Some(&SqlState::INVALID_CATALOG_NAME) => {
            Admin::connect_with(named("template1")).await
        }
        connected => connected,
    }
}

async fn into_scratch(
    maintenance: &Admin,
    programs: &Programs,
    backup: &Path,
    manifest: &Manifest,
    scratch: &str,
    say: &dyn Fn(&str),
) -> Result<Restored> {
    create(maintenance, &manifest.database, scratch).await?;
    let filled = fill(maintenance, programs, backup, manifest, scratch, say).await;
    if filled.is_err() {
        drop_database(maintenance, scratch).await?;
    }
    let roles_made = filled?;
    let rows = manifest.tables.iter().map(|table| table.rows).sum();
    let key_ids = manifest.key_ids.clone();
    Ok(Restored { database: scratch.to_owned(), tables: manifest.tables.len(), rows, roles_made, key_ids })
}

async fn fill(
    maintenance: &Admin,
    programs: &Programs,
    backup: &Path,
    manifest: &Manifest,
    scratch: &str,
    say: &dyn Fn(&str),
) -> Result<Vec<String>> {
    let inside = maintenance.to_database(scratch).await?;
    let roles_made = roles::make(&inside, manifest).await?;
    say("running pg_restore");
    load::load(&inside, programs, backup, &manifest.roles).await?;
    if manifest.newest_migration.is_some() {
        migrate::roles(&inside).await?;
    }
    say("comparing every table with the manifest");
    compare(&inside, manifest).await?;
    let details = serde_json::json!({ "taken_at": manifest.taken_at, "lsn": manifest.lsn });
    note(&inside, "restore", &details).await?;
    Ok(roles_made)
}

async fn compare(inside: &Admin, manifest: &Manifest) -> Result<()> {
    let reader = super::reader::Reader::find(inside).await?;
    let set = format!("BEGIN READ ONLY; SET LOCAL statement_timeout = 0; {} {}", content::SETTINGS, reader.become_it());
    inside.batch_execute(&set).await?;
    let found = content::of_all_tables(inside).await;
    inside.batch_execute("ROLLBACK").await?;
    let differences = content::differences(&manifest.tables, &found?);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::failure(format!("what was restored isn't what was backed up: {}", differences.join("; ")))
        .mend("keep this backup for a closer look and take another; nothing was left behind"))
}

async fn create(maintenance: &Admin, like: &Database, name: &str) -> Result<()> {
    drop_unfinished(maintenance, name).await?;
    let icu = like
        .icu_locale
        .as_ref()
        .map_or_else(String::new, |locale| format!(" LOCALE_PROVIDER icu ICU_LOCALE {}", quote::literal(locale)));
    let sql = format!(
        "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}{icu}",
        quote::ident(name),
        quote::literal(&like.encoding),
        quote::literal(&like.collate),
        quote::literal(&like.ctype)
    );
    maintenance.batch_execute(&sql).await.map_err(|error| {
        let error = Error::from(error);
        let mend = if error.sql_state() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
            "connect as a role with CREATEDB in DATABASE_ADMIN_URL"
        } else {
            "mend what PostgreSQL says, such as a locale that this machine lacks, and try again"
        };
        Error::failure(format!("the database to restore into can't be made: {}", error.what())).mend(mend)
    })?;
    let mark = format!("COMMENT ON DATABASE {} IS {}", quote::ident(name), quote::literal(UNFINISHED));
    maintenance.batch_execute(&mark).await?;
    for setting in &like.settings {
        let Some((setting, value)) = setting.split_once('=') else { continue };
        let sql =
            format!("ALTER DATABASE {} SET {} = {}", quote::ident(name), quote::ident(setting), quote::literal(value));
        maintenance.batch_execute(&sql).await?;
    }
    Ok(())
}

/// Whether the target exists; refused where it holds anything.
async fn refuse_occupied(maintenance: &Admin, target: &str) -> Result<bool> {
    if maintenance.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&target]).await?.is_none() {
        return Ok(false);
    }
    let inside = maintenance.to_database(target).await?;
    let occupied = inside
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                             WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
                 OR EXISTS (SELECT FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public'))",
            &[],
        )
        .await?;
    if occupied.get(0) {
        return Err(Error::failure(format!(
            "database {target:?} isn't empty, and nothing is ever restored over something"
        ))
        .mend("name a new one with --into, or drop or rename that one first"));
    }
    Ok(true)
}

/// Puts what was restored in its place.
async fn name_it(maintenance: &Admin, scratch: &str, target: &str, replaces_empty: bool) -> Result<()> {
    wait_until_nobody_is_in(maintenance, scratch).await?;
    if replaces_empty {
        drop_database(maintenance, target).await?;
    }
    let (from, to) = (quote::ident(scratch), quote::ident(target));
    maintenance.batch_execute(&format!("ALTER DATABASE {from} RENAME TO {to}")).await?;
    maintenance.batch_execute(&format!("COMMENT ON DATABASE {to} IS NULL")).await?;
    Ok(())
}

/// Our own connections take a moment to be gone.
async fn wait_until_nobody_is_in(maintenance: &Client, database: &str) -> Result<()> {
    for _ in 0..100 {
        let sessions = maintenance.query("SELECT FROM pg_stat_activity WHERE datname = $1", &[&database]).await?;
        if sessions.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Drops what an interrupted restore left; a database of the same name that isn't one is left alone.
async fn drop_unfinished(maintenance: &Admin, name: &str) -> Result<()> {
    let sql = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = $1";
    let Some(row) = maintenance.query_opt(sql, &[&name]).await? else { return Ok(()) };
    if row.get::<_, String>(0) != UNFINISHED {
        return Err(Error::failure(format!("there is a database {name:?} that no restore has left"))
            .mend("rename or drop it, or restore into another name with --into"));
    }
    // A pg_restore outlives the program that was killed beside it.
    maintenance.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote::ident(name))).await?;
    Ok(())
}

async fn drop_database(maintenance: &Client, name: &str) -> Result<()> {
    wait_until_nobody_is_in(maintenance, name).await?;
    maintenance.batch_execute(&format!("DROP DATABASE IF EXISTS {}", quote::ident(name))).await.map_err(|error| {
        Error::failure(format!("database {name:?} can't be dropped: {}", Error::from(error).what()))
            .mend("end the sessions in it (another restore, a psql), then try again")
    })
}

async fn refuse_older_server(maintenance: &Client, manifest: &Manifest) -> Result<()> {
    let number: i32 = maintenance.query_one("SELECT current_setting('server_version_num')::int", &[]).await?.get(0);
    let (server, taken) = (number / 10_000, manifest.server_version / 10_000);
    if server >= taken {
        return Ok(());
    }
    Err(Error::failure(format!("the backup was taken of PostgreSQL {taken}, and this server runs {server}"))
        .mend(format!("restore it into PostgreSQL {taken} or later")))
}
