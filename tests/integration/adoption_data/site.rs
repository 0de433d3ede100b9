//! The existing database, what is wrong with it, and how two states of it are compared.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;
use tenantry::db::admin::Admin;

use crate::support::program::Outcome;
use crate::support::{Database, tenantry};

/// The tables that the site has.
pub const TABLES: [&str; 5] = [
    "clients_enhanced",
    "client_customizations",
    "client_deployments",
    "deployment_tracking_events",
    "client_analytics",
];

/// What a person decides about the faults that no mend is for.
pub const DECISIONS: &str = "
    UPDATE clients_enhanced SET email = 'second@client7.example' WHERE email = 'Owner7@Client7.example';
    UPDATE client_deployments SET customization_id = md5('cust:201')::uuid WHERE id = md5('dep:201')::uuid;
    UPDATE client_deployments SET custom_domain = NULL WHERE id = md5('dep:31')::uuid;
    UPDATE client_customizations SET is_active = false WHERE id = md5('cust:32')::uuid;
    DELETE FROM client_analytics WHERE deployment_id IS NULL AND page_views = 20;";

/// Runs a command of `tenantry migrate` on a database, without a backup.
pub fn migrate(database: &Database, arguments: &[&str]) -> Outcome {
    let url = database.url();
    let mut all = vec!["migrate"];
    all.extend_from_slice(arguments);
    if arguments[0] == "up" {
        all.push("--no-backup");
    }
    all.extend_from_slice(&["--database-url", &url]);
    tenantry(&all)
}

/// Runs one that succeeds, for its JSON.
pub fn migrated(database: &Database, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend_from_slice(&["--format", "json"]);
    let outcome = migrate(database, &all);
    assert_eq!(outcome.code, Some(0), "{arguments:?}: {}", outcome.err);
    serde_json::from_str(&outcome.out).expect("JSON")
}

/// A hash of each of the site's tables over the columns that the site has.
pub async fn hashes(admin: &Admin, columns: &[(String, String)]) -> Vec<String> {
    let mut hashes = Vec::new();
    for (table, columns) in columns {
        let sql = format!(
            "SELECT '{table}: ' || count(*) || ' ' || md5(string_agg(md5(ROW({columns})::text), '' ORDER BY id)) FROM public.{table}"
        );
        hashes.push(admin.query_one(&sql, &[]).await.expect("a hash").get(0));
    }
    hashes
}

/// The columns that the site's tables have now.
pub async fn columns(admin: &Admin) -> Vec<(String, String)> {
    let sql = "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped";
    let mut columns = Vec::new();
    for table in TABLES {
        columns.push((table.to_owned(), admin.query_one(sql, &[&table]).await.expect("columns").get(0)));
    }
    columns
}

/// The rules that are pending, as `table.rule`.
pub async fn pending(admin: &Admin) -> Vec<String> {
    let sql = "SELECT table_name || '.' || rule FROM tenantry.pending_rules ORDER BY 1";
    admin.query(sql, &[]).await.expect("pending rules").iter().map(|row| row.get(0)).collect()
}

/// The id that the existing database gives the `n`th thing of a kind.
pub async fn id(admin: &Admin, kind: &str, n: i32) -> String {
    admin.query_one("SELECT md5($1 || ':' || $2::int)::uuid::text", &[&kind, &n]).await.expect("an id").get(0)
}

/// Everything in a database, rows included.
pub fn whole_dump(database: &Database) -> String {
    let output = program("pg_dump").args(["--dbname", &database.url()]).output().expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let dump = String::from_utf8(output.stdout).expect("a dump is UTF-8");
    // The only lines that differ from run to run.
    dump.lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Runs a script as a person does.
pub fn psql(database: &Database, script: &str) {
    let mut child = program("psql")
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", &database.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql runs");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(script.as_bytes()).expect("psql reads");
    drop(input);
    let output = child.wait_with_output().expect("psql ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn program(name: &str) -> Command {
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    Command::new(format!("{bindir}/{name}"))
}
