use std::sync::Arc;

use arc_swap::ArcSwapOption;
use envelope::{DataKey, KeyId, Owner, Ring};
use quick_cache::sync::Cache;
use uuid::Uuid;

use super::source::Source;
use crate::settings::Settings;
use crate::{Error, Result};

/// How many unwrapped data keys are kept: more clients than an installation has.
const UNWRAPPED: usize = 50_000;

/// The key-encryption keys of this process, and the data keys that they unwrapped.
///
/// A key that isn't known is looked for at the source again, so that a server follows a rotation without a restart where
/// the source is a file.
pub struct Keys {
    source: Source,
    ring: ArcSwapOption<Ring>,
    unwrapped: Cache<Uuid, Arc<DataKey>>,
}

/// A data key as the database has it.
pub struct Wrapped {
    /// Its id.
    pub id: Uuid,
    /// Whose secrets it seals.
    pub owner: Owner,
    /// The key that it is wrapped by.
    pub by: KeyId,
    /// The key, wrapped.
    pub wrapped: Vec<u8>,
}

impl Keys {
    /// Those of the settings; there may be none yet.
    pub fn of(settings: &Settings) -> Result<Self> {
        Self::from(Source::of(settings)?)
    }

    /// Those of a source.
    pub fn from(source: Source) -> Result<Self> {
        let ring = ArcSwapOption::from(source.read()?.map(Arc::new));
        Ok(Self { source, ring, unwrapped: Cache::new(UNWRAPPED) })
    }

    /// Where they come from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// All of them, if there are any.
    pub fn ring(&self) -> Option<Arc<Ring>> {
        self.ring.load_full()
    }

    /// Takes what the source has now.
    pub fn look_again(&self) -> Result<Option<Arc<Ring>>> {
        self.ring.store(self.source.read()?.map(Arc::new));
        Ok(self.ring())
    }

    /// Makes the first one, where the source lets us.
    pub(super) fn make(&self) -> Result<Arc<Ring>> {
        let ring = Arc::new(self.source.make()?);
        self.ring.store(Some(Arc::clone(&ring)));
        Ok(ring)
    }

    /// The ring, after another look at the source where it lacks a key.
    pub(super) fn holding(&self, id: &KeyId) -> Result<Arc<Ring>> {
        let holds = |ring: &Arc<Ring>| ring.find(id).is_some();
        if let Some(ring) = self.ring().filter(holds) {
            return Ok(ring);
        }
        self.look_again()?.filter(holds).ok_or_else(|| self.missing(std::slice::from_ref(id)))
    }

    /// Unwraps a data key, or takes it from memory.
    pub(super) fn unwrap(&self, key: &Wrapped) -> Result<Arc<DataKey>> {
        if let Some(known) = self.unwrapped.get(&key.id).filter(|known| known.owner() == key.owner) {
            return Ok(known);
        }
        let ring = self.holding(&key.by)?;
        let unwrapped = DataKey::unwrap(&ring, &key.by, key.id, key.owner, &key.wrapped)
            .map_err(|error| said(&error).within(&format!("the data key {}, wrapped by {}", key.id, key.by)))?;
        let unwrapped = Arc::new(unwrapped);
        self.unwrapped.insert(key.id, Arc::clone(&unwrapped));
        Ok(unwrapped)
    }

    /// The error that names keys which aren't there.
    pub(super) fn missing(&self, ids: &[KeyId]) -> Error {
        let named: Vec<&str> = ids.iter().map(KeyId::as_str).collect();
        let there: Vec<String> = self.ring().iter().flat_map(|ring| ring.ids().map(ToString::to_string)).collect();
        let there = if there.is_empty() { "no key".to_owned() } else { there.join(", ") };
        Error::failure(format!(
            "the database's secrets need the encryption key {}, and {} has {there}",
            named.join(", "),
            self.source.describe()
        ))
        .mend(
            "put the missing key there from where it was kept, or bring it back with `tenantry keys import-recovery`; \
             without it those secrets can't be read",
        )
    }
}

/// What went wrong in the cryptography, with its mend.
pub(super) fn said(error: &envelope::Error) -> Error {
    use envelope::Error as Wrong;

    let failure = Error::failure(error.to_string());
    match error {
        Wrong::NoRandomness => failure.mend("see why the machine gives none"),
        Wrong::NotAKey { .. } | Wrong::KeyTwice(_) | Wrong::NoKeys => {
            failure.mend("leave one key on a line, each as `tenantry keys generate` prints it")
        }
        Wrong::MissingKey(_) => failure.mend("put it back from where it was kept"),
        Wrong::Refused => failure.mend("restore it from a backup, or set the value anew"),
        Wrong::NotJson => failure.mend("set the value anew"),
        Wrong::NotAnExport(_) => failure.mend("give the whole file that `tenantry keys export-recovery` wrote"),
        Wrong::WrongPassphrase => failure.mend("give the passphrase that it was made with"),
        Wrong::WeakPassphrase => failure.mend("choose a longer one, such as six words at random"),
    }
}
