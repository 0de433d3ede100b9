use serde_json::{Map, Value};
use tokio_postgres::Row;
use uuid::Uuid;

use super::fields::{FIELDS, SECRETS};
use super::types::{Account, Filter, Total};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::console::record::Kind;
use crate::db::quote;
use crate::db::tx::Tx;

/// The orders of a list, the first where none is asked.
pub(super) const ORDERS: &[Order] = &[
    order("client", "pg_catalog.lower(c.name)", "pg_catalog.text"),
    order("status", "b.subscription_status", "pg_catalog.text"),
    order("next", "coalesce(b.next_invoice_date, 'infinity')", "pg_catalog.date"),
];

const fn order(name: &'static str, by: &'static str, of: &'static str) -> Order {
    Order { name, by, of, then: "b.id", is_descending: false }
}

const COLUMNS: &str = "b.id, b.client_id, c.name::text, b.subscription_tier::text, c.tier::text, \
     b.subscription_status::text, b.payment_status::text, b.dunning_status::text, b.currency::text, \
     b.invoice_amount::text, greatest(-b.account_balance, 0)::text, b.next_invoice_date";

const FROM: &str = "FROM public.client_billing_info b JOIN public.clients_enhanced c ON c.id = b.client_id";

/// What a list is narrowed by, as its first five parameters.
const NARROWED: &str = "($1::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
              pg_catalog.concat_ws(' ', c.name, c.company_name)), pg_catalog.lower($1)) > 0)
     AND ($2::text IS NULL OR b.subscription_tier = $2)
     AND ($3::text IS NULL OR b.subscription_status = $3)
     AND ($4::text IS NULL OR b.payment_status = $4)
     AND ($5::text IS NULL OR b.dunning_status = $5)";

fn account(row: &Row) -> Account {
    Account {
        id: row.get(0),
        client_id: row.get(1),
        client: row.get(2),
        tier: row.get(3),
        served_as: row.get(4),
        status: row.get(5),
        payment: row.get(6),
        dunning: row.get(7),
        currency: row.get(8),
        invoice: row.get(9),
        owed: row.get(10),
        next_invoice: row.get(11),
    }
}

/// A page of a list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Account>> {
    let Filter { search, tier, status, payment, dunning } = filter;
    let parts = (&*format!("SELECT {COLUMNS}"), &*format!("{FROM} WHERE {NARROWED}"));
    window.read(tx, parts, vec![search, tier, status, payment, dunning], account).await
}

/// The accounts of a list together, currency by currency.
pub(super) async fn totals(tx: &Tx<'_>, filter: &Filter) -> Result<Vec<Total>> {
    let Filter { search, tier, status, payment, dunning } = filter;
    let sql = format!(
        "SELECT b.currency::text, pg_catalog.count(*),
                coalesce(pg_catalog.sum(b.invoice_amount)
                         FILTER (WHERE b.subscription_status = 'active' AND b.next_invoice_date IS NOT NULL), 0)::text,
                pg_catalog.sum(greatest(-b.account_balance, 0))::text, pg_catalog.sum(b.credit_balance)::text
           {FROM} WHERE {NARROWED} GROUP BY b.currency ORDER BY pg_catalog.count(*) DESC, b.currency"
    );
    let rows = tx.query(&sql, &[search, tier, status, payment, dunning]).await?;
    let total = |row: &Row| Total {
        currency: row.get(0),
        accounts: row.get(1),
        next_invoices: row.get(2),
        owed: row.get(3),
        credit: row.get(4),
    };
    Ok(rows.iter().map(total).collect())
}

/// A client's account; none where there is none, or none that whoever asks sees. Amounts are text, digit by digit; secrets
/// are among it where they may be asked for, as masks.
pub(super) async fn row(tx: &Tx<'_>, client_id: Uuid, with_secrets: bool) -> Result<Option<Map<String, Value>>> {
    one(tx, client_id, with_secrets, "").await
}

/// The same, with secrets, kept from everybody else until the transaction ends.
pub(super) async fn held(tx: &Tx<'_>, client_id: Uuid) -> Result<Option<Map<String, Value>>> {
    one(tx, client_id, true, "FOR UPDATE OF b").await
}

async fn one(tx: &Tx<'_>, client_id: Uuid, with_secrets: bool, lock: &str) -> Result<Option<Map<String, Value>>> {
    let amount = |name: &str| format!("b.{name}::pg_catalog.text AS {name}");
    let column = |name: &str| format!("b.{name}");
    let written =
        FIELDS.iter().map(|field| if field.kind == Kind::Amount { amount(field.name) } else { column(field.name) });
    let secrets = SECRETS.iter().filter(|_| with_secrets).map(|(name, _)| column(name));
    let columns = written.chain(secrets).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT pg_catalog.to_jsonb(r)
           FROM (SELECT b.id, b.client_id, b.payment_retry_count, b.last_payment_attempt, b.updated_at, {columns}
                   FROM public.client_billing_info b WHERE b.client_id = $1 {lock}) r"
    );
    Ok(tx.query_opt(&sql, &[&client_id]).await?.and_then(|row| row.get::<_, Value>(0).as_object().cloned()))
}

/// How the client is served, which may be another tier than is billed.
pub(super) async fn served_as(tx: &Tx<'_>, client_id: Uuid) -> Result<Option<String>> {
    let sql = "SELECT c.tier::text FROM public.clients_enhanced c WHERE c.id = $1";
    Ok(tx.query_opt(sql, &[&client_id]).await?.map(|row| row.get(0)))
}

/// Writes columns of an account; their names are those of [`FIELDS`] and [`SECRETS`].
pub(super) async fn write(tx: &Tx<'_>, client_id: Uuid, columns: &Map<String, Value>) -> Result<u64> {
    let names = names(columns);
    let sql = format!(
        "UPDATE public.client_billing_info AS b SET ({names}) =
             (SELECT {names} FROM pg_catalog.jsonb_populate_record(NULL::public.client_billing_info, $2))
          WHERE b.client_id = $1"
    );
    tx.execute(&sql, &[&client_id, &Value::Object(columns.clone())]).await
}

/// Opens an account.
pub(super) async fn add(tx: &Tx<'_>, columns: &Map<String, Value>) -> Result<u64> {
    let names = names(columns);
    let sql = format!(
        "INSERT INTO public.client_billing_info ({names})
         SELECT {names} FROM pg_catalog.jsonb_populate_record(NULL::public.client_billing_info, $1)"
    );
    tx.execute(&sql, &[&Value::Object(columns.clone())]).await
}

fn names(columns: &Map<String, Value>) -> String {
    columns.keys().map(|name| quote::ident(name)).collect::<Vec<_>>().join(", ")
}
