use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;

/// Something of the site's that stands on a table which a partitioned one is to replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependant {
    /// The table, in `public`.
    pub table: String,
    /// View, function, foreign key, publication …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether the table stays plain because of it.
    pub stops: bool,
    /// What becomes of it.
    pub becomes: String,
}

/// Everything that stands on tables that are to be swapped.
///
/// A function's text isn't looked into: PostgreSQL finds the table in it by name, and the name stays.
pub async fn dependants(client: &Client, tables: &[String]) -> Result<Vec<Dependant>> {
    let rows = client.query(include_str!("dependants.sql"), &[&tables]).await?;
    let found = rows.iter().map(|row| {
        let (kind, stops): (String, bool) = (row.get(1), row.get(3));
        let becomes = match (kind.as_str(), stops) {
            (_, true) => "the table stays plain while it is there",
            ("publication", _) => "the partitioned table takes the plain one's place in it",
            ("materialized view", _) => "made again over the partitioned table and filled at the end",
            (_, false) => "made again over the partitioned table",
        };
        Dependant { table: row.get(0), kind, name: row.get(2), stops, becomes: becomes.to_owned() }
    });
    Ok(found.collect())
}
