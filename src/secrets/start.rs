use std::sync::Arc;

use envelope::Ring;

use super::keys::Keys;
use super::store;
use crate::db::tx::Tx;
use crate::{Error, Result};

/// Sees to it that every key which the database needs is there, and that the database knows the one that encrypts.
///
/// Where the database needs none yet, the first key is made. One that is missing is named and never made anew: another key
/// opens nothing, and two servers that made one each could not read each other's secrets.
pub async fn settle(tx: &Tx<'_>, keys: &Keys) -> Result<Arc<Ring>> {
    tx.as_worker(async {
        store::settle_alone(tx).await?;
        let needed = store::needed(tx).await?;
        let ring = match keys.look_again()? {
            Some(ring) => ring,
            None if needed.is_empty() => keys.make()?,
            None => return Err(missing(keys, &needed)),
        };
        if needed.iter().any(|key| ring.find(&key.id).is_none()) {
            return Err(missing(keys, &needed));
        }
        refuse_another_of_that_name(keys, &ring, &needed)?;
        store::need(tx, ring.first().id(), &ring.first().check_value()).await?;
        Ok(ring)
    })
    .await
}

fn missing(keys: &Keys, needed: &[store::Needed]) -> Error {
    let ring = keys.ring();
    let is_there = |key: &&store::Needed| ring.as_ref().is_some_and(|ring| ring.find(&key.id).is_some());
    let ids: Vec<_> = needed.iter().filter(|key| !is_there(key)).map(|key| key.id.clone()).collect();
    keys.missing(&ids)
}

fn refuse_another_of_that_name(keys: &Keys, ring: &Ring, needed: &[store::Needed]) -> Result<()> {
    let differs =
        |key: &&store::Needed| ring.find(&key.id).is_some_and(|found| !found.has_check_value(&key.check_value));
    match needed.iter().find(differs) {
        None => Ok(()),
        Some(key) => Err(Error::failure(format!(
            "the encryption key {} of {} isn't the one that the database was sealed with: its check value differs",
            key.id,
            keys.source().describe()
        ))
        .mend("put the key there that this database needs, or restore tenantry.encryption_keys from a backup")),
    }
}
