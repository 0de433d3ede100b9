use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::history::RowVersion;
use super::types::ConfigTable;
use crate::Result;
use crate::db::tx::Tx;

/// A client that the caller may see.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// The client with an id, where the caller may see it.
pub(super) async fn client(tx: &Tx<'_>, id: Uuid) -> Result<Option<Client>> {
    let sql = "SELECT c.id, c.name::text FROM public.clients_enhanced c WHERE c.id = $1";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| Client { id: row.get(0), name: row.get(1) }))
}

/// A row as it is now, where the caller may see it.
pub(super) async fn present(
    tx: &Tx<'_>,
    id: Uuid,
    sees_deployments: bool,
) -> Result<Option<(ConfigTable, Map<String, Value>)>> {
    // Of deployment configurations a client's own login isn't granted every column, so that it can't read whole rows.
    let tables = ConfigTable::ALL
        .into_iter()
        .filter(|table| sees_deployments || *table != ConfigTable::DeploymentConfigurations);
    let parts: Vec<String> =
        tables.map(|table| format!("SELECT '{table}', to_jsonb(r) FROM public.{table} r WHERE r.id = $1")).collect();
    let row = tx.query_opt(&parts.join(" UNION ALL "), &[&id]).await?;
    Ok(row.and_then(|row| match (ConfigTable::by_name(row.get(0)), row.try_get(1)) {
        (Some(table), Ok(Value::Object(content))) => Some((table, content)),
        _ => None,
    }))
}

/// A former content of a row.
pub(super) struct Former {
    pub(super) table: ConfigTable,
    pub(super) version: RowVersion,
}

/// The former contents of a row that the caller may see, newest first.
pub(super) async fn former(tx: &Tx<'_>, id: Uuid, before: Option<Timestamp>, limit: i64) -> Result<Vec<Former>> {
    let sql = "SELECT v.table_name::text, v.valid_from, v.valid_to, v.revision_from, v.revision_to, v.content
                 FROM public.configuration_versions v
                WHERE v.table_name = ANY ('{system_configurations,template_configurations,client_customizations,deployment_configurations}')
                  AND v.row_id = $1 AND ($2::timestamptz IS NULL OR v.valid_from < $2)
                ORDER BY v.valid_from DESC LIMIT $3";
    let rows = tx.query(sql, &[&id, &before, &limit]).await?;
    let former = |row: &tokio_postgres::Row| {
        Some(Former {
            table: ConfigTable::by_name(row.get(0))?,
            version: RowVersion {
                valid_from: row.get(1),
                valid_to: row.get(2),
                revision_from: row.get(3),
                revision_to: row.get(4),
                changed_by: None,
                reason: None,
                change_id: None,
                content: match row.try_get(5) {
                    Ok(Value::Object(content)) => content,
                    _ => Map::new(),
                },
            },
        })
    };
    Ok(rows.iter().filter_map(former).collect())
}

/// Since when the present content of a row is current.
pub(super) async fn head(tx: &Tx<'_>, table: ConfigTable, id: Uuid) -> Result<RowVersion> {
    let sql =
        "SELECT h.valid_from, h.revision FROM tenantry.configuration_heads h WHERE h.table_name = $1 AND h.row_id = $2";
    let row = tx.query_opt(sql, &[&table.name(), &id]).await?;
    Ok(RowVersion {
        valid_from: row.as_ref().map(|row| row.get(0)),
        valid_to: None,
        revision_from: row.as_ref().map(|row| row.get(1)),
        revision_to: None,
        changed_by: None,
        reason: None,
        change_id: None,
        content: Map::new(),
    })
}

/// Who made some revisions, why, and by which change; as a job.
pub(super) async fn note_changes(tx: &Tx<'_>, versions: &mut [RowVersion]) -> Result<()> {
    let revisions: Vec<i64> = versions.iter().filter_map(|version| version.revision_from).collect();
    let made = makers(tx, &revisions).await?;
    for version in versions {
        if let Some(maker) = version.revision_from.and_then(|revision| made.get(&revision)) {
            version.changed_by = maker.by.or_else(|| person(&version.content));
            version.reason.clone_from(&maker.reason);
            version.change_id = maker.change_id;
        }
    }
    Ok(())
}

/// Who made a revision.
#[derive(Clone, Debug, Default)]
pub(super) struct Maker {
    pub(super) by: Option<Uuid>,
    pub(super) reason: Option<String>,
    pub(super) change_id: Option<Uuid>,
}

/// Who made some revisions: by the change, else by what the contents say that these revisions ended; as a job.
pub(super) async fn makers(tx: &Tx<'_>, revisions: &[i64]) -> Result<HashMap<i64, Maker>> {
    let sql = "SELECT r.revision, coalesce(c.applied_by, v.changed_by), coalesce(c.reason, v.reason), c.id
                 FROM unnest($1::bigint[]) r (revision)
                 LEFT JOIN tenantry.changes c ON c.revision = r.revision
                 LEFT JOIN LATERAL (SELECT o.changed_by, o.reason FROM public.configuration_versions o
                                     WHERE o.revision_to = r.revision LIMIT 1) v ON true";
    let rows = tx.query(sql, &[&revisions]).await?;
    let maker = |row: &tokio_postgres::Row| Maker { by: row.get(1), reason: row.get(2), change_id: row.get(3) };
    Ok(rows.iter().map(|row| (row.get(0), maker(row))).collect())
}

/// Who last wrote a row, by what it says itself.
pub(super) fn person(row: &Map<String, Value>) -> Option<Uuid> {
    let named = |column: &str| row.get(column)?.as_str()?.parse().ok();
    named("updated_by").or_else(|| named("created_by"))
}

/// What is known of a row that is part of a document.
pub(super) struct Provenance {
    pub(super) row_id: Uuid,
    pub(super) table: ConfigTable,
    pub(super) content: Map<String, Value>,
    pub(super) valid_from: Timestamp,
    pub(super) revision: i64,
}

/// Some rows as of a revision; as a job.
pub(super) async fn provenance(tx: &Tx<'_>, ids: &[Uuid], revision: i64) -> Result<Vec<Provenance>> {
    let rows = tx.query(include_str!("provenance.sql"), &[&ids, &revision]).await?;
    let provenance = |row: &tokio_postgres::Row| {
        Some(Provenance {
            table: ConfigTable::by_name(row.get(0))?,
            row_id: row.get(1),
            valid_from: row.get(2),
            revision: row.get(3),
            content: match row.try_get(4) {
                Ok(Value::Object(content)) => content,
                _ => Map::new(),
            },
        })
    };
    Ok(rows.iter().filter_map(provenance).collect())
}
