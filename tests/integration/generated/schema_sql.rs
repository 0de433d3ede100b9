//! `schema.sql`: what the migrations give, in one file to read.

use tenantry::db::migrate::{DownOptions, Quiet, UpOptions, down, up};

use crate::support::{Database, assert_current, schema_dump};

const HEADING: &str = "-- The schema of a fresh database, made from migrations/ by `make generate`; the monthly partitions are left out.\n\n";

#[tokio::test]
async fn schema_sql_is_what_the_migrations_give() {
    let migrated = Database::migrated().await;
    let dump = schema_dump(&migrated);
    if std::env::var_os("TENANTRY_UPDATE").is_some() {
        return assert_current("schema.sql", &format!("{HEADING}{dump}"));
    }
    // Both are loaded and dumped again: another release of pg_dump may say the same in other words, and PostgreSQL
    // prints an expression otherwise once it has read what it printed.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql");
    let kept = std::fs::read_to_string(path).expect("schema.sql is in the repository");
    similar_asserts(&loaded_and_dumped(&kept).await, &loaded_and_dumped(&dump).await);
}

async fn loaded_and_dumped(sql: &str) -> String {
    let database = Database::empty().await;
    database.connect().await.batch_execute(sql).await.expect("a schema loads into an empty database");
    schema_dump(&database)
}

#[tokio::test]
async fn down_to_nothing_leaves_nothing_and_up_again_gives_the_same() {
    let database = Database::empty().await;
    let before = schema_dump(&database);
    let mut admin = database.connect().await;
    up(&mut admin, &UpOptions::default(), &mut Quiet).await.expect("a fresh database migrates");
    let first = schema_dump(&database);
    down(&mut admin, &DownOptions::default(), &mut Quiet).await.expect("what was applied can be taken back");
    similar_asserts(&schema_dump(&database), &before);
    up(&mut admin, &UpOptions::default(), &mut Quiet).await.expect("it migrates again");
    similar_asserts(&schema_dump(&database), &first);
}

/// Compares two dumps and shows the first lines that differ, since whole dumps are too long to read.
fn similar_asserts(is: &str, should_be: &str) {
    let (is, should_be): (Vec<_>, Vec<_>) = (is.lines().collect(), should_be.lines().collect());
    if let Some(at) = (0..is.len().max(should_be.len())).find(|&at| is.get(at) != should_be.get(at)) {
        let around =
            |lines: &[&str]| lines[at.saturating_sub(3).min(lines.len())..(at + 4).min(lines.len())].join("\n");
        panic!(
            "the dumps differ from line {}:\n--- is\n{}\n--- should be\n{}",
            at + 1,
            around(&is),
            around(&should_be)
        );
    }
}
