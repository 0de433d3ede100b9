use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, chown};
use std::path::Path;

use super::SUPERUSER;
use super::account::Account;
use super::home::Home;
use crate::Result;

/// The settings of the cluster, each with its reason. Written anew on each start, so that they follow the program.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("listen_addresses", "''", "nobody but this machine: the socket alone"),
    ("unix_socket_permissions", "0700", "its user alone (and root), besides the closed directory it is in"),
    ("port", "5432", "names the socket; PGPORT doesn't count"),
    ("password_encryption", "'scram-sha-256'", "should somebody give a role a password"),
    ("max_connections", "100", "what a pool of one server, jobs and an operator need, with room"),
    ("shared_buffers", "'256MB'", "the configuration of thousands of clients fits; small enough beside other services"),
    (
        "random_page_cost",
        "1.1",
        "what is asked for is in memory or on flash, where a page elsewhere costs no more than the next",
    ),
    ("max_locks_per_transaction", "256", "a dump locks every partition of three tables with all their indexes"),
    ("deadlock_timeout", "'1s'", "the migrator's lock_timeout of 100 ms has to stay below it"),
    ("idle_in_transaction_session_timeout", "'10min'", "a forgotten psql holds back vacuum and partitioning"),
    ("wal_compression", "on", "a third of the log for a little time"),
    ("max_wal_size", "'2GB'", "fewer checkpoints while a large database is adopted"),
    ("jit", "off", "compiling a query over fifty partitions takes longer than running it"),
    ("timezone", "'UTC'", "what is shown and compared doesn't follow the machine's zone"),
    ("log_timezone", "'UTC'", "as above"),
    ("cluster_name", "'tenantry'", "tells its processes from another PostgreSQL's in ps"),
    ("logging_collector", "on", "files of its own in the data directory"),
    ("log_filename", "'postgresql-%a.log'", "one for each day of the week"),
    ("log_file_mode", "0600", "statements that failed are in it"),
    ("log_truncate_on_rotation", "on", "last week's is overwritten, so that the log can't fill the disk"),
    ("log_rotation_age", "'1d'", "as above"),
    ("log_rotation_size", "0", "as above"),
    ("log_parameter_max_length", "0", "values may be secrets"),
    ("log_parameter_max_length_on_error", "0", "values may be secrets"),
    ("log_lock_waits", "on", "says who waited for whom"),
    ("log_autovacuum_min_duration", "'10s'", "long vacuums only"),
    ("log_checkpoints", "off", "a line each five minutes says nothing here"),
];

/// Has PostgreSQL read our settings after its own, and the operator's after ours.
pub(super) fn include(pgdata: &Path, account: &Account) -> Result<()> {
    let mut file = File::options().append(true).open(pgdata.join("postgresql.conf"))?;
    file.write_all(
        b"\n# Tenantry's settings, written anew on each start; your own belong into local.conf, which wins.\n\
          include_if_exists = 'tenantry.conf'\ninclude_if_exists = 'local.conf'\n",
    )?;
    file.sync_all()?;
    write(pgdata, "tenantry.conf", "", account)
}

/// Writes settings and who may connect.
pub(super) fn write_all(home: &Home, account: &Account, socket: &Path) -> Result<()> {
    let pgdata = home.postgresql();
    write(&pgdata, "tenantry.conf", &settings(socket, &home.log()), account)?;
    write(&pgdata, "pg_hba.conf", HBA, account)?;
    write(&pgdata, "pg_ident.conf", &ident(account), account)
}

const HBA: &str = "# Written by Tenantry on each start. A user of the machine is who pg_ident.conf says, without a password.\n\
                   local all all peer map=tenantry\n\
                   local replication all peer map=tenantry\n";

/// The server's user and root, nobody else; the role `tenantry_server` is what the server itself connects as.
fn ident(account: &Account) -> String {
    let mut users = vec![account.name.as_str(), "root"];
    users.dedup();
    let lines = users
        .iter()
        .flat_map(|user| [SUPERUSER, "tenantry_server"].map(|role| format!("tenantry {} {role}\n", quoted(user))));
    std::iter::once("# Written by Tenantry on each start: map, user of the machine, role.\n".to_owned())
        .chain(lines)
        .collect()
}

fn quoted(user: &str) -> String {
    format!("\"{user}\"")
}

fn settings(socket: &Path, log: &Path) -> String {
    let path = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', "''"));
    let places = [
        ("unix_socket_directories", list_element(socket), "closed to everybody but its user"),
        ("log_directory", path(log), "beside the data, so that a full log directory is seen"),
    ];
    let fixed = SETTINGS.iter().map(|(name, value, reason)| (*name, (*value).to_owned(), *reason));
    let lines = places.into_iter().chain(fixed).map(|(name, value, reason)| format!("{name} = {value}  # {reason}\n"));
    std::iter::once("# Written by Tenantry on each start; your own settings belong into local.conf.\n".to_owned())
        .chain(lines)
        .collect()
}

/// A directory as the only element of a list: in double quotes, so that a comma doesn't end it.
fn list_element(directory: &Path) -> String {
    let element = format!("\"{}\"", directory.display().to_string().replace('"', "\"\""));
    format!("'{}'", element.replace('\'', "''"))
}

/// Replaces a file whole, so that a crash leaves the old or the new one.
fn write(pgdata: &Path, name: &str, content: &str, account: &Account) -> Result<()> {
    let (path, new) = (pgdata.join(name), pgdata.join(format!("{name}.new")));
    let _ = fs::remove_file(&new);
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    chown(&new, Some(account.uid), Some(account.gid))?;
    fs::rename(new, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_quotes_and_commas_stays_one() {
        assert_eq!(list_element(Path::new("/a, b")), "'\"/a, b\"'");
        assert_eq!(list_element(Path::new("/it's")), "'\"/it''s\"'");
    }
}
