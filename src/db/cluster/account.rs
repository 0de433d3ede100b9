use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tokio::process::Command;

use super::home::Home;
use crate::db::libpq::ENCRYPTION_KEYS;
use crate::{Error, Result};

/// Who PostgreSQL may run as where this program is root, in the order in which they are tried.
const USUAL: [&str; 2] = ["postgres", "tenantry"];

/// A user of the machine.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Whether this program has to become them, being root.
    other: bool,
}

impl Account {
    /// Who the server runs as: ourselves, or, as PostgreSQL refuses root, the cluster's owner or an unprivileged user.
    pub(super) fn choose(home: &Home, wanted: Option<&str>) -> Result<Self> {
        let own = rustix::process::geteuid();
        if !own.is_root() {
            return Self::find(&own.as_raw().to_string(), false).ok_or_else(|| {
                Error::failure(format!("the user with id {} has no name on this machine", own.as_raw()))
                    .mend("PostgreSQL needs one: add the user to /etc/passwd, or run as another")
            });
        }
        if let Ok(metadata) = std::fs::metadata(home.postgresql().join("PG_VERSION")) {
            let owner = metadata.uid().to_string();
            return Self::find(&owner, true).filter(Self::is_unprivileged).ok_or_else(|| {
                Error::failure(format!(
                    "{} belongs to user {owner}, as whom PostgreSQL can't run",
                    home.root().display()
                ))
                .mend(format!("give it to one: chown -R postgres {}", home.postgresql().display()))
            });
        }
        if let Some(name) = wanted {
            return Self::find(name, true).filter(Self::is_unprivileged).ok_or_else(|| {
                Error::usage(format!("PostgreSQL can't run as {name:?}, which is unknown or root"))
                    .mend("name an unprivileged user in TENANTRY_PG_USER")
            });
        }
        let caller = std::env::var("SUDO_USER").ok();
        let names = USUAL.into_iter().chain(caller.as_deref());
        names.filter_map(|name| Self::find(name, true)).find(Self::is_unprivileged).ok_or_else(|| {
            Error::failure("PostgreSQL refuses to run as root, and there is no user postgres or tenantry to run it as")
                .mend(
                    "make one with `useradd --system postgres`, name another in TENANTRY_PG_USER, or don't run as root",
                )
        })
    }

    /// A program to be run as this user, away from directories that they can't enter and from variables meant for others.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(std::process::Stdio::null()).kill_on_drop(true).env("LC_ALL", "C");
        for name in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE", ENCRYPTION_KEYS] {
            command.env_remove(name);
        }
        if self.other {
            command.uid(self.uid).gid(self.gid).env("HOME", "/").env("USER", &self.name);
        }
        command
    }

    /// Refuses a directory that this user can't reach, naming the one that is closed to them.
    pub(super) fn can_enter(&self, directory: &Path) -> Result<()> {
        if !self.other {
            return Ok(());
        }
        let mut tried = self.command(Path::new("/bin/sh")).into_std();
        let entered = tried.args(["-c", "cd \"$1\"", "sh"]).arg(directory).output()?.status.success();
        if entered {
            return Ok(());
        }
        let closed = directory.ancestors().filter(|ancestor| !self.may_pass(ancestor)).last().unwrap_or(directory);
        Err(Error::failure(format!(
            "PostgreSQL can't run as root, and {}, whom it runs as, can't enter {}",
            self.name,
            closed.display()
        ))
        .mend(format!(
            "name a data directory elsewhere, such as --data-dir /var/lib/tenantry, or open this one: chmod o+x {}",
            closed.display()
        )))
    }

    /// Whether the modes of a directory let this user through; for the message alone, so that group lists don't count.
    fn may_pass(&self, directory: &Path) -> bool {
        std::fs::metadata(directory).is_ok_and(|metadata| {
            let mode = metadata.mode();
            if metadata.uid() == self.uid {
                mode & 0o100 != 0
            } else if metadata.gid() == self.gid {
                mode & 0o010 != 0
            } else {
                mode & 0o001 != 0
            }
        })
    }

    fn is_unprivileged(&self) -> bool {
        self.uid != 0
    }

    /// Looks a user up by name or number, wherever the machine keeps them.
    fn find(name_or_id: &str, other: bool) -> Option<Self> {
        let output = std::process::Command::new("getent").args(["passwd", name_or_id]).output().ok()?;
        let line = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut fields = line.trim_end().split(':');
        let name = fields.next().filter(|name| !name.is_empty())?.to_owned();
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Self { name, uid, gid, other })
    }
}
