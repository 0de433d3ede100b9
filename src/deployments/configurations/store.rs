use serde_json::{Map, Value};
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{Filter, SetUp, Whole};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The orders of a list, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("changed", "s.updated_at", "pg_catalog.timestamptz", true),
    order("name", "pg_catalog.lower(s.deployment_name)", "pg_catalog.text", false),
    order("client", "pg_catalog.lower(c.name)", "pg_catalog.text", false),
    order("environment", "s.environment", "pg_catalog.text", false),
    order("status", "s.status", "pg_catalog.text", false),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "s.id", is_descending }
}

const COLUMNS: &str = "s.id, s.client_id, c.name::text, s.deployment_name::text, s.environment::text, \
     s.template_id::text, coalesce(s.status, '')::text, s.hosting_provider::text, s.version, s.applied_revision, s.updated_at";

const FROM: &str = "FROM public.deployment_configurations s JOIN public.clients_enhanced c ON c.id = s.client_id";

/// What a list is narrowed by, as its first five parameters.
const NARROWED: &str = "($1::text IS NULL OR s.status = $1)
     AND (NOT $2 OR s.applied_revision IS NOT NULL)
     AND ($3::text IS NULL OR s.environment = $3)
     AND ($4::uuid IS NULL OR s.client_id = $4)
     AND ($5::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
              pg_catalog.concat_ws(' ', s.deployment_name, c.name, s.custom_domain, s.subdomain)), pg_catalog.lower($5)) > 0)";

/// What everybody who sees the row may read of its content.
const OPEN: &[&str] = &[
    "deployment_name",
    "hosting_provider",
    "region",
    "instance_type",
    "scaling_config",
    "feature_flags",
    "security_headers",
    "cors_config",
    "custom_domain",
    "subdomain",
    "domain_verification",
    "caching_config",
    "cdn_config",
    "monitoring_config",
];

/// What only the agency may.
const INNER: &[&str] = &[
    "environment_variables",
    "secret_variables",
    "application_config",
    "ssl_config",
    "backup_config",
    "recovery_config",
    "validation_results",
    "applied_configuration",
];

fn set_up(row: &Row) -> SetUp {
    SetUp {
        id: row.get(0),
        client_id: row.get(1),
        client: row.get(2),
        name: row.get(3),
        environment: row.get(4),
        template_id: row.get(5),
        status: row.get(6),
        provider: row.get(7),
        version: row.get(8),
        revision: row.get(9),
        updated_at: row.get(10),
    }
}

/// A page of a list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<SetUp>> {
    let Filter { search, status, is_in_force, environment, client_id } = filter;
    let parts = (&*format!("SELECT {COLUMNS}"), &*format!("{FROM} WHERE {NARROWED}"));
    window.read(tx, parts, vec![status, is_in_force, environment, client_id, search], set_up).await
}

/// How many a list has.
pub(super) async fn count(tx: &Tx<'_>, filter: &Filter) -> Result<i64> {
    let Filter { search, status, is_in_force, environment, client_id } = filter;
    let sql = format!("SELECT pg_catalog.count(*) {FROM} WHERE {NARROWED}");
    Ok(tx.query_one(&sql, &[status, is_in_force, environment, client_id, search]).await?.get(0))
}

/// Everything of one that the caller sees; of its content, what a client's own login may read where it is one.
pub(super) async fn whole(tx: &Tx<'_>, id: Uuid, is_client: bool) -> Result<Option<Whole>> {
    let columns = OPEN.iter().chain(if is_client { &[][..] } else { INNER });
    let content: Vec<String> = columns.map(|name| format!("s.{name}")).collect();
    let sql = format!(
        "SELECT {COLUMNS}, d.id, d.deployment_name::text, t.id, t.template_name::text, s.applied_at, s.applied_by,
                s.created_at, s.created_by,
                (SELECT pg_catalog.to_jsonb(x) FROM (SELECT {}) x)
           {FROM}
           LEFT JOIN public.client_deployments d ON d.client_id = s.client_id AND d.id = s.deployment_id
           LEFT JOIN public.deployment_templates t ON t.id = s.deployment_template_id
          WHERE s.id = $1",
        content.join(", ")
    );
    Ok(tx.query_opt(&sql, &[&id]).await?.map(|row| as_whole(&row)))
}

fn as_whole(row: &Row) -> Whole {
    let named = |id: usize| {
        row.get::<_, Option<Uuid>>(id).map(|key| (key, row.get::<_, Option<String>>(id + 1).unwrap_or_default()))
    };
    let content = match row.get(19) {
        Value::Object(content) => content,
        _ => Map::new(),
    };
    Whole {
        about: set_up(row),
        deployment: named(11),
        made_from: named(13),
        applied: row.get::<_, Option<jiff::Timestamp>>(15).map(|at| (at, row.get(16))),
        begun: (row.get(17), row.get(18)),
        row: content,
    }
}

/// One, kept from everybody else until the transaction ends; none where whoever asks may not write it.
pub(super) async fn held(tx: &Tx<'_>, id: Uuid) -> Result<Option<Whole>> {
    let sql = "SELECT FROM public.deployment_configurations s WHERE s.id = $1 FOR UPDATE";
    match tx.query_opt(sql, &[&id]).await? {
        Some(_) => whole(tx, id, false).await,
        None => Ok(None),
    }
}

/// What a new one may be made of: the client's templates, its deployments, and the deployment templates in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Choices {
    pub(super) templates: Vec<String>,
    pub(super) deployments: Vec<(Uuid, String)>,
    pub(super) kinds: Vec<(Uuid, String)>,
}

/// Those of a client.
pub(super) async fn choices(tx: &Tx<'_>, client: Uuid) -> Result<Choices> {
    let templates =
        "SELECT DISTINCT z.template_id::text FROM public.client_customizations z WHERE z.client_id = $1 ORDER BY 1";
    let deployments = "SELECT d.id, d.deployment_name::text FROM public.client_deployments d
                        WHERE d.client_id = $1 AND d.status NOT IN ('failed', 'cancelled', 'superseded', 'rolled_back')
                        ORDER BY d.deployment_name, d.id LIMIT 200";
    let kinds =
        "SELECT t.id, t.template_name::text FROM public.deployment_templates t WHERE t.status = 'active' ORDER BY 2";
    let templates = tx.query(templates, &[&client]).await?;
    let deployments = tx.query(deployments, &[&client]).await?;
    let kinds = tx.query(kinds, &[]).await?;
    let named = |rows: Vec<Row>| rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(Choices {
        templates: templates.iter().map(|row| row.get(0)).collect(),
        deployments: named(deployments),
        kinds: named(kinds),
    })
}

/// What a deployment template says, and who hosts by default.
pub(super) async fn kind(tx: &Tx<'_>, id: Uuid) -> Result<Option<(Value, Option<String>)>> {
    let sql =
        "SELECT t.configuration_template, t.default_provider::text FROM public.deployment_templates t WHERE t.id = $1";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| (row.get(0), row.get(1))))
}
