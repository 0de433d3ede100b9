//! When jobs ran last, and how that went: kept in memory, for whoever looks at the installation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// What jobs have done since the program started. Cheap to clone; clones are one book.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    last: Arc<Mutex<BTreeMap<&'static str, Run>>>,
}

/// The last time that a job ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What it did; or what went wrong.
    pub outcome: Result<String, String>,
}

impl Runs {
    /// Writes down that a job ran.
    pub fn note(&self, job: &'static str, run: Run) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).insert(job, run);
    }

    /// The last run of each job that ran, by its name.
    pub fn last(&self) -> Vec<(&'static str, Run)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().map(|(job, run)| (*job, run.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_run_takes_the_place_of_the_one_before() {
        let runs = Runs::default();
        let run = |outcome: Result<&str, &str>| Run {
            at: Timestamp::UNIX_EPOCH,
            took: Duration::from_millis(5),
            outcome: outcome.map(ToOwned::to_owned).map_err(ToOwned::to_owned),
        };
        runs.clone().note("figures", run(Err("the database is away")));
        runs.note("figures", run(Ok("2 changed")));
        assert_eq!(runs.last(), [("figures", run(Ok("2 changed")))]);
    }
}
