use serde_json::{Map, Value};
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{Filter, Template, Whole};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::quote;
use crate::db::tx::Tx;

/// The orders of a list, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("name", "pg_catalog.lower(t.template_name)", "pg_catalog.text", false),
    order("type", "t.template_type", "pg_catalog.text", false),
    order("status", "t.status", "pg_catalog.text", false),
    order("uses", "t.usage_count", "pg_catalog.int4", true),
    order("success", "coalesce(t.success_rate, -1)", "pg_catalog.numeric", true),
    order("used", "coalesce(t.last_used_at, '-infinity')", "pg_catalog.timestamptz", true),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "t.id", is_descending }
}

const COLUMNS: &str = "t.id, t.template_name::text, coalesce(t.template_type, '')::text, t.category::text, \
     coalesce(t.tags, '{}')::text[], coalesce(t.status, '')::text, t.is_system_template, t.is_featured, t.usage_count, \
     t.success_rate::text, t.last_used_at";

/// What a list is narrowed by, as its first four parameters.
const NARROWED: &str = "($1::text IS NULL OR t.status = $1)
     AND ($2::text IS NULL OR t.template_type = $2)
     AND ($3::text IS NULL OR t.category = $3)
     AND ($4::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(pg_catalog.concat_ws(' ', t.template_name, t.description,
              pg_catalog.array_to_string(t.tags, ' '))), pg_catalog.lower($4)) > 0)";

fn template(row: &Row) -> Template {
    Template {
        id: row.get(0),
        name: row.get(1),
        kind: row.get(2),
        category: row.get(3),
        tags: row.get(4),
        status: row.get(5),
        is_system: row.get(6),
        is_featured: row.get(7),
        uses: row.get(8),
        success: row.get(9),
        last_used: row.get(10),
    }
}

/// A page of a list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Template>> {
    let Filter { search, status, kind, category } = filter;
    let parts = (&*format!("SELECT {COLUMNS}"), &*format!("FROM public.deployment_templates t WHERE {NARROWED}"));
    window.read(tx, parts, vec![status, kind, category, search], template).await
}

/// How many a list has.
pub(super) async fn count(tx: &Tx<'_>, filter: &Filter) -> Result<i64> {
    let Filter { search, status, kind, category } = filter;
    let sql = format!("SELECT pg_catalog.count(*) FROM public.deployment_templates t WHERE {NARROWED}");
    Ok(tx.query_one(&sql, &[status, kind, category, search]).await?.get(0))
}

/// The groups that there are.
pub(super) async fn categories(tx: &Tx<'_>) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT t.category::text FROM public.deployment_templates t WHERE t.category <> '' ORDER BY 1";
    Ok(tx.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// Everything of one that the caller sees.
pub(super) async fn whole(tx: &Tx<'_>, id: Uuid) -> Result<Option<Whole>> {
    let sql = format!(
        "SELECT {COLUMNS}, t.created_at, t.created_by, t.updated_at, t.updated_by, pg_catalog.to_jsonb(t)
           FROM public.deployment_templates t WHERE t.id = $1"
    );
    Ok(tx.query_opt(&sql, &[&id]).await?.map(|row| {
        let values = match row.get(15) {
            Value::Object(values) => values,
            _ => Map::new(),
        };
        Whole {
            about: template(&row),
            begun: (row.get(11), row.get(12)),
            changed: (row.get(13), row.get(14)),
            row: values,
        }
    }))
}

/// One, kept from everybody else until the transaction ends; none where whoever asks may not write it.
pub(super) async fn held(tx: &Tx<'_>, id: Uuid) -> Result<Option<Whole>> {
    let sql = "SELECT FROM public.deployment_templates t WHERE t.id = $1 FOR UPDATE";
    match tx.query_opt(sql, &[&id]).await? {
        Some(_) => whole(tx, id).await,
        None => Ok(None),
    }
}

/// Where one is used: of deployments and of deployment configurations that the caller sees, key, name, client and status of
/// the latest.
pub(super) async fn uses(tx: &Tx<'_>, id: Uuid) -> Result<(Vec<Use>, Vec<Use>)> {
    let sql = |table: &str| {
        format!(
            "SELECT u.id, u.deployment_name::text, c.name::text, coalesce(u.status, '')::text
               FROM public.{table} u JOIN public.clients_enhanced c ON c.id = u.client_id
              WHERE u.deployment_template_id = $1 ORDER BY u.created_at DESC, u.id LIMIT 10"
        )
    };
    let deployments = tx.query(&sql("client_deployments"), &[&id]).await?;
    let configurations = tx.query(&sql("deployment_configurations"), &[&id]).await?;
    let used = |rows: Vec<Row>| {
        let used = |row: &Row| Use { id: row.get(0), name: row.get(1), client: row.get(2), status: row.get(3) };
        rows.iter().map(used).collect()
    };
    Ok((used(deployments), used(configurations)))
}

/// A row that was made from a deployment template.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) client: String,
    pub(super) status: String,
}

/// Writes columns of one.
pub(super) async fn write(tx: &Tx<'_>, id: Uuid, columns: &Map<String, Value>) -> Result<u64> {
    let names = names(columns);
    let sql = format!(
        "UPDATE public.deployment_templates AS t SET ({names}) =
             (SELECT {names} FROM pg_catalog.jsonb_populate_record(NULL::public.deployment_templates, $2))
          WHERE t.id = $1"
    );
    tx.execute(&sql, &[&id, &Value::Object(columns.clone())]).await
}

/// Adds one, and gives its key.
pub(super) async fn add(tx: &Tx<'_>, columns: &Map<String, Value>) -> Result<Uuid> {
    let names = names(columns);
    let sql = format!(
        "INSERT INTO public.deployment_templates ({names})
         SELECT {names} FROM pg_catalog.jsonb_populate_record(NULL::public.deployment_templates, $1)
         RETURNING id"
    );
    Ok(tx.query_one(&sql, &[&Value::Object(columns.clone())]).await?.get(0))
}

/// Removes one that Tenantry didn't bring along.
pub(super) async fn remove(tx: &Tx<'_>, id: Uuid) -> Result<u64> {
    tx.execute("DELETE FROM public.deployment_templates AS t WHERE t.id = $1 AND NOT t.is_system_template", &[&id])
        .await
}

fn names(columns: &Map<String, Value>) -> String {
    columns.keys().map(|name| quote::ident(name)).collect::<Vec<_>>().join(", ")
}
