use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::configurations::{AsOf, Asked, Environment};
use crate::db::tx::Tx;
use crate::members::actions;
use crate::settings::Settings;
use crate::{Error, Result};

mod check;
mod diff;
mod explain;
mod export;
mod history;
mod resolve;
mod reveal;
mod verify;
mod write;

pub(super) use resolve::line;
pub(super) use write::kept;

/// `tenantry config …`.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Print what a client's app reads: the document that is composed of all layers
    #[command(after_help = "Example: tenantry config resolve hello@lumenyoga.example --env production")]
    Resolve(Which),

    /// Print where a value comes from: what each layer says, which won, who set it when
    #[command(
        after_help = "Example: tenantry config explain hello@lumenyoga.example notifications.reminderHours --env production"
    )]
    Explain {
        #[command(flatten)]
        which: Which,
        /// The key: a dotted path of the document
        key: String,
    },

    /// Print what a row of configuration held before, newest first
    #[command(after_help = "Example: tenantry config history 6b658148-8bef-4fce-bda0-fdabff360659")]
    History(history::History),

    /// Print what is different between two revisions: rows, and of one client the document
    #[command(after_help = "Example: tenantry config diff 3 7 --client hello@lumenyoga.example --env production")]
    Diff(diff::Diff),

    /// Check whether the documents of a template are what its app expects, by a JSON Schema; exit code 1 where one isn't
    #[command(after_help = "Example: tenantry config check app.schema.json --template storefront")]
    Check(check::Check),

    /// Judge every document and every row, also what SQL by hand wrote; exit code 1 where something is wrong
    #[command(after_help = "Example: tenantry config verify")]
    Verify,

    /// Print a client's document as JSON or as environment variables, secrets left out
    #[command(after_help = "Example: tenantry config export hello@shimadatea.example --as env > .env")]
    Export(export::Export),

    /// Print the secrets of a row in the clear; who, when and why stands in the audit log from then on
    #[command(
        after_help = "Example: tenantry config reveal 6b658148-8bef-4fce-bda0-fdabff360659 --reason 'the provider asks'"
    )]
    Reveal(reveal::Reveal),

    #[command(flatten)]
    Write(write::Write),
}

/// One of a client's documents.
#[derive(Debug, Args)]
pub struct Which {
    /// The client: id, e-mail or name
    client: String,

    /// Environment that the app runs in
    #[arg(long = "env", value_name = "E", default_value_t = Environment::Production)]
    environment: Environment,

    /// Template that the app is built from [default: that of the client's only active customization]
    #[arg(long, value_name = "T")]
    template: Option<String>,

    /// As it was at a revision or a time
    #[arg(long, value_name = "REV|TIME")]
    as_of: Option<AsOf>,
}

impl Which {
    /// What is asked for, in ids.
    async fn asked(&self, tx: &Tx<'_>) -> Result<Asked> {
        Ok(Asked {
            client_id: actions::the_client(tx, &self.client).await?.id,
            template_id: self.template.clone(),
            environment: self.environment,
            as_of: self.as_of,
        })
    }
}

pub async fn run(command: &Config, settings: &Settings) -> Result<ExitCode> {
    match command {
        Config::Resolve(which) => resolve::run(which, settings).await?,
        Config::Explain { which, key } => explain::run(which, key, settings).await?,
        Config::History(history) => history::run(history, settings).await?,
        Config::Reveal(reveal) => reveal::run(reveal, settings).await?,
        Config::Write(write) => write::run(write, settings).await?,
        Config::Diff(diff) => diff::run(diff, settings).await?,
        Config::Check(check) => return check::run(check, settings).await,
        Config::Verify => return verify::run(settings).await,
        Config::Export(export) => export::run(export, settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A value in one line of a table.
fn short(value: &serde_json::Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// An id that somebody typed.
fn id(text: &str) -> Result<uuid::Uuid> {
    text.parse().map_err(|_| Error::usage(format!("{text:?} is no id")).mend("give a UUID, as answers name rows"))
}
