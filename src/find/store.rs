use tokio_postgres::Row;
use uuid::Uuid;

use crate::Result;
use crate::db::tx::Tx;

/// How many of a kind are found at most.
const MOST: i64 = 8;

/// A client.
pub(super) struct Client {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) company: Option<String>,
}

/// A template.
pub(super) struct Template {
    pub(super) id: String,
    pub(super) name: String,
}

/// A key of configuration that a global or template row sets.
pub(super) struct Key {
    pub(super) key: String,
    pub(super) template: Option<String>,
}

/// Clients with a text in their name, company or address; those whose name begins with it first.
pub(super) async fn clients(tx: &Tx<'_>, text: &str) -> Result<Vec<Client>> {
    let sql = "SELECT c.id, c.name::text, c.company_name::text
                 FROM public.clients_enhanced c
                WHERE c.archived_at IS NULL
                  AND pg_catalog.strpos(pg_catalog.lower(pg_catalog.concat_ws(' ', c.name, c.company_name, c.email)), pg_catalog.lower($1)) > 0
                ORDER BY NOT pg_catalog.starts_with(pg_catalog.lower(c.name), pg_catalog.lower($1)), pg_catalog.lower(c.name), c.id LIMIT $2";
    let rows = tx.query(sql, &[&text, &MOST]).await?;
    Ok(rows.iter().map(|row: &Row| Client { id: row.get(0), name: row.get(1), company: row.get(2) }).collect())
}

/// Templates with a text in their id or name, each once.
pub(super) async fn templates(tx: &Tx<'_>, text: &str) -> Result<Vec<Template>> {
    let sql = "SELECT t.template_id::text, pg_catalog.max(t.template_name)::text
                 FROM public.template_configurations t
                WHERE pg_catalog.strpos(pg_catalog.lower(pg_catalog.concat_ws(' ', t.template_id, t.template_name)), pg_catalog.lower($1)) > 0
                GROUP BY t.template_id ORDER BY t.template_id LIMIT $2";
    let rows = tx.query(sql, &[&text, &MOST]).await?;
    Ok(rows.iter().map(|row: &Row| Template { id: row.get(0), name: row.get(1) }).collect())
}

/// A key that a client's own row sets.
pub(super) struct OwnKey {
    pub(super) key: String,
    pub(super) client_id: Uuid,
    pub(super) client: String,
}

/// Keys of clients' own rows with a text in them, of clients who have another in their name where that is asked; of one
/// key, which many clients may have, two of them.
///
/// Administrators see every row, so that of each key one row has to be read, by the index of keys. Whoever sees a few
/// clients' rows would read past all others there: of them the rows are read by the client.
pub(super) async fn own_keys(tx: &Tx<'_>, sees_all: bool, client: Option<&str>, text: &str) -> Result<Vec<OwnKey>> {
    let rows = match (client, sees_all) {
        (Some(client), _) => tx.query(include_str!("keys_of_clients.sql"), &[&client, &text, &MOST]).await?,
        (None, true) => tx.query(include_str!("keys_of_all.sql"), &[&text, &MOST]).await?,
        (None, false) => tx.query(include_str!("keys_of_members.sql"), &[&text, &MOST]).await?,
    };
    Ok(rows.iter().map(|row| OwnKey { key: row.get(0), client_id: row.get(1), client: row.get(2) }).collect())
}

/// Keys with a text in them, of rows that are no client's.
pub(super) async fn keys(tx: &Tx<'_>, text: &str) -> Result<Vec<Key>> {
    let sql = "SELECT DISTINCT s.configuration_key::text, s.template_id::text
                 FROM public.system_configurations s
                WHERE s.client_id IS NULL AND s.is_active AND NOT s.is_system
                  AND pg_catalog.strpos(pg_catalog.lower(s.configuration_key), pg_catalog.lower($1)) > 0
                ORDER BY 1, 2 NULLS FIRST LIMIT $2";
    let rows = tx.query(sql, &[&text, &MOST]).await?;
    Ok(rows.iter().map(|row: &Row| Key { key: row.get(0), template: row.get(1) }).collect())
}
