use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Error, Result};

/// Where a test stops the migrator as a kill would: in the middle of a step, and after it. By default nowhere.
///
/// No place is stopped at twice: run again with a clone of the same faults, the migrator gets further.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    passed: Option<Arc<Mutex<BTreeSet<String>>>>,
    stops: bool,
}

impl Faults {
    /// Stops at each place, the first time that it is reached.
    pub fn everywhere() -> Self {
        Self { passed: Some(Arc::default()), stops: true }
    }

    /// Stops nowhere and only remembers the places.
    pub fn watching() -> Self {
        Self { passed: Some(Arc::default()), stops: false }
    }

    /// The places that were reached so far.
    pub fn passed(&self) -> BTreeSet<String> {
        self.passed
            .as_ref()
            .map_or_else(BTreeSet::new, |passed| passed.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// The migrator has reached a place.
    pub(super) fn point(&self, place: &str, migration: &str, step: &str) -> Result<()> {
        let Some(passed) = &self.passed else { return Ok(()) };
        let here = format!("{place} {migration}: {step}");
        let is_new = passed.lock().unwrap_or_else(PoisonError::into_inner).insert(here.clone());
        if is_new && self.stops { Err(Error::failure(format!("stopped {here}"))) } else { Ok(()) }
    }
}
