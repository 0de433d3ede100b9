use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::hash::{hex, unhex};
use super::key::{Key, Trusted};
use super::seal::Head;
use crate::{Error, Result, files};

/// The folder outside PostgreSQL with what the database must not hold: the key that seals, the public halves of all
/// keys that ever did, and the newest head of each database.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    is_one_of_several: bool,
}

impl Folder {
    /// The folder at a path, which is made when something is first written.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), is_one_of_several: false }
    }

    /// The folder of a server that may stand beside others: a chain that another one's key seals isn't its to go on with.
    pub fn of_one_of_several(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), is_one_of_several: true }
    }

    /// Whether whoever has this folder seals a chain that has seals already.
    pub fn goes_on(&self) -> bool {
        !self.is_one_of_several || self.path.join("seal.key").exists()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key that seals; made on first use, readable to its owner only.
    pub fn key(&self) -> Result<Key> {
        let file = self.path.join("seal.key");
        if let Some(key) = read_key(&file)? {
            return Ok(key);
        }
        let (key, pkcs8) = Key::generate()?;
        self.make()?;
        // The public half first: a seal whose key nobody knows is worse than a public key that sealed nothing.
        self.write(&format!("{}.pub", key.id()), &hex(key.public()), 0o444)?;
        match files::write_new(&self.path, "seal.key", &pkcs8, 0o400) {
            // Another process was first: its key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                read_key(&file)?.ok_or_else(|| Error::failure(format!("{} came and went", file.display())))
            }
            written => written.map(|()| key).map_err(|error| cannot("write", &file, error)),
        }
    }

    /// The public keys that lie here.
    pub fn trusted(&self) -> Result<Trusted> {
        let mut trusted = Trusted::default();
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(trusted),
            entries => entries.map_err(|error| cannot("read", &self.path, error))?,
        };
        for entry in entries {
            let file = entry.map_err(|error| cannot("read", &self.path, error))?.path();
            if file.extension().is_some_and(|extension| extension == "pub") {
                let text = fs::read_to_string(&file).map_err(|error| cannot("read", &file, error))?;
                let public = unhex(text.trim()).ok_or_else(|| Error::failure("it isn't hex"));
                public.and_then(|key| trusted.add(&key)).map_err(|error| error.within(&file.display().to_string()))?;
            }
        }
        Ok(trusted)
    }

    /// The newest seal of a database that was kept here.
    pub fn head(&self, database: &DatabaseId) -> Result<Option<Head>> {
        Ok(self.heads(&format!("head-{database}"))?.pop())
    }

    /// Keeps the newest seal of a database.
    pub fn keep_head(&self, database: &DatabaseId, head: Head) -> Result<()> {
        self.make()?;
        self.write(&format!("head-{database}"), &format!("{head}\n"), 0o600)
    }

    /// The heads of a database that were kept here once and then weren't in its chain any more.
    pub fn lost_heads(&self, database: &DatabaseId) -> Result<Vec<Head>> {
        self.heads(&format!("lost-heads-{database}"))
    }

    /// Keeps a head that isn't in the chain any more, for as long as nobody takes the file away.
    pub fn keep_lost_head(&self, database: &DatabaseId, head: Head) -> Result<()> {
        self.append(&format!("lost-heads-{database}"), head)
    }

    /// Puts the heads of a database aside whose chain is gone with its schema, so that the next chain isn't held to them;
    /// returns how many there were.
    pub fn end_chain(&self, database: &DatabaseId) -> Result<usize> {
        let names = [format!("lost-heads-{database}"), format!("head-{database}")];
        let mut ended = 0;
        for name in names {
            let heads = self.heads(&name)?;
            for head in &heads {
                self.append(&format!("ended-heads-{database}"), *head)?;
            }
            if !heads.is_empty() {
                let file = self.path.join(name);
                fs::remove_file(&file).map_err(|error| cannot("remove", &file, error))?;
            }
            ended += heads.len();
        }
        Ok(ended)
    }

    fn append(&self, name: &str, head: Head) -> Result<()> {
        let file = self.path.join(name);
        let append = || -> io::Result<()> {
            let mut heads = OpenOptions::new().append(true).create(true).mode(0o600).open(&file)?;
            writeln!(heads, "{head}")?;
            heads.sync_all()
        };
        append().map_err(|error| cannot("write", &file, error))
    }

    fn heads(&self, name: &str) -> Result<Vec<Head>> {
        let file = self.path.join(name);
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text.map_err(|error| cannot("read", &file, error))?,
        };
        let head =
            |line: &str| line.parse().map_err(|wrong: &str| Error::failure(wrong).within(&file.display().to_string()));
        text.lines().map(head).collect()
    }

    fn make(&self) -> Result<()> {
        files::make_private_folder(&self.path).map_err(|error| cannot("make", &self.path, error))
    }

    fn write(&self, name: &str, content: &str, mode: u32) -> Result<()> {
        let replaced = files::replace(&self.path, name, content.as_bytes(), mode);
        replaced.map_err(|error| cannot("write", &self.path.join(name), error))
    }
}

/// Which database a head is of: one that was restored elsewhere, or made anew under the same name, has a chain of its own
/// to answer for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseId {
    /// PostgreSQL's identifier of the cluster; 0 where the server keeps it to itself.
    pub cluster: i64,
    /// The database's number in it.
    pub oid: u32,
}

impl fmt::Display for DatabaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.cluster, self.oid)
    }
}

/// Reads the key, and refuses one that others could have read.
fn read_key(file: &Path) -> Result<Option<Key>> {
    let open = match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata.map_err(|error| cannot("read", file, error))?.permissions().mode() & 0o077 != 0,
    };
    if open {
        return Err(Error::failure(format!("{} is open to others than its owner", file.display()))
            .mend("chmod 0400 it; if somebody may have read it, move it away: a new key is made, the old .pub stays"));
    }
    let pkcs8 = Zeroizing::new(fs::read(file).map_err(|error| cannot("read", file, error))?);
    Key::from_pkcs8(&pkcs8).map(Some).map_err(|error| error.within(&file.display().to_string()))
}

fn cannot(what: &str, path: &Path, error: io::Error) -> Error {
    Error::failure(format!("can't {what} {}: {error}", path.display()))
        .mend("check that the folder is there, has space and belongs to whoever runs tenantry")
        .caused_by(error)
}
