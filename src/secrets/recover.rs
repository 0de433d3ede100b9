use envelope::{Key, KeyId, Ring, recovery};
use serde_json::json;
use zeroize::Zeroizing;

use super::keys::{Keys, said};
use super::store;
use crate::db::tx::Tx;
use crate::{Error, Result};

/// Every key that is there, as text that a passphrase opens; the audit log knows of it.
pub async fn export(tx: &Tx<'_>, keys: &Keys, passphrase: &str) -> Result<String> {
    let ring = keys.look_again()?.ok_or_else(|| {
        Error::failure(format!("there is no key in {}", keys.source().describe()))
            .mend("start the server once, which makes the first one")
    })?;
    let text = recovery::export(&ring, passphrase).map_err(|error| said(&error))?;
    let ids: Vec<&str> = ring.ids().map(KeyId::as_str).collect();
    store::note(tx, "export_keys", &json!({ "keys": ids }), None).await?;
    Ok(text)
}

/// Brings the keys of an export back, after those that are there; which were missing.
pub fn import(keys: &Keys, text: &str, passphrase: &str) -> Result<Vec<KeyId>> {
    let exported = recovery::import(text, passphrase).map_err(|error| said(&error))?;
    let there = keys.look_again()?;
    let is_there = |id: &&KeyId| there.as_ref().is_some_and(|ring| ring.find(id).is_some());
    let missing: Vec<KeyId> = exported.ids().filter(|id| !is_there(id)).cloned().collect();
    if missing.is_empty() {
        return Ok(missing);
    }
    let mut all = Zeroizing::new(there.map_or_else(String::new, |ring| ring.print().to_string()));
    for key in missing.iter().filter_map(|id| exported.find(id)) {
        all.push_str(&Key::print(key));
        all.push('\n');
    }
    let all = Ring::parse(&all).map_err(|error| said(&error))?;
    keys.source().replace(&all)?;
    keys.look_again()?;
    Ok(missing)
}
