use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;
use crate::db::adopt::survey::{EXAMPLES, Source};
use crate::db::quote::{ident, literal};

/// A value that must not stand where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlainValue {
    /// The table, in `public`.
    pub table: String,
    /// The row's id.
    pub row: String,
    /// The column.
    pub column: String,
    /// Keys from the column's document down to the value; empty where the column itself is the value.
    pub path: String,
    /// What gives it away. The value itself is never read.
    pub why: String,
}

/// Plain values of one kind in a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlainValues {
    /// Whether they are card numbers; else they are secrets.
    pub cards: bool,
    /// How many places there are.
    pub places: i64,
    /// Up to a thousand of them.
    pub examples: Vec<PlainValue>,
}

/// Tables in which a card number is refused once Tenantry holds them.
const CARDS_REFUSED_IN: [&str; 8] = [
    "client_billing_info",
    "client_customizations",
    "client_deployments",
    "deployment_configurations",
    "deployment_templates",
    "deployment_tracking_events",
    "system_configurations",
    "template_configurations",
];

/// Finds secrets and card numbers in the clear in the columns of a table.
pub(super) async fn find(client: &Client, table: &str) -> Result<Vec<PlainValues>> {
    let source = Source::of(client, table, &std::collections::BTreeMap::new()).await?;
    let cards = CARDS_REFUSED_IN.contains(&table);
    let columns = columns(client, table, cards).await?;
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let sql = include_str!("plain_values.sql")
        .replace("{rows}", &source.from)
        .replace("{identity}", &source.identity)
        .replace("{columns}", &columns.join(", "))
        .replace("{cards}", if cards { "true" } else { "false" })
        .replace("{limit}", &EXAMPLES.to_string());
    let rows = client.query(&sql, &[]).await?;
    let mut found: Vec<PlainValues> = Vec::new();
    for row in &rows {
        let cards: bool = row.get("card");
        if found.last().is_none_or(|last| last.cards != cards) {
            found.push(PlainValues { cards, places: row.get("places"), examples: Vec::new() });
        }
        let Some(last) = found.last_mut() else { continue };
        last.examples.push(PlainValue {
            table: table.to_owned(),
            row: row.get("id"),
            column: row.get("col"),
            path: row.get("path"),
            why: row.get("why"),
        });
    }
    Ok(found)
}

/// The columns to look into, as rows of VALUES: documents, and texts where card numbers are looked for.
async fn columns(client: &Client, table: &str, cards: bool) -> Result<Vec<String>> {
    let sql = "SELECT a.attname::text, t.typname::text
                 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = pg_catalog.to_regclass('public.' || pg_catalog.quote_ident($1))
                  AND a.attnum > 0 AND NOT a.attisdropped
                  AND t.typname IN ('json', 'jsonb', 'text', 'varchar', 'bpchar', '_text', '_varchar')
                ORDER BY a.attnum";
    let rows = client.query(sql, &[&table]).await?;
    let mut columns = Vec::new();
    for row in rows {
        let (name, kind): (String, String) = (row.get(0), row.get(1));
        let value = format!("r.{}", ident(&name));
        match kind.as_str() {
            "jsonb" => columns.push(format!("({}, {value}, 'document')", literal(&name))),
            "json" => columns.push(format!("({}, {value}::jsonb, 'document')", literal(&name))),
            _ if cards => columns.push(format!("({}, to_jsonb({value}), 'text')", literal(&name))),
            _ => {}
        }
    }
    Ok(columns)
}
