use std::collections::BTreeSet;

use tokio_postgres::Client;

use crate::Result;
use crate::db::adopt::rule::RuleKind;
use crate::db::adopt::survey::{Source, Subject};
use crate::db::quote::{ident, qualified};

/// The keys of a table that hold rows apart or will.
pub(super) struct Keys {
    keys: BTreeSet<Vec<String>>,
    not_null: BTreeSet<String>,
}

impl Keys {
    /// Reads them: those that the table has and those that it gets.
    pub(super) async fn of(client: &Client, source: &Source, subject: &Subject) -> Result<Self> {
        let mut keys: BTreeSet<Vec<String>> = held(client, &source.table).await?.into_iter().collect();
        keys.extend(subject.rules.iter().filter_map(|rule| match &rule.kind {
            RuleKind::Unique { key, predicate: None, .. } => Some(key.clone()),
            _ => None,
        }));
        Ok(Self { keys, not_null: not_null(client, &source.table).await?.into_iter().collect() })
    }

    /// SQL (with a leading AND, or empty) that is true of the rows whose key with the new value nobody else claims:
    /// neither a row that has the new value already nor one that would get it by the same mend.
    pub(super) fn free(&self, source: &Source, column: &str, value: &str) -> String {
        let column = quote_as_postgres(column);
        // With the row's id in it, a key is nobody else's whatever the value.
        let can_collide = |key: &&Vec<String>| key.contains(&column) && !key.iter().any(|part| part == "id");
        let of_keys = self.keys.iter().filter(can_collide);
        let claims = of_keys.map(|key| {
            let others = key.iter().filter(|part| **part != column).map(|part| {
                let same = if self.not_null.contains(part) { "=" } else { "IS NOT DISTINCT FROM" };
                format!(" AND k.{part} {same} r.{part}")
            });
            format!(
                " AND NOT EXISTS (SELECT FROM {rows} WHERE k.id <> r.id{same} \
                 AND (k.{column}::text = ({value})::text OR k.{column} IS NOT DISTINCT FROM r.{column}))",
                rows = source.rows("k"),
                same = others.collect::<String>(),
            )
        });
        claims.collect()
    }
}

/// A column as `pg_get_indexdef` and `quote_ident` write it, which is how rules name the parts of a key.
fn quote_as_postgres(column: &str) -> String {
    let plain = column.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if plain { column.to_owned() } else { ident(column) }
}

async fn held(client: &Client, table: &str) -> Result<Vec<Vec<String>>> {
    let sql = "SELECT array_agg(pg_catalog.quote_ident(a.attname))
                 FROM pg_catalog.pg_index i
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = $1::text::pg_catalog.regclass AND i.indisunique AND i.indisvalid
                  AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
                GROUP BY i.indexrelid";
    let rows = client.query(sql, &[&qualified("public", table)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn not_null(client: &Client, table: &str) -> Result<Vec<String>> {
    let sql = "SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = $1::text::pg_catalog.regclass AND a.attnum > 0 AND a.attnotnull";
    let rows = client.query(sql, &[&qualified("public", table)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
