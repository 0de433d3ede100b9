//! Loading a dump as whoever connected, who needn't be a superuser.
//!
//! PostgreSQL gives an object to its owner only where that owner may make objects in its schema, and a dump says who may
//! where at its very end. So schemas come first, owners get that right for as long as loading takes, and what the dump says
//! of rights comes last.

use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;

use super::directory;
use crate::db::admin::Admin;
use crate::db::adopt;
use crate::db::catalog::Table;
use crate::db::programs::Programs;
use crate::db::{libpq, quote};
use crate::{Error, Result};

/// One line of a dump's list of contents.
struct Entry<'a> {
    /// The line, as `pg_restore` takes it back.
    line: &'a str,
    /// What it makes: kind, schema, name, owner.
    what: &'a str,
}

impl<'a> Entry<'a> {
    /// `216; 1259 16413 TABLE public clients_enhanced postgres`: number, two oids, and what it makes.
    fn read(line: &'a str) -> Option<Self> {
        let (_, rest) = line.split_once("; ")?;
        let what = rest.splitn(3, ' ').nth(2)?;
        (!line.starts_with(';')).then_some(Self { line, what })
    }

    fn is(&self, kind: &str) -> bool {
        self.what.strip_prefix(kind).is_some_and(|rest| rest.starts_with(' '))
    }

    fn is_of_rights(&self) -> bool {
        self.is("ACL") || self.is("DEFAULT ACL")
    }

    /// Whether it fills this materialised view.
    fn fills(&self, view: &Table) -> bool {
        self.what == format!("MATERIALIZED VIEW DATA {} {} {}", view.schema, view.name, view.owner)
    }
}

/// Loads the dump of a backup into an empty database, in which `roles` are its owners and those with rights in it.
pub(super) async fn load(inside: &Admin, programs: &Programs, backup: &Path, roles: &[String]) -> Result<()> {
    let loader = Loader { inside, programs, backup };
    let contents = loader.contents().await?;
    let entries: Vec<Entry<'_>> = contents.lines().filter_map(Entry::read).collect();
    loader.run(entries.iter().filter(|entry| entry.is("SCHEMA"))).await?;
    let lent = lend(inside, roles).await?;
    let is_last = |entry: &&Entry<'_>| entry.is_of_rights() || entry.is("MATERIALIZED VIEW DATA");
    loader.run(entries.iter().filter(|entry| !entry.is("SCHEMA") && !is_last(entry))).await?;
    // While nobody has lost a right: their owners may read the tables no more.
    let walled = adopt::empty_views(inside).await?;
    for view in walled.iter().filter(|view| entries.iter().any(|entry| entry.fills(view))) {
        inside.batch_execute(&format!("BEGIN;\n{}COMMIT;", view.refresh())).await?;
    }
    take_back(inside, &lent).await?;
    let is_filled = |entry: &&Entry<'_>| walled.iter().any(|view| entry.fills(view));
    loader.run(entries.iter().filter(is_last).filter(|entry| !is_filled(entry))).await
}

struct Loader<'a> {
    inside: &'a Admin,
    programs: &'a Programs,
    backup: &'a Path,
}

impl Loader<'_> {
    /// What is in the dump, one line for each thing, in the order in which it is made.
    async fn contents(&self) -> Result<String> {
        let mut command = libpq::command(&self.programs.path("pg_restore"), self.inside.config());
        let output = command.arg("--list").arg(directory::dump(self.backup)).output().await?;
        said(&output)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Loads these and nothing else.
    async fn run<'e>(&self, entries: impl Iterator<Item = &'e Entry<'e>>) -> Result<()> {
        let list: String = entries.map(|entry| format!("{}\n", entry.line)).collect();
        if list.is_empty() {
            return Ok(());
        }
        let mut command = libpq::command(&self.programs.path("pg_restore"), self.inside.config());
        command.args(["--exit-on-error", "--no-password", "--use-list", "/dev/stdin", "--dbname", &self.database()]);
        command.arg(directory::dump(self.backup));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // pg_restore may end before it has read everything: its message then says why.
            let _ = input.write_all(list.as_bytes()).await;
        }
        said(&child.wait_with_output().await?)
    }

    /// A bare name with "=" in it would be taken for a connection string.
    fn database(&self) -> String {
        let name = self.inside.config().get_dbname().unwrap_or_default();
        format!("dbname='{}'", name.replace('\\', r"\\").replace('\'', r"\'"))
    }
}

fn said(output: &std::process::Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::failure(format!("pg_restore failed ({}): {said}", output.status)).mend(
        "mend what it says (an extension to install, rights to give), or connect as a superuser, and try again; nothing was \
         left behind",
    ))
}

/// Lets every owner make objects in every schema where it may not; returns what that took, as GRANT names it.
async fn lend(inside: &Admin, roles: &[String]) -> Result<Vec<(String, String)>> {
    let rows = inside
        .query(
            "SELECT n.nspname::text, r.rolname::text
               FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.rolname = ANY ($1)
              WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND NOT pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
              ORDER BY 1, 2",
            &[&roles],
        )
        .await?;
    let lent: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for (schema, role) in &lent {
        let sql = format!("GRANT CREATE ON SCHEMA {} TO {}", quote::ident(schema), quote::ident(role));
        inside.batch_execute(&sql).await?;
    }
    Ok(lent)
}

async fn take_back(inside: &Admin, lent: &[(String, String)]) -> Result<()> {
    for (schema, role) in lent {
        let sql = format!("REVOKE CREATE ON SCHEMA {} FROM {}", quote::ident(schema), quote::ident(role));
        inside.batch_execute(&sql).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_by_what_they_make() {
        let entry = |line| Entry::read(line).expect("an entry");
        assert!(entry("7; 2615 16412 SCHEMA - auth postgres").is("SCHEMA"));
        assert!(!entry("3480; 0 0 ACL - SCHEMA auth postgres").is("SCHEMA"));
        assert!(entry("3480; 0 0 ACL - SCHEMA auth postgres").is_of_rights());
        assert!(entry("2150; 826 16999 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES postgres").is_of_rights());
        assert!(!entry("215; 1259 16413 TABLE public ACL postgres").is_of_rights());
        for other in ["; Archive created at 2026-11-23", ";", "", "; Selected TOC Entries:"] {
            assert!(Entry::read(other).is_none(), "{other}");
        }
    }
}
