use std::process::ExitCode;

use clap::Subcommand;

use super::{connect, output};
use crate::Result;
use crate::db::caller::Caller;
use crate::db::migrate::ledger;
use crate::db::partitions;
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub enum Partitions {
    /// Make the months that are missing, 24 ahead, and drop those that retention, where configured, no longer keeps
    #[command(after_help = "Example: tenantry partitions maintain --format json")]
    Maintain,
}

pub async fn run(command: &Partitions, settings: &Settings) -> Result<ExitCode> {
    let Partitions::Maintain = command;
    let done = connect::with(settings, async |admin| {
        ledger::needs_schema(admin).await?;
        partitions::maintain(admin, &Caller::operator()).await
    })
    .await?;
    output::answer(settings.format, &done, || {
        if done.made.is_empty() && done.dropped.is_empty() {
            return "every month is there, and none is due to go".to_owned();
        }
        let made = done.made.iter().map(|partition| format!("made     {partition}"));
        let dropped = done.dropped.iter().map(|partition| format!("dropped  {partition}"));
        made.chain(dropped).collect::<Vec<_>>().join("\n")
    });
    Ok(ExitCode::SUCCESS)
}
