use tokio_postgres::Client;

use super::Table;
use crate::Result;

/// The shapes of those of `names` that exist as tables or views in `schema`.
///
/// Leaves `search_path` as the session or the transaction had it.
pub async fn tables(client: &Client, schema: &str, names: &[&str]) -> Result<Vec<Table>> {
    let former: String = client.query_one("SELECT pg_catalog.current_setting('search_path')", &[]).await?.get(0);
    client.batch_execute("SET search_path = ''").await?;
    let rows = client.query(include_str!("table.sql"), &[&names, &schema]).await;
    // In a transaction that failed this fails too; the first error says why.
    let restored = client.execute("SELECT pg_catalog.set_config('search_path', $1, false)", &[&former]).await;
    let rows = rows?;
    restored?;
    rows.iter().map(|row| serde_json::from_value(row.get(0)).map_err(crate::Error::from)).collect()
}

/// The shape of one table or view in `public`.
pub async fn table(client: &Client, name: &str) -> Result<Option<Table>> {
    Ok(tables(client, "public", &[name]).await?.into_iter().next())
}
