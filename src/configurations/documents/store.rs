use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::row::{Scope, ValueRow};
use crate::Result;
use crate::configurations::types::ConfigTable;
use crate::db::tx::Tx;

/// Whole rows, by table and id; those that aren't there are missing.
pub(super) async fn rows(
    tx: &Tx<'_>,
    ids: impl Iterator<Item = (ConfigTable, Uuid)>,
) -> Result<HashMap<(ConfigTable, Uuid), Map<String, Value>>> {
    let mut by_table: [Vec<Uuid>; 4] = Default::default();
    for (table, id) in ids {
        by_table[table as usize].push(id);
    }
    let [values, versions, designs, deployments] = &by_table;
    let found = tx.query(include_str!("edited.sql"), &[values, versions, designs, deployments]).await?;
    let row = |row: &tokio_postgres::Row| {
        let table = ConfigTable::by_name(row.get(0))?;
        match row.try_get(2).ok()? {
            Value::Object(content) => Some(((table, row.get(1)), content)),
            _ => None,
        }
    };
    Ok(found.iter().filter_map(row).collect())
}

/// The rows of `system_configurations` that are part of a layer, of some scopes.
pub(super) async fn rows_at<'a>(
    tx: &Tx<'_>,
    scopes: impl Iterator<Item = &'a (Option<Uuid>, Scope)>,
) -> Result<Vec<ValueRow>> {
    let (mut clients, mut templates, mut environments) = (Vec::new(), Vec::new(), Vec::new());
    for (client_id, scope) in scopes {
        clients.push(*client_id);
        templates.push(scope.template_id.as_deref());
        environments.push(scope.environment.map_or("all", crate::configurations::Environment::as_str));
    }
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let found = tx.query(include_str!("scopes.sql"), &[&clients, &templates, &environments]).await?;
    let row = |row: &tokio_postgres::Row| {
        Some(ValueRow {
            id: row.get(0),
            client_id: row.get(1),
            scope: Scope {
                template_id: row.get::<_, Option<&str>>(2).map(Into::into),
                environment: row.get::<_, &str>(3).parse().ok(),
            },
            key: row.get(4),
            value: row.try_get(5).ok()?,
            schema: row.try_get(6).ok()?,
            is_literal: row.get(7),
        })
    };
    Ok(found.iter().filter_map(row).collect())
}
