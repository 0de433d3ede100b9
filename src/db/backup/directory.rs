use std::fs;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};

use super::manifest::{FORMAT, File, Manifest};
use crate::{Error, Result};

/// The dump within a backup.
const DUMP: &str = "dump";

/// What makes a directory a backup; written when everything else is on disk.
const MANIFEST: &str = "manifest.json";

/// A backup that isn't whole yet: a directory beside its place, removed unless it is finished.
pub(super) struct Unfinished {
    place: PathBuf,
    directory: PathBuf,
}

impl Unfinished {
    /// Makes the directory; whatever an interrupted backup to the same place left is removed.
    pub(super) fn begin(place: &Path) -> Result<Self> {
        let place = std::path::absolute(place)?;
        refuse_occupied(&place)?;
        let name = place.file_name().ok_or_else(|| {
            Error::usage(format!("{} is no place for a backup", place.display())).mend("name a directory of its own")
        })?;
        let directory = place.with_file_name(format!(".{}.unfinished", name.to_string_lossy()));
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(cannot_write(&directory, error)),
            _ => {}
        }
        // The dump holds everything that row level security keeps apart.
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory);
        made.map_err(|error| cannot_write(&directory, error))?;
        Ok(Self { place, directory })
    }

    /// Where the backup will be.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    /// Where `pg_dump` writes.
    pub(super) fn dump(&self) -> PathBuf {
        self.directory.join(DUMP)
    }

    /// Writes the manifest last and gives the directory its name, each after what came before is on disk.
    pub(super) fn finish(self, manifest: &mut Manifest) -> Result<()> {
        manifest.files = files(&self.directory)?;
        let path = self.directory.join(MANIFEST);
        let text = serde_json::to_string_pretty(manifest)?;
        let written = fs::write(&path, text)
            .and_then(|()| sync(&path))
            .and_then(|()| sync(&self.dump()))
            .and_then(|()| sync(&self.directory))
            .and_then(|()| fs::rename(&self.directory, &self.place))
            .and_then(|()| self.place.parent().map_or(Ok(()), sync));
        written.map_err(|error| failed("the backup can't be written", &error.to_string(), &self.place))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already where it was finished; what can't be removed is removed by the next backup to this place.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A backup's manifest, after every file of it was found to be as the manifest says.
pub(super) fn open(directory: &Path) -> Result<Manifest> {
    let path = directory.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Error::failure(format!(
            "{} is no backup, or one that was never finished: it has no {MANIFEST}",
            directory.display()
        ))
        .mend("name a directory that `tenantry backup` has finished"),
        _ => Error::failure(format!("{}: {error}", path.display())).mend("see that you may read it"),
    })?;
    let damaged = |what: String| {
        Error::failure(format!("the backup {} is damaged: {what}", directory.display()))
            .mend("take another copy of it, or another backup; nothing was restored")
    };
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| damaged(format!("{MANIFEST}: {error}")))?;
    if manifest.format != FORMAT {
        return Err(Error::failure(format!(
            "the backup {} has form {}, and this program reads {FORMAT}",
            directory.display(),
            manifest.format
        ))
        .mend(format!("restore it with tenantry {}", manifest.tenantry_version)));
    }
    for said in &manifest.files {
        let found = file(directory, &directory.join(&said.path)).map_err(|error| damaged(error.what().to_owned()))?;
        if found.bytes != said.bytes {
            return Err(damaged(format!("{} has {} bytes instead of {}", said.path, found.bytes, said.bytes)));
        }
        if found.sha256 != said.sha256 {
            return Err(damaged(format!("{} has another checksum", said.path)));
        }
    }
    Ok(manifest)
}

/// The dump of a backup.
pub(super) fn dump(directory: &Path) -> PathBuf {
    directory.join(DUMP)
}

/// Every file beneath a directory, on disk, by path.
fn files(directory: &Path) -> Result<Vec<File>> {
    let mut paths = vec![directory.join(DUMP)];
    let mut files = Vec::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                paths.push(entry?.path());
            }
        } else {
            sync(&path)?;
            files.push(file(directory, &path)?);
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn file(directory: &Path, path: &Path) -> Result<File> {
    let name = path.strip_prefix(directory).unwrap_or(path).display().to_string();
    let unreadable = |error: std::io::Error| Error::failure(format!("{name}: {error}"));
    let mut opened = fs::File::open(path).map_err(unreadable)?;
    let (mut context, mut bytes, mut buffer) = (Context::new(&SHA256), 0_u64, vec![0_u8; 64 * 1024]);
    loop {
        let read = opened.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        context.update(&buffer[..read]);
        bytes += read as u64;
    }
    let sha256 = context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(File { path: name, bytes, sha256 })
}

fn sync(path: &Path) -> std::io::Result<()> {
    fs::File::open(path)?.sync_all()
}

fn refuse_occupied(place: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| cannot_write(place, error))?,
    };
    if entries.next().is_none() {
        return Ok(());
    }
    Err(Error::usage(format!("{} is not empty", place.display()))
        .mend("name a directory that doesn't exist yet: no backup is ever overwritten"))
}

fn cannot_write(path: &Path, error: std::io::Error) -> Error {
    Error::failure(format!("no backup can be written to {}: {error}", path.display()))
        .mend("name a directory that you may write to")
        .caused_by(error)
}

/// What to say when a backup failed on the way: a full disk has a mend of its own.
pub(super) fn failed(what: &str, said: &str, place: &Path) -> Error {
    let full = ["No space left on device", "Disk quota exceeded", "File too large", "os error 28"];
    if full.iter().any(|sign| said.contains(sign)) {
        return Error::failure(format!("the disk of {} is full: {said}", place.display()))
            .mend("make room or name another disk; nothing was left behind, and the database wasn't changed");
    }
    Error::failure(format!("{what}: {said}")).mend("mend what it says and try again; nothing was left behind")
}
