use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

use crate::Result;
use crate::db::quote;

/// What a table holds, told from every other content but by a chance of one in 2^128.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// How many rows it holds.
    pub rows: i64,
    /// The sum of the MD5 of every row as text, in two halves: the same whatever the order of rows.
    pub hash: String,
}

/// What decides how values are written as text.
pub(super) const SETTINGS: &str =
    "SET LOCAL search_path = ''; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC';
    SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex';
    SET LOCAL lc_monetary = 'C'; SET LOCAL xmloption = 'content';";

/// Every table with rows of its own that a dump holds: the site's, and each partition by itself.
const TABLES: &str = "
SELECT n.nspname::text, c.relname::text
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2";

/// Counts and hashes every table, in the caller's transaction, which has run [`SETTINGS`].
pub(super) async fn of_all_tables(client: &Client) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    for row in client.query(TABLES, &[]).await? {
        let (schema, name): (String, String) = (row.get(0), row.get(1));
        tables.push(of_table(client, schema, name).await?);
    }
    Ok(tables)
}

async fn of_table(client: &Client, schema: String, name: String) -> Result<Table> {
    // No column is called so, or the name would mean the column and not the row.
    let row = quote::ident("the whole row");
    let sql = format!(
        "SELECT count(*), coalesce(sum(h.first), 0)::text || '.' || coalesce(sum(h.second), 0)::text
           FROM ONLY {} AS {row}
          CROSS JOIN LATERAL (SELECT pg_catalog.md5({row}::text) AS md5 OFFSET 0) m
          CROSS JOIN LATERAL (SELECT ('x' || left(m.md5, 16))::bit(64)::bigint AS first,
                                     ('x' || right(m.md5, 16))::bit(64)::bigint AS second) h",
        quote::qualified(&schema, &name)
    );
    let counted = client.query_one(&sql, &[]).await?;
    Ok(Table { schema, name, rows: counted.get(0), hash: counted.get(1) })
}

/// What differs between what a backup says and what a database holds, one line for each table.
pub(super) fn differences(said: &[Table], found: &[Table]) -> Vec<String> {
    let key = |table: &Table| (table.schema.clone(), table.name.clone());
    let mut lines = Vec::new();
    for table in said {
        let place = format!("{}.{}", table.schema, table.name);
        match found.iter().find(|other| key(other) == key(table)) {
            None => lines.push(format!("{place} is missing")),
            Some(other) if other.rows != table.rows => {
                lines.push(format!("{place} has {} rows instead of {}", other.rows, table.rows));
            }
            Some(other) if other.hash != table.hash => lines.push(format!("{place} has other content")),
            Some(_) => {}
        }
    }
    let added = found.iter().filter(|table| said.iter().all(|other| key(other) != key(table)));
    lines.extend(added.map(|table| format!("{}.{} is not in the backup", table.schema, table.name)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_named() {
        let table = |name: &str, rows, hash: &str| Table {
            schema: "public".into(),
            name: name.into(),
            rows,
            hash: hash.into(),
        };
        let said = [table("a", 1, "x"), table("b", 2, "x"), table("c", 3, "x"), table("d", 4, "x")];
        let found = [table("a", 1, "x"), table("b", 1, "x"), table("c", 3, "y"), table("e", 0, "x")];
        assert_eq!(
            differences(&said, &found),
            [
                "public.b has 1 rows instead of 2",
                "public.c has other content",
                "public.d is missing",
                "public.e is not in the backup"
            ]
        );
    }
}
