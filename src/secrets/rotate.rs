use envelope::{DataKey, Key, KeyId, Owner, Ring};
use serde_json::json;
use uuid::Uuid;

use super::keys::{Keys, said};
use super::store::{self, rotating};
use super::{seal, start};
use crate::db::tx::Tx;
use crate::{Error, Result};

/// How many data keys or secrets one step takes: a moment's work, after which the rotation may end.
pub const BATCH: i64 = 200;

/// What a rotation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The key-encryption key: every data key is wrapped anew, no secret is touched.
    Wrapping,
    /// An owner's data key: every secret of theirs is sealed anew.
    DataKey(Owner),
}

/// What a rotation begins with.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Begun {
    /// A new key.
    New,
    /// What an earlier one left.
    Resumed,
    /// There is nothing to rotate yet.
    Nothing,
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many data keys or secrets are under the new key now.
    Moved(u64),
    /// Nothing is left under an old key, and the database needs none of them any more.
    Done,
}

/// Begins a rotation, or takes up one that was ended: as long as anything is under an old key, no further one is made.
///
/// Each step of a rotation is a transaction of its own. Ended between any two of them, everything opens, and the next
/// rotation goes on.
pub async fn begin(tx: &Tx<'_>, keys: &Keys, what: What) -> Result<Begun> {
    match what {
        What::Wrapping => begin_wrapping(tx, keys).await,
        What::DataKey(owner) => begin_data_key(tx, keys, owner).await,
    }
}

/// Does the next step, which takes so many data keys or secrets at most.
pub async fn step(tx: &Tx<'_>, keys: &Keys, what: What, most: i64) -> Result<Step> {
    let moved = match what {
        What::Wrapping => rewrap(tx, keys, most).await?,
        What::DataKey(owner) => reseal(tx, keys, owner, most).await?,
    };
    if moved > 0 {
        return Ok(Step::Moved(moved));
    }
    let (is_over, details) = match what {
        What::Wrapping => {
            let first = ring(keys)?.first().id().clone();
            (rotating::forget_other_keys(tx, &first).await?, json!({ "encrypts": first.as_str() }))
        }
        What::DataKey(owner) => (rotating::drop_retired(tx, owner).await?, json!({ "data_key_of": owner.client() })),
    };
    if !is_over {
        // Somebody who began before the rotation has just sealed under an old key.
        return Ok(Step::Moved(0));
    }
    let client = if let What::DataKey(owner) = what { owner.client() } else { None };
    store::note(tx, "rotate_keys", &details, client).await?;
    Ok(Step::Done)
}

async fn begin_wrapping(tx: &Tx<'_>, keys: &Keys) -> Result<Begun> {
    let ring = start::settle(tx, keys).await?;
    if store::needed(tx).await?.iter().any(|key| key.id != *ring.first().id()) {
        return Ok(Begun::Resumed);
    }
    let key = Key::generate().map_err(|error| said(&error))?;
    let all = format!("{}\n{}", *key.print(), *ring.print());
    let all = Ring::parse(&zeroize::Zeroizing::new(all)).map_err(|error| said(&error))?;
    // On disk before the database needs it: a key that nothing is under does no harm, a lost one does.
    keys.source().replace(&all)?;
    start::settle(tx, keys).await?;
    Ok(Begun::New)
}

async fn begin_data_key(tx: &Tx<'_>, keys: &Keys, owner: Owner) -> Result<Begun> {
    let ring = start::settle(tx, keys).await?;
    if rotating::has_retired(tx, owner).await? {
        return Ok(Begun::Resumed);
    }
    let Some(old) = store::sealing_key(tx, owner).await? else {
        return Ok(Begun::Nothing);
    };
    let new = keys.unwrap(&old)?.successor(Uuid::new_v4()).map_err(|error| said(&error))?;
    rotating::retire(tx, old.id).await?;
    store::add_data_key(tx, &seal::wrap(&new, &ring)?).await?;
    Ok(Begun::New)
}

/// Wraps data keys that another key wraps by the first one.
async fn rewrap(tx: &Tx<'_>, keys: &Keys, most: i64) -> Result<u64> {
    let ring = ring(keys)?;
    let mut moved = 0;
    for old in rotating::to_rewrap(tx, ring.first().id(), most).await? {
        let opened = DataKey::unwrap(&*keys.holding(&old.by)?, &old.by, old.id, old.owner, &old.wrapped);
        let key = opened.map_err(|error| said(&error).within(&format!("the data key {}", old.id)))?;
        rotating::rewrap(tx, &seal::wrap(&key, &ring)?).await?;
        moved += 1;
    }
    Ok(moved)
}

/// Seals secrets that are under a retired data key under the present one.
async fn reseal(tx: &Tx<'_>, keys: &Keys, owner: Owner, most: i64) -> Result<u64> {
    let secrets = rotating::to_reseal(tx, owner, most).await?;
    if secrets.is_empty() {
        return Ok(0);
    }
    let present = store::sealing_key(tx, owner).await?.ok_or_else(|| Error::failure("a data key came and went"))?;
    let present = keys.unwrap(&present)?;
    for secret in &secrets {
        let plain = seal::unseal(keys, secret)?;
        let sealed = present.seal(secret.id, secret.place.within(), &plain).map_err(|error| said(&error))?;
        rotating::reseal(tx, secret.id, present.id(), &sealed).await?;
    }
    Ok(secrets.len() as u64)
}

fn ring(keys: &Keys) -> Result<std::sync::Arc<Ring>> {
    keys.look_again()?.ok_or_else(|| keys.missing(&[KeyId::named("that encrypts")]))
}
