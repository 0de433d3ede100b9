//! A database as sites have it before they are adopted, grown to the size of a busy one.

use std::path::Path;
use std::time::Duration;

use tenantry::db::admin::Admin;

use crate::support::Database;

/// The login that goes on writing while the database is adopted.
pub const WRITER: &str = "site_writer";

/// A database not yet adopted: the one beside the repository where it is there, else one of the same shape.
pub async fn load() -> Database {
    if Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/existing-database/schema.sql")).exists() {
        return Database::existing().await;
    }
    let database = Database::empty().await;
    run(&database.connect().await, include_str!("sql/site.sql")).await;
    database
}

/// Mends by hand what stands in the way of partitions, so that the whole of adoption happens.
pub async fn mend(admin: &Admin) {
    run(admin, include_str!("sql/mend.sql")).await;
}

/// Fills events and figures up to so many rows.
pub async fn grow(admin: &Admin, events: i64, figures: i64) {
    let sql =
        include_str!("sql/grow.sql").replace(":events", &events.to_string()).replace(":figures", &figures.to_string());
    run(admin, &sql).await;
}

/// Gives the writer what a site's worker has: rights and policies of its own.
pub async fn let_write(admin: &Admin) {
    run(admin, &include_str!("sql/writer.sql").replace(":writer", WRITER)).await;
}

/// A copy of a database that nobody uses any more.
pub async fn copy(database: &Database) -> Database {
    let elsewhere = database.connect().await.to_database("postgres").await.expect("every server has it");
    let busy = "SELECT FROM pg_stat_activity WHERE datname = $1";
    // A closed connection takes a moment to be gone.
    while !elsewhere.query(busy, &[&database.name]).await.expect("the sessions").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Database::with(&format!("TEMPLATE {}", database.name)).await
}

async fn run(admin: &Admin, sql: &str) {
    admin.batch_execute(sql).await.unwrap_or_else(|error| panic!("{error:?} in\n{sql}"));
}
