use envelope::{KeyId, Plaintext};
use jiff::Timestamp;
use uuid::Uuid;

use super::keys::Keys;
use super::seal::unseal;
use super::store::{self, Sealed, verifying};
use crate::Result;
use crate::db::migrate::verify::{Finding, Severity};
use crate::db::tx::Tx;

/// How many secrets are read at once.
const PAGE: i64 = 1_000;

/// What was opened, and what wouldn't.
#[derive(Debug, serde::Serialize)]
pub struct Verified {
    /// How many secrets there are.
    pub secrets: i64,
    /// How many data keys.
    pub data_keys: i64,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Verified {
    /// What there is, in words.
    pub fn sentence(&self) -> String {
        match self.secrets {
            0 => "no secrets".to_owned(),
            1 => "one secret, which opens".to_owned(),
            count => format!("{count} secrets, which all open"),
        }
    }
}

/// A key, where it is and what needs it.
#[derive(Debug, serde::Serialize)]
pub struct Listed {
    /// What it is called.
    pub key_id: String,
    /// What it does.
    pub role: Role,
    /// Since when the database needs it; none where it doesn't.
    pub first_used_at: Option<Timestamp>,
    /// How many data keys it wraps.
    pub data_keys: i64,
    /// How many secrets are under those.
    pub secrets: i64,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It is the first: what is new is wrapped by it.
    Encrypts,
    /// It opens what it once wrapped.
    Decrypts,
    /// The database needs it and it isn't there.
    Missing,
}

/// Every key that is there or needed.
pub async fn list(tx: &Tx<'_>, keys: &Keys) -> Result<Vec<Listed>> {
    let uses = tx.as_worker(verifying::uses(tx)).await?;
    let ring = keys.look_again()?;
    let there: Vec<KeyId> = ring.iter().flat_map(|ring| ring.ids().cloned()).collect();
    let missing = uses.iter().map(|used| used.id.clone()).filter(|id| !there.contains(id));
    let all: Vec<KeyId> = there.iter().cloned().chain(missing).collect();
    let listed = all.into_iter().map(|id| {
        let used = uses.iter().find(|used| used.id == id);
        let role = match there.iter().position(|known| *known == id) {
            Some(0) => Role::Encrypts,
            Some(_) => Role::Decrypts,
            None => Role::Missing,
        };
        Listed {
            key_id: id.to_string(),
            role,
            first_used_at: used.map(|used| used.first_used_at),
            data_keys: used.map_or(0, |used| used.data_keys),
            secrets: used.map_or(0, |used| used.secrets),
        }
    });
    Ok(listed.collect())
}

/// Opens everything that is sealed, and looks for masks that don't belong where they stand.
pub async fn verify(tx: &Tx<'_>, keys: &Keys) -> Result<Verified> {
    tx.as_worker(async {
        let (secrets, data_keys) = verifying::count(tx).await?;
        let mut findings = missing_keys(tx, keys).await?;
        findings.extend(closed_data_keys(tx, keys).await?);
        findings.extend(closed_secrets(tx, keys).await?);
        findings.extend(masks_astray(tx).await?);
        Ok(Verified { secrets, data_keys, findings })
    })
    .await
}

async fn missing_keys(tx: &Tx<'_>, keys: &Keys) -> Result<Vec<Finding>> {
    let ring = keys.look_again()?;
    let mut findings = Vec::new();
    for needed in store::needed(tx).await? {
        let known = ring.as_ref().and_then(|ring| ring.find(&needed.id));
        let what = match known {
            None => format!("the database needs it, and it isn't in {}", keys.source().describe()),
            Some(key) if !key.has_check_value(&needed.check_value) => {
                "its check value in the database is another".to_owned()
            }
            Some(_) => continue,
        };
        findings.push(wrong(
            format!("encryption key {}", needed.id),
            what,
            "put the key back from where it was kept, or bring it back with `tenantry keys import-recovery`",
        ));
    }
    Ok(findings)
}

async fn closed_data_keys(tx: &Tx<'_>, keys: &Keys) -> Result<Vec<Finding>> {
    let all = verifying::data_keys(tx).await?;
    let closed = all.iter().filter_map(|key| Some((key, keys.unwrap(key).err()?)));
    Ok(closed
        .map(|(key, error)| {
            let place = format!("data key {} of {}", key.id, verifying::whose(key.owner));
            wrong(place, error.what().to_owned(), error.how_to_mend().unwrap_or_default())
        })
        .collect())
}

async fn closed_secrets(tx: &Tx<'_>, keys: &Keys) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut last = Uuid::nil();
    loop {
        let page = verifying::after(tx, last, PAGE).await?;
        let Some(end) = page.last() else { return Ok(findings) };
        last = end.id;
        findings.extend(page.iter().filter_map(|secret| closed(keys, secret)));
    }
}

/// What is wrong with a secret: it doesn't open, or isn't the value that its mask speaks of.
fn closed(keys: &Keys, secret: &Sealed) -> Option<Finding> {
    let opened = unseal(keys, secret).and_then(|plain| is_spoken_of(keys, secret, &plain));
    let (what, mend) = match opened {
        Ok(true) => return None,
        Ok(false) => ("its fingerprint is another value's".to_owned(), None),
        Err(error) => (error.what().to_owned(), error.how_to_mend().map(ToOwned::to_owned)),
    };
    let place = format!("secret {} at {}.{}{}", secret.id, secret.place.table, secret.place.column, secret.place.path);
    let mend = mend.unwrap_or_else(|| "restore it from a backup, or set the value anew".to_owned());
    Some(wrong(place, what, &mend))
}

fn is_spoken_of(keys: &Keys, secret: &Sealed, plain: &Plaintext) -> Result<bool> {
    Ok(keys.unwrap(&secret.under)?.fingerprint(plain).as_str() == secret.fingerprint)
}

async fn masks_astray(tx: &Tx<'_>) -> Result<Vec<Finding>> {
    let astray = verifying::masks_astray(tx).await?;
    Ok(astray
        .into_iter()
        .map(|mask| {
            wrong(
                format!("{}.{} of row {}", mask.table, mask.place, mask.row),
                "the mask isn't that of a secret kept for this place: somebody wrote past the triggers".to_owned(),
                "set the value anew, and find out who can write with triggers off",
            )
        })
        .collect())
}

fn wrong(place: String, what: String, mend: &str) -> Finding {
    Finding { severity: Severity::Wrong, place, what, mend: mend.to_owned() }
}
