use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use arc_swap::ArcSwap;
use zeroize::Zeroizing;

use super::keys::{Key, KeySet, LIVE};
use crate::{Error, Result, files};

/// How long a change by another process may go unnoticed, in milliseconds; a key that isn't known is looked for at once.
const LOOK_AGAIN: u64 = 1_000;

/// The folder with the signing keys, outside the database, so that a dump of it signs nothing. Every server of an
/// installation uses the same folder, and sees what another one changes there.
///
/// A key is a file `key-NUMBER`; the highest number signs, the one before is still believed. A key is made by writing the
/// next number, which only one process can.
pub struct KeyFolder {
    path: PathBuf,
    begun: Instant,
    looked: AtomicU64,
    live: ArcSwap<KeySet>,
}

impl KeyFolder {
    /// Opens it, and makes the first key where there is none.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        if numbers(&path)?.is_empty() {
            files::make_private_folder(&path).map_err(|error| cannot("make", &path, error))?;
            add(&path, 1)?;
        }
        let live = ArcSwap::from_pointee(read(&path)?);
        Ok(Self { path, begun: Instant::now(), looked: AtomicU64::new(0), live })
    }

    /// The keys that are live.
    pub fn live(&self) -> Arc<KeySet> {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if now.saturating_sub(self.looked.load(Ordering::Relaxed)) >= LOOK_AGAIN {
            self.looked.store(now, Ordering::Relaxed);
            self.look();
        }
        self.live.load_full()
    }

    /// The keys that are live, after a look whether they still are.
    pub fn live_now(&self) -> Arc<KeySet> {
        self.look();
        self.live.load_full()
    }

    /// Makes the key that signs from now on, and drops what was live before the last one; the ids of those that are live.
    pub fn rotate(path: &Path) -> Result<Vec<String>> {
        let known = numbers(path)?;
        let newest = known.first().copied().unwrap_or(0);
        files::make_private_folder(path).map_err(|error| cannot("make", path, error))?;
        if !add(path, newest + 1)? {
            return Err(
                Error::failure("another rotation was faster").mend("look at what is live, and rotate again if need be")
            );
        }
        for number in known.into_iter().skip(LIVE - 1) {
            let file = path.join(name(number));
            fs::remove_file(&file).map_err(|error| cannot("remove", &file, error))?;
        }
        Ok(read(path)?.all().iter().map(|key| key.id().to_owned()).collect())
    }

    /// Takes in what changed; what can't be read is logged, and the keys that were known go on.
    fn look(&self) {
        let held: Vec<u32> = self.live.load().all().iter().map(Key::number).collect();
        let changed = numbers(&self.path).and_then(|numbers| {
            let live: Vec<u32> = numbers.into_iter().take(LIVE).collect();
            if live == held { Ok(None) } else { read(&self.path).map(Some) }
        });
        match changed {
            Ok(None) => {}
            Ok(Some(keys)) => self.live.store(Arc::new(keys)),
            Err(error) => tracing::error!(%error, "the signing keys can't be read again"),
        }
    }
}

fn name(number: u32) -> String {
    format!("key-{number}")
}

/// The numbers of the keys that lie there, highest first.
fn numbers(path: &Path) -> Result<Vec<u32>> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| cannot("read", path, error))?,
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| cannot("read", path, error))?.file_name();
        numbers.extend(file.to_str().and_then(|file| file.strip_prefix("key-")?.parse::<u32>().ok()));
    }
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    Ok(numbers)
}

/// Makes the key of a number; whether it was this process that made it.
fn add(path: &Path, number: u32) -> Result<bool> {
    let (_, content) = Key::generate(number)?;
    match files::write_new(path, &name(number), &content, 0o400) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(cannot("write", &path.join(name(number)), error)),
    }
}

fn read(path: &Path) -> Result<KeySet> {
    let live = numbers(path)?.into_iter().take(LIVE);
    let keys: Vec<Key> = live.map(|number| read_key(&path.join(name(number)), number)).collect::<Result<_>>()?;
    if keys.is_empty() {
        return Err(Error::failure(format!("there is no signing key in {}", path.display()))
            .mend("put the folder back from where it was kept, or start the server again, which makes a new key"));
    }
    Ok(KeySet::new(keys))
}

/// Reads one key, and refuses one that others could have read.
fn read_key(file: &Path, number: u32) -> Result<Key> {
    let metadata = fs::metadata(file).map_err(|error| cannot("read", file, error))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(Error::failure(format!("{} is open to others than its owner", file.display()))
            .mend("chmod 0400 it; if somebody may have read it, run `tenantry auth rotate-keys` twice afterwards"));
    }
    let content = Zeroizing::new(fs::read(file).map_err(|error| cannot("read", file, error))?);
    Key::read(number, &content).map_err(|error| error.within(&file.display().to_string()))
}

fn cannot(what: &str, path: &Path, error: io::Error) -> Error {
    Error::failure(format!("can't {what} {}: {error}", path.display()))
        .mend("check that the folder is there, has space and belongs to whoever runs tenantry")
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("tenantry-keys-{}", uuid::Uuid::new_v4().simple())))
        }

        fn files(&self) -> Vec<u32> {
            numbers(&self.0).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn two_processes_that_start_at_once_use_one_key() {
        let folder = Folder::new();
        let ids: Vec<String> = std::thread::scope(|scope| {
            let open = || KeyFolder::open(&folder.0).unwrap().live().newest().id().to_owned();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(folder.files(), [1]);
    }

    #[test]
    fn two_keys_are_live_and_a_running_server_follows() {
        let folder = Folder::new();
        let server = KeyFolder::open(&folder.0).unwrap();
        let first = server.live().newest().id().to_owned();
        let live = KeyFolder::rotate(&folder.0).unwrap();
        assert_eq!((live.len(), &live[1]), (2, &first));
        assert_eq!(server.live_now().newest().id(), live[0]);
        assert!(server.live_now().find(&first).is_some());
        KeyFolder::rotate(&folder.0).unwrap();
        assert!(server.live_now().find(&first).is_none(), "only the last two are believed");
        assert_eq!(folder.files(), [3, 2]);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = Folder::new();
        KeyFolder::open(&folder.0).unwrap();
        let file = folder.0.join("key-1");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o400);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        let refused = KeyFolder::open(&folder.0).err().expect("it is open to others").to_string();
        assert!(refused.contains("chmod 0400") && refused.contains("key-1"), "{refused}");
    }
}
