use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::ExitCode;

use super::{connect, output};
use crate::db::admin::Admin;
use crate::db::doctor::{self, Finding, Severity};
use crate::settings::Settings;
use crate::{Error, Result};

/// Less free space than this, and the next backup or vacuum may fail.
const LITTLE_SPACE: u64 = 2 * 1024 * 1024 * 1024;

/// Less than this, and PostgreSQL itself may stop.
const NO_SPACE: u64 = 256 * 1024 * 1024;

pub async fn run(settings: &Settings) -> Result<ExitCode> {
    let mut findings = connect::with(settings, async |admin| doctor::examine(admin).await).await?;
    if let Some(url) = &settings.database_url {
        findings.extend(doctor::examine_server_connection(&Admin::connect(url).await?).await?);
    }
    findings.extend(space(settings)?);
    findings.extend(keys(&settings.audit_folder())?);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    output::answer(settings.format, &findings, || text(&findings));
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Wrong);
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn text(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "nothing to mend".to_owned();
    }
    let lines = findings.iter().map(|finding| {
        let word = match finding.severity {
            Severity::Wrong => "WRONG  ",
            Severity::Warning => "warning",
        };
        format!("{word}  {}: {}\n         mend: {}", finding.place, finding.what, finding.mend)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The room left where Tenantry keeps its own cluster; of another server's disk nothing is known here.
fn space(settings: &Settings) -> Result<Option<Finding>> {
    if !settings.data_dir.exists() {
        return Ok(None);
    }
    let place = settings.data_dir.display();
    let disk = rustix::fs::statvfs(&settings.data_dir)
        .map_err(|error| Error::failure(format!("{place}: the free space can't be read: {error}")))?;
    let free = disk.f_bavail * disk.f_frsize;
    let severity = match free {
        ..NO_SPACE => Severity::Wrong,
        NO_SPACE..LITTLE_SPACE => Severity::Warning,
        _ => return Ok(None),
    };
    let what = format!("{} MiB are free", free / (1024 * 1024));
    Ok(Some(Finding::new(severity, format!("disk of {place}"), what, "make room: old backups, logs, or a larger disk")))
}

/// Secret keys that somebody other than their owner may read.
fn keys(folder: &Path) -> Result<Vec<Finding>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let mode = std::fs::metadata(&path)?.permissions().mode() & 0o777;
        if path.extension().is_some_and(|extension| extension == "key") && mode & 0o077 != 0 {
            let place = path.display().to_string();
            findings.push(Finding::new(
                Severity::Wrong,
                format!("key {place}"),
                format!("others than its owner may reach it (mode {mode:03o}): who has it can forge seals"),
                format!("chmod 400 {place}"),
            ));
        }
    }
    Ok(findings)
}
