use jiff::civil::Date;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::types::{Day, Known, OfClient, Reported, Revenue, Span, Sums, Total};
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
/// Hours are looked at by themselves, so that their days are found by a hash and not anew for each of them. And each part
/// reads the table by itself: a copy of all rows takes longer than looking for whole clients by their index, and for hours.
const FIGURES: &str = "
    WITH reported AS NOT MATERIALIZED (
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

/// What the figures of a group come to, in parts that add up: means as sums weighted by page views, and those page views.
const PARTS: &str = "pg_catalog.sum(f.sessions) AS visits, pg_catalog.sum(f.page_views) AS page_views,
     pg_catalog.sum(f.conversions) AS conversions,
     pg_catalog.sum(f.avg_load_time * f.page_views) AS load,
     pg_catalog.sum(f.page_views) FILTER (WHERE f.avg_load_time IS NOT NULL) AS loaded,
     pg_catalog.sum(f.error_rate * f.page_views) AS errors,
     pg_catalog.sum(f.page_views) FILTER (WHERE f.error_rate IS NOT NULL) AS judged,
     pg_catalog.sum(f.revenue) AS revenue";

/// What several such groups come to.
const SUMS: &str = "coalesce(pg_catalog.sum(p.visits), 0)::int8 AS visits,
     coalesce(pg_catalog.sum(p.page_views), 0)::int8 AS page_views,
     coalesce(pg_catalog.sum(p.conversions), 0)::int8 AS conversions,
     (pg_catalog.sum(p.load) / nullif(pg_catalog.sum(p.loaded), 0))::float8 AS load_time,
     (pg_catalog.sum(p.errors) / nullif(pg_catalog.sum(p.judged), 0))::float8 AS error_rate";

/// What was reported of each day of which anything was, what was earned on each by currency, and what all days come to:
/// one statement adds up the rows for all of it.
pub(super) async fn reported(tx: &Tx<'_>, span: Span, client: Option<Uuid>) -> Result<Reported> {
    let sql = format!(
        "{FIGURES}, parts AS (
            SELECT f.analytics_date, f.currency, {PARTS} FROM figures f GROUP BY f.analytics_date, f.currency
         )
         SELECT {SUMS}, pg_catalog.sum(p.revenue)::text, pg_catalog.sum(p.revenue)::float8, p.analytics_date, p.currency::text,
                GROUPING(p.analytics_date) = 0, GROUPING(p.currency) = 0
           FROM parts p
          GROUP BY GROUPING SETS ((p.analytics_date), (p.analytics_date, p.currency), (p.currency), ())
          ORDER BY p.currency NULLS LAST, p.analytics_date"
    );
    let mut reported = Reported::default();
    for row in &tx.query(&sql, &[&span.from, &span.to, &client]).await? {
        let amount: Option<String> = row.get(5);
        match (row.get(9), row.get(10), amount) {
            (true, false, _) => reported.days.push(Day { day: row.get(7), sums: sums(row, 0) }),
            (true, true, Some(amount)) => {
                let (drawn, day, currency) = (row.get(6), row.get(7), row.get(8));
                reported.revenue.push(Revenue { currency, day, drawn, amount });
            }
            (false, true, Some(amount)) => reported.total.revenue.push((row.get(8), amount)),
            (false, false, _) => reported.total.sums = sums(row, 0),
            (_, true, None) => {}
        }
    }
    Ok(reported)
}

fn sums(row: &tokio_postgres::Row, first: usize) -> Sums {
    Sums {
        visits: row.get(first),
        page_views: row.get(first + 1),
        conversions: row.get(first + 2),
        load_time: row.get(first + 3),
        error_rate: row.get(first + 4),
    }
}

/// How many clients reported anything that is shown by the day.
pub(super) async fn reporting(tx: &Tx<'_>, span: Span) -> Result<i64> {
    let sql = "SELECT pg_catalog.count(*)
                 FROM (SELECT DISTINCT a.client_id FROM public.client_analytics a
                        WHERE a.analytics_date BETWEEN $1 AND $2 AND a.analytics_period IN ('daily', 'hourly')) c";
    Ok(tx.query_one(sql, &[&span.from, &span.to]).await?.get(0))
}

/// A page of the clients that reported anything, each with what its days come to.
pub(super) async fn clients(tx: &Tx<'_>, span: Span, sought: Option<&str>, window: &Window) -> Result<Rows<OfClient>> {
    let select = format!(
        "{FIGURES}, parts AS (
            SELECT f.client_id, f.currency, {PARTS} FROM figures f GROUP BY f.client_id, f.currency
         ), t AS (
            SELECT c.id, pg_catalog.lower(c.name) AS name, c.name::text AS called, {SUMS},
                   pg_catalog.array_agg(p.currency::text ORDER BY p.currency NULLS LAST)
                       FILTER (WHERE p.revenue IS NOT NULL) AS currencies,
                   pg_catalog.array_agg(p.revenue::text ORDER BY p.currency NULLS LAST)
                       FILTER (WHERE p.revenue IS NOT NULL) AS amounts
              FROM parts p JOIN public.clients_enhanced c ON c.id = p.client_id
             WHERE $4::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
                       pg_catalog.concat_ws(' ', c.name, c.company_name)), pg_catalog.lower($4)) > 0
             GROUP BY c.id
         )
         SELECT t.id, t.called, t.visits, t.page_views, t.conversions, t.load_time, t.error_rate, t.currencies, t.amounts"
    );
    let none: Option<Uuid> = None;
    let values: Vec<&(dyn ToSql + Sync)> = vec![&span.from, &span.to, &none, &sought];
    window.read(tx, (&select, "FROM t WHERE true"), values, of_client).await
}

fn of_client(row: &tokio_postgres::Row) -> OfClient {
    let currencies: Vec<Option<String>> = row.get::<_, Option<_>>(7).unwrap_or_default();
    let amounts: Vec<String> = row.get::<_, Option<_>>(8).unwrap_or_default();
    let total = Total { sums: sums(row, 2), revenue: currencies.into_iter().zip(amounts).collect() };
    OfClient { id: row.get(0), name: row.get(1), total }
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
