use serde_json::Value;
use uuid::Uuid;

use super::super::conceal::TABLES;
use crate::Result;
use crate::db::tx::Tx;

/// A row that may hold secrets, as its reader sees it, and its table.
pub(in crate::secrets) async fn row(tx: &Tx<'_>, id: Uuid) -> Result<Option<(String, Value)>> {
    let each = TABLES
        .iter()
        .map(|table| format!("SELECT '{table}', pg_catalog.to_jsonb(t) FROM public.{table} t WHERE t.id = $1"));
    let sql = each.collect::<Vec<_>>().join(" UNION ALL ");
    Ok(tx.query(&sql, &[&id]).await?.first().map(|row| (row.get(0), row.get(1))))
}

/// Whether the person who has entered manages a client.
pub(in crate::secrets) async fn manages(tx: &Tx<'_>, client: Uuid) -> Result<bool> {
    let sql = "SELECT $1 IN (SELECT tenantry.managed_client_ids())";
    Ok(tx.query_one(sql, &[&client]).await?.get(0))
}

/// Logs that secrets were revealed; who, from where and why stands in the transaction.
pub(in crate::secrets) async fn note(
    tx: &Tx<'_>,
    table: &str,
    row: Uuid,
    client: Option<Uuid>,
    details: &Value,
) -> Result<()> {
    let sql = "SELECT tenantry.audit_event('reveal', $1, $2, $3, $4)";
    tx.query(sql, &[details, &client, &table, &row.to_string()]).await?;
    Ok(())
}
