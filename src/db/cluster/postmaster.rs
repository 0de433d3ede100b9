use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::home::Home;
use crate::Result;

/// How long the children of a killed server or `initdb` may take to notice.
const ORPHAN_PATIENCE: Duration = Duration::from_secs(20);

/// The directory of the socket that a running server of this cluster listens on; none where no server runs.
///
/// A server works in its data directory, which tells it from another process that was given the pid of a dead one.
pub(super) fn running(home: &Home) -> Option<PathBuf> {
    let written = fs::read_to_string(home.postgresql().join("postmaster.pid")).ok()?;
    let lines: Vec<&str> = written.lines().collect();
    let pid: u32 = lines.first()?.trim().parse().ok()?;
    works_in(pid, &home.postgresql()).then(|| lines.get(4).map(|socket| PathBuf::from(socket.trim())))?
}

/// Removes what a dead server left to say that it runs, whose pid belongs to some other process (or a zombie) by now.
///
/// PostgreSQL itself only asks whether the pid is alive, and would refuse to start. The files stay while any process works
/// in the data directory, since PostgreSQL then needs them to see that memory is still shared.
pub(super) fn remove_stale(home: &Home, socket: &Path) -> Result<()> {
    if anybody_works_in(&home.postgresql()) {
        return Ok(());
    }
    for stale in [home.postgresql().join("postmaster.pid"), socket.join(format!("{}.lock", super::home::SOCKET_NAME))] {
        match fs::remove_file(&stale) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Waits until no process works in a directory, as long as those of a server that was killed may take to notice.
pub(super) async fn nobody_works_in(directory: &Path) {
    let begun = Instant::now();
    while anybody_works_in(directory) && begun.elapsed() < ORPHAN_PATIENCE {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Whether any process has this directory as its working directory, as every process of a server has its data directory.
fn anybody_works_in(directory: &Path) -> bool {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).any(|pid: u32| works_in(pid, directory))
}

fn works_in(pid: u32, directory: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == directory)
}
