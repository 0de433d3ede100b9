use std::fs;

use super::account::Account;
use super::home::Home;
use super::{SUPERUSER, conf, postmaster};
use crate::db::programs::Programs;
use crate::{Error, Result};

/// Makes the cluster beside its place and moves it there when it is whole, so that an interrupted one is never taken for
/// one: it is removed and begun again.
pub(super) async fn run(home: &Home, account: &Account, programs: &Programs) -> Result<()> {
    let unfinished = home.unfinished();
    if unfinished.exists() {
        postmaster::nobody_works_in(&unfinished).await;
        fs::remove_dir_all(&unfinished)?;
    }
    Home::own(&unfinished, account)?;
    let output = account
        .command(&programs.path("initdb"))
        .arg("--pgdata")
        .arg(&unfinished)
        .args(["--username", SUPERUSER, "--auth", "peer", "--data-checksums", "--no-instructions"])
        // Byte order, the same on every machine and after every upgrade of the C library: no index ever turns wrong.
        .args(["--encoding", "UTF8", "--locale", "C.UTF-8"])
        .output()
        .await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let _ = fs::remove_dir_all(&unfinished);
        return Err(Error::failure(format!("initdb failed: {}", said.trim()))
            .mend(format!("see that {} has room and may be written to, then start again", home.root().display())));
    }
    conf::include(&unfinished, account)?;
    fs::rename(&unfinished, home.postgresql())?;
    fs::File::open(home.root())?.sync_all()?;
    Ok(())
}
