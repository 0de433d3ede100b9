use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use jiff::SignedDuration;

use super::{before_up, connect, output};
use crate::Result;
use crate::audit::ending;
use crate::audit::folder::Folder;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::migrate::plan::plan;
use crate::db::migrate::verify::{Finding, Severity, verify};
use crate::db::migrate::{DownOptions, Progress, Step, UpOptions, down, up};
use crate::db::tx::Tx;
use crate::secrets::{self, Keys};
use crate::settings::Settings;

mod outcome;
mod plan;
mod server_password;

#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Show what `up` would do and what stands against it, changing nothing
    #[command(after_help = "Example: tenantry migrate plan --database-url postgres://postgres@localhost/agency")]
    Plan {
        /// Print the steps as a script for psql instead, for whoever gives no superuser
        #[arg(long)]
        sql: bool,
        /// A login of the site's that keeps its rights on adopted tables; may be given several times
        #[arg(long = "keep-role", value_name = "ROLE")]
        keep_roles: Vec<String>,
    },
    /// Apply what the database lacks
    #[command(after_help = "Example: tenantry migrate up --database-url postgres://postgres@localhost/agency")]
    Up {
        /// Mend rows that break rules, where one value alone can have been meant; `plan` lists them
        #[arg(long)]
        mend: bool,
        /// Copy roles that people had in metadata which they can edit, after you have looked at them in `plan`
        #[arg(long)]
        adopt_roles: bool,
        /// A login of the site's that keeps its rights on adopted tables; may be given several times
        #[arg(long = "keep-role", value_name = "ROLE")]
        keep_roles: Vec<String>,
        /// How long each step may wait for locks that others hold
        #[arg(long, default_value = "15m", value_parser = duration)]
        patience: Duration,
        /// Don't back up into the data directory first
        #[arg(long)]
        no_backup: bool,
    },
    /// Take migrations back
    #[command(after_help = "Example: tenantry migrate down --to 24")]
    Down {
        /// Number of the last migration that stays
        #[arg(long, default_value_t = 0)]
        to: u16,
        /// Go back even where rows or values that people made are lost
        #[arg(long)]
        lose_data: bool,
        /// Put back values that `up --mend` changed, where they are still the mended ones
        #[arg(long)]
        unmend: bool,
    },
    /// Show what was applied
    #[command(after_help = "Example: tenantry migrate status --format json")]
    Status,
    /// Compare the database with what the migrations made; exit code 1 where something is wrong
    #[command(after_help = "Example: tenantry migrate verify")]
    Verify,
}

pub async fn run(command: &Migrate, settings: &Settings) -> Result<ExitCode> {
    connect::with(settings, async |admin| run_on(admin, command, settings).await).await
}

async fn run_on(admin: &mut Admin, command: &Migrate, settings: &Settings) -> Result<ExitCode> {
    match command {
        Migrate::Plan { sql, keep_roles } => {
            let plan = plan(settings, admin, keep_roles).await?;
            if *sql {
                output::line(plan.script()?);
            } else {
                output::answer(settings.format, &plan, || plan::text(&plan));
            }
        }
        Migrate::Up { mend, adopt_roles, keep_roles, patience, no_backup } => {
            let options = UpOptions {
                patience: *patience,
                keep_roles: keep_roles.clone(),
                mend: *mend,
                adopt_roles: *adopt_roles,
                ..UpOptions::default()
            };
            let backup = match no_backup {
                true => None,
                false => before_up::back_up(admin, settings, &options, &|what| output::note(what)).await?,
            };
            let outcome = up(admin, &options, &mut Lines).await?;
            let to_run = server_password::let_server_in(admin, settings, &outcome).await?;
            let done = outcome::Done { backup, to_run, outcome };
            output::answer(settings.format, &done, || outcome::text(&done));
        }
        Migrate::Down { to, lose_data, unmend } => {
            let options = DownOptions { to: *to, lose_data: *lose_data, unmend: *unmend, ..DownOptions::default() };
            let undone = down(admin, &options, &mut Lines).await?;
            let ended = ending::end(admin, &Folder::new(settings.audit_folder())).await?;
            if ended > 0 {
                output::note("the audit log's seals are gone with it: their heads are kept in ended-heads-*");
            }
            output::answer(settings.format, &undone, || outcome::undone(&undone));
        }
        Migrate::Status => {
            let status = outcome::Status::read(admin).await?;
            output::answer(settings.format, &status, || status.text());
        }
        Migrate::Verify => return verified(admin, settings).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Looks at schema, rows and secrets; the latter only where the migrations are there.
async fn verified(admin: &mut Admin, settings: &Settings) -> Result<ExitCode> {
    let mut findings = verify(admin).await?;
    let mut secrets = String::new();
    if !findings.iter().any(|finding| finding.place.starts_with("migration ")) {
        match opened(admin, settings).await {
            Ok(opened) => {
                secrets = opened.sentence();
                findings.extend(opened.findings);
            }
            // What was found may be the reason, such as a table of another owner's: it is told, and mended first.
            Err(_) if is_wrong(&findings) => "secrets weren't looked at".clone_into(&mut secrets),
            Err(error) => return Err(error),
        }
    }
    Ok(print_findings(&findings, &secrets, settings))
}

async fn opened(admin: &mut Admin, settings: &Settings) -> Result<secrets::verify::Verified> {
    let keys = Keys::of(settings)?;
    let tx = Tx::begin(admin, &Caller::operator(), "migrate verify").await?;
    secrets::verify::verify(&tx, &keys).await
}

fn is_wrong(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Wrong)
}

fn print_findings(findings: &[Finding], secrets: &str, settings: &Settings) -> ExitCode {
    output::answer(settings.format, &findings, || {
        if findings.is_empty() {
            return format!("everything is as the migrations made it; {secrets}");
        }
        let row = |finding: &Finding| [finding.place.clone(), finding.what.clone(), finding.mend.clone()];
        let table = output::table(["place", "rule", "mend"], findings.iter().map(row));
        format!("{table}\n{secrets}").trim_end().to_owned()
    });
    if is_wrong(findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn duration(text: &str) -> Result<Duration, String> {
    let signed: SignedDuration = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    Duration::try_from(signed).map_err(|_| "a duration can't be negative".to_owned())
}

/// Progress as lines on standard error.
struct Lines;

impl Progress for Lines {
    fn begun(&mut self, migration: &str, step: &Step) {
        output::note(format!("{migration}: {}", step.name));
    }

    fn batch(&mut self, rows: i64) {
        tracing::debug!(rows, "batch");
    }

    fn waiting(&mut self, holder: &str) {
        output::note(format!("  waiting: {holder}"));
    }
}
