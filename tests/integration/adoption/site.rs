//! Databases as sites have them, and what is compared about them.

use std::collections::BTreeMap;

use tenantry::db::admin::Admin;
use tenantry::db::migrate::{DownOptions, Quiet, UpOptions, down, up};

use crate::support::{Database, schema_dump};

/// What a person decides about the faults of the existing database.
pub const MENDED: &str = include_str!("mended_by_hand.sql");

/// More habits that sites have.
pub const HABITS: &str = include_str!("habits.sql");

/// The existing database with more done to it.
pub async fn site(more: &[&str]) -> Database {
    let database = Database::existing().await;
    let admin = database.connect().await;
    for sql in more {
        admin.batch_execute(sql).await.expect("the site's SQL");
    }
    database
}

pub async fn adopt(database: &Database) {
    let mut admin = database.connect().await;
    up(&mut admin, &UpOptions::default(), &mut Quiet).await.expect("it is adopted");
}

pub async fn go_back(database: &Database) {
    let mut admin = database.connect().await;
    down(&mut admin, &DownOptions::default(), &mut Quiet).await.expect("it goes back");
}

/// The columns of every table of the site's, in `public`, as they are now.
pub async fn columns(admin: &Admin) -> BTreeMap<String, Vec<String>> {
    let rows = admin
        .query(
            "SELECT c.relname::text, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
              GROUP BY c.relname",
            &[],
        )
        .await
        .expect("the catalog");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// A hash of the contents of each table, over the columns given: row by row, whatever their order.
pub async fn hashes(admin: &Admin, columns: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for (table, columns) in columns {
        let columns = columns.join(", ");
        let sql = format!(
            "SELECT count(*) || ':' || coalesce(md5(string_agg(h, '' ORDER BY h)), '')
               FROM (SELECT md5(ROW({columns})::text) AS h FROM public.{table}) r",
        );
        let hash: String = admin.query_one(&sql, &[]).await.unwrap_or_else(|error| panic!("{table}: {error}")).get(0);
        hashes.insert(table.clone(), hash);
    }
    hashes
}

/// Compares two schema dumps and shows the first lines that differ.
pub fn same_schema(is: &str, should_be: &str) {
    let (is, should_be): (Vec<_>, Vec<_>) = (is.lines().collect(), should_be.lines().collect());
    let differing = (0..is.len().max(should_be.len())).find(|&at| is.get(at) != should_be.get(at));
    if let Some(at) = differing {
        let around =
            |lines: &[&str]| lines[at.saturating_sub(3).min(lines.len())..(at + 4).min(lines.len())].join("\n");
        panic!(
            "the schema differs from line {}:\n--- is\n{}\n--- should be\n{}",
            at + 1,
            around(&is),
            around(&should_be)
        );
    }
}

/// The schema of a database.
pub fn schema(database: &Database) -> String {
    schema_dump(database)
}
