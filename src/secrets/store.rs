use envelope::{Fingerprint, KeyId, Owner};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::keys::Wrapped;
use super::place::Place;
use crate::Result;
use crate::db::tx::Tx;

/// What revealing needs to know of a row.
pub(super) mod revealing;

/// What rotation does.
pub(super) mod rotating;

/// What is looked at to see whether everything opens.
pub(super) mod verifying;

/// A key that the database needs, and what tells it from others.
pub(super) struct Needed {
    pub(super) id: KeyId,
    pub(super) check_value: Vec<u8>,
}

/// A secret as the database has it.
pub(super) struct Sealed {
    pub(super) id: Uuid,
    pub(super) place: Place,
    pub(super) ciphertext: Vec<u8>,
    pub(super) fingerprint: String,
    pub(super) under: Wrapped,
}

const SEALED: &str =
    "SELECT s.id, s.client_id, s.table_name::text, s.column_name::text, s.path, s.ciphertext, s.fingerprint::text,
            k.id AS data_key_id, k.client_id AS data_key_client_id, k.key_id::text, k.wrapped
       FROM tenantry.secrets s JOIN tenantry.data_keys k ON k.id = s.data_key_id";

/// Has everybody else who settles which keys there are wait for the end of this transaction.
pub(super) async fn settle_alone(tx: &Tx<'_>) -> Result<()> {
    tx.query(
        "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('tenantry encryption keys', 0))",
        &[],
    )
    .await?;
    Ok(())
}

/// The keys that the database needs, oldest first.
pub(super) async fn needed(tx: &Tx<'_>) -> Result<Vec<Needed>> {
    let sql = "SELECT key_id::text, check_value FROM tenantry.encryption_keys ORDER BY first_used_at, key_id";
    let rows = tx.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| Needed { id: KeyId::named(row.get::<_, String>(0)), check_value: row.get(1) }).collect())
}

/// Notes that the database needs a key from now on.
pub(super) async fn need(tx: &Tx<'_>, id: &KeyId, check_value: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO tenantry.encryption_keys (key_id, check_value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        &[&id.as_str(), &check_value],
    )
    .await?;
    Ok(())
}

/// The data key that seals for an owner.
pub(super) async fn sealing_key(tx: &Tx<'_>, owner: Owner) -> Result<Option<Wrapped>> {
    let row = tx
        .query_opt(
            "SELECT id AS data_key_id, client_id AS data_key_client_id, key_id::text, wrapped
               FROM tenantry.data_keys WHERE client_id IS NOT DISTINCT FROM $1 AND retired_at IS NULL",
            &[&owner.client()],
        )
        .await?;
    Ok(row.as_ref().map(wrapped))
}

/// Adds the data key that seals for an owner, unless somebody else just did; whether it was added.
pub(super) async fn add_data_key(tx: &Tx<'_>, key: &Wrapped) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO tenantry.data_keys (id, client_id, key_id, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            &[&key.id, &key.owner.client(), &key.by.as_str(), &key.wrapped],
        )
        .await?;
    Ok(added > 0)
}

/// Keeps a secret; its mask.
pub(super) async fn keep(
    tx: &Tx<'_>,
    id: Uuid,
    place: &Place,
    data_key: Uuid,
    ciphertext: &[u8],
    fingerprint: &Fingerprint,
) -> Result<Value> {
    let row = tx
        .query_one(
            "INSERT INTO tenantry.secrets AS s (id, client_id, table_name, column_name, path, data_key_id, ciphertext, fingerprint)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING tenantry.secret_mask(s)",
            &[
                &id,
                &place.client_id,
                &place.table,
                &place.column,
                &place.path,
                &data_key,
                &ciphertext,
                &fingerprint.as_str(),
            ],
        )
        .await?;
    Ok(row.get(0))
}

/// The mask of a secret, if it belongs to a place.
pub(super) async fn mask_kept_for(tx: &Tx<'_>, id: Uuid, place: &Place) -> Result<Option<Value>> {
    let row = tx
        .query_opt(
            "SELECT tenantry.secret_mask(s) FROM tenantry.secrets s
              WHERE s.id = $1 AND s.client_id IS NOT DISTINCT FROM $2
                AND s.table_name = $3 AND s.column_name = $4 AND s.path = $5",
            &[&id, &place.client_id, &place.table, &place.column, &place.path],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}

/// Whether a mask stands at a place of a row that fulfils a condition on the content of another one.
pub(super) async fn stands_in(
    tx: &Tx<'_>,
    table: &str,
    condition: &str,
    content: &Value,
    place: &[&str],
    (id, fingerprint): &(Uuid, String),
) -> Result<bool> {
    let sql = format!(
        "SELECT EXISTS (
            SELECT FROM public.{table} t
             CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(t) #> ($2::text[] || '$secret'::text)) m (mask)
             WHERE {condition} AND m.mask ->> 'id' = $3 AND m.mask ->> 'fingerprint' = $4)"
    );
    let row = tx.query_one(&sql, &[content, &place, &id.to_string(), fingerprint]).await?;
    Ok(row.get(0))
}

/// Secrets by their ids.
pub(super) async fn sealed(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Sealed>> {
    let rows = tx.query(&format!("{SEALED} WHERE s.id = ANY ($1)"), &[&ids]).await?;
    Ok(rows.iter().map(Sealed::from).collect())
}

/// The schemas of some templates, or of all, in which anything is marked as secret; as far as they can be read.
pub(super) async fn schemas_with_secrets(tx: &Tx<'_>, named: Option<&Vec<&str>>) -> Result<Vec<(String, Value)>> {
    let sql = "SELECT DISTINCT t.template_id::text, t.configuration_schema FROM public.template_configurations t
                WHERE ($1::text[] IS NULL OR t.template_id = ANY ($1))
                  AND pg_catalog.jsonb_path_exists(t.configuration_schema, '$.**.\"x-secret\"')";
    let rows = tx.query(sql, &[&named]).await?;
    Ok(rows.iter().filter_map(|row| Some((row.get(0), row.try_get(1).ok()?))).collect())
}

/// A page of a sweep.
pub(super) struct Swept {
    /// The last secret that was looked at; none at the end.
    pub(super) last: Option<Uuid>,
    /// How many went.
    pub(super) swept: u64,
}

/// Of so many secrets after one, removes those that nothing refers to.
pub(super) async fn sweep(tx: &Tx<'_>, after: Uuid, most: i32) -> Result<Swept> {
    let sql = "SELECT last_id, swept FROM tenantry.sweep_secrets($1, $2, '1 hour')";
    let row = tx.query_one(sql, &[&after, &most]).await?;
    Ok(Swept { last: row.get(0), swept: u64::try_from(row.get::<_, i64>(1)).unwrap_or_default() })
}

/// Logs an act with keys or secrets that is no row.
pub(super) async fn note(tx: &Tx<'_>, action: &str, details: &Value, client: Option<Uuid>) -> Result<()> {
    tx.query("SELECT tenantry.audit_event($1, $2, $3)", &[&action, details, &client]).await?;
    Ok(())
}

fn wrapped(row: &Row) -> Wrapped {
    Wrapped {
        id: row.get("data_key_id"),
        owner: Owner::of(row.get("data_key_client_id")),
        by: KeyId::named(row.get::<_, String>("key_id")),
        wrapped: row.get("wrapped"),
    }
}

impl From<&Row> for Sealed {
    fn from(row: &Row) -> Self {
        Self {
            id: row.get("id"),
            place: Place {
                client_id: row.get("client_id"),
                table: row.get("table_name"),
                column: row.get("column_name"),
                path: row.get("path"),
            },
            ciphertext: row.get("ciphertext"),
            fingerprint: row.get("fingerprint"),
            under: wrapped(row),
        }
    }
}
