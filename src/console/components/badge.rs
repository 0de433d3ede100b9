use maud::{Markup, html};

use crate::console::words;

/// How something stands, as a colour says it; the word beside it says it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Under way.
    Busy,
    /// Somebody should look.
    Attention,
    /// Not as it should be.
    Bad,
    /// Neither.
    Quiet,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "bg-green-lt",
            Self::Busy => "bg-blue-lt",
            Self::Attention => "bg-yellow-lt",
            Self::Bad => "bg-red-lt",
            Self::Quiet => "bg-secondary-lt",
        }
    }

    /// The tone of a status, whichever table it is of.
    pub fn of_status(status: &str) -> Self {
        match status {
            "active" | "applied" | "approved" | "completed" | "deployed" | "healthy" | "paid" | "success"
            | "succeeded" | "valid" | "verified" => Self::Good,
            "building" | "deploying" | "in_progress" | "open" | "pending" | "proposed" | "queued" | "running"
            | "trialing" | "trial" | "submitted" | "in_review" | "validated" => Self::Busy,
            "degraded" | "deprecated" | "past_due" | "suspended" | "warning" | "unpaid" | "maintenance"
            | "rolled_back" | "changes_requested" => Self::Attention,
            "churned" | "critical" | "error" | "failed" | "failure" | "invalid" | "rejected" | "unhealthy"
            | "expired" | "disabled" => Self::Bad,
            _ => Self::Quiet,
        }
    }
}

/// A word with a colour.
pub fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (word) } }
}

/// A status as the database has it.
pub fn status(status: &str) -> Markup {
    badge(Tone::of_status(status), &words::label(status))
}
