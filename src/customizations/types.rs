use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Problem;

/// How far a customization got.
pub const STATUSES: [&str; 4] = ["draft", "in_review", "approved", "deployed"];

/// In place of a status, what asks for those that are served.
pub const SERVED: &str = "served";

/// A customization, as lists show it.
#[derive(Clone, Debug)]
pub struct Customization {
    /// Its key.
    pub id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// What the client is called.
    pub client: String,
    /// The template that it departs from.
    pub template_id: String,
    /// The version that it pins; none for the newest.
    pub template_version: Option<String>,
    /// Its number among those of the client and template.
    pub number: Option<i32>,
    /// How far it got.
    pub status: String,
    /// Whether it is the one that is served.
    pub is_active: bool,
    /// Who wrote it.
    pub author: Option<Uuid>,
    /// When its row was last changed.
    pub updated_at: Timestamp,
}

impl Customization {
    /// The template and the version of it.
    pub fn template(&self) -> String {
        match &self.template_version {
            Some(version) => format!("{} {version}", self.template_id),
            None => format!("{}, newest version", self.template_id),
        }
    }

    /// What people call it: its number.
    pub fn name(&self) -> String {
        self.number.map_or_else(|| "Version".to_owned(), |number| format!("Version {number}"))
    }
}

/// Everything of a customization.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What lists show of it.
    pub about: Customization,
    /// Who approved it, and when.
    pub approved: Option<(Option<Uuid>, Timestamp)>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Its row, secrets as masks.
    pub row: Map<String, Value>,
}

impl Whole {
    /// Its values for the template.
    pub fn config(&self) -> Value {
        self.row.get("customization_config").cloned().unwrap_or_default()
    }
}

/// What narrows a list of customizations; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somewhere in the client's name or the template's.
    pub search: Option<String>,
    /// How far they got.
    pub status: Option<String>,
    /// Only those that are served.
    pub is_served: bool,
    /// The template that they depart from.
    pub template_id: Option<String>,
    /// Whose they are.
    pub client_id: Option<Uuid>,
}

impl Filter {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Problem> {
        let text = |name| asked(name).map(ToOwned::to_owned);
        let status = asked("status");
        if let Some(word) = status.filter(|word| *word != SERVED && !STATUSES.contains(word)) {
            return Err(Problem::invalid(format!("there is no status {word:?}"))
                .mend(format!("choose {}, or {SERVED}", STATUSES.join(", "))));
        }
        Ok(Self {
            search: text("q"),
            status: status.filter(|word| *word != SERVED).map(ToOwned::to_owned),
            is_served: status == Some(SERVED),
            template_id: text("template"),
            client_id: None,
        })
    }
}

/// What moves a customization on, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is written, and somebody should look at it.
    Submit,
    /// It isn't good yet.
    SendBack,
    /// It is good.
    Approve,
    /// It was put to use.
    Deploy,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Submit, Self::SendBack, Self::Approve, Self::Deploy];

    /// From which status to which.
    pub const fn way(self) -> (&'static str, &'static str) {
        match self {
            Self::Submit => ("draft", "in_review"),
            Self::SendBack => ("in_review", "draft"),
            Self::Approve => ("in_review", "approved"),
            Self::Deploy => ("approved", "deployed"),
        }
    }

    /// What is said of it once it was done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Submit => "Sent to review.",
            Self::SendBack => "Sent back: it is a draft again.",
            Self::Approve => "Approved. It can be served now.",
            Self::Deploy => "Marked as deployed.",
        }
    }

    /// What it was for, where nobody says.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Submit => "send a customization to review",
            Self::SendBack => "send a customization back",
            Self::Approve => "approve a customization",
            Self::Deploy => "mark a customization as deployed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_is_asked_for_as_a_status() {
        let asked = |word: &'static str| Filter::parse(move |name| (name == "status").then_some(word));
        let served = asked(SERVED).expect("a filter");
        assert!(served.is_served && served.status.is_none());
        assert_eq!(asked("in_review").expect("a filter").status.as_deref(), Some("in_review"));
        assert_eq!(asked("lost").expect_err("no status").status.as_u16(), 422);
    }

    #[test]
    fn every_step_leads_from_one_status_to_another() {
        for step in Step::ALL {
            let (from, to) = step.way();
            assert!(from != to && STATUSES.contains(&from) && STATUSES.contains(&to), "{step:?}");
        }
    }
}
