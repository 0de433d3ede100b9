use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use super::shelf::Known;
use super::slot::Woken;
use super::snapshot::Snapshot;
use crate::clock::Clock;

/// How often a stream on which nothing happens says so, that nobody between takes it for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Longer than this no timer is set: a token may expire in years.
const LONGEST_TIMER: Duration = Duration::from_hours(1);

/// Streams that are open.
#[derive(Default)]
pub struct Streams {
    open: Arc<AtomicUsize>,
    opened: AtomicU64,
}

/// One of them, for as long as the value is there.
struct Seat(Arc<AtomicUsize>);

/// What a stream knows.
struct State {
    known: Arc<Known>,
    woken: watch::Receiver<Woken>,
    closing: watch::Receiver<bool>,
    clock: Clock,
    /// What was said last; none where nothing was yet.
    said: Option<i64>,
    /// Its place among those that are told at once, from 0 to 1.
    turn: f64,
    timer: Pin<Box<Sleep>>,
    _seat: Seat,
}

impl Streams {
    /// How many are open.
    pub fn count(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Opens one, unless there are as many as there may be. `held` is the revision that the client has already.
    pub fn open(
        &self,
        most: usize,
        known: Arc<Known>,
        held: Option<i64>,
        closing: watch::Receiver<bool>,
        clock: Clock,
    ) -> Option<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
        let seat = Seat(self.open.clone());
        if seat.0.fetch_add(1, Ordering::Relaxed) >= most {
            return None;
        }
        let woken = known.slot.listen();
        let turn = turn(self.opened.fetch_add(1, Ordering::Relaxed));
        let timer = Box::pin(sleep(until_expiry(&known, clock)));
        let state = State { known, woken, closing, clock, said: held, turn, timer, _seat: seat };
        Some(Sse::new(stream::unfold(state, State::next)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl State {
    /// The next revision; nothing where the token no longer counts, or the server ends.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            let now = || self.clock.now();
            if *self.closing.borrow() || !self.known.is_alive(now) {
                return None;
            }
            if let Some(revision) = self.revision().filter(|revision| self.said != Some(*revision)) {
                self.said = Some(revision);
                let number = revision.to_string();
                return Some((Ok(Event::default().event("revision").id(&number).data(number)), self));
            }
            tokio::select! {
                changed = self.woken.changed() => {
                    changed.ok()?;
                    let spread = self.woken.borrow_and_update().spread;
                    if !spread.is_zero() {
                        sleep(spread.mul_f64(self.turn)).await;
                    }
                }
                _ = self.closing.changed() => {}
                () = &mut self.timer => self.timer.set(sleep(until_expiry(&self.known, self.clock))),
            }
        }
    }

    fn revision(&self) -> Option<i64> {
        match self.known.slot.current().as_deref() {
            Some(Snapshot::Document(document)) => Some(document.revision),
            Some(Snapshot::Refused(_)) | None => None,
        }
    }
}

fn until_expiry(known: &Known, clock: Clock) -> Duration {
    let left = known.expires_at().map(|end: Timestamp| end.duration_since(clock.now()));
    left.map_or(LONGEST_TIMER, |left| Duration::try_from(left).unwrap_or_default().min(LONGEST_TIMER))
}

/// Where a stream stands among all: multiples of the golden ratio, which no two streams share and which leave no gap.
#[expect(clippy::cast_precision_loss, reason = "a share of a second")]
fn turn(number: u64) -> f64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    (number.wrapping_mul(GOLDEN) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_spread_evenly() {
        for count in [10_usize, 100, 5_000] {
            let mut tenths = [0_usize; 10];
            for number in 0..count {
                let turn = turn(number as u64);
                assert!((0.0..1.0).contains(&turn));
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 9")]
                let tenth = (turn * 10.0) as usize;
                tenths[tenth] += 1;
            }
            assert!(tenths.iter().all(|found| found.abs_diff(count / 10) <= 2), "{count}: {tenths:?}");
        }
    }
}
