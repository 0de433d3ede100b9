//! What only rotation does, as the operator: nobody else may change a data key, or under which one a secret is sealed.

use envelope::{KeyId, Owner};
use uuid::Uuid;

use super::super::keys::Wrapped;
use super::{SEALED, Sealed, wrapped};
use crate::Result;
use crate::db::tx::Tx;

/// Some data keys that another key wraps than this one, held until the end of the transaction.
pub(in crate::secrets) async fn to_rewrap(tx: &Tx<'_>, first: &KeyId, most: i64) -> Result<Vec<Wrapped>> {
    let sql = "SELECT id AS data_key_id, client_id AS data_key_client_id, key_id::text, wrapped
                 FROM tenantry.data_keys WHERE key_id <> $1 ORDER BY id LIMIT $2 FOR UPDATE";
    Ok(tx.query(sql, &[&first.as_str(), &most]).await?.iter().map(wrapped).collect())
}

/// Gives a data key another wrapping.
pub(in crate::secrets) async fn rewrap(tx: &Tx<'_>, key: &Wrapped) -> Result<()> {
    let sql = "UPDATE tenantry.data_keys SET key_id = $2, wrapped = $3 WHERE id = $1";
    tx.execute(sql, &[&key.id, &key.by.as_str(), &key.wrapped]).await?;
    Ok(())
}

/// Has the database need no key any more but this one, and those that still wrap something; whether it is that one alone.
pub(in crate::secrets) async fn forget_other_keys(tx: &Tx<'_>, first: &KeyId) -> Result<bool> {
    // Whoever is about to add a data key under one of them is waited for.
    tx.query("SELECT FROM tenantry.encryption_keys WHERE key_id <> $1 FOR UPDATE", &[&first.as_str()]).await?;
    let sql = "DELETE FROM tenantry.encryption_keys e
                WHERE e.key_id <> $1 AND NOT EXISTS (SELECT FROM tenantry.data_keys d WHERE d.key_id = e.key_id)";
    tx.execute(sql, &[&first.as_str()]).await?;
    let left = "SELECT NOT EXISTS (SELECT FROM tenantry.encryption_keys WHERE key_id <> $1)";
    Ok(tx.query_one(left, &[&first.as_str()]).await?.get(0))
}

/// Whether an owner has data keys that don't seal any more.
pub(in crate::secrets) async fn has_retired(tx: &Tx<'_>, owner: Owner) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM tenantry.data_keys WHERE client_id IS NOT DISTINCT FROM $1 AND retired_at IS NOT NULL)";
    Ok(tx.query_one(sql, &[&owner.client()]).await?.get(0))
}

/// Has a data key seal no more.
pub(in crate::secrets) async fn retire(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    tx.execute("UPDATE tenantry.data_keys SET retired_at = now() WHERE id = $1", &[&id]).await?;
    Ok(())
}

/// Some secrets under an owner's retired data keys, held until the end of the transaction.
pub(in crate::secrets) async fn to_reseal(tx: &Tx<'_>, owner: Owner, most: i64) -> Result<Vec<Sealed>> {
    let sql = format!(
        "{SEALED} WHERE k.client_id IS NOT DISTINCT FROM $1 AND k.retired_at IS NOT NULL ORDER BY s.id LIMIT $2 FOR UPDATE OF s"
    );
    Ok(tx.query(&sql, &[&owner.client(), &most]).await?.iter().map(Sealed::from).collect())
}

/// Puts a secret under another data key.
pub(in crate::secrets) async fn reseal(tx: &Tx<'_>, id: Uuid, data_key: Uuid, ciphertext: &[u8]) -> Result<()> {
    let sql = "UPDATE tenantry.secrets SET data_key_id = $2, ciphertext = $3 WHERE id = $1";
    tx.execute(sql, &[&id, &data_key, &ciphertext]).await?;
    Ok(())
}

/// Drops an owner's retired data keys under which nothing is; whether that was all of them.
pub(in crate::secrets) async fn drop_retired(tx: &Tx<'_>, owner: Owner) -> Result<bool> {
    // Whoever is about to seal under one of them is waited for.
    let retired = "FROM tenantry.data_keys d WHERE d.client_id IS NOT DISTINCT FROM $1 AND d.retired_at IS NOT NULL";
    tx.query(&format!("SELECT d.id {retired} FOR UPDATE"), &[&owner.client()]).await?;
    let sql = format!("DELETE {retired} AND NOT EXISTS (SELECT FROM tenantry.secrets s WHERE s.data_key_id = d.id)");
    tx.execute(&sql, &[&owner.client()]).await?;
    Ok(!has_retired(tx, owner).await?)
}
