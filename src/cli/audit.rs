use std::process::ExitCode;

use clap::Subcommand;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{connect, output};
use crate::audit::export::export;
use crate::audit::finding::Finding;
use crate::audit::folder::Folder;
use crate::audit::seal::Head;
use crate::audit::verify::{Report, verify};
use crate::clock::Clock;
use crate::db::caller::Caller;
use crate::db::migrate::ledger;
use crate::settings::Settings;
use crate::{Error, Result};

/// How old the newest seal may be before it is worth a word: the sealer makes one a minute at least.
const SEALER_SLEEPS: SignedDuration = SignedDuration::from_secs(150);

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Check that nobody edited, removed, reordered or cut off entries
    ///
    /// Reads the whole log and its seals, computes every hash and checks every signature with the keys in the data
    /// directory. Seals nothing and changes nothing. Exit code 1 where something is wrong.
    #[command(
        after_help = "Example: tenantry audit verify --head 57:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    Verify {
        /// A head that an earlier run printed, or the server's log: the seal has to be in the chain still
        #[arg(long, value_name = "H")]
        head: Option<Head>,
    },
    /// Print entries as JSON, one a line; that it was done is an entry too
    #[command(after_help = "Example: tenantry audit export --since 2026-11-01 > november.jsonl")]
    Export {
        /// From which moment on: 2026-11-01T08:00:00Z, or a day, which begins at midnight UTC
        #[arg(long, value_name = "T", value_parser = moment)]
        since: Option<Timestamp>,
    },
}

pub async fn run(command: &Audit, settings: &Settings) -> Result<ExitCode> {
    match command {
        Audit::Verify { head } => {
            let folder = Folder::new(settings.audit_folder());
            let report = connect::with(settings, async |admin| {
                ledger::needs_schema(admin).await?;
                verify(admin, &folder, *head).await
            })
            .await?;
            output::answer(settings.format, &report, || said(&report, &folder));
            Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Audit::Export { since } => {
            connect::with(settings, async |admin| {
                ledger::needs_schema(admin).await?;
                export(admin, &Caller::operator(), *since, |entry| output::line(entry)).await
            })
            .await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn said(report: &Report, folder: &Folder) -> String {
    let mut lines: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    if lines.is_empty() {
        lines.push("nothing is wrong".to_owned());
    }
    let counts = [
        (Some(report.seals), "seals", ""),
        (Some(report.sealed_entries), "sealed entries", ""),
        (more_than_none(report.dropped_entries), "of them dropped", "by retention, their seals kept"),
        (more_than_none(report.erased_entries), "of them erased", "their hashes kept"),
        (
            more_than_none(report.waiting_entries),
            "waiting entries",
            "younger than the newest seal: nothing is promised yet",
        ),
    ];
    let counted = counts.iter().filter_map(|(count, what, why)| Some(format!("  {what:<16}{:>8}  {why}", (*count)?)));
    lines.extend(counted.map(|line| line.trim_end().to_owned()));
    if let Some(sealed_at) = report.sealed_at {
        lines.push(format!("  newest seal     {sealed_at:.0}"));
        if Clock::System.now().duration_since(sealed_at) > SEALER_SLEEPS {
            lines.push("  nothing has been sealed since: `tenantry up` does it while it runs".to_owned());
        }
    }
    match report.head {
        Some(head) => lines
            .push(format!("head {head}\nKeep it elsewhere: with --head it proves one day that nothing was cut off.")),
        None => lines.push("there is no seal yet: `tenantry up` makes them while it runs".to_owned()),
    }
    if report.findings.iter().any(Finding::is_cut_off) {
        lines.push(format!(
            "if it was you who put an older state back in place, take head-* and lost-heads-* out of {}",
            folder.path().display()
        ));
    }
    if report.findings.iter().any(Finding::is_unknown_key) {
        lines.push(format!(
            "keys are looked for in {}: put the .pub file there, or name the data directory with --data-dir",
            folder.path().display()
        ));
    }
    lines.join("\n")
}

fn more_than_none(count: i64) -> Option<i64> {
    (count > 0).then_some(count)
}

/// A moment, or a day's beginning in UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    let wrong =
        || Error::usage(format!("{text:?} is no moment")).mend("write 2026-11-01T08:00:00Z or 2026-11-01").to_string();
    text.parse().ok().or_else(|| day().map(|day| day.timestamp())).ok_or_else(wrong)
}
