use std::collections::HashMap;
use std::sync::Arc;

use envelope::{DataKey, Owner, Plaintext, Ring};
use uuid::Uuid;

use super::keys::{Keys, Wrapped, said};
use super::mask::Mask;
use super::place::Place;
use super::start;
use super::store::{self, Sealed};
use crate::db::tx::Tx;
use crate::{Error, Result};

/// Seals a value for its place and keeps the ciphertext; what stands in the place from now on.
///
/// The secret is there when the transaction commits, and gone when it doesn't.
pub async fn seal(tx: &Tx<'_>, keys: &Keys, place: &Place, plain: Plaintext) -> Result<Mask> {
    tx.as_worker(async {
        let key = sealing_key(tx, keys, place.owner()).await?;
        let id = Uuid::new_v4();
        let ciphertext = key.seal(id, place.within(), &plain).map_err(|error| said(&error))?;
        let fingerprint = key.fingerprint(&plain);
        let mask = store::keep(tx, id, place, key.id(), &ciphertext, &fingerprint).await?;
        Mask::of_value(&mask).ok_or_else(|| Error::failure("the database gave a mask that isn't one"))
    })
    .await
}

/// Opens secrets that may stand in a client's document: its own, and those of global and template rows. Without a client,
/// the latter alone.
///
/// One of another client's is refused whatever named it, so that a mask which was put into the wrong row opens nothing.
pub async fn open(tx: &Tx<'_>, keys: &Keys, client: Option<Uuid>, ids: &[Uuid]) -> Result<HashMap<Uuid, Plaintext>> {
    opened(keys, client, ids, &sealed(tx, ids).await?)
}

/// The same for several clients, whose secrets are read together.
pub async fn open_each(
    tx: &Tx<'_>,
    keys: &Keys,
    wanted: &[(Uuid, Vec<Uuid>)],
) -> Result<HashMap<Uuid, HashMap<Uuid, Plaintext>>> {
    let ids: Vec<Uuid> = wanted.iter().flat_map(|(_, ids)| ids).copied().collect();
    let found = if ids.is_empty() { HashMap::new() } else { sealed(tx, &ids).await? };
    wanted.iter().map(|(client, ids)| Ok((*client, opened(keys, Some(*client), ids, &found)?))).collect()
}

async fn sealed(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Sealed>> {
    let found = tx.as_worker(store::sealed(tx, ids)).await?;
    Ok(found.into_iter().map(|secret| (secret.id, secret)).collect())
}

fn opened(
    keys: &Keys,
    client: Option<Uuid>,
    ids: &[Uuid],
    found: &HashMap<Uuid, Sealed>,
) -> Result<HashMap<Uuid, Plaintext>> {
    let open = |id: &Uuid| {
        let secret = found.get(id).ok_or_else(|| {
            Error::failure(format!("the secret {id} isn't kept here"))
                .mend("restore tenantry.secrets from the backup that the row came from, or set the value anew")
        })?;
        if secret.place.client_id.is_some() && secret.place.client_id != client {
            return Err(Error::failure(format!("the secret {id} belongs to another client"))
                .mend("find out who wrote its mask into this client's rows, and set the value anew"));
        }
        Ok((*id, unseal(keys, secret)?))
    };
    ids.iter().map(open).collect()
}

/// Opens one; the error names it and its place.
pub(super) fn unseal(keys: &Keys, secret: &Sealed) -> Result<Plaintext> {
    let key = keys.unwrap(&secret.under)?;
    let opened = if key.owner() == secret.place.owner() {
        key.open(secret.id, secret.place.within(), &secret.ciphertext)
    } else {
        // The ciphertext is bound to the owner of its key, not to what the row beside it says.
        Err(envelope::Error::Refused)
    };
    opened.map_err(|error| {
        said(&error).within(&format!(
            "the secret {} at {}.{}{}",
            secret.id, secret.place.table, secret.place.column, secret.place.path
        ))
    })
}

/// The data key that seals for an owner; made with its first secret.
async fn sealing_key(tx: &Tx<'_>, keys: &Keys, owner: Owner) -> Result<Arc<DataKey>> {
    if let Some(known) = store::sealing_key(tx, owner).await? {
        return keys.unwrap(&known);
    }
    let ring = encrypting_ring(tx, keys).await?;
    let key = DataKey::generate(Uuid::new_v4(), owner).map_err(|error| said(&error))?;
    let wrapped = wrap(&key, &ring)?;
    store::add_data_key(tx, &wrapped).await?;
    // Ours, or that of somebody who was faster.
    let known = store::sealing_key(tx, owner).await?;
    keys.unwrap(&known.ok_or_else(|| Error::failure("a data key came and went").mend("try again"))?)
}

/// The ring whose first key the database knows: without waiting for anybody where it does already.
async fn encrypting_ring(tx: &Tx<'_>, keys: &Keys) -> Result<Arc<Ring>> {
    match keys.ring() {
        Some(ring) if store::needed(tx).await?.iter().any(|key| key.id == *ring.first().id()) => Ok(ring),
        _ => start::settle(tx, keys).await,
    }
}

/// A data key as the database gets it: wrapped by the first of a ring.
pub(super) fn wrap(key: &DataKey, ring: &Ring) -> Result<Wrapped> {
    let by = ring.first();
    let wrapped = key.wrap(by).map_err(|error| said(&error))?;
    Ok(Wrapped { id: key.id(), owner: key.owner(), by: by.id().clone(), wrapped })
}
