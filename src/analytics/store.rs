use jiff::civil::Date;
use uuid::Uuid;

use super::types::{Day, Known, OfClient, Revenue, Span, Total};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The orders of the list of clients, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("visits", "t.visits", "pg_catalog.int8", true),
    order("conversions", "t.conversions", "pg_catalog.int8", true),
    order("load", "coalesce(t.load_time, -1)", "pg_catalog.float8", true),
    order("errors", "coalesce(t.error_rate, -1)", "pg_catalog.float8", true),
    order("name", "t.name", "pg_catalog.text", false),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "t.id", is_descending }
}

/// What was reported from $1 to $2 of a client, or of all where $3 is none: each day once. Hours count where nobody
/// reported the deployment's day, deployments where nobody reported the client as a whole.
///
/// Hours are looked at by themselves, so that their days are found by a hash and not anew for each of them.
const FIGURES: &str = "
    WITH reported AS (
        SELECT a.client_id, a.deployment_id, a.analytics_date, a.analytics_period, a.sessions, a.page_views, a.conversions,
               a.avg_load_time, a.error_rate, a.revenue, a.currency
          FROM public.client_analytics a
         WHERE a.analytics_date BETWEEN $1 AND $2 AND ($3::uuid IS NULL OR a.client_id = $3)
           AND a.analytics_period IN ('daily', 'hourly')
    ), wholes AS (
        SELECT DISTINCT r.client_id, r.analytics_date FROM reported r WHERE r.deployment_id IS NULL
    ), counted AS (
        SELECT r.* FROM reported r WHERE r.analytics_period = 'daily'
        UNION ALL
        SELECT r.* FROM reported r
         WHERE r.analytics_period = 'hourly' AND NOT EXISTS (
               SELECT FROM reported d
                WHERE d.client_id = r.client_id AND d.analytics_date = r.analytics_date AND d.analytics_period = 'daily'
                  AND coalesce(d.deployment_id, d.client_id) = coalesce(r.deployment_id, r.client_id))
    ), figures AS (
        SELECT r.*
          FROM counted r
          LEFT JOIN wholes w ON w.client_id = r.client_id AND w.analytics_date = r.analytics_date
         WHERE r.deployment_id IS NULL OR w.client_id IS NULL
    )";

/// What the figures of some rows come to; means by page views.
const SUMS: &str = "coalesce(pg_catalog.sum(f.sessions), 0)::int8 AS visits,
     coalesce(pg_catalog.sum(f.page_views), 0)::int8 AS page_views,
     coalesce(pg_catalog.sum(f.conversions), 0)::int8 AS conversions,
     (pg_catalog.sum(f.avg_load_time * f.page_views)
         / nullif(pg_catalog.sum(f.page_views) FILTER (WHERE f.avg_load_time IS NOT NULL), 0))::float8 AS load_time,
     (pg_catalog.sum(f.error_rate * f.page_views)
         / nullif(pg_catalog.sum(f.page_views) FILTER (WHERE f.error_rate IS NOT NULL), 0))::float8 AS error_rate";

/// What was reported of each day of which anything was.
pub(super) async fn days(tx: &Tx<'_>, span: Span, client: Option<Uuid>) -> Result<Vec<Day>> {
    let sql = format!(
        "{FIGURES} SELECT f.analytics_date, {SUMS} FROM figures f GROUP BY f.analytics_date ORDER BY f.analytics_date"
    );
    let rows = tx.query(&sql, &[&span.from, &span.to, &client]).await?;
    let day = |row: &tokio_postgres::Row| Day {
        day: row.get(0),
        visits: row.get(1),
        page_views: row.get(2),
        conversions: row.get(3),
        load_time: row.get(4),
        error_rate: row.get(5),
    };
    Ok(rows.iter().map(day).collect())
}

/// What was earned on each day, by currency.
pub(super) async fn revenue(tx: &Tx<'_>, span: Span, client: Option<Uuid>) -> Result<Vec<Revenue>> {
    let sql = format!(
        "{FIGURES} SELECT f.currency::text, f.analytics_date, pg_catalog.sum(f.revenue)::float8, pg_catalog.sum(f.revenue)::text
           FROM figures f WHERE f.revenue IS NOT NULL GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2"
    );
    let rows = tx.query(&sql, &[&span.from, &span.to, &client]).await?;
    let earned = |row: &tokio_postgres::Row| Revenue {
        currency: row.get(0),
        day: row.get(1),
        drawn: row.get(2),
        amount: row.get(3),
    };
    Ok(rows.iter().map(earned).collect())
}

/// What all days come to.
pub(super) async fn total(tx: &Tx<'_>, span: Span, client: Option<Uuid>) -> Result<Total> {
    let sql = format!(
        "{FIGURES}, earned AS (
            SELECT f.currency, pg_catalog.sum(f.revenue) AS amount FROM figures f WHERE f.revenue IS NOT NULL GROUP BY f.currency
         )
         SELECT {SUMS}, pg_catalog.count(DISTINCT f.client_id),
                ARRAY(SELECT e.currency::text FROM earned e ORDER BY e.currency NULLS LAST),
                ARRAY(SELECT e.amount::text FROM earned e ORDER BY e.currency NULLS LAST)
           FROM figures f"
    );
    let row = tx.query_one(&sql, &[&span.from, &span.to, &client]).await?;
    Ok(as_total(&row, 0))
}

fn as_total(row: &tokio_postgres::Row, first: usize) -> Total {
    let (currencies, amounts): (Vec<Option<String>>, Vec<String>) = (row.get(first + 6), row.get(first + 7));
    Total {
        visits: row.get(first),
        page_views: row.get(first + 1),
        conversions: row.get(first + 2),
        load_time: row.get(first + 3),
        error_rate: row.get(first + 4),
        clients: row.get(first + 5),
        revenue: currencies.into_iter().zip(amounts).collect(),
    }
}

/// A page of the clients that reported anything, each with what its days come to.
pub(super) async fn clients(tx: &Tx<'_>, span: Span, sought: Option<&str>, window: &Window) -> Result<Rows<OfClient>> {
    let select = format!(
        "{FIGURES}, sums AS (
            SELECT f.client_id AS id, {SUMS} FROM figures f GROUP BY f.client_id
         ), earned AS (
            SELECT f.client_id, f.currency, pg_catalog.sum(f.revenue) AS amount
              FROM figures f WHERE f.revenue IS NOT NULL GROUP BY f.client_id, f.currency
         ), t AS (
            SELECT s.*, pg_catalog.lower(c.name) AS name, c.name::text AS called
              FROM sums s JOIN public.clients_enhanced c ON c.id = s.id
             WHERE $4::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
                       pg_catalog.concat_ws(' ', c.name, c.company_name)), pg_catalog.lower($4)) > 0
         )
         SELECT t.id, t.called, t.visits, t.page_views, t.conversions, t.load_time, t.error_rate, 1::int8,
                ARRAY(SELECT e.currency::text FROM earned e WHERE e.client_id = t.id ORDER BY e.currency NULLS LAST),
                ARRAY(SELECT e.amount::text FROM earned e WHERE e.client_id = t.id ORDER BY e.currency NULLS LAST)"
    );
    let none: Option<Uuid> = None;
    let client = |row: &tokio_postgres::Row| OfClient { id: row.get(0), name: row.get(1), total: as_total(row, 2) };
    window.read(tx, (&select, "FROM t WHERE true"), vec![&span.from, &span.to, &none, &sought], client).await
}

/// What there is besides the days of a span, for a page that has none of them.
pub(super) async fn known(tx: &Tx<'_>, span: Span, client: Option<Uuid>) -> Result<Known> {
    let sql = "SELECT (SELECT pg_catalog.max(a.analytics_date) FROM public.client_analytics a
                        WHERE $3::uuid IS NULL OR a.client_id = $3),
                      EXISTS (SELECT FROM public.client_analytics a
                               WHERE a.analytics_date BETWEEN $1 AND $2 AND ($3::uuid IS NULL OR a.client_id = $3)
                                 AND a.analytics_period IN ('weekly', 'monthly'))";
    let row = tx.query_one(sql, &[&span.from, &span.to, &client]).await?;
    Ok(Known { latest: row.get::<_, Option<Date>>(0), has_longer: row.get(1) })
}
