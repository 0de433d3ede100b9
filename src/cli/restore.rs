use std::path::PathBuf;
use std::process::ExitCode;

use envelope::KeyId;

use super::connect;
use super::output;
use super::progress::Shown;
use crate::Result;
use crate::db::backup::{self, Restored};
use crate::secrets::Keys;
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
    let done = Done { keys_missing: missing(&restored, settings)?, restored };
    output::answer(settings.format, &done, || text(&done));
    Ok(ExitCode::SUCCESS)
}

/// A restore, and which of the keys that its secrets need aren't here.
#[derive(serde::Serialize)]
struct Done {
    #[serde(flatten)]
    restored: Restored,
    keys_missing: Vec<String>,
}

fn missing(restored: &Restored, settings: &Settings) -> Result<Vec<String>> {
    if restored.key_ids.is_empty() {
        return Ok(Vec::new());
    }
    let ring = Keys::of(settings)?.ring();
    let is_there = |id: &&String| ring.as_ref().is_some_and(|ring| ring.find(&KeyId::named((*id).clone())).is_some());
    Ok(restored.key_ids.iter().filter(|id| !is_there(id)).cloned().collect())
}

fn text(Done { restored, keys_missing }: &Done) -> String {
    let mut lines = vec![format!(
        "restored database {:?}: {} tables compared with the backup, {} rows",
        restored.database, restored.tables, restored.rows
    )];
    for role in &restored.roles_made {
        lines.push(format!("  made the role {role:?}, which was missing, without a right to connect"));
    }
    if !keys_missing.is_empty() {
        lines.push(format!(
            "  its secrets need the encryption key {}, which isn't here: put it back, or bring it back with\n  \
             `tenantry keys import-recovery`; until then no server starts on it",
            keys_missing.join(", ")
        ));
    }
    lines.join("\n")
}
