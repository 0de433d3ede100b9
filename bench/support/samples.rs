use std::time::{Duration, Instant};

/// How long something took, many times over.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Adds those of another.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The middle one, in milliseconds.
    pub fn median(&self) -> f64 {
        self.percentile(0.5)
    }

    /// The longest, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.percentile(1.0)
    }

    /// The one that a share of all are not longer than, in milliseconds; not a number where there are none.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    pub fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1));
        sorted.get(rank - 1).map_or(f64::NAN, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Runs two things in turn, so that whatever else the machine does meanwhile falls on both alike, and each goes first
/// every other time.
pub async fn interleave(rounds: usize, mut one: impl AsyncFnMut(), mut other: impl AsyncFnMut()) -> (Samples, Samples) {
    interleave_timed(rounds, async || timed(&mut one).await, async || timed(&mut other).await).await
}

/// The same with things that say themselves how long the part of them took that counts.
pub async fn interleave_timed(
    rounds: usize,
    mut one: impl AsyncFnMut() -> Duration,
    mut other: impl AsyncFnMut() -> Duration,
) -> (Samples, Samples) {
    let (mut ones, mut others) = (Samples::default(), Samples::default());
    for round in 0..rounds {
        if round % 2 == 0 {
            ones.push(one().await);
            others.push(other().await);
        } else {
            others.push(other().await);
            ones.push(one().await);
        }
    }
    (ones, others)
}

async fn timed(act: &mut impl AsyncFnMut()) -> Duration {
    let begun = Instant::now();
    act().await;
    begun.elapsed()
}
