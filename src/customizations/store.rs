use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{Customization, Filter, Whole};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The orders of a list, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("changed", "z.updated_at", "pg_catalog.timestamptz", true),
    order("client", "pg_catalog.lower(c.name)", "pg_catalog.text", false),
    order("template", "z.template_id", "pg_catalog.text", false),
    order("number", "coalesce(z.version, 0)", "pg_catalog.int4", true),
    order("status", "z.status", "pg_catalog.text", false),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "z.id", is_descending }
}

const COLUMNS: &str = "z.id, z.client_id, c.name::text, z.template_id::text, z.template_version::text, z.version, \
     coalesce(z.status, '')::text, coalesce(z.is_active, false), z.created_by, z.updated_at";

const FROM: &str = "FROM public.client_customizations z JOIN public.clients_enhanced c ON c.id = z.client_id";

/// What a list is narrowed by, as its first five parameters.
const NARROWED: &str = "($1::text IS NULL OR z.status = $1)
     AND (NOT $2 OR z.is_active)
     AND ($3::text IS NULL OR z.template_id = $3)
     AND ($4::uuid IS NULL OR z.client_id = $4)
     AND ($5::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
              pg_catalog.concat_ws(' ', c.name, c.company_name, z.template_id)), pg_catalog.lower($5)) > 0)";

fn customization(row: &Row) -> Customization {
    Customization {
        id: row.get(0),
        client_id: row.get(1),
        client: row.get(2),
        template_id: row.get(3),
        template_version: row.get(4),
        number: row.get(5),
        status: row.get(6),
        is_active: row.get(7),
        author: row.get(8),
        updated_at: row.get(9),
    }
}

/// A page of a list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Customization>> {
    let Filter { search, status, is_served, template_id, client_id } = filter;
    let parts = (&*format!("SELECT {COLUMNS}"), &*format!("{FROM} WHERE {NARROWED}"));
    window.read(tx, parts, vec![status, is_served, template_id, client_id, search], customization).await
}

/// How many a list has, and how many of those that the caller sees wait for review.
pub(super) async fn counts(tx: &Tx<'_>, filter: &Filter) -> Result<(i64, i64)> {
    let Filter { search, status, is_served, template_id, client_id } = filter;
    let sql = format!(
        "SELECT pg_catalog.count(*),
                (SELECT pg_catalog.count(*) FROM public.client_customizations w
                  WHERE w.status = 'in_review' AND ($4::uuid IS NULL OR w.client_id = $4))
           {FROM} WHERE {NARROWED}"
    );
    let row = tx.query_one(&sql, &[status, is_served, template_id, client_id, search]).await?;
    Ok((row.get(0), row.get(1)))
}

/// The templates that customizations depart from.
pub(super) async fn templates(tx: &Tx<'_>) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT z.template_id::text FROM public.client_customizations z ORDER BY 1";
    Ok(tx.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// The versions that a new design may begin from: template, version, name.
pub(super) async fn startable(tx: &Tx<'_>) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT t.template_id::text, t.template_version::text, t.template_name::text
                 FROM public.template_configurations t WHERE t.status = 'active'
                ORDER BY t.template_id, t.created_at DESC, t.template_version DESC";
    Ok(tx.query(sql, &[]).await?.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Everything of a customization that the caller sees.
pub(super) async fn whole(tx: &Tx<'_>, id: Uuid) -> Result<Option<Whole>> {
    let sql = format!(
        "SELECT {COLUMNS}, z.approved_by, z.approved_at, z.created_at, pg_catalog.to_jsonb(z) {FROM} WHERE z.id = $1"
    );
    Ok(tx.query_opt(&sql, &[&id]).await?.map(|row| {
        let approved = row.get::<_, Option<jiff::Timestamp>>(11).map(|at| (row.get(10), at));
        let values = match row.get(13) {
            Value::Object(values) => values,
            _ => serde_json::Map::new(),
        };
        Whole { about: customization(&row), approved, created_at: row.get(12), row: values }
    }))
}

/// The other versions of a client's design for the same template, newest first.
pub(super) async fn versions(tx: &Tx<'_>, of: &Customization) -> Result<Vec<Customization>> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE z.client_id = $1 AND z.template_id = $2 ORDER BY z.version DESC NULLS LAST, z.id LIMIT 50"
    );
    Ok(tx.query(&sql, &[&of.client_id, &of.template_id]).await?.iter().map(customization).collect())
}

/// What is served of a client and template besides a customization.
pub(super) async fn served(tx: &Tx<'_>, of: &Customization) -> Result<Vec<Uuid>> {
    let sql = "SELECT z.id FROM public.client_customizations z
                WHERE z.client_id = $1 AND z.template_id = $2 AND z.is_active AND z.id <> $3 ORDER BY z.id";
    let rows = tx.query(sql, &[&of.client_id, &of.template_id, &of.id]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Where a customization is deployed: key, name and status of each.
pub(super) async fn deployments(tx: &Tx<'_>, of: &Customization) -> Result<Vec<(Uuid, String, String)>> {
    let sql = "SELECT d.id, d.deployment_name::text, coalesce(d.status, '')::text FROM public.client_deployments d
                WHERE d.client_id = $1 AND d.customization_id = $2 ORDER BY d.created_at DESC, d.id LIMIT 20";
    let rows = tx.query(sql, &[&of.client_id, &of.id]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Whether somebody other than the author has to approve.
pub(super) async fn asks_for_another(tx: &Tx<'_>) -> Result<bool> {
    let sql = "SELECT coalesce(pg_catalog.bool_or(s.configuration_value -> 'second_person' = 'true'), false)
                 FROM public.system_configurations s
                WHERE s.configuration_key = 'customization_review' AND s.is_system AND s.is_active
                  AND s.client_id IS NULL AND s.template_id IS NULL AND s.environment = 'all'";
    Ok(tx.as_worker(async { tx.query_one(sql, &[]).await }).await?.get(0))
}

/// A customization's row, kept from everybody else until the transaction ends; none where whoever asks may not write it.
pub(super) async fn held(tx: &Tx<'_>, id: Uuid) -> Result<Option<Whole>> {
    let sql = "SELECT FROM public.client_customizations z WHERE z.id = $1 FOR UPDATE";
    match tx.query_opt(sql, &[&id]).await? {
        Some(_) => whole(tx, id).await,
        None => Ok(None),
    }
}
