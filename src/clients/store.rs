use serde_json::{Map, Value};
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{Bulk, Client, Filter};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::quote;
use crate::db::tx::Tx;

/// The orders of a list, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("name", "pg_catalog.lower(c.name)", "pg_catalog.text", false),
    order("industry", "pg_catalog.lower(coalesce(c.industry, ''))", "pg_catalog.text", false),
    order("size", "coalesce(c.business_size, '')", "pg_catalog.text", false),
    order("status", "c.status", "pg_catalog.text", false),
    order("tier", "c.tier", "pg_catalog.text", false),
    order("renewal", "coalesce(c.renewal_date, 'infinity')", "pg_catalog.date", false),
    order("added", "c.created_at", "pg_catalog.timestamptz", true),
    order("changed", "c.updated_at", "pg_catalog.timestamptz", true),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "c.id", is_descending }
}

const COLUMNS: &str = "c.id, c.name::text, c.email::text, c.company_name::text, c.industry::text, \
     c.business_size::text, c.status::text, c.tier::text, c.assigned_manager, c.renewal_date, c.created_at, \
     c.updated_at, c.archived_at";

/// What a list is narrowed by, as its first seven parameters.
const NARROWED: &str = "(c.archived_at IS NOT NULL) = $1
     AND ($2::text IS NULL OR c.status = $2)
     AND ($3::text IS NULL OR c.tier = $3)
     AND ($4::text IS NULL OR c.industry = $4)
     AND ($5::uuid IS NULL OR c.assigned_manager = $5)
     AND (NOT $6 OR c.assigned_manager IS NULL)
     AND ($7::text IS NULL OR c.business_size = $7)
     AND ($8::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
         pg_catalog.concat_ws(' ', c.name, c.company_name, c.email)), pg_catalog.lower($8)) > 0)";

/// The values of those parameters, which statements borrow.
struct Narrowed<'a> {
    is_archived: bool,
    status: Option<&'a str>,
    filter: &'a Filter,
}

impl<'a> Narrowed<'a> {
    fn by(filter: &'a Filter) -> Self {
        let is_archived = filter.is_archived();
        Self { is_archived, status: filter.status.as_deref().filter(|_| !is_archived), filter }
    }

    fn values(&self) -> Vec<&(dyn tokio_postgres::types::ToSql + Sync)> {
        let Filter { tier, industry, manager, is_unmanaged, size, search, .. } = self.filter;
        vec![&self.is_archived, &self.status, tier, industry, manager, is_unmanaged, size, search]
    }
}

fn client(row: &Row) -> Client {
    Client {
        id: row.get(0),
        name: row.get(1),
        email: row.get(2),
        company_name: row.get(3),
        industry: row.get(4),
        business_size: row.get(5),
        status: row.get(6),
        tier: row.get(7),
        manager: row.get(8),
        renewal_date: row.get(9),
        created_at: row.get(10),
        updated_at: row.get(11),
        archived_at: row.get(12),
    }
}

/// A page of a list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Client>> {
    let narrowed = Narrowed::by(filter);
    let parts = (&*format!("SELECT {COLUMNS}"), &*format!("FROM public.clients_enhanced c WHERE {NARROWED}"));
    window.read(tx, parts, narrowed.values(), client).await
}

/// How many a list has.
pub(super) async fn count(tx: &Tx<'_>, filter: &Filter) -> Result<i64> {
    let narrowed = Narrowed::by(filter);
    let sql = format!("SELECT pg_catalog.count(*) FROM public.clients_enhanced c WHERE {NARROWED}");
    Ok(tx.query_one(&sql, &narrowed.values()).await?.get(0))
}

/// Hands over all of a list by name, one by one.
pub(super) async fn each(tx: &Tx<'_>, filter: &Filter, mut take: impl FnMut(Client) + Send) -> Result<()> {
    let narrowed = Narrowed::by(filter);
    let sql = format!(
        "SELECT {COLUMNS} FROM public.clients_enhanced c WHERE {NARROWED} ORDER BY pg_catalog.lower(c.name), c.id"
    );
    tx.each(&sql, &narrowed.values(), |row| take(client(&row))).await
}

/// The lines of business that there are, and who manages.
pub(super) async fn choices(tx: &Tx<'_>) -> Result<(Vec<String>, Vec<Uuid>)> {
    let row = tx
        .query_one(
            "SELECT coalesce(pg_catalog.array_agg(DISTINCT c.industry::text) FILTER (WHERE c.industry IS NOT NULL), '{}'),
                    coalesce(pg_catalog.array_agg(DISTINCT c.assigned_manager)
                             FILTER (WHERE c.assigned_manager IS NOT NULL), '{}')
               FROM public.clients_enhanced c",
            &[],
        )
        .await?;
    Ok((row.get(0), row.get(1)))
}

/// Clients by their ids, by name.
pub(super) async fn by_ids(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Client>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM public.clients_enhanced c WHERE c.id = ANY ($1) ORDER BY pg_catalog.lower(c.name), c.id"
    );
    Ok(tx.query(&sql, &[&ids]).await?.iter().map(client).collect())
}

/// The same, kept from everybody else until the transaction ends.
pub(super) async fn held(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Client>> {
    let sql = format!("SELECT {COLUMNS} FROM public.clients_enhanced c WHERE c.id = ANY ($1) ORDER BY c.id FOR UPDATE");
    Ok(tx.query(&sql, &[&ids]).await?.iter().map(client).collect())
}

/// Does it to clients, and says how many there were.
pub(super) async fn change(tx: &Tx<'_>, ids: &[Uuid], bulk: &Bulk) -> Result<u64> {
    let update = |set: &str| format!("UPDATE public.clients_enhanced AS c SET {set} WHERE c.id = ANY ($1)");
    match bulk {
        Bulk::Assign(manager) => tx.execute(&update("assigned_manager = $2"), &[&ids, manager]).await,
        Bulk::Tier(tier) => tx.execute(&update("tier = $2"), &[&ids, tier]).await,
        Bulk::Archive => tx.execute(&update("archived_at = pg_catalog.now()"), &[&ids]).await,
        Bulk::Restore => tx.execute(&update("archived_at = NULL"), &[&ids]).await,
    }
}

/// A client, with everything that is known of it; none where whoever asks doesn't see it.
pub(super) async fn row(tx: &Tx<'_>, id: Uuid) -> Result<Option<Map<String, Value>>> {
    let sql = "SELECT pg_catalog.to_jsonb(c) FROM public.clients_enhanced c WHERE c.id = $1";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| members(&row)))
}

/// The same, kept from everybody else until the transaction ends; none where whoever asks may not write it.
pub(super) async fn held_row(tx: &Tx<'_>, id: Uuid) -> Result<Option<Map<String, Value>>> {
    let sql = "SELECT pg_catalog.to_jsonb(c) FROM public.clients_enhanced c WHERE c.id = $1 FOR UPDATE";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| members(&row)))
}

fn members(row: &Row) -> Map<String, Value> {
    match row.get(0) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Writes columns of a client; their names are those of [`super::FIELDS`].
pub(super) async fn write(tx: &Tx<'_>, id: Uuid, columns: &Map<String, Value>) -> Result<u64> {
    let names = names(columns);
    let sql = format!(
        "UPDATE public.clients_enhanced AS c SET ({names}) =
             (SELECT {names} FROM pg_catalog.jsonb_populate_record(NULL::public.clients_enhanced, $2))
          WHERE c.id = $1"
    );
    tx.execute(&sql, &[&id, &Value::Object(columns.clone())]).await
}

/// Adds a client, and gives its key.
pub(super) async fn add(tx: &Tx<'_>, columns: &Map<String, Value>) -> Result<Uuid> {
    let names = names(columns);
    let sql = format!(
        "INSERT INTO public.clients_enhanced ({names})
         SELECT {names} FROM pg_catalog.jsonb_populate_record(NULL::public.clients_enhanced, $1)
         RETURNING id"
    );
    Ok(tx.query_one(&sql, &[&Value::Object(columns.clone())]).await?.get(0))
}

fn names(columns: &Map<String, Value>) -> String {
    columns.keys().map(|name| quote::ident(name)).collect::<Vec<_>>().join(", ")
}
