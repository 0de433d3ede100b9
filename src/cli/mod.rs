//! The command line: one file per command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::Result;
use crate::error::Kind;
use crate::settings::Settings;

/// How answers are printed.
pub mod output;

mod migrate;

/// The self-hosted back office for agencies and software vendors who run one app per client.
#[derive(Debug, Parser)]
#[command(name = "tenantry", version, about, arg_required_else_help = true, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring a database, empty or in use, to the schema that this program needs, and back
    #[command(subcommand)]
    Migrate(migrate::Migrate),
}

/// Parses the command line, runs the command and says how it went: 0, 1 for a failure, 2 for wrong use.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(code) => code,
        Err(error) => {
            output::error(&error, cli.settings.format);
            ExitCode::from(match error.kind() {
                Kind::Failure => 1,
                Kind::Usage => 2,
            })
        }
    }
}

async fn run(cli: &Cli) -> Result<ExitCode> {
    match &cli.command {
        Command::Migrate(command) => migrate::run(command, &cli.settings).await,
    }
}
