use tokio_postgres::Client;

use super::finding::{Candidate, of_row};
use crate::Result;
use crate::db::adopt::mends::{CONDITIONS, SPELLING, spellings, word};
use crate::db::adopt::survey::Source;
use crate::db::quote::{ident, literal};

/// More different words than this in one column aren't words.
const MOST_WORDS: i64 = 1_000;

/// What the bad words of a column can have meant, each answer approved by the rule's own expression.
pub(super) async fn candidates(
    client: &Client,
    source: &Source,
    expression: &str,
    column: &str,
) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for value in bad_words(client, source, expression, column).await? {
        if let Some((to, reason)) = meaning(client, &source.table, expression, column, &value).await? {
            let extra = CONDITIONS
                .iter()
                .find(|known| (known.0, known.1, known.2) == (source.table.as_str(), column, to.as_str()))
                .map(|known| format!(" AND {}", known.3))
                .unwrap_or_default();
            candidates.push(Candidate {
                column: column.to_owned(),
                condition: format!("{}::text = {}{extra}", of_row(column), literal(&value)),
                value: literal(&to),
                change: format!("{column} {value:?} becomes {to:?}"),
                reason,
            });
        }
    }
    Ok(candidates)
}

async fn bad_words(client: &Client, source: &Source, expression: &str, column: &str) -> Result<Vec<String>> {
    if !is_text(client, &source.table, column).await? {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT DISTINCT {place}::text FROM {from} WHERE ({expression}) IS FALSE AND {place} IS NOT NULL
          ORDER BY 1 LIMIT {MOST_WORDS}",
        place = of_row(column),
        from = source.from,
    );
    Ok(client.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// Whether a column holds text, so that every word can be written into it.
pub(super) async fn is_text(client: &Client, table: &str, column: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = pg_catalog.to_regclass('public.' || pg_catalog.quote_ident($1)) AND a.attname = $2
                  AND NOT a.attisdropped AND t.typcategory = 'S')";
    Ok(client.query_one(sql, &[&table, &column]).await?.get(0))
}

/// The word that the rule accepts and that a bad word stands for, with the reason.
async fn meaning(
    client: &Client,
    table: &str,
    expression: &str,
    column: &str,
    value: &str,
) -> Result<Option<(String, String)>> {
    for spelling in spellings(value) {
        if accepts(client, table, expression, column, &spelling).await? {
            return Ok(Some((spelling, SPELLING.to_owned())));
        }
    }
    if let Some(known) = word(table, column, value)
        && accepts(client, table, expression, column, known.to).await?
    {
        return Ok(Some((known.to.to_owned(), known.reason.to_owned())));
    }
    Ok(None)
}

async fn accepts(client: &Client, table: &str, expression: &str, column: &str, value: &str) -> Result<bool> {
    // The expression names the column without its table and may name it as r's: a row of one column serves both.
    let sql = format!(
        "SELECT ({expression}) IS TRUE FROM (SELECT (json_populate_record(NULL::public.{table}, json_build_object({name}, {value}::text))).*) r",
        table = ident(table),
        name = literal(column),
        value = literal(value),
    );
    match client.query_one(&sql, &[]).await {
        Ok(row) => Ok(row.get(0)),
        Err(error) => Err(error.into()),
    }
}
