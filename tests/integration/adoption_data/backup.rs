//! The backup that `migrate up` takes of what it is about to change.

use std::path::Path;

use super::site::{columns, hashes};
use crate::support::program::{Outcome, tenantry};
use crate::support::{Database, schema_dump};

fn up(database: &Database, data_dir: &Path, arguments: &[&str]) -> serde_json::Value {
    let (url, data_dir) = (database.url(), data_dir.display().to_string());
    let settings = ["migrate", "up", "--format", "json", "--database-url", &url, "--data-dir", &data_dir];
    let done: Outcome = tenantry(&[&settings, arguments].concat());
    assert_eq!(done.code, Some(0), "{}", done.err);
    serde_json::from_str(&done.out).expect("JSON")
}

#[tokio::test]
async fn what_is_changed_is_backed_up_first_and_comes_back() {
    let data_dir = std::env::temp_dir().join(format!("tenantry-before-up-{}", uuid::Uuid::new_v4().simple()));
    let database = Database::existing().await;
    let admin = database.connect().await;
    let (schema, columns) = (schema_dump(&database), columns(&admin).await);
    let before = hashes(&admin, &columns).await;

    let empty = Database::empty().await;
    assert_eq!(up(&empty, &data_dir, &[])["backup"], serde_json::Value::Null, "there is nothing to lose");
    let done = up(&database, &data_dir, &["--mend"]);
    let backup = done["backup"].as_str().expect("a backup was taken").to_owned();
    assert!(backup.starts_with(&data_dir.display().to_string()), "{backup}");

    let name = format!("{}_before", database.name);
    let restored = tenantry(&["restore", &backup, "--into", &name, "--database-url", &database.url()]);
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    let old = Database { name };
    assert_eq!(schema_dump(&old), schema);
    assert_eq!(hashes(&old.connect().await, &columns).await, before);

    assert_eq!(up(&empty, &data_dir, &[])["backup"], serde_json::Value::Null, "nothing is to be done");
    assert_eq!(up(&database, &data_dir, &["--no-backup"])["backup"], serde_json::Value::Null);
    std::fs::remove_dir_all(&data_dir).expect("it was made");
}
