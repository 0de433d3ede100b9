//! A rehearsal: the migrations run on a schema-only copy, in a private cluster that is thrown away afterwards.
//!
//! Nothing on the server that is copied is touched: it is read by `pg_dump --schema-only` and `pg_dumpall
//! --roles-only`. What the steps lock there is what they will lock in earnest.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tokio_postgres::Config;
use uuid::Uuid;

use super::ledger;
use crate::db::admin::Admin;
use crate::db::cluster::{Cluster, Purpose};
use crate::db::libpq;
use crate::db::programs::Programs;
use crate::settings::Settings;
use crate::{Error, Result};

/// What says how far the migrations have come.
const KEPT: [&str; 5] = ["migration_steps", "tables", "adopted_tables", "pending_rules", "walled_views"];

/// Makes a schema-only copy of a database, lets `work` have a superuser's connection to it, and throws it away.
pub async fn on_a_copy<T>(
    settings: &Settings,
    original: &Admin,
    work: impl AsyncFnOnce(&mut Admin) -> Result<T>,
) -> Result<T> {
    let scratch = Scratch::create()?;
    let private = Settings { data_dir: scratch.0.clone(), ..settings.clone() };
    let cluster = Cluster::start(&private, Purpose::Command, &|_| ()).await?;
    let done = copy_and_work(settings, original, &cluster, work).await;
    let stopped = cluster.stop().await;
    done.and_then(|value| stopped.map(|()| value))
}

async fn copy_and_work<T>(
    settings: &Settings,
    original: &Admin,
    cluster: &Cluster,
    work: impl AsyncFnOnce(&mut Admin) -> Result<T>,
) -> Result<T> {
    let programs = Programs::for_server(original, settings.pg_bindir.as_deref()).await?;
    let copy = cluster.config();
    // Roles that exist on both sides are no error here: the copy's own superuser is one of them.
    let roles = dump(&programs, "pg_dumpall", original.config(), &["--roles-only", "--no-role-passwords"]).await?;
    load(&programs, &copy, &roles, false).await?;
    // Only ownership and rights of tablespaces are left out, since the copy has one.
    let schema = dump(&programs, "pg_dump", original.config(), &["--schema-only", "--no-tablespaces"]).await?;
    load(&programs, &copy, &schema, true).await?;
    if ledger::exists(original).await? {
        // Without the ledger, everything would be to do once more.
        let kept = KEPT.map(|table| format!("--table=tenantry.{table}"));
        let arguments: Vec<&str> =
            ["--data-only", "--enable-row-security"].into_iter().chain(kept.iter().map(String::as_str)).collect();
        let kept = dump(&programs, "pg_dump", original.config(), &arguments).await?;
        load(&programs, &copy, &kept, true).await?;
    }
    let mut admin = Admin::connect_with(copy).await?;
    fill(original, &admin).await?;
    work(&mut admin).await
}

/// Has materialised views that are filled in the original count as filled in the copy, which has nothing to fill them with.
async fn fill(original: &Admin, copy: &Admin) -> Result<()> {
    let filled = "SELECT format('%I.%I', n.nspname, c.relname)
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated";
    let filled: Vec<String> = original.query(filled, &[]).await?.iter().map(|row| row.get(0)).collect();
    copy.batch_execute("SET allow_system_table_mods = on").await?;
    let sql = "UPDATE pg_catalog.pg_class SET relispopulated = true
                WHERE oid IN (SELECT to_regclass(name) FROM unnest($1::text[]) name)";
    copy.execute(sql, &[&filled]).await?;
    copy.batch_execute("RESET allow_system_table_mods").await?;
    Ok(())
}

async fn dump(programs: &Programs, program: &str, config: &Config, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = libpq::command(&programs.path(program), config).args(arguments).output().await?;
    said(program, &output)?;
    Ok(output.stdout)
}

async fn load(programs: &Programs, config: &Config, sql: &[u8], strictly: bool) -> Result<()> {
    use tokio::io::AsyncWriteExt as _;

    let stop = if strictly { "ON_ERROR_STOP=1" } else { "ON_ERROR_STOP=0" };
    let mut child = libpq::command(&programs.path("psql"), config)
        .args(["--no-psqlrc", "--quiet", "--set", stop])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or_else(|| Error::failure("psql takes no input"))?;
    // psql may end before it has read everything: its message then says why.
    let _ = input.write_all(sql).await;
    drop(input);
    let output = child.wait_with_output().await?;
    if strictly { said("psql", &output) } else { Ok(()) }
}

fn said(program: &str, output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::failure(format!("{program} can't copy the schema: {message}"))
        .mend("install PostgreSQL's programs of the server's version, and the extensions that the database uses, on this machine"))
}

/// A directory for a cluster that is thrown away with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn create() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("tenantry-rehearsal-{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&path).map_err(|error| no_room(&path, error))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whatever stays behind is a private directory below the system's own for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn no_room(path: &Path, error: std::io::Error) -> Error {
    Error::failure(format!("{}: {error}", path.display()))
        .mend("make room there, or name another directory in TMPDIR")
        .caused_by(error)
}
