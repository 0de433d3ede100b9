use jiff::Timestamp;
use maud::{Markup, html};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::Result;
use crate::console::Visitor;
use crate::console::components::{card, moment, status};
use crate::console::words;
use crate::db::tx::Tx;

/// How many of each are shown.
const SHOWN: i64 = 8;

/// How far back events are looked for: older ones stand in partitions that nobody needs to open for this.
const DAYS: i32 = 31;

/// A change of configuration.
pub(super) struct Change {
    id: Uuid,
    reason: String,
    state: String,
    at: Timestamp,
}

/// What happened to a deployment.
pub(super) struct Event {
    deployment: Uuid,
    client: String,
    kind: String,
    outcome: String,
    at: Timestamp,
}

/// The latest changes.
pub(super) async fn changes(tx: &Tx<'_>) -> Result<Vec<Change>> {
    let sql = "SELECT g.id, pg_catalog.left(g.reason, 120), g.state::text, g.proposed_at FROM tenantry.changes g
                ORDER BY g.proposed_at DESC, g.id DESC LIMIT $1";
    let rows = tx.query(sql, &[&SHOWN]).await?;
    let change = |row: &Row| Change { id: row.get(0), reason: row.get(1), state: row.get(2), at: row.get(3) };
    Ok(rows.iter().map(change).collect())
}

/// The latest events.
pub(super) async fn events(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let sql = "SELECT e.deployment_id, c.name::text, e.event_type::text, e.event_status::text, e.event_timestamp
                 FROM (SELECT l.deployment_id, l.client_id, l.event_type, l.event_status, l.event_timestamp, l.id
                         FROM public.deployment_tracking_events l
                        WHERE l.event_timestamp > pg_catalog.now() - pg_catalog.make_interval(days => $2)
                        ORDER BY l.event_timestamp DESC, l.id DESC LIMIT $1) e
                 JOIN public.clients_enhanced c ON c.id = e.client_id
                ORDER BY e.event_timestamp DESC, e.id DESC";
    let rows = tx.query(sql, &[&SHOWN, &DAYS]).await?;
    let event = |row: &Row| Event {
        deployment: row.get(0),
        client: row.get(1),
        kind: row.get(2),
        outcome: row.get(3),
        at: row.get(4),
    };
    Ok(rows.iter().map(event).collect())
}

/// Shows changes.
pub(super) fn of_changes(found: &[Change], visitor: &Visitor) -> Markup {
    let body = html! {
        @if found.is_empty() {
            p.text-secondary { "No changes yet. Every edit of configuration stands here, from its proposal on." }
        } @else {
            ul.lately {
                @for Change { id, reason, state, at } in found {
                    li {
                        a href={ "/changes/" (id) } { (reason) }
                        span.lately-end { (status(state)) " " (moment(*at, &visitor.zone)) }
                    }
                }
            }
            p { a href="/changes" { "All changes" } }
        }
    };
    card("Recent changes", &body)
}

/// Shows events.
pub(super) fn of_events(found: &[Event], visitor: &Visitor) -> Markup {
    let body = html! {
        @if found.is_empty() {
            p.text-secondary { "Nothing happened to a deployment in the last " (DAYS) " days. Pipelines tell what they do through the table API." }
        } @else {
            ul.lately {
                @for Event { deployment, client, kind, outcome, at } in found {
                    li {
                        a href={ "/deployments/" (deployment) } { (client) ": " (words::label(kind).to_lowercase()) }
                        span.lately-end { (status(outcome)) " " (moment(*at, &visitor.zone)) }
                    }
                }
            }
            p { a href="/deployments" { "All deployments" } }
        }
    };
    card("Recent events", &body)
}
