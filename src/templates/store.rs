use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::types::Stage;
use crate::Result;
use crate::configurations::Environment;
use crate::db::tx::Tx;

/// A version of a template.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) stage: Option<Stage>,
    pub(super) created_at: Timestamp,
    /// Every column of its row.
    pub(super) row: Map<String, Value>,
}

/// The versions of a template that the caller sees.
pub(super) async fn versions(tx: &Tx<'_>, template_id: &str) -> Result<Vec<Version>> {
    let rows = tx
        .query(
            "SELECT t.id, t.template_version::text, t.status::text, t.created_at, pg_catalog.to_jsonb(t)
               FROM public.template_configurations t WHERE t.template_id = $1",
            &[&template_id],
        )
        .await?;
    let version = |row: &tokio_postgres::Row| Version {
        id: row.get(0),
        number: row.get(1),
        stage: Stage::by_word(row.get(2)),
        created_at: row.get(3),
        row: object(row.get(4)),
    };
    Ok(rows.iter().map(version).collect())
}

/// A customization that the caller sees, with every column.
pub(super) async fn customization(tx: &Tx<'_>, id: Uuid) -> Result<Option<Map<String, Value>>> {
    let row = tx
        .query_opt("SELECT pg_catalog.to_jsonb(c) FROM public.client_customizations c WHERE c.id = $1", &[&id])
        .await?;
    Ok(row.map(|row| object(row.get(0))))
}

/// The customizations of a client and template that are active, besides one.
pub(super) async fn active(tx: &Tx<'_>, client_id: Uuid, template_id: &str, besides: Uuid) -> Result<Vec<Uuid>> {
    let rows = tx
        .query(
            "SELECT c.id FROM public.client_customizations c
              WHERE c.client_id = $1 AND c.template_id = $2 AND c.is_active AND c.id <> $3 ORDER BY c.id",
            &[&client_id, &template_id, &besides],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The environments in which a client has deployments that somebody may use.
pub(super) async fn environments(tx: &Tx<'_>, client_id: Uuid) -> Result<Vec<Environment>> {
    let rows = tx
        .query(
            "SELECT DISTINCT d.deployment_type::text FROM public.client_deployments d
              WHERE d.client_id = $1 AND d.status NOT IN ('failed', 'cancelled', 'superseded', 'rolled_back')",
            &[&client_id],
        )
        .await?;
    let found = rows.iter().filter_map(|row| row.get::<_, &str>(0).parse().ok());
    let mut found: Vec<Environment> = found.collect();
    found.sort_unstable();
    Ok(found)
}

/// A deployment configuration that the caller sees.
#[derive(Clone, Debug)]
pub(super) struct DeploymentConfiguration {
    pub(super) client_id: Uuid,
    pub(super) template_id: Option<String>,
    pub(super) environment: String,
    pub(super) status: String,
}

/// A deployment configuration, without what is kept from a client's own login.
pub(super) async fn deployment_configuration(tx: &Tx<'_>, id: Uuid) -> Result<Option<DeploymentConfiguration>> {
    let row = tx
        .query_opt(
            "SELECT d.client_id, d.template_id::text, d.environment::text, d.status::text
               FROM public.deployment_configurations d WHERE d.id = $1",
            &[&id],
        )
        .await?;
    Ok(row.map(|row| DeploymentConfiguration {
        client_id: row.get(0),
        template_id: row.get(1),
        environment: row.get(2),
        status: row.get(3),
    }))
}

/// What is in force in the place of a deployment configuration, unless it is that itself.
pub(super) async fn in_force(tx: &Tx<'_>, id: Uuid, of: &DeploymentConfiguration) -> Result<Option<Uuid>> {
    let DeploymentConfiguration { client_id, template_id, environment, status: _ } = of;
    let row = tx
        .query_opt(
            "SELECT d.id FROM public.deployment_configurations d
              WHERE d.client_id = $1 AND d.environment = $2 AND d.template_id IS NOT DISTINCT FROM $3
                AND d.applied_revision IS NOT NULL AND d.id <> $4",
            &[client_id, environment, template_id, &id],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
