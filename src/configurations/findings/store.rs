use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::Finding;
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The order of the list.
pub(super) const ORDERS: &[Order] = &[
    Order { name: "since", by: "f.found_at", of: "pg_catalog.timestamptz", then: "f.id", is_descending: false },
    Order { name: "client", by: "pg_catalog.lower(c.name)", of: "pg_catalog.text", then: "f.id", is_descending: false },
];

/// A finding as the list has it.
pub(super) struct Listed {
    pub(super) client_id: Uuid,
    pub(super) client: String,
    pub(super) template_id: String,
    pub(super) environment: String,
    pub(super) weight: String,
    pub(super) faults: i32,
    pub(super) detail: String,
    pub(super) found_at: Timestamp,
}

/// The installation's revision, and at which one was looked last, and when.
pub(super) async fn standing(tx: &Tx<'_>) -> Result<(i64, Option<(i64, Timestamp)>)> {
    let sql = "SELECT r.revision, l.revision, l.looked_at
                 FROM tenantry.installation_revision r LEFT JOIN tenantry.document_looks l ON true";
    let row = tx.query_one(sql, &[]).await?;
    let last = row.get::<_, Option<i64>>(1).zip(row.get::<_, Option<Timestamp>>(2));
    Ok((row.get(0), last))
}

/// Puts what was found in the place of what was found before; what is found as before stays since when it was.
pub(super) async fn write(
    tx: &Tx<'_>,
    found: &[Finding],
    revision: i64,
    documents: i64,
    looked_at: Timestamp,
) -> Result<()> {
    let clients: Vec<Uuid> = found.iter().map(|one| one.client_id).collect();
    let templates: Vec<&str> = found.iter().map(|one| one.template_id.as_str()).collect();
    let environments: Vec<&str> = found.iter().map(|one| one.environment).collect();
    let weights: Vec<&str> = found.iter().map(|one| if one.is_invalid { "invalid" } else { "incomplete" }).collect();
    let faults: Vec<i32> = found.iter().map(|one| one.faults).collect();
    let details: Vec<&str> = found.iter().map(|one| one.detail.as_str()).collect();
    // Of a look that began earlier nothing is taken where a later one is written already.
    let look = "INSERT INTO tenantry.document_looks AS l (revision, documents, looked_at) VALUES ($1, $2, $3)
                ON CONFLICT (only_row) DO UPDATE
                   SET revision = excluded.revision, documents = excluded.documents, looked_at = excluded.looked_at
                 WHERE l.looked_at <= excluded.looked_at";
    if tx.execute(look, &[&revision, &documents, &looked_at]).await? == 0 {
        return Ok(());
    }
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
        [&clients, &templates, &environments, &weights, &faults, &details];
    tx.execute(include_str!("write.sql"), &values).await?;
    Ok(())
}

/// When every document was last looked at; none before the first look.
pub(super) async fn looked_at(tx: &Tx<'_>) -> Result<Option<Timestamp>> {
    let sql = "SELECT l.looked_at FROM tenantry.document_looks l";
    Ok(tx.query_opt(sql, &[]).await?.map(|row| row.get(0)))
}

/// A page of what was found of clients that the caller sees.
pub(super) async fn page(
    tx: &Tx<'_>,
    weight: Option<&str>,
    sought: Option<&str>,
    window: &Window,
) -> Result<Rows<Listed>> {
    let select = "SELECT f.client_id, c.name::text, f.template_id::text, f.environment::text, f.weight::text, f.faults, f.detail,
                         f.found_at";
    let from = "FROM tenantry.document_findings f JOIN public.clients_enhanced c ON c.id = f.client_id
                WHERE c.archived_at IS NULL AND ($1::text IS NULL OR f.weight = $1)
                  AND ($2::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(
                          pg_catalog.concat_ws(' ', c.name, f.template_id, f.detail)), pg_catalog.lower($2)) > 0)";
    window.read(tx, (select, from), vec![&weight, &sought], listed).await
}

fn listed(row: &Row) -> Listed {
    Listed {
        client_id: row.get(0),
        client: row.get(1),
        template_id: row.get(2),
        environment: row.get(3),
        weight: row.get(4),
        faults: row.get(5),
        detail: row.get(6),
        found_at: row.get(7),
    }
}
