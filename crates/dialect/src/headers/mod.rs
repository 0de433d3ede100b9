//! What the headers of a request ask for.

pub mod media;
pub mod prefer;

use media::Answer;
use prefer::Prefer;

/// What the headers ask for, besides who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// `Accept`: the form of the answer.
    pub answer: Answer,
    /// `Prefer`.
    pub prefer: Prefer,
    /// `If-Match`: the version that a row must still have, without its quotes.
    pub if_match: Option<String>,
}
