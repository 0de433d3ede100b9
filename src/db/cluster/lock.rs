use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::home::Home;
use crate::{Error, Result};

/// How long to wait for a command that will soon be done.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why a program looks after the data directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To keep the cluster running: `tenantry up`.
    Up,
    /// For the duration of one command.
    Command,
}

/// The right to look after a data directory.
///
/// The kernel takes it back when the process ends, however it ends, so there is no stale lock. The file says who has it.
#[derive(Debug)]
pub(super) struct Lock {
    /// Open as long as the lock is held.
    _file: File,
}

impl Lock {
    /// Takes the lock: refused while another `up` has it, waited for while a command has it.
    pub(super) async fn take(home: &Home, purpose: Purpose) -> Result<Self> {
        let mut file = open(home)?;
        let begun = Instant::now();
        while !try_lock(&file)? {
            let holder = Holder::read(&mut file)?;
            if holder.is_up || begun.elapsed() > PATIENCE {
                return Err(refused(home, &holder));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let word = match purpose {
            Purpose::Up => "up",
            Purpose::Command => "command",
        };
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{} {word}", std::process::id())?;
        Ok(Self { _file: file })
    }

    /// Whether a `tenantry up` looks after the data directory now.
    pub(super) fn is_held_by_up(home: &Home) -> Result<bool> {
        if !home.lock().exists() {
            return Ok(false);
        }
        let mut file = open(home)?;
        if try_lock(&file)? {
            return Ok(false);
        }
        Ok(Holder::read(&mut file)?.is_up)
    }
}

struct Holder {
    pid: Option<u32>,
    is_up: bool,
}

impl Holder {
    fn read(file: &mut File) -> Result<Self> {
        let mut said = String::new();
        file.rewind()?;
        file.read_to_string(&mut said)?;
        let mut words = said.split_whitespace();
        Ok(Self { pid: words.next().and_then(|pid| pid.parse().ok()), is_up: words.next() == Some("up") })
    }
}

fn open(home: &Home) -> Result<File> {
    let path = home.lock();
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    opened.map_err(|error| {
        Error::failure(format!("the data directory can't be used: {}: {error}", path.display()))
            .mend("run as the user that made it, or name another with --data-dir")
            .caused_by(error)
    })
}

fn try_lock(file: &File) -> Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(Error::failure(format!("the data directory can't be locked: {error}"))
            .mend("keep it on a file system that knows flock")
            .caused_by(error)),
    }
}

fn refused(home: &Home, holder: &Holder) -> Error {
    let what = if holder.is_up { "`tenantry up`" } else { "`tenantry` command" };
    let pid = holder.pid.map_or_else(|| "pid unknown".to_owned(), |pid| format!("pid {pid}"));
    Error::failure(format!("the data directory {} is used by another {what} ({pid})", home.root().display()))
        .mend("stop that one, or name another directory with --data-dir")
}
