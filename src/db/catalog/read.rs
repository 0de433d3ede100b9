use tokio_postgres::Client;

use super::Table;
use crate::Result;

/// The shapes of those of `names` that exist as tables or views in `schema`.
pub async fn tables(client: &Client, schema: &str, names: &[&str]) -> Result<Vec<Table>> {
    let rows = client
        .query(
            "SELECT c.oid FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
               JOIN pg_catalog.pg_class c ON c.relname = wanted.name
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $2
              ORDER BY wanted.place",
            &[&names, &schema],
        )
        .await?;
    by_oid(client, &rows.iter().map(|row| row.get(0)).collect::<Vec<_>>()).await
}

/// The shape of one table or view in `public`.
pub async fn table(client: &Client, name: &str) -> Result<Option<Table>> {
    Ok(tables(client, "public", &[name]).await?.into_iter().next())
}

/// The shapes of tables and views, in the order of their oids given.
///
/// Leaves `search_path` as the session or the transaction had it.
pub async fn by_oid(client: &Client, oids: &[u32]) -> Result<Vec<Table>> {
    let former: String = client.query_one("SELECT pg_catalog.current_setting('search_path')", &[]).await?.get(0);
    client.batch_execute("SET search_path = ''").await?;
    let rows = client.query(include_str!("table.sql"), &[&oids]).await;
    // In a transaction that failed this fails too; the first error says why.
    let restored = client.execute("SELECT pg_catalog.set_config('search_path', $1, false)", &[&former]).await;
    let rows = rows?;
    restored?;
    rows.iter().map(|row| serde_json::from_value(row.get(0)).map_err(crate::Error::from)).collect()
}
