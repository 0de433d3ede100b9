use std::path::PathBuf;
use std::process::ExitCode;

use super::connect;
use super::output;
use super::progress::Shown;
use crate::Result;
use crate::db::backup::{self, Restored};
use crate::settings::Settings;

/// Options of `tenantry restore`.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// Database to make of it [default: the name of the one that was backed up]
    #[arg(long, value_name = "DBNAME")]
    into: Option<String>,

    /// The backup
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

pub async fn run(command: &Restore, settings: &Settings) -> Result<ExitCode> {
    let shown = Shown::new();
    let say = |what: &str| shown.say(what);
    let restored = connect::with_new(settings, &say, async |config| {
        backup::restore(config, settings.pg_bindir.as_deref(), &command.directory, command.into.as_deref(), &say).await
    })
    .await
    .inspect_err(|_| shown.done())?;
    shown.done();
    output::answer(settings.format, &restored, || text(&restored));
    Ok(ExitCode::SUCCESS)
}

fn text(restored: &Restored) -> String {
    let mut lines = vec![format!(
        "restored database {:?}: {} tables compared with the backup, {} rows",
        restored.database, restored.tables, restored.rows
    )];
    for role in &restored.roles_made {
        lines.push(format!("  made the role {role:?}, which was missing, without a right to connect"));
    }
    lines.join("\n")
}
