//! An adopted database that came through a dump: PostgreSQL prints its rules otherwise, and they are the same.

use std::process::{Command, Stdio};

use uuid::Uuid;

use super::site::{HABITS, MENDED, adopt, columns, go_back, hashes, schema, site};
use crate::support::server::Folder;
use crate::support::{Database, tenantry};

/// What `migrate plan` has left to do.
pub(super) fn left(database: &Database) -> Vec<String> {
    let plan = tenantry(&["migrate", "plan", "--format", "json", "--database-url", &database.url()]);
    assert_eq!(plan.code, Some(0), "{}", plan.err);
    let plan: serde_json::Value = serde_json::from_str(&plan.out).expect("JSON");
    assert_eq!(plan["not_rehearsed"], serde_json::Value::Null);
    plan["steps"].as_array().expect("a list").iter().map(|step| step["step"].to_string()).collect()
}

/// For how many months every table has a place.
async fn months_ahead(database: &Database) -> i32 {
    let sql = "SELECT min(months) FROM tenantry.partition_months_ahead()";
    database.connect().await.query_one(sql, &[]).await.expect("the audit log is one of them").get(0)
}

/// Copies a database as a DBA would: `pg_dump | psql`.
async fn piped(from: &Database) -> Database {
    let to = Database::empty().await;
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    let mut dump = Command::new(format!("{bindir}/pg_dump"))
        .args(["--dbname", &from.url()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("pg_dump is there");
    let load = Command::new(format!("{bindir}/psql"))
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", &to.url()])
        .stdin(dump.stdout.take().expect("a pipe"))
        .stdout(Stdio::null())
        .output()
        .expect("psql is there");
    assert!(dump.wait().is_ok_and(|ended| ended.success()));
    assert!(load.status.success(), "{}", String::from_utf8_lossy(&load.stderr));
    to
}

/// Copies a database by a backup that is restored.
fn restored(from: &Database) -> Database {
    let shelf = Folder::new();
    let to = Database { name: format!("t_{}", Uuid::new_v4().simple()) };
    let place = shelf.0.to_string_lossy();
    for arguments in [&["backup", &place][..], &["restore", &place, "--into", &to.name]] {
        let done = tenantry(&[arguments, &["--database-url", &from.url()]].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
    }
    to
}

/// Nothing is left to do in a copy, and `up` and `verify` see that too.
async fn is_whole(copy: &Database) {
    assert_eq!(left(copy), Vec::<String>::new());
    let before = schema(copy);
    let up = tenantry(&["migrate", "up", "--no-backup", "--database-url", &copy.url()]);
    assert_eq!(up.code, Some(0), "{}", up.err);
    assert!(schema(copy) == before, "up leaves it as it is");
    let verified = tenantry(&["migrate", "verify", "--format", "json", "--database-url", &copy.url()]);
    assert!(!verified.out.contains("\"wrong\""), "{}{}", verified.out, verified.err);
    assert_eq!(months_ahead(copy).await, 24, "the months in the site's own partition count too");
}

async fn adopted(more: &[&str]) -> Database {
    let original = site(more).await;
    adopt(&original).await;
    original
}

#[tokio::test]
async fn nothing_is_left_to_do_in_a_restored_backup() {
    is_whole(&restored(&adopted(&[]).await)).await;
    is_whole(&restored(&adopted(&[include_str!("odd_enums.sql")]).await)).await;
}

#[tokio::test]
async fn nothing_is_left_to_do_in_a_copy_by_pg_dump() {
    is_whole(&piped(&adopted(&[MENDED]).await).await).await;
    is_whole(&piped(&adopted(&[HABITS]).await).await).await;
}

#[tokio::test]
async fn a_copy_is_mended_partitioned_and_taken_back_as_the_original_would_be() {
    let original = site(&[]).await;
    let admin = original.connect().await;
    let columns = columns(&admin).await;
    adopt(&original).await;
    let copy = restored(&original);
    let admin = copy.connect().await;
    admin.batch_execute(&format!("SET session_replication_role = replica; {MENDED}")).await.expect("a person mends");
    let content = hashes(&admin, &columns).await;
    adopt(&copy).await;
    let kind = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'public.deployment_tracking_events'::regclass";
    assert!(admin.query_one(kind, &[]).await.expect("the catalog").get::<_, bool>(0), "it is partitioned");
    assert_eq!(hashes(&admin, &columns).await, content);
    go_back(&copy).await;
    assert_eq!(hashes(&admin, &columns).await, content);
}
