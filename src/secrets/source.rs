use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use envelope::{Key, Ring};
use zeroize::Zeroizing;

use super::keys::said;
use crate::db::libpq;
use crate::settings::Settings;
use crate::{Error, Result, files};

/// Where the keys may stand themselves.
pub const VARIABLE: &str = libpq::ENCRYPTION_KEYS;

/// What systemd calls them: `LoadCredential=tenantry-encryption-keys:/path`.
pub const CREDENTIAL: &str = "tenantry-encryption-keys";

/// Where systemd puts credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Where key-encryption keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file that only its owner may read, made on the first start; rotation adds to it.
    File(PathBuf),
    /// A credential of systemd's, which is the operator's to change.
    Credential(PathBuf),
    /// The environment variable, which is the operator's to change.
    Variable,
}

impl Source {
    /// The one that is set: the variable, or the file of a setting; else a credential where systemd gives one, else the
    /// file in the data directory.
    pub fn of(settings: &Settings) -> Result<Self> {
        let variable = std::env::var_os(VARIABLE).is_some();
        let credential = std::env::var_os(CREDENTIALS).map(|folder| Path::new(&folder).join(CREDENTIAL));
        let source = match (variable, &settings.encryption_keys_file) {
            (true, Some(file)) => {
                return Err(Error::usage(format!(
                    "encryption keys are given twice, in {VARIABLE} and in {}",
                    file.display()
                ))
                .mend("put all of them into one place, the one that encrypts first, and leave the other away"));
            }
            (true, None) => Self::Variable,
            (false, Some(file)) => Self::File(file.clone()),
            (false, None) => match credential.filter(|file| file.exists()) {
                Some(file) => Self::Credential(file),
                None => Self::File(settings.data_dir.join("encryption-keys")),
            },
        };
        source.refuse_pgdata()?;
        Ok(source)
    }

    /// In words.
    pub fn describe(&self) -> String {
        match self {
            Self::File(file) => format!("the file {}", file.display()),
            Self::Credential(file) => format!("systemd's credential {}", file.display()),
            Self::Variable => format!("the variable {VARIABLE}"),
        }
    }

    /// The keys that are there; none where there is no such file yet.
    pub fn read(&self) -> Result<Option<Ring>> {
        let text = match self {
            Self::Variable => match std::env::var(VARIABLE) {
                Ok(text) => Zeroizing::new(text),
                Err(_) => return Err(self.unreadable("it isn't text")),
            },
            Self::File(file) | Self::Credential(file) => match fs::metadata(file) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                metadata => {
                    self.refuse_open(&metadata.map_err(|error| self.unreadable(&error.to_string()))?)?;
                    Zeroizing::new(fs::read_to_string(file).map_err(|error| self.unreadable(&error.to_string()))?)
                }
            },
        };
        Ring::parse(&text).map(Some).map_err(|error| said(&error).within(&self.describe()))
    }

    /// Makes the first key where there is none yet; of two processes that try, one makes it and both have it.
    pub fn make(&self) -> Result<Ring> {
        let Self::File(file) = self else {
            return Err(Error::failure(format!("there is no key in {}", self.describe()))
                .mend("put one there; `tenantry keys generate` prints a new one"));
        };
        let ring = Ring::new(vec![Key::generate().map_err(|error| said(&error))?]).map_err(|error| said(&error))?;
        let (folder, name) = split(file);
        files::make_private_folder(folder).map_err(|error| self.unwritable(&error))?;
        match files::write_new(folder, name, text(&ring).as_bytes(), 0o400) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.read()?.ok_or_else(|| Error::failure(format!("{} came and went", self.describe())))
            }
            written => written.map(|()| ring).map_err(|error| self.unwritable(&error)),
        }
    }

    /// Puts another ring in the place of the one that is there.
    pub fn replace(&self, ring: &Ring) -> Result<()> {
        let Self::File(file) = self else {
            return Err(Error::failure(format!("{} isn't Tenantry's to write", self.describe()))
                .mend("put the new key before the others there, restart what uses it, and run the command again"));
        };
        let (folder, name) = split(file);
        files::make_private_folder(folder)
            .and_then(|()| files::replace(folder, name, text(ring).as_bytes(), 0o400))
            .and_then(|()| fs::File::open(folder)?.sync_all())
            .map_err(|error| self.unwritable(&error))
    }

    /// Whoever has PostgreSQL's files would have the keys to them: backups of the one must not hold the other.
    fn refuse_pgdata(&self) -> Result<()> {
        let Self::File(file) = self else { return Ok(()) };
        let inside = std::path::absolute(file)?;
        match inside.ancestors().skip(1).find(|folder| folder.join("PG_VERSION").exists()) {
            None => Ok(()),
            Some(pgdata) => Err(Error::usage(format!(
                "{} lies in {}, a data directory of PostgreSQL's",
                self.describe(),
                pgdata.display()
            ))
            .mend("name a place outside it, which is backed up apart from the database")),
        }
    }

    /// A file that others can read is no secret; what systemd gives is guarded by systemd.
    fn refuse_open(&self, metadata: &fs::Metadata) -> Result<()> {
        if matches!(self, Self::File(_)) && metadata.permissions().mode() & 0o077 != 0 {
            return Err(Error::failure(format!("{} is open to others than its owner", self.describe()))
                .mend("chmod 0400 it; if somebody may have read it, run `tenantry keys rotate` afterwards"));
        }
        Ok(())
    }

    fn unreadable(&self, why: &str) -> Error {
        Error::failure(format!("can't read {}: {why}", self.describe()))
            .mend("let whoever runs tenantry read it, and nobody else")
    }

    fn unwritable(&self, error: &io::Error) -> Error {
        Error::failure(format!("can't write {}: {error}", self.describe()))
            .mend("check that its folder is there, has space and belongs to whoever runs tenantry")
    }
}

fn split(file: &Path) -> (&Path, &str) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder, file.file_name().and_then(|name| name.to_str()).unwrap_or_default())
}

/// A ring as its file says it.
fn text(ring: &Ring) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(1_024));
    text.push_str(
        "# Key-encryption keys of Tenantry: the first encrypts, all of them decrypt.\n\
         # Without them no secret of this installation can be read again. Keep a copy apart from the database's backups.\n",
    );
    text.push_str(&ring.print());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("tenantry-ring-{}", uuid::Uuid::new_v4().simple())))
        }

        fn source(&self) -> Source {
            Source::File(self.0.join("encryption-keys"))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn ids(ring: &Ring) -> Vec<String> {
        ring.ids().map(ToString::to_string).collect()
    }

    #[test]
    fn two_processes_that_start_at_once_have_one_key() {
        let folder = Folder::new();
        let made: Vec<Vec<String>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| ids(&folder.source().make().unwrap()))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.iter().all(|ids| *ids == made[0] && ids.len() == 1), "{made:?}");
        assert_eq!(ids(&folder.source().read().unwrap().unwrap()), made[0]);
    }

    #[test]
    fn a_file_is_its_owners_alone_and_refused_otherwise() {
        let folder = Folder::new();
        assert!(folder.source().read().unwrap().is_none());
        folder.source().make().unwrap();
        let file = folder.0.join("encryption-keys");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o400);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        let refused = folder.source().read().err().unwrap().to_string();
        assert!(refused.contains("chmod 0400") && refused.contains("encryption-keys"), "{refused}");
    }

    #[test]
    fn a_ring_is_replaced_whole() {
        let folder = Folder::new();
        let first = ids(&folder.source().make().unwrap());
        let ring = folder.source().read().unwrap().unwrap().beginning_with(Key::generate().unwrap());
        folder.source().replace(&ring).unwrap();
        let read = ids(&folder.source().read().unwrap().unwrap());
        assert_eq!((read.len(), &read[1]), (2, &first[0]));
        assert!(Source::Variable.replace(&ring).is_err());
    }

    #[test]
    fn no_key_lies_among_postgresqls_files() {
        let folder = Folder::new();
        fs::create_dir_all(folder.0.join("postgresql/deep")).unwrap();
        fs::write(folder.0.join("postgresql/PG_VERSION"), "15").unwrap();
        let source = Source::File(folder.0.join("postgresql/deep/keys"));
        assert!(source.refuse_pgdata().err().unwrap().to_string().contains("data directory of PostgreSQL"));
        folder.source().refuse_pgdata().unwrap();
    }

    #[test]
    fn what_is_no_key_is_refused_by_line_and_not_repeated() {
        let folder = Folder::new();
        files::make_private_folder(&folder.0).unwrap();
        files::write_new(&folder.0, "encryption-keys", b"# keys\nhunter22\n", 0o400).unwrap();
        let refused = folder.source().read().err().unwrap().to_string();
        assert!(refused.contains("line 2") && !refused.contains("hunter22"), "{refused}");
    }
}
