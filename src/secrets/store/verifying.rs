use envelope::{KeyId, Owner};
use jiff::Timestamp;
use uuid::Uuid;

use super::super::keys::Wrapped;
use super::{SEALED, Sealed, wrapped};
use crate::Result;
use crate::db::tx::Tx;

/// A key of the database's with what is under it.
pub(in crate::secrets) struct Use {
    pub(in crate::secrets) id: KeyId,
    pub(in crate::secrets) first_used_at: Timestamp,
    pub(in crate::secrets) data_keys: i64,
    pub(in crate::secrets) secrets: i64,
}

/// A mask in a row that isn't that of a secret kept for its place.
pub(in crate::secrets) struct Astray {
    pub(in crate::secrets) table: String,
    pub(in crate::secrets) row: String,
    pub(in crate::secrets) place: String,
}

/// What is under which key.
pub(in crate::secrets) async fn uses(tx: &Tx<'_>) -> Result<Vec<Use>> {
    let sql = "SELECT e.key_id::text, e.first_used_at, count(DISTINCT d.id), count(s.id)
                 FROM tenantry.encryption_keys e
                 LEFT JOIN tenantry.data_keys d ON d.key_id = e.key_id
                 LEFT JOIN tenantry.secrets s ON s.data_key_id = d.id
                GROUP BY e.key_id ORDER BY e.first_used_at, e.key_id";
    let rows = tx.query(sql, &[]).await?;
    Ok(rows
        .iter()
        .map(|row| Use {
            id: KeyId::named(row.get::<_, String>(0)),
            first_used_at: row.get(1),
            data_keys: row.get(2),
            secrets: row.get(3),
        })
        .collect())
}

/// Every data key.
pub(in crate::secrets) async fn data_keys(tx: &Tx<'_>) -> Result<Vec<Wrapped>> {
    let sql = "SELECT id AS data_key_id, client_id AS data_key_client_id, key_id::text, wrapped FROM tenantry.data_keys ORDER BY id";
    Ok(tx.query(sql, &[]).await?.iter().map(wrapped).collect())
}

/// The next secrets after one.
pub(in crate::secrets) async fn after(tx: &Tx<'_>, id: Uuid, most: i64) -> Result<Vec<Sealed>> {
    let sql = format!("{SEALED} WHERE s.id > $1 ORDER BY s.id LIMIT $2");
    Ok(tx.query(&sql, &[&id, &most]).await?.iter().map(Sealed::from).collect())
}

/// Masks that name nothing, or what belongs elsewhere: only somebody who wrote past the triggers can have put them there.
pub(in crate::secrets) async fn masks_astray(tx: &Tx<'_>) -> Result<Vec<Astray>> {
    let mut found = Vec::new();
    for table in super::super::conceal::TABLES {
        let sql = format!(
            "SELECT r.content ->> 'id', pg_catalog.array_to_string(l.path, '.')
               FROM (SELECT pg_catalog.to_jsonb(t) AS content FROM public.{table} t) r
              CROSS JOIN LATERAL tenantry.json_leaves(r.content) l
              CROSS JOIN LATERAL (
                 SELECT CASE WHEN tenantry.is_mask(l.value) THEN l.value #>> '{{$secret,id}}'
                             WHEN pg_catalog.cardinality(l.path) = 1 THEN tenantry.text_mask_id(l.value #>> '{{}}') END) m (secret)
              WHERE r.content::pg_catalog.text ~ '\\$secret|\"secret:' AND m.secret IS NOT NULL
                AND NOT tenantry.is_kept_for(m.secret::pg_catalog.uuid, l.value #>> '{{}}', (r.content ->> 'client_id')::pg_catalog.uuid,
                                             $1, l.path, r.content ->> 'configuration_key')
              ORDER BY 1, 2 LIMIT 100"
        );
        let rows = tx.query(&sql, &[table]).await?;
        found.extend(rows.iter().map(|row| Astray { table: (*table).to_owned(), row: row.get(0), place: row.get(1) }));
    }
    Ok(found)
}

/// How many secrets there are, and how many data keys.
pub(in crate::secrets) async fn count(tx: &Tx<'_>) -> Result<(i64, i64)> {
    let sql = "SELECT (SELECT count(*) FROM tenantry.secrets), (SELECT count(*) FROM tenantry.data_keys)";
    let row = tx.query_one(sql, &[]).await?;
    Ok((row.get(0), row.get(1)))
}

/// The client of an owner, for a sentence.
pub(in crate::secrets) fn whose(owner: Owner) -> String {
    owner.client().map_or_else(|| "global rows".to_owned(), |id| format!("client {id}"))
}
