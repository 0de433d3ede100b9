use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{Deployment, Design, Event, Filter, Inner, Lengths, NewEvent, SetUp, Told, Whole};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The orders of a list, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("begun", "d.created_at", "pg_catalog.timestamptz", true),
    order("name", "pg_catalog.lower(d.deployment_name)", "pg_catalog.text", false),
    order("client", "pg_catalog.lower(c.name)", "pg_catalog.text", false),
    order("environment", "d.deployment_type", "pg_catalog.text", false),
    order("status", "d.status", "pg_catalog.text", false),
    order("health", "d.health_status", "pg_catalog.text", false),
    order("checked", "coalesce(d.last_health_check, '-infinity')", "pg_catalog.timestamptz", true),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "d.id", is_descending }
}

/// The order of a timeline.
pub(super) const LATEST: &[Order] =
    &[Order { name: "time", by: "e.event_timestamp", of: "pg_catalog.timestamptz", then: "e.id", is_descending: true }];

const COLUMNS: &str = "d.id, d.client_id, c.name::text, coalesce(d.deployment_name, '')::text, \
     coalesce(d.deployment_type, '')::text, coalesce(d.status, '')::text, coalesce(d.health_status, '')::text, \
     d.hosting_provider::text, d.created_at, d.deployed_at, d.last_health_check";

const FROM: &str = "FROM public.client_deployments d JOIN public.clients_enhanced c ON c.id = d.client_id";

/// What a list is narrowed by, as its first five parameters.
const NARROWED: &str = "($1::text IS NULL OR d.status = $1)
     AND ($2::text IS NULL OR d.health_status = $2)
     AND ($3::text IS NULL OR d.deployment_type = $3)
     AND ($4::uuid IS NULL OR d.client_id = $4)
     AND ($5::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
              pg_catalog.concat_ws(' ', d.deployment_name, c.name, d.deployment_url, d.custom_domain)), pg_catalog.lower($5)) > 0)";

fn deployment(row: &Row) -> Deployment {
    Deployment {
        id: row.get(0),
        client_id: row.get(1),
        client: row.get(2),
        name: row.get(3),
        environment: row.get(4),
        status: row.get(5),
        health: row.get(6),
        provider: row.get(7),
        created_at: row.get(8),
        deployed_at: row.get(9),
        checked_at: row.get(10),
    }
}

/// A page of a list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Deployment>> {
    let Filter { search, status, health, environment, client_id } = filter;
    let parts = (&*format!("SELECT {COLUMNS}"), &*format!("{FROM} WHERE {NARROWED}"));
    window.read(tx, parts, vec![status, health, environment, client_id, search], deployment).await
}

/// Up to how many are counted: more are as many to whoever reads, and each costs time.
pub(super) const COUNTED: i64 = 10_000;

/// How many a list has; one more than are counted where there are more.
pub(super) async fn count(tx: &Tx<'_>, filter: &Filter) -> Result<i64> {
    let Filter { search, status, health, environment, client_id } = filter;
    let sql = format!("SELECT pg_catalog.count(*) FROM (SELECT {FROM} WHERE {NARROWED} LIMIT {}) counted", COUNTED + 1);
    Ok(tx.query_one(&sql, &[status, health, environment, client_id, search]).await?.get(0))
}

/// Everything about a deployment that the caller sees, but what is kept from a client's own login.
pub(super) async fn whole(tx: &Tx<'_>, id: Uuid) -> Result<Option<Whole>> {
    let sql = format!(
        "SELECT {COLUMNS}, d.deployment_url::text, d.custom_domain::text, d.region::text, d.ssl_enabled, d.cdn_enabled,
                d.build_id::text, d.commit_hash::text, d.uptime_percentage::text, d.response_time_avg::text,
                d.performance_metrics, d.feature_flags, d.deployed_by, d.updated_at,
                z.id, z.version, z.template_id::text, z.template_version::text, coalesce(z.is_active, false),
                t.id, t.template_name::text
           {FROM}
           JOIN public.client_customizations z ON z.client_id = d.client_id AND z.id = d.customization_id
           LEFT JOIN public.deployment_templates t ON t.id = d.deployment_template_id
          WHERE d.id = $1"
    );
    Ok(tx.query_opt(&sql, &[&id]).await?.map(|row| as_whole(&row)))
}

fn as_whole(row: &Row) -> Whole {
    let template: Option<Uuid> = row.get(29);
    Whole {
        deployment: deployment(row),
        url: row.get(11),
        domain: row.get(12),
        region: row.get(13),
        has_tls: row.get(14),
        has_cdn: row.get(15),
        build: row.get(16),
        commit: row.get(17),
        uptime: row.get(18),
        response_time: row.get(19),
        metrics: row.get(20),
        flags: row.get(21),
        deployed_by: row.get(22),
        updated_at: row.get(23),
        design: Design {
            id: row.get(24),
            number: row.get(25),
            template_id: row.get(26),
            template_version: row.get(27),
            is_active: row.get(28),
        },
        made_from: template.map(|id| (id, row.get::<_, Option<String>>(30).unwrap_or_default())),
        inner: None,
    }
}

/// What only the agency is shown of a deployment.
pub(super) async fn inner(tx: &Tx<'_>, id: Uuid) -> Result<Option<Inner>> {
    let sql = "SELECT coalesce(d.environment_variables, '{}'), coalesce(d.environment_config, '{}'),
                      coalesce(d.build_artifacts, '{}'), d.build_logs
                 FROM public.client_deployments d WHERE d.id = $1";
    let row = tx.query_opt(sql, &[&id]).await?;
    Ok(row.map(|row| Inner {
        variables: row.get::<_, Value>(0),
        environment: row.get(1),
        artifacts: row.get(2),
        log: row.get(3),
    }))
}

/// The deployment configuration made for a deployment, else the one in force for its client, template and environment.
pub(super) async fn set_up(tx: &Tx<'_>, of: &Whole) -> Result<Option<SetUp>> {
    let sql = "SELECT s.id, s.deployment_name::text, s.status::text, s.version, s.applied_revision, s.applied_at
                 FROM public.deployment_configurations s
                WHERE s.client_id = $1 AND s.environment = $2
                  AND (s.deployment_id = $3
                       OR s.deployment_id IS NULL AND s.applied_revision IS NOT NULL AND s.template_id = $4)
                ORDER BY s.deployment_id IS NULL, s.applied_revision DESC NULLS LAST, s.id LIMIT 1";
    let Deployment { id, client_id, environment, .. } = &of.deployment;
    let row = tx.query_opt(sql, &[client_id, environment, id, &of.design.template_id]).await?;
    Ok(row.map(|row| SetUp {
        id: row.get(0),
        name: row.get(1),
        status: row.get(2),
        version: row.get(3),
        revision: row.get(4),
        applied_at: row.get(5),
    }))
}

/// A page of what happened to a client's deployments, or to one of them, newest first.
pub(super) async fn events(
    tx: &Tx<'_>,
    client_id: Uuid,
    deployment_id: Option<Uuid>,
    told: &Told,
    window: &Window,
) -> Result<Rows<Event>> {
    let select =
        "SELECT e.id, e.deployment_id, coalesce(d.deployment_name, '')::text, e.event_type::text, e.event_status::text,
                e.event_message, nullif(e.event_details, '{}'), e.event_timestamp, e.duration_ms, e.triggered_by::text,
                e.triggered_by_user";
    let from = "FROM public.deployment_tracking_events e
           JOIN public.client_deployments d ON d.client_id = e.client_id AND d.id = e.deployment_id
          WHERE e.client_id = $1 AND ($2::uuid IS NULL OR e.deployment_id = $2)
            AND ($3::text IS NULL OR e.event_type = $3) AND ($4::text IS NULL OR e.event_status = $4)";
    let Told { kind, outcome } = told;
    window.read(tx, (select, from), vec![&client_id, &deployment_id, kind, outcome], event).await
}

fn event(row: &Row) -> Event {
    Event {
        id: row.get(0),
        deployment_id: row.get(1),
        deployment: row.get(2),
        kind: row.get(3),
        outcome: row.get(4),
        message: row.get(5),
        details: row.get(6),
        at: row.get(7),
        took: row.get(8),
        by: row.get(9),
        person: row.get(10),
    }
}

/// How long building and deploying took when they were last told to be over.
pub(super) async fn lengths(tx: &Tx<'_>, client_id: Uuid, deployment_id: Uuid) -> Result<Lengths> {
    let last = |kind: &str| {
        format!(
            "(SELECT e.duration_ms FROM public.deployment_tracking_events e
               WHERE e.client_id = $1 AND e.deployment_id = $2 AND e.event_type = '{kind}'
               ORDER BY e.event_timestamp DESC, e.id DESC LIMIT 1)"
        )
    };
    let sql = format!("SELECT {}, {}", last("build_completed"), last("deploy_completed"));
    let row = tx.query_one(&sql, &[&client_id, &deployment_id]).await?;
    Ok(Lengths { build: row.get(0), deploy: row.get(1) })
}

/// Adds an event that a person tells.
pub(super) async fn tell(tx: &Tx<'_>, of: &Deployment, person: Uuid, event: &NewEvent) -> Result<()> {
    let sql = "INSERT INTO public.deployment_tracking_events
                   (client_id, deployment_id, event_type, event_status, event_message, duration_ms, triggered_by, triggered_by_user)
               VALUES ($1, $2, $3, $4, $5, $6, 'user', $7)";
    let NewEvent { kind, outcome, message, took } = event;
    tx.execute(sql, &[&of.client_id, &of.id, kind, outcome, message, took, &person]).await?;
    Ok(())
}

/// Status and health of a deployment, kept from everybody else until the transaction ends; none where whoever asks may not
/// write it.
pub(super) async fn held(tx: &Tx<'_>, id: Uuid) -> Result<Option<(String, String)>> {
    let sql = "SELECT coalesce(d.status, '')::text, coalesce(d.health_status, '')::text
                 FROM public.client_deployments d WHERE d.id = $1 FOR UPDATE";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| (row.get(0), row.get(1))))
}

/// Writes status and health.
pub(super) async fn stand(tx: &Tx<'_>, id: Uuid, status: &str, health: &str) -> Result<u64> {
    let sql = "UPDATE public.client_deployments AS d SET status = $2, health_status = $3 WHERE d.id = $1";
    tx.execute(sql, &[&id, &status, &health]).await
}
