use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::change::tools;
use super::config::line;
use super::{connect, output};
use crate::Result;
use crate::settings::Settings;
use crate::templates;

/// `tenantry deployment-config …`.
#[derive(Debug, Subcommand)]
pub enum DeploymentConfig {
    /// Look whether a deployment configuration may be applied; exit code 1 where something stands in the way
    #[command(after_help = "Example: tenantry deployment-config validate 51ac…")]
    Validate(Which),

    /// Put a validated deployment configuration into force, in place of the one that is
    #[command(after_help = "Example: tenantry deployment-config apply 51ac…")]
    Apply(Which),
}

/// A deployment configuration.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Its id
    id: Uuid,
    /// What for
    #[arg(long)]
    reason: Option<String>,
}

/// Runs `tenantry deployment-config …`.
pub async fn run(command: &DeploymentConfig, settings: &Settings) -> Result<ExitCode> {
    let tools = tools(settings)?;
    match command {
        DeploymentConfig::Validate(Which { id, reason }) => {
            let reason = reason.as_deref();
            let said = reason.unwrap_or("deployment-config validate");
            let work = connect::act(settings, said, async |tx| Ok(templates::validate(tx, &tools, *id, reason).await?));
            let judged = work.await?;
            output::answer(settings.format, &judged, || {
                let faults: String = judged.faults.iter().map(|fault| format!("\n{}", line(fault))).collect();
                format!("{} is {}{faults}", judged.id, judged.status)
            });
            Ok(if judged.is_ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        DeploymentConfig::Apply(Which { id, reason }) => {
            let reason = reason.as_deref();
            let said = reason.unwrap_or("deployment-config apply");
            let work = connect::act(settings, said, async |tx| Ok(templates::apply(tx, &tools, *id, reason).await?));
            let applied = work.await?;
            output::answer(settings.format, &applied, || {
                let instead = applied.replaced.map_or_else(String::new, |id| format!(", in place of {id}"));
                format!("{} is in force{instead} (change {})", applied.id, applied.change_id)
            });
            Ok(ExitCode::SUCCESS)
        }
    }
}
