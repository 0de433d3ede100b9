use std::collections::HashMap;

use layers::Key;
use serde_json::Value;
use uuid::Uuid;

use crate::Result;
use crate::configurations::changes::Scope;
use crate::db::tx::Tx;

/// What clients are called that the caller sees.
pub(super) async fn clients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let sql = "SELECT c.id, c.name::text FROM public.clients_enhanced c WHERE c.id = ANY ($1)";
    Ok(tx.query(sql, &[&ids]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// A row of `system_configurations` at one scope.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) key: Key,
    pub(super) value: Value,
    pub(super) version: i64,
    pub(super) is_encrypted: bool,
    pub(super) updated_by: Option<Uuid>,
    pub(super) updated_at: jiff::Timestamp,
}

/// The rows at a scope that are part of documents and that the caller sees.
pub(super) async fn at_scope(tx: &Tx<'_>, scope: &Scope) -> Result<Vec<Row>> {
    let sql = "SELECT s.id, s.configuration_key::text, s.configuration_value, s.version::bigint, s.is_encrypted, s.updated_by,
                      s.updated_at
                 FROM public.system_configurations s
                WHERE s.client_id IS NOT DISTINCT FROM $1 AND s.template_id IS NOT DISTINCT FROM $2 AND s.environment = $3
                  AND s.is_active AND NOT s.is_system
                ORDER BY s.configuration_key";
    let rows = tx.query(sql, &[&scope.client_id, &scope.template_id, &scope.environment]).await?;
    let row = |row: &tokio_postgres::Row| {
        Some(Row {
            id: row.get(0),
            key: Key::parse(row.get(1)).ok()?,
            value: row.try_get(2).ok()?,
            version: row.get(3),
            is_encrypted: row.get(4),
            updated_by: row.get(5),
            updated_at: row.get(6),
        })
    };
    Ok(rows.iter().filter_map(row).collect())
}

/// What protects environments, as the system row says it.
pub async fn protected(tx: &Tx<'_>) -> Result<Vec<String>> {
    let sql = "SELECT s.configuration_value FROM public.system_configurations s
                WHERE s.configuration_key = 'protected_environments' AND s.is_system AND s.is_active
                  AND s.client_id IS NULL AND s.template_id IS NULL AND s.environment = 'all'";
    let row = tx.as_worker(async { tx.query_opt(sql, &[]).await }).await?;
    let names = row.and_then(|row| row.get::<_, Value>(0).as_array().cloned()).unwrap_or_default();
    Ok(names.iter().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect())
}
