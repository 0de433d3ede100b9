use std::process::Command;

use super::Database;

/// What `pg_dump --schema-only` says of a database, without what differs from run to run.
///
/// Monthly partitions depend on the day, so `tenantry_partitions` is left out.
pub fn schema_dump(database: &Database) -> String {
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    let output = Command::new(format!("{bindir}/pg_dump"))
        .args(["--schema-only", "--exclude-schema=tenantry_partitions", "--dbname", &database.url()])
        .output()
        .expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    without_noise(&String::from_utf8(output.stdout).expect("a dump is UTF-8"))
}

/// Drops comment lines, psql commands (their tokens are random) and the empty lines that they leave behind.
fn without_noise(dump: &str) -> String {
    let mut lines = Vec::new();
    for line in dump.lines().filter(|line| !line.starts_with("--") && !line.starts_with('\\')) {
        if !(line.is_empty() && lines.last().is_none_or(|last: &&str| last.is_empty())) {
            lines.push(line);
        }
    }
    let mut text = lines.join("\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
