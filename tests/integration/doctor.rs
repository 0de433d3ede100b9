//! What doctor finds, each with its mend, and status, which only says.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use uuid::Uuid;

use crate::support::Database;
use crate::support::program::tenantry;

/// Doctor's exit code and findings on a database after something was done to it.
async fn after(database: &Database, change: &str) -> (Option<i32>, Vec<Value>) {
    database.connect().await.batch_execute(change).await.expect(change);
    examined(&["--database-url", &database.url()])
}

fn examined(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let done = tenantry(&[&["doctor", "--format", "json"], arguments].concat());
    let findings = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.err));
    (done.code, findings)
}

fn is_found(findings: &[Value], severity: &str, place: &str, mend: &str) {
    let found = findings.iter().find(|finding| finding["place"].as_str().is_some_and(|said| said.contains(place)));
    let found = found.unwrap_or_else(|| panic!("{place} in {findings:#?}"));
    assert_eq!(found["severity"], severity, "{found}");
    assert!(found["mend"].as_str().is_some_and(|said| said.contains(mend)), "{found}");
}

#[tokio::test]
async fn a_sound_database_has_warnings_at_most() {
    let database = Database::migrated().await;
    let (_, findings) = after(&database, "SELECT 1").await;
    // The test server trades safety for speed, and says so.
    is_found(&findings, "wrong", "setting fsync", "fsync = on");
    let others: Vec<&Value> = findings
        .iter()
        .filter(|finding| {
            finding["severity"] == "wrong"
                && !finding["place"].as_str().is_some_and(|place| place.starts_with("setting "))
        })
        .collect();
    assert!(others.is_empty(), "{others:#?}");
    // It connects as a superuser, which the server shouldn't.
    is_found(&findings, "warning", "DATABASE_URL", "tenantry_server");
    is_found(&findings, "warning", "audit log", "tenantry up");
}

#[tokio::test]
async fn what_goes_past_the_walls_is_named() {
    let database = Database::migrated().await;
    let role = format!("bypass_{}", Uuid::new_v4().simple());
    let change = format!(
        "CREATE ROLE {role} BYPASSRLS; GRANT SELECT ON clients_enhanced TO {role}; CREATE TABLE public.site_notes (id int)"
    );
    let (code, findings) = after(&database, &change).await;
    assert_eq!(code, Some(1));
    let of_role: Vec<&Value> = findings.iter().filter(|finding| finding["place"] == format!("role {role}")).collect();
    assert_eq!(of_role.len(), 2, "that it bypasses, and what it reaches: {findings:#?}");
    is_found(&findings, "warning", "table public.site_notes", "ENABLE ROW LEVEL SECURITY");
    let clean_up = format!("REVOKE ALL ON clients_enhanced FROM {role}; DROP ROLE {role}");
    database.connect().await.batch_execute(&clean_up).await.expect("the role goes");
}

#[tokio::test]
async fn what_will_go_wrong_is_named() {
    let database = Database::migrated().await;
    let change = format!(
        "ALTER DATABASE {0} SET timezone = 'Europe/Berlin'; ALTER DATABASE {0} SET row_security = off;
         DO $$ DECLARE p regclass; BEGIN
             FOR p IN SELECT partition FROM tenantry.partitions() WHERE parent = 'client_analytics' AND lower_bound > now() + interval '3 months' LOOP
                 EXECUTE format('DROP TABLE %s', p);
             END LOOP;
         END $$;
         INSERT INTO tenantry.pending_rules (table_name, rule, kind, rows, stand_in, suggested_mend)
         VALUES ('clients_enhanced', 'clients_enhanced_tier_check', 'check', 2, 'a trigger', 'say which tier');",
        database.name
    );
    let (_, findings) = after(&database, &change).await;
    is_found(&findings, "warning", "setting timezone", "SET timezone = 'UTC'");
    is_found(&findings, "warning", "setting row_security", "SET row_security = on");
    is_found(&findings, "warning", "table public.client_analytics", "tenantry partitions maintain");
    is_found(&findings, "warning", "clients_enhanced_tier_check", "say which tier");
}

#[tokio::test]
async fn a_key_that_others_may_read_is_wrong() {
    let database = Database::migrated().await;
    let data_dir = std::env::temp_dir().join(format!("tenantry-doctor-{}", Uuid::new_v4().simple()));
    fs::create_dir_all(data_dir.join("audit")).expect("a directory");
    let key = data_dir.join("audit/seal.key");
    fs::write(&key, "secret").expect("a file");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let place = data_dir.to_str().expect("UTF-8");
    let (code, findings) = examined(&["--database-url", &database.url(), "--data-dir", place]);
    assert_eq!(code, Some(1));
    is_found(&findings, "wrong", "seal.key", "chmod 400");
    fs::remove_dir_all(data_dir).expect("it is there");
}

#[tokio::test]
async fn a_database_without_the_schema_is_one_finding() {
    let database = Database::empty().await;
    let (code, findings) = after(&database, "SELECT 1").await;
    assert_eq!(code, Some(1));
    is_found(&findings, "wrong", &database.name, "tenantry up");

    let status = tenantry(&["status", "--format", "json", "--database-url", &database.url()]);
    let status: Value = serde_json::from_str(&status.out).expect("JSON");
    assert_eq!((&status["migrations_applied"], &status["content"]), (&0.into(), &Value::Null));
}

#[tokio::test]
async fn status_says_what_is_there() {
    let database = Database::migrated().await;
    let insert = "INSERT INTO clients_enhanced (name, email) VALUES ('Shop', 'hello@shop.example')";
    database.connect().await.batch_execute(insert).await.expect("a client");
    let status = tenantry(&["status", "--format", "json", "--database-url", &database.url()]);
    let status: Value = serde_json::from_str(&status.out).expect("JSON");
    assert_eq!(status["migrations_missing"], serde_json::json!([]));
    let ahead = status["content"]["months_ahead"].as_array().expect("a list");
    assert!(ahead.len() == 3 && ahead.iter().all(|table| table["months"] == 24), "{ahead:?}");
    let rows = status["content"]["rows"].as_array().expect("a list");
    let clients = rows.iter().find(|row| row["table"] == "clients_enhanced").expect("it is there");
    assert_eq!((&clients["rows"], &clients["estimated"]), (&1.into(), &false.into()));
}
