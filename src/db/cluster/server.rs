use std::fs;
use std::path::PathBuf;
use std::process::Output;

use super::account::Account;
use super::home::Home;
use super::{START_PATIENCE, conf, postmaster};
use crate::db::programs::Programs;
use crate::{Error, Result};

/// Starts the server and comes back when it takes connections; returns the directory of its socket.
pub(super) async fn start(home: &Home, account: &Account, programs: &Programs) -> Result<PathBuf> {
    let socket = home.socket(account)?;
    conf::write_all(home, account, &socket)?;
    postmaster::nobody_works_in(&home.postgresql()).await;
    postmaster::remove_stale(home, &socket)?;
    let output = pg_ctl(home, account, programs, &start_arguments(home)).await?;
    if output.status.success() {
        return Ok(socket);
    }
    Err(Error::failure(format!("PostgreSQL didn't start:\n{}", log_tail(home)))
        .mend(format!("mend what the log says ({}), then start again", home.log().display())))
}

fn start_arguments(home: &Home) -> Vec<String> {
    let log = start_log(home).display().to_string();
    ["start", "--wait", "--silent", "--timeout", &START_PATIENCE.as_secs().to_string(), "--log", &log]
        .map(ToOwned::to_owned)
        .into()
}

/// Stops the server: clients are sent away, open transactions rolled back.
pub(super) async fn stop(home: &Home, account: &Account, programs: &Programs) -> Result<()> {
    if postmaster::running(home).is_none() {
        return Ok(());
    }
    let mut said = String::new();
    // Immediate loses nothing that was committed either; the next start then recovers.
    for (mode, seconds) in [("fast", "60"), ("immediate", "20")] {
        let arguments = ["stop", "--wait", "--silent", "--mode", mode, "--timeout", seconds].map(ToOwned::to_owned);
        let output = pg_ctl(home, account, programs, &arguments).await?;
        if output.status.success() || postmaster::running(home).is_none() {
            return Ok(());
        }
        String::from_utf8_lossy(&output.stderr).trim().clone_into(&mut said);
    }
    Err(Error::failure(format!("PostgreSQL doesn't stop: {said}"))
        .mend(format!("see {}; the pid is the first line of postmaster.pid", home.log().display())))
}

async fn pg_ctl(home: &Home, account: &Account, programs: &Programs, arguments: &[String]) -> Result<Output> {
    let mut command = account.command(&programs.path("pg_ctl"));
    command.args(arguments).arg("--pgdata").arg(home.postgresql());
    Ok(command.output().await?)
}

/// What the server says before it has a log of its own.
fn start_log(home: &Home) -> PathBuf {
    home.log().join("start.log")
}

/// The last lines of the newest log.
fn log_tail(home: &Home) -> String {
    let entries = fs::read_dir(home.log()).into_iter().flatten().flatten();
    let newest = entries.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).max();
    let text = newest.and_then(|(_, path)| fs::read_to_string(path).ok()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
