use std::collections::HashMap;

use layers::Key;
use serde_json::Value;
use uuid::Uuid;

use crate::Result;
use crate::configurations::changes::Scope;
use crate::console::list::{Order, Rows, Window};
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
    /// What its value has to be like, and whether it is locked.
    pub(super) schema: Value,
}

impl Row {
    /// Whether it keeps higher layers out.
    pub(super) fn is_locking(&self) -> bool {
        self.schema.get("x-locked") == Some(&Value::Bool(true))
    }
}

/// The rows at a scope that are part of documents and that the caller sees.
pub(super) async fn at_scope(tx: &Tx<'_>, scope: &Scope) -> Result<Vec<Row>> {
    let sql = "SELECT s.id, s.configuration_key::text, s.configuration_value, s.version::bigint, s.is_encrypted, s.updated_by,
                      s.updated_at, coalesce(s.configuration_schema, '{}')
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
            schema: row.try_get(7).unwrap_or_default(),
        })
    };
    Ok(rows.iter().filter_map(row).collect())
}

/// Whether the caller sees any version of a template.
pub(super) async fn sees_template(tx: &Tx<'_>, template_id: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM public.template_configurations t WHERE t.template_id = $1)";
    Ok(tx.query_one(sql, &[&template_id]).await?.get(0))
}

/// A row that is no client's, as lists show it.
pub(super) struct Listed {
    pub(super) id: Uuid,
    pub(super) key: String,
    /// None where it is nested deeper than anything can be read.
    pub(super) value: Option<Value>,
    pub(super) environment: String,
    pub(super) description: Option<String>,
    pub(super) is_locking: bool,
    pub(super) updated_by: Option<Uuid>,
    pub(super) updated_at: jiff::Timestamp,
    /// The version that an edit is made for.
    pub(super) version: i64,
}

const LISTED: &str = "SELECT s.id, s.configuration_key::text, s.configuration_value, s.environment::text, s.description,
            coalesce(s.configuration_schema -> 'x-locked' = 'true', false), s.updated_by, s.updated_at, s.version::bigint";

/// The order of rows.
pub(super) const ROW_ORDERS: &[Order] = &[Order {
    name: "key",
    by: "s.configuration_key::pg_catalog.text",
    of: "pg_catalog.text",
    then: "s.id",
    is_descending: false,
}];

fn listed(row: &tokio_postgres::Row) -> Listed {
    Listed {
        id: row.get(0),
        key: row.get(1),
        value: row.try_get(2).ok(),
        environment: row.get(3),
        description: row.get(4),
        is_locking: row.get(5),
        updated_by: row.get(6),
        updated_at: row.get(7),
        version: row.get(8),
    }
}

/// A page of the rows of all clients, or of all of a template's, whose key or value holds a text.
pub(super) async fn shared_rows(
    tx: &Tx<'_>,
    template_id: Option<&str>,
    sought: &str,
    window: &Window,
) -> Result<Rows<Listed>> {
    let from = "FROM public.system_configurations s
          WHERE s.client_id IS NULL AND s.template_id IS NOT DISTINCT FROM $1 AND s.is_active AND NOT s.is_system
            AND pg_catalog.strpos(pg_catalog.lower(s.configuration_key || ' ' || s.configuration_value::text), pg_catalog.lower($2)) > 0";
    window.read(tx, (LISTED, from), vec![&template_id, &sought], listed).await
}

/// The rows that steer Tenantry itself.
pub(super) async fn system_rows(tx: &Tx<'_>) -> Result<Vec<Listed>> {
    let sql = format!(
        "{LISTED} FROM public.system_configurations s
          WHERE s.client_id IS NULL AND s.template_id IS NULL AND s.is_system ORDER BY s.configuration_key"
    );
    Ok(tx.query(&sql, &[]).await?.iter().map(listed).collect())
}

/// One of them; none where there is none that the caller sees.
pub(super) async fn system_row(tx: &Tx<'_>, id: Uuid) -> Result<Option<Listed>> {
    let sql =
        format!("{LISTED} FROM public.system_configurations s WHERE s.client_id IS NULL AND s.is_system AND s.id = $1");
    Ok(tx.query_opt(&sql, &[&id]).await?.as_ref().map(listed))
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
