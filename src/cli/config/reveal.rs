use clap::Args;
use uuid::Uuid;

use crate::Result;
use crate::cli::{connect, output};
use crate::db::caller::Caller;
use crate::secrets::{Keys, reveal};
use crate::settings::Settings;

/// Options of `tenantry config reveal`.
#[derive(Debug, Args)]
pub struct Reveal {
    /// The row, by its id, in any table with secrets
    row: Uuid,

    /// What it is for; the audit log keeps it
    #[arg(long)]
    reason: String,

    /// The mask to open, as a JSON pointer into the row [default: all of the row's]
    #[arg(long, value_name = "POINTER")]
    at: Option<String>,
}

/// Prints the secrets of a row, after the audit log knows of it.
pub async fn run(command: &Reveal, settings: &Settings) -> Result<()> {
    let caller = Caller::operator();
    reveal::may_ask(&caller, &command.reason)?;
    let keys = Keys::of(settings)?;
    let revealed = connect::act(settings, &command.reason, async |tx| {
        Ok(reveal::reveal(tx, &keys, &caller, command.row, command.at.as_deref()).await?)
    })
    .await?;
    let answer = revealed.answer()?;
    output::answer(settings.format, &answer, || {
        let secrets = answer["secrets"].as_array().into_iter().flatten();
        let line = |secret: &serde_json::Value| {
            let value = secret["value"].as_str().map_or_else(|| secret["value"].to_string(), ToOwned::to_owned);
            format!("{}  {value}", secret["pointer"].as_str().unwrap_or_default())
        };
        secrets.map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}
