use std::path::{Path, PathBuf};
use std::process::Command;

use tokio_postgres::Client;

use crate::{Error, Result};

/// The oldest PostgreSQL that has everything the schema needs.
const OLDEST: u32 = 15;

/// Where PostgreSQL's programs are, and which PostgreSQL that is.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The directory that holds them.
    pub bindir: PathBuf,
    /// The major version, such as 15.
    pub major: u32,
    /// The version as the program says it, such as 15.18.
    pub version: String,
}

impl Programs {
    /// The path of one of them.
    pub fn path(&self, name: &str) -> PathBuf {
        self.bindir.join(name)
    }

    /// The server programs: of the version that a cluster was made with, or else the first that is new enough.
    ///
    /// Looked for in `bindir` alone where one is given, else in `pg_config --bindir`, `/usr/lib/postgresql/*/bin`
    /// (newest first) and `PATH`.
    pub fn of_server(bindir: Option<&Path>, wanted: Option<u32>) -> Result<Self> {
        let found: Vec<Self> = candidates(bindir, "initdb")
            .into_iter()
            .filter(|bindir| ["initdb", "pg_ctl", "postgres"].iter().all(|name| bindir.join(name).is_file()))
            .filter_map(|bindir| Self::asked(bindir, "postgres"))
            .collect();
        let fits = |programs: &&Self| wanted.map_or(programs.major >= OLDEST, |major| programs.major == major);
        found.iter().find(fits).cloned().ok_or_else(|| none_fits(&found, bindir, wanted))
    }

    /// The client programs for a server. `pg_dump` refuses a newer one, so that is said before anything is begun.
    pub async fn for_server(client: &Client, bindir: Option<&Path>) -> Result<Self> {
        let number: i32 = client.query_one("SELECT current_setting('server_version_num')::int", &[]).await?.get(0);
        let server = u32::try_from(number / 10_000).unwrap_or_default();
        let programs = Self::of_client(bindir, server)?;
        if programs.major >= server {
            return Ok(programs);
        }
        Err(Error::failure(format!(
            "the server runs PostgreSQL {server}, and pg_dump in {} is of {}",
            programs.bindir.display(),
            programs.version
        ))
        .mend(format!(
            "install postgresql-client-{server}, and name its directory in TENANTRY_PG_BINDIR if it isn't found"
        )))
    }

    /// The client programs, `pg_dump` and `psql` among them: of the server's own major version where they are here, else
    /// the newest, since those know every older server.
    fn of_client(bindir: Option<&Path>, server: u32) -> Result<Self> {
        candidates(bindir, "pg_dump")
            .into_iter()
            .filter(|bindir| ["pg_dump", "pg_restore", "psql"].iter().all(|name| bindir.join(name).is_file()))
            .filter_map(|bindir| Self::asked(bindir, "pg_dump"))
            .max_by_key(|programs| (programs.major == server, programs.major))
            .ok_or_else(|| {
                Error::failure("PostgreSQL's client programs (pg_dump, pg_restore, psql) are missing")
                    .mend("install Debian's package postgresql-client, or say where they are in TENANTRY_PG_BINDIR")
            })
    }

    /// What a program says of its version; none where it doesn't run.
    fn asked(bindir: PathBuf, program: &str) -> Option<Self> {
        let output = Command::new(bindir.join(program)).arg("--version").output().ok()?;
        let (major, version) = parse_version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { bindir, major, version })
    }
}

/// Major version and version in what `postgres --version` prints, such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`.
fn parse_version(printed: &str) -> Option<(u32, String)> {
    let version = printed.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let major = version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    Some((major, version.to_owned()))
}

fn candidates(bindir: Option<&Path>, program: &str) -> Vec<PathBuf> {
    if let Some(bindir) = bindir {
        return vec![bindir.to_owned()];
    }
    pg_config().into_iter().chain(debian()).chain(on_path(program)).collect()
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!said.is_empty()).then(|| said.into())
}

/// Debian's directories, one for each major version, newest first.
fn debian() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    numbered.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    numbered.into_iter().map(|(_, bindir)| bindir).collect()
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|directory| directory.join(program).is_file())
}

fn none_fits(found: &[Programs], bindir: Option<&Path>, wanted: Option<u32>) -> Error {
    let seen: Vec<String> = found.iter().map(|p| format!("{} in {}", p.version, p.bindir.display())).collect();
    let seen = if seen.is_empty() { "none".to_owned() } else { seen.join(", ") };
    let place = bindir.map_or_else(String::new, |bindir| format!(" in {}", bindir.display()));
    match wanted {
        Some(major) => Error::failure(format!(
            "the cluster was made by PostgreSQL {major}, whose server programs aren't here{place} (found: {seen})"
        ))
        .mend(format!(
            "install postgresql-{major}; to move to a newer PostgreSQL, run pg_upgrade, or take a `tenantry backup` with \
             {major} and `tenantry restore` it into a new data directory"
        )),
        None => Error::failure(format!(
            "PostgreSQL's server programs, {OLDEST} or later, are missing{place} (found: {seen})"
        ))
        .mend(
            "install Debian's package postgresql, say where they are in TENANTRY_PG_BINDIR, or name a server that runs \
             already in DATABASE_URL",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_print_them() {
        for (printed, major, version) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15, "15.18"),
            ("pg_dump (PostgreSQL) 17.2", 17, "17.2"),
            ("postgres (PostgreSQL) 19devel", 19, "19devel"),
        ] {
            assert_eq!(parse_version(printed), Some((major, version.to_owned())));
        }
        assert_eq!(parse_version("command not found"), None);
    }

    #[test]
    fn a_directory_without_programs_is_named() {
        let error = Programs::of_server(Some(Path::new("/nonexistent")), None).unwrap_err();
        assert!(error.what().contains("/nonexistent"), "{error}");
        let error = Programs::of_server(Some(Path::new("/nonexistent")), Some(14)).unwrap_err();
        assert!(error.how_to_mend().unwrap().contains("pg_upgrade"), "{error}");
    }
}
