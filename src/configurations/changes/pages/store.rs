use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::Result;
use crate::configurations::changes::store::CHANGE;
use crate::configurations::changes::types::{Change, State};
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The orders of the list.
pub(super) const ORDERS: &[Order] =
    &[Order { name: "proposed", by: "c.proposed_at", of: "pg_catalog.timestamptz", then: "c.id", is_descending: true }];

/// Which changes a list shows.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) state: Option<State>,
    /// Those that edit rows of this client.
    pub(super) client_id: Option<Uuid>,
    pub(super) author: Option<Uuid>,
    pub(super) since: Option<Timestamp>,
    /// A part of the reason, or of a client's name.
    pub(super) sought: Option<String>,
}

/// A page of the changes that the caller sees.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Change>> {
    let from = "FROM tenantry.changes c
          WHERE ($1::text IS NULL OR c.state = $1) AND ($2::uuid IS NULL OR $2 = ANY (c.client_ids))
            AND ($3::uuid IS NULL OR c.author = $3) AND ($4::timestamptz IS NULL OR c.proposed_at >= $4)
            AND ($5::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(c.reason), pg_catalog.lower($5)) > 0
                 OR c.client_ids && ARRAY(SELECT e.id FROM public.clients_enhanced e
                                           WHERE pg_catalog.strpos(pg_catalog.lower(e.name), pg_catalog.lower($5)) > 0))";
    let Filter { state, client_id, author, since, sought } = filter;
    let state = state.map(State::as_str);
    let values: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = vec![&state, client_id, author, since, sought];
    window.read(tx, (&format!("SELECT {CHANGE}"), from), values, change).await
}

fn change(row: &tokio_postgres::Row) -> Change {
    Change::from(row)
}

/// What decides which buttons there are for a change.
pub(super) struct Rights {
    /// Whether the caller is its author, by themselves or by a token of theirs.
    pub(super) is_author: bool,
    /// Whether the caller may decide about it.
    pub(super) may_decide: bool,
    /// Whether the caller manages every client whose rows it edits.
    pub(super) manages_all: bool,
    /// What took it back.
    pub(super) reverted_by: Option<Uuid>,
}

/// The caller's rights on a change. One that somebody decides about at this moment is nobody else's to decide.
pub(super) async fn rights(tx: &Tx<'_>, change: &Change) -> Result<Rights> {
    let sql = "SELECT c.client_ids <@ ARRAY(SELECT tenantry.managed_client_ids()), tenantry.is_author(c),
                      (SELECT r.id FROM tenantry.changes r WHERE r.reverts = c.id AND r.state = 'applied' LIMIT 1)
                 FROM tenantry.changes c WHERE c.id = $1";
    let row: Row = tx.query_one(sql, &[&change.id]).await?;
    let held = "SELECT FROM tenantry.changes c WHERE c.id = $1 FOR KEY SHARE SKIP LOCKED";
    let may_decide = change.state.is_open() && tx.query_opt(held, &[&change.id]).await?.is_some();
    let is_author = row.get::<_, Option<bool>>(1) == Some(true);
    Ok(Rights { is_author, may_decide, manages_all: row.get(0), reverted_by: row.get(2) })
}
