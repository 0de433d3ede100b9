//! Parses the command line and dispatches.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    tenantry::cli::main().await
}
