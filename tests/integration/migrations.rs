//! Migrations of a fresh database.

use crate::support::{Database, tenantry};

#[tokio::test]
async fn applying_twice_changes_nothing_the_second_time() {
    let database = Database::empty().await;
    let first = tenantry(&["migrate", "up", "--database-url", &database.url()]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    let second = tenantry(&["migrate", "up", "--format", "json", "--database-url", &database.url()]);
    assert_eq!(second.code, Some(0), "{}", second.err);
    let outcome: serde_json::Value = serde_json::from_str(&second.out).expect("JSON");
    assert_eq!(outcome["applied"], serde_json::json!([]));
}

#[tokio::test]
async fn a_database_that_is_not_utf8_is_refused() {
    let database = Database::with("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'").await;
    let refused = tenantry(&["migrate", "up", "--database-url", &database.url()]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("LATIN1") && refused.err.contains("ENCODING 'UTF8'"), "{}", refused.err);
}

#[tokio::test]
async fn the_server_can_log_in_once_it_has_a_password_and_the_statement_is_told_until_then() {
    let database = Database::empty().await;
    let told = tenantry(&["migrate", "up", "--database-url", &database.url()]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.contains("ALTER ROLE tenantry_server PASSWORD"), "{}", told.out);

    let admin = database.connect().await;
    let password = "correct horse battery staple";
    let url = database.url();
    let on_argv = tenantry(&["migrate", "up", "--database-url", &url, "--server-password", password]);
    assert_eq!(on_argv.code, Some(2), "whoever lists processes could read it: {}", on_argv.err);
    let file = std::env::temp_dir().join(format!("{}-server-password", database.name));
    std::fs::write(&file, format!("{password}\n")).expect("a file");
    let given = tenantry(&["migrate", "up", "--database-url", &url, "--server-password-file", &file.to_string_lossy()]);
    std::fs::remove_file(&file).expect("the file is there");
    assert_eq!(given.code, Some(0), "{}", given.err);
    assert!(!(given.out + &given.err).contains(password), "a password is never printed");
    let stored: String = admin
        .query_one("SELECT rolpassword FROM pg_authid WHERE rolname = 'tenantry_server'", &[])
        .await
        .expect("a superuser may look")
        .get(0);
    assert!(stored.starts_with("SCRAM-SHA-256$"), "{stored}");
}

#[tokio::test]
async fn adopted_tables_are_vacuumed_once() {
    let database = Database::existing().await;
    for _ in 0..2 {
        let outcome = tenantry(&["migrate", "up", "--no-backup", "--database-url", &database.url()]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.err);
    }
    let admin = database.connect().await;
    let row = admin
        .query_one(
            "SELECT bool_and(vacuum_count = 1), count(*) FROM pg_stat_user_tables
              WHERE relid IN (SELECT format('public.%I', table_name)::regclass FROM tenantry.adopted_tables)",
            &[],
        )
        .await
        .expect("the statistics");
    assert_eq!((row.get::<_, Option<bool>>(0), row.get::<_, i64>(1)), (Some(true), 5));
}
