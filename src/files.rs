//! Files that are there whole or not at all: a reader finds the old content or the new, also after a crash.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Makes a folder that only its owner may enter, where it isn't there yet.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Replaces a file.
pub fn replace(folder: &Path, name: &str, content: &[u8], mode: u32) -> io::Result<()> {
    fs::rename(temporary(folder, content, mode)?, folder.join(name))
}

/// Writes a file that must not be there yet: of two processes that try, one gets [`io::ErrorKind::AlreadyExists`].
pub fn write_new(folder: &Path, name: &str, content: &[u8], mode: u32) -> io::Result<()> {
    let temporary = temporary(folder, content, mode)?;
    let linked = fs::hard_link(&temporary, folder.join(name));
    fs::remove_file(temporary)?;
    linked
}

fn temporary(folder: &Path, content: &[u8], mode: u32) -> io::Result<PathBuf> {
    let path = folder.join(format!(".{}", uuid::Uuid::new_v4().simple()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(content)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    file.sync_all()?;
    Ok(path)
}
