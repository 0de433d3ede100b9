use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::{ArcSwapOption, Guard};
use tokio::sync::watch;

use super::freshness::Freshness;
use super::snapshot::Snapshot;
use super::subject::Subject;

/// Never a revision: what is in memory has to be made anew.
const NEVER: i64 = -1;

/// The place of one document in memory. Whoever reads takes no lock.
pub struct Slot {
    /// What it is the place of.
    pub subject: Subject,
    current: ArcSwapOption<Snapshot>,
    /// The revision of the database that `current` was made of.
    made_at: AtomicI64,
    /// The newest revision that may have changed it.
    touched_at: AtomicI64,
    /// Since when a change isn't in it yet; zero where there is none.
    behind_since: AtomicU64,
    reads_secrets: AtomicBool,
    woken: OnceLock<watch::Sender<Woken>>,
}

/// What streams are told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Woken {
    /// Over how long a time those who are told at once spread what they do.
    pub spread: Duration,
}

impl Slot {
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            current: ArcSwapOption::empty(),
            made_at: AtomicI64::new(NEVER),
            touched_at: AtomicI64::new(0),
            behind_since: AtomicU64::new(0),
            reads_secrets: AtomicBool::new(false),
            woken: OnceLock::new(),
        }
    }

    /// What is there; nothing before it was first made.
    pub fn current(&self) -> Guard<Option<Arc<Snapshot>>> {
        self.current.load()
    }

    /// Whether a live token reads its secrets.
    pub fn reads_secrets(&self) -> bool {
        self.reads_secrets.load(Ordering::Relaxed)
    }

    /// A token reads it from now on; what is there lacks secrets where nobody read them so far.
    pub fn is_read(&self, with_secrets: bool) {
        if with_secrets && !self.reads_secrets.swap(true, Ordering::Relaxed) {
            self.made_at.store(NEVER, Ordering::Relaxed);
        }
    }

    /// A revision may have changed it.
    pub fn touch(&self, revision: i64, freshness: &Freshness) {
        self.touched_at.fetch_max(revision, Ordering::Relaxed);
        if self.is_behind() {
            let _ = self.behind_since.compare_exchange(0, freshness.now(), Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// It has to be made anew, whatever revision it is of.
    pub fn forget(&self) {
        self.made_at.store(NEVER, Ordering::Relaxed);
        self.touched_at.store(0, Ordering::Relaxed);
    }

    /// Whether it isn't what the database holds.
    pub fn is_behind(&self) -> bool {
        self.made_at.load(Ordering::Relaxed) < self.touched_at.load(Ordering::Relaxed)
    }

    /// Since when; zero where it isn't.
    pub fn behind_since(&self) -> u64 {
        self.behind_since.load(Ordering::Relaxed)
    }

    /// Puts another there.
    pub fn replace(&self, snapshot: Arc<Snapshot>) {
        self.current.store(Some(snapshot));
    }

    /// What is there is what the database holds at a revision.
    pub fn is_of(&self, revision: i64) {
        self.made_at.store(revision, Ordering::Relaxed);
        if !self.is_behind() {
            self.behind_since.store(0, Ordering::Relaxed);
        }
    }

    /// How many wait to be told of changes.
    pub fn listeners(&self) -> usize {
        self.woken.get().map_or(0, watch::Sender::receiver_count)
    }

    /// Waits to be told.
    pub fn listen(&self) -> watch::Receiver<Woken> {
        self.woken.get_or_init(|| watch::Sender::new(Woken::default())).subscribe()
    }

    /// Tells those who wait that something has changed: the document, or a token.
    pub fn wake(&self, spread: Duration) {
        if let Some(woken) = self.woken.get() {
            woken.send_replace(Woken { spread });
        }
    }
}
