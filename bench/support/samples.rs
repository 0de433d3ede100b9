use std::time::{Duration, Instant};

/// How long something took, many times over.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
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

/// Runs two things in turn, so that whatever else the machine does meanwhile falls on both alike.
pub async fn interleave(rounds: usize, mut one: impl AsyncFnMut(), mut other: impl AsyncFnMut()) -> (Samples, Samples) {
    let (mut ones, mut others) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        let begun = Instant::now();
        one().await;
        ones.push(begun.elapsed());
        let begun = Instant::now();
        other().await;
        others.push(begun.elapsed());
    }
    (ones, others)
}
