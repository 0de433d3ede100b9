use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A look is due every second; until twice that nobody need be told.
const UNTOLD: Duration = Duration::from_secs(2);

/// When this server last knew that what it holds is what the database holds.
pub struct Freshness {
    begun: Instant,
    /// Milliseconds from `begun`; zero before the first time.
    confirmed: AtomicU64,
    is_away: AtomicBool,
}

impl Freshness {
    pub fn new() -> Self {
        Self { begun: Instant::now(), confirmed: AtomicU64::new(0), is_away: AtomicBool::new(true) }
    }

    /// The time, as [`Self::since`] takes it; never zero.
    pub fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// How long ago a time was.
    pub fn since(&self, then: u64) -> Duration {
        Duration::from_millis(self.now().saturating_sub(then))
    }

    /// The database has been looked at, beginning at that time.
    pub fn confirm(&self, then: u64) {
        self.confirmed.store(then, Ordering::Relaxed);
        self.is_away.store(false, Ordering::Relaxed);
    }

    /// The database can't be looked at.
    pub fn lose(&self) {
        self.is_away.store(true, Ordering::Relaxed);
    }

    /// Whether the last look failed, or there was none yet.
    pub fn is_away(&self) -> bool {
        self.is_away.load(Ordering::Relaxed)
    }

    /// Whether the database was ever looked at.
    pub fn was_confirmed(&self) -> bool {
        self.confirmed.load(Ordering::Relaxed) > 0
    }

    /// How old what is held is, where that is worth saying; `behind_since` is when a change came that isn't in it yet.
    pub fn age(&self, behind_since: u64) -> Option<Duration> {
        let unconfirmed = self.since(self.confirmed.load(Ordering::Relaxed));
        let behind = if behind_since == 0 { Duration::ZERO } else { self.since(behind_since) };
        let age = unconfirmed.max(behind);
        (age > UNTOLD || self.is_away()).then_some(age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_told_while_the_database_is_away() {
        let freshness = Freshness::new();
        assert!(freshness.is_away() && !freshness.was_confirmed());
        freshness.confirm(freshness.now());
        assert_eq!(freshness.age(0), None);
        freshness.lose();
        assert!(freshness.age(0).is_some());
        freshness.confirm(freshness.now());
        assert_eq!(freshness.age(freshness.now()), None, "a change is under way");
    }
}
