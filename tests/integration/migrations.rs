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
