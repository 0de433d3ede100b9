use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::diff::Span;
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

/// Every client that the caller may see.
pub(super) async fn clients(tx: &Tx<'_>) -> Result<Vec<Client>> {
    let sql = "SELECT c.id, c.name::text FROM public.clients_enhanced c ORDER BY c.id";
    Ok(tx.query(sql, &[]).await?.iter().map(|row| Client { id: row.get(0), name: row.get(1) }).collect())
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
                changed_by_name: None,
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
        changed_by_name: None,
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
            version.changed_by = maker.person(&version.content);
            version.changed_by_name.clone_from(&maker.name);
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
    /// As whom the audit log knows somebody without a session.
    pub(super) name: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) change_id: Option<Uuid>,
}

/// Who made some revisions: by the change, else by what the contents say that these revisions ended; as a job.
pub(super) async fn makers(tx: &Tx<'_>, revisions: &[i64]) -> Result<HashMap<i64, Maker>> {
    let sql =
        "SELECT r.revision, coalesce(c.applied_by, v.changed_by), c.author_name, coalesce(c.reason, v.reason), c.id
                 FROM unnest($1::bigint[]) r (revision)
                 LEFT JOIN tenantry.changes c ON c.revision = r.revision
                 LEFT JOIN LATERAL (SELECT o.changed_by, o.reason FROM public.configuration_versions o
                                     WHERE o.revision_to = r.revision LIMIT 1) v ON true";
    let rows = tx.query(sql, &[&revisions]).await?;
    let maker = |row: &tokio_postgres::Row| Maker {
        by: row.get(1),
        name: row.get(2),
        reason: row.get(3),
        change_id: row.get(4),
    };
    Ok(rows.iter().map(|row| (row.get(0), maker(row))).collect())
}

impl Maker {
    /// The person; where nothing is known of the revision, who last wrote the row by what it says itself.
    pub(super) fn person(&self, row: &Map<String, Value>) -> Option<Uuid> {
        let named = |column: &str| row.get(column)?.as_str()?.parse().ok();
        let said = || named("updated_by").or_else(|| named("created_by"));
        self.by.or_else(|| if self.change_id.is_none() { said() } else { None })
    }
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

/// Which rows of history somebody sees; none for all.
#[derive(Clone, Debug, Default)]
pub(super) struct Sight {
    pub(super) clients: Option<Vec<Uuid>>,
    pub(super) templates: Option<Vec<Uuid>>,
}

/// The clients and versions of templates that the caller sees under their own policies.
pub(super) async fn sight(tx: &Tx<'_>) -> Result<Sight> {
    let sql = "SELECT ARRAY(SELECT c.id FROM public.clients_enhanced c), ARRAY(SELECT t.id FROM public.template_configurations t)";
    let row = tx.query_one(sql, &[]).await?;
    Ok(Sight { clients: row.get(0), templates: row.get(1) })
}

/// A row at two revisions.
pub(super) struct Changed {
    pub(super) table: ConfigTable,
    pub(super) row_id: Uuid,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
    pub(super) revision: Option<i64>,
}

/// A page of the rows that were written between two revisions, and one more; as a job.
pub(super) async fn changed(tx: &Tx<'_>, span: &Span, sight: &Sight) -> Result<Vec<Changed>> {
    let (table, id) = (span.after.map(|(table, _)| table.name()), span.after.map(|(_, id)| id));
    let values: [&(dyn ToSql + Sync); 7] =
        [&span.from, &span.to, &sight.clients, &sight.templates, &table, &id, &(span.limit + 1)];
    let rows = tx.query(include_str!("diff.sql"), &values).await?;
    let changed = |row: &tokio_postgres::Row| {
        Some(Changed {
            table: ConfigTable::by_name(row.get(0))?,
            row_id: row.get(1),
            before: row.try_get(2).ok()?,
            after: row.try_get(3).ok()?,
            revision: row.get(4),
        })
    };
    Ok(rows.iter().filter_map(changed).collect())
}

/// A value as it is stored.
pub(super) struct Stored {
    pub(super) table: ConfigTable,
    pub(super) id: Uuid,
    pub(super) client_id: Option<Uuid>,
    /// The column that it stands in.
    pub(super) column: &'static str,
    /// The value as PostgreSQL writes it.
    pub(super) text: String,
    /// The row, as far as it says what the value means: the value, its schema, its key, its template.
    pub(super) row: Map<String, Value>,
}

/// Hands over every value and schema that is part of a document; as whoever sees every row.
pub(super) async fn each_row(tx: &Tx<'_>, mut take: impl FnMut(Stored) + Send) -> Result<()> {
    let sql = "SELECT 'system_configurations', s.id, s.client_id, s.configuration_value::text, coalesce(s.configuration_schema, '{}'),
                      s.configuration_key::text, s.template_id::text
                 FROM public.system_configurations s WHERE s.is_active AND NOT s.is_system
               UNION ALL
               SELECT 'template_configurations', t.id, NULL, t.default_configuration::text, t.configuration_schema, NULL, t.template_id::text
                 FROM public.template_configurations t
               UNION ALL
               SELECT 'client_customizations', c.id, c.client_id, c.customization_config::text, '{}', NULL, c.template_id::text
                 FROM public.client_customizations c WHERE c.is_active";
    tx.each(sql, &[], |row| take_row(&row).into_iter().for_each(&mut take)).await
}

/// None where a value is nested deeper than anything can be read.
fn take_row(row: &tokio_postgres::Row) -> Option<Stored> {
    let table = ConfigTable::by_name(row.get(0))?;
    let column = match table {
        ConfigTable::SystemConfigurations => "configuration_value",
        ConfigTable::TemplateConfigurations => "default_configuration",
        ConfigTable::ClientCustomizations => "customization_config",
        ConfigTable::DeploymentConfigurations => return None,
    };
    let text: String = row.get(3);
    let content = [
        (column, serde_json::from_str(&text).ok()?),
        ("configuration_schema", row.try_get(4).ok()?),
        ("configuration_key", json!(row.get::<_, Option<&str>>(5))),
        ("template_id", json!(row.get::<_, Option<&str>>(6))),
    ];
    let content = content.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Some(Stored { table, id: row.get(1), client_id: row.get(2), column, text, row: content })
}
