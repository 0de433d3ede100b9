use std::collections::BTreeMap;

use tokio_postgres::Client;

use crate::db::quote::{ident, literal, qualified};
use crate::{Error, Result};

/// The rows of one table as they will be judged.
#[derive(Clone, Debug)]
pub struct Source {
    /// The table, in `public`.
    pub table: String,
    /// A `FROM` item called `r`, with the columns that the table lacks.
    pub from: String,
    /// The same without its name.
    rows: String,
    /// SQL of the text that names a row: its `id`, else its primary key, else its place on disk.
    pub identity: String,
    /// SQL to sort by, oldest row first.
    pub oldest_first: String,
    /// Keys that the table already holds unique: columns as SQL, none of them ever NULL or NULL for good.
    pub unique_already: Vec<Vec<String>>,
}

impl Source {
    /// Reads from the catalog how the rows of a table are named and sorted.
    pub async fn of(client: &Client, table: &str, missing: &BTreeMap<String, String>) -> Result<Self> {
        refuse_hidden_rows(client, table).await?;
        let columns = columns(client, table).await?;
        let has = |column: &str| columns.iter().any(|known| known == column);
        let identity = if has("id") { "r.id::text".to_owned() } else { by_primary_key(client, table).await? };
        let oldest_first = if has("created_at") { format!("r.created_at, {identity}") } else { identity.clone() };
        let rows = rows(table, &columns, &values(client, table, &columns, missing).await?);
        let unique_already = unique_already(client, table).await?;
        let (table, from) = (table.to_owned(), format!("{rows} r"));
        Ok(Self { table, from, rows, identity, oldest_first, unique_already })
    }

    /// The same `FROM` item by another name, to hold rows against each other.
    pub fn rows(&self, name: &str) -> String {
        format!("{} {name}", self.rows)
    }
}

/// Whose an event is stands in its deployment, also before the event carries it.
const CLIENT_OF_EVENT: &str = "(SELECT d.client_id FROM public.client_deployments d WHERE d.id = r.deployment_id)";

/// What stands in for a client until a trigger puts the deployment's in its place.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// The values that are judged in place of what the table has, by column.
async fn values(
    client: &Client,
    table: &str,
    columns: &[String],
    missing: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let mut values = missing.clone();
    values.retain(|column, _| !columns.contains(column));
    if table == "deployment_tracking_events" {
        let deployments = "SELECT pg_catalog.to_regclass('public.client_deployments') IS NOT NULL";
        let known = client.query_one(deployments, &[]).await?.get(0);
        let there = columns.iter().any(|column| column == "client_id");
        let value = match (there, known) {
            (true, true) => format!("coalesce(nullif(r.client_id, '{NOBODY}'), {CLIENT_OF_EVENT})"),
            (true, false) => format!("nullif(r.client_id, '{NOBODY}')"),
            (false, true) => CLIENT_OF_EVENT.to_owned(),
            (false, false) => "NULL::uuid".to_owned(),
        };
        values.insert("client_id".to_owned(), value);
    }
    Ok(values)
}

/// The table as it is, or with other values in the place of some columns.
fn rows(table: &str, columns: &[String], values: &BTreeMap<String, String>) -> String {
    if values.is_empty() {
        return qualified("public", table);
    }
    let kept =
        columns.iter().filter(|column| !values.contains_key(*column)).map(|column| format!("r.{}", ident(column)));
    let added = values.iter().map(|(column, value)| format!("({value}) AS {}", ident(column)));
    format!("(SELECT {} FROM {} r)", kept.chain(added).collect::<Vec<_>>().join(", "), qualified("public", table))
}

/// Under row level security a survey would find nothing wrong with the rows that it can't see.
async fn refuse_hidden_rows(client: &Client, table: &str) -> Result<()> {
    let sql = format!(
        "SELECT pg_catalog.row_security_active(c.oid)
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p
                                 WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*'
                                   AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'
                                   AND EXISTS (SELECT FROM unnest(p.polroles) m (role)
                                                WHERE pg_catalog.pg_has_role(m.role, 'USAGE'))),
                current_user::text
           FROM pg_catalog.pg_class c WHERE c.oid = {}::pg_catalog.regclass",
        literal(&qualified("public", table))
    );
    let row = client.query_one(&sql, &[]).await?;
    let (hidden, role): (bool, String) = (row.get(0), row.get(1));
    if hidden {
        return Err(Error::failure(format!("row level security hides rows from {role}"))
            .mend("run this as the table's owner, or as a role with BYPASSRLS"));
    }
    Ok(())
}

async fn columns(client: &Client, table: &str) -> Result<Vec<String>> {
    let sql = "SELECT a.attname::text FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = $1::text::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped";
    let rows = client.query(sql, &[&qualified("public", table)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn by_primary_key(client: &Client, table: &str) -> Result<String> {
    let sql = "SELECT a.attname::text
                 FROM pg_catalog.pg_index i
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = $1::text::pg_catalog.regclass AND i.indisprimary
                ORDER BY k.place";
    let rows = client.query(sql, &[&qualified("public", table)]).await?;
    let parts: Vec<String> = rows.iter().map(|row| format!("r.{}::text", ident(row.get::<_, &str>(0)))).collect();
    Ok(if parts.is_empty() { "r.ctid::text".to_owned() } else { parts.join(" || '/' || ") })
}

async fn unique_already(client: &Client, table: &str) -> Result<Vec<Vec<String>>> {
    let sql = "SELECT array_agg(pg_catalog.quote_ident(a.attname))
                 FROM pg_catalog.pg_index i
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = $1::text::pg_catalog.regclass AND i.indisunique AND i.indisvalid AND i.indimmediate
                  AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
                GROUP BY i.indexrelid, i.indnullsnotdistinct
               HAVING i.indnullsnotdistinct OR bool_and(a.attnotnull)";
    let rows = client.query(sql, &[&qualified("public", table)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
