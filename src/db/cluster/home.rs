use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};

use super::account::Account;
use crate::{Error, Result};

/// The length that the kernel allows a socket's path (`sun_path` without its closing zero).
const LONGEST_SOCKET_PATH: usize = 107;

/// The name that PostgreSQL gives a socket, by the port it would have.
pub(super) const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Tenantry's data directory.
#[derive(Clone, Debug)]
pub(super) struct Home {
    root: PathBuf,
}

impl Home {
    /// Makes the directory where it is missing.
    pub(super) fn prepare(data_dir: &Path) -> Result<Self> {
        let is_root = rustix::process::geteuid().is_root();
        // As root the server's user has to pass through; what is inside is closed to everybody else.
        let mode = if is_root { 0o711 } else { 0o700 };
        let made = fs::DirBuilder::new().recursive(true).mode(mode).create(data_dir);
        made.map_err(|error| unusable(data_dir, error))?;
        let home = Self::at(data_dir)?;
        let metadata = fs::metadata(&home.root)?;
        if is_root && metadata.uid() == 0 && metadata.permissions().mode() & 0o001 == 0 {
            fs::set_permissions(&home.root, fs::Permissions::from_mode(metadata.permissions().mode() | 0o011))?;
        }
        Ok(home)
    }

    /// The directory where it exists.
    pub(super) fn existing(data_dir: &Path) -> Result<Option<Self>> {
        match fs::metadata(data_dir) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(data_dir, error)),
            Ok(_) => Self::at(data_dir).map(Some),
        }
    }

    fn at(data_dir: &Path) -> Result<Self> {
        let root = data_dir.canonicalize().map_err(|error| unusable(data_dir, error))?;
        if !root.is_dir() {
            return Err(Error::usage(format!("the data directory {} is a file", root.display()))
                .mend("name a directory with --data-dir"));
        }
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(super) fn postgresql(&self) -> PathBuf {
        self.root.join("postgresql")
    }

    /// Where a cluster is made, before it is moved to its place.
    pub(super) fn unfinished(&self) -> PathBuf {
        self.root.join("postgresql.unfinished")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The major version of the cluster; none where there is no cluster yet.
    pub(super) fn major(&self) -> Result<Option<u32>> {
        let path = self.postgresql();
        match fs::read_to_string(path.join("PG_VERSION")) {
            Ok(version) => Ok(version.trim().split('.').next().and_then(|major| major.parse().ok())),
            Err(error) if error.kind() == ErrorKind::NotFound && is_missing_or_empty(&path) => Ok(None),
            Err(error) => Err(Error::failure(format!("{} is no PostgreSQL data directory: {error}", path.display()))
                .mend("name another directory with --data-dir, or move this one away and restore a backup")),
        }
    }

    /// Makes the directories that the server writes to, owned by its user, and checks that it can reach them.
    pub(super) fn hand_over(&self, account: &Account) -> Result<()> {
        Self::own(&self.log(), account)?;
        account.can_enter(&self.log())
    }

    /// Makes a directory that only the server's user may enter.
    pub(super) fn own(directory: &Path, account: &Account) -> Result<()> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
        made.map_err(|error| unusable(directory, error))?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
            .and_then(|()| chown(directory, Some(account.uid), Some(account.gid)))
            .map_err(|error| unusable(directory, error))
    }

    /// The directory for the socket: in the data directory, unless the socket's path would be too long.
    pub(super) fn socket(&self, account: &Account) -> Result<PathBuf> {
        let inside = self.root.join("run");
        let socket = if inside.join(SOCKET_NAME).as_os_str().len() <= LONGEST_SOCKET_PATH {
            inside
        } else {
            self.short_socket()
        };
        // Where /tmp is shared, somebody else may have made the directory first: theirs is never used.
        if let Ok(metadata) = fs::symlink_metadata(&socket)
            && (!metadata.is_dir() || ![0, account.uid].contains(&metadata.uid()))
        {
            return Err(Error::failure(format!("{} belongs to somebody else", socket.display()))
                .mend("remove it, or name a data directory with a shorter path with --data-dir"));
        }
        Self::own(&socket, account)?;
        Ok(socket)
    }

    /// A short directory, the same for the same data directory.
    fn short_socket(&self) -> PathBuf {
        let hash = digest(&SHA256, self.root.as_os_str().as_encoded_bytes());
        let name = hash.as_ref().iter().take(8).fold("tenantry-".to_owned(), |name, byte| format!("{name}{byte:02x}"));
        let base =
            ["/run", "/tmp"].into_iter().find(|base| rustix::fs::access(*base, rustix::fs::Access::WRITE_OK).is_ok());
        Path::new(base.unwrap_or("/tmp")).join(name)
    }
}

fn is_missing_or_empty(path: &Path) -> bool {
    fs::read_dir(path).map_or_else(|error| error.kind() == ErrorKind::NotFound, |mut entries| entries.next().is_none())
}

fn unusable(path: &Path, error: std::io::Error) -> Error {
    Error::failure(format!("the data directory can't be used: {}: {error}", path.display()))
        .mend("name one that you may write to with --data-dir")
        .caused_by(error)
}
