use std::path::PathBuf;
use std::process::ExitCode;

use super::progress::Shown;
use super::{connect, output};
use crate::Result;
use crate::db::backup::{self, Manifest, Restored};
use crate::db::programs::Programs;
use crate::settings::Settings;

/// Options of `tenantry backup`.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// Restore it into a database of its own, compare every table, and drop that again
    #[arg(long)]
    prove: bool,

    /// Directory to make for it
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// A backup that was taken.
#[derive(serde::Serialize)]
struct Taken<'a> {
    directory: &'a std::path::Path,
    proved: bool,
    manifest: Manifest,
}

pub async fn run(command: &Backup, settings: &Settings) -> Result<ExitCode> {
    let shown = Shown::new();
    let say = |what: &str| shown.say(what);
    let (manifest, proof) = connect::with(settings, async |admin| {
        let programs = Programs::for_server(admin, settings.pg_bindir.as_deref()).await?;
        let manifest = backup::backup(admin, &programs, &command.directory, &say).await?;
        let proof =
            if command.prove { Some(backup::prove(admin, &programs, &command.directory, &say).await?) } else { None };
        Ok((manifest, proof))
    })
    .await
    .inspect_err(|_| shown.done())?;
    shown.done();
    let taken = Taken { directory: &command.directory, proved: proof.is_some(), manifest };
    output::answer(settings.format, &taken, || text(&taken, proof.as_ref()));
    Ok(ExitCode::SUCCESS)
}

fn text(taken: &Taken<'_>, proof: Option<&Restored>) -> String {
    let manifest = &taken.manifest;
    let rows: i64 = manifest.tables.iter().map(|table| table.rows).sum();
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let mut lines = vec![
        format!("backed up database {:?} into {}", manifest.database.name, taken.directory.display()),
        format!(
            "  {} tables, {rows} rows, {} KiB in {} files",
            manifest.tables.len(),
            bytes / 1024,
            manifest.files.len()
        ),
        format!("  as of {:.0}, LSN {}, {}", manifest.taken_at, manifest.lsn, manifest.secrets),
    ];
    lines.extend(
        proof.map(|proof| format!("  proved: {} tables restored and compared, {} rows", proof.tables, proof.rows)),
    );
    lines.join("\n")
}
