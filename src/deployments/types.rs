use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::problem::{Fault, Problem};

/// How a deployment stands.
pub const STATUSES: [&str; 9] =
    ["pending", "building", "deploying", "deployed", "failed", "maintenance", "cancelled", "superseded", "rolled_back"];

/// How well a deployment does.
pub const HEALTHS: [&str; 4] = ["unknown", "healthy", "warning", "critical"];

/// What deployments are for.
pub const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// What happens to deployments.
pub const KINDS: [&str; 8] = [
    "build_started",
    "build_completed",
    "deploy_started",
    "deploy_completed",
    "health_check",
    "error",
    "rollback",
    "maintenance",
];

/// How it went.
pub const OUTCOMES: [&str; 4] = ["info", "success", "warning", "failure"];

/// A deployment, as lists show it.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Its key.
    pub id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// What the client is called.
    pub client: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub environment: String,
    /// How it stands.
    pub status: String,
    /// How well it does.
    pub health: String,
    /// Who hosts it.
    pub provider: Option<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it became deployed.
    pub deployed_at: Option<Timestamp>,
    /// When somebody last looked how it does.
    pub checked_at: Option<Timestamp>,
}

/// Everything that is known of a deployment.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What lists show of it.
    pub deployment: Deployment,
    /// Where it answers.
    pub url: Option<String>,
    /// The client's own domain.
    pub domain: Option<String>,
    /// Region of whoever hosts it.
    pub region: Option<String>,
    /// Whether it is served by TLS.
    pub has_tls: Option<bool>,
    /// Whether it is served through a content network.
    pub has_cdn: Option<bool>,
    /// The provider's name of the build.
    pub build: Option<String>,
    /// What was built.
    pub commit: Option<String>,
    /// Percent of the time that it answered, as the database has it.
    pub uptime: Option<String>,
    /// Mean response time in milliseconds, as the database has it.
    pub response_time: Option<String>,
    /// Figures of the last check.
    pub metrics: Option<Value>,
    /// Features switched on or off.
    pub flags: Option<Value>,
    /// Who deployed it.
    pub deployed_by: Option<Uuid>,
    /// When its row was last changed.
    pub updated_at: Timestamp,
    /// What it shows of the client's design.
    pub design: Design,
    /// The deployment template that it was made from: key and name.
    pub made_from: Option<(Uuid, String)>,
    /// What a client's own login isn't shown.
    pub inner: Option<Inner>,
}

/// What only the agency is shown of a deployment.
#[derive(Clone, Debug)]
pub struct Inner {
    /// Variables of the process, secrets as masks.
    pub variables: Value,
    /// Configuration of the environment.
    pub environment: Value,
    /// What the build made.
    pub artifacts: Value,
    /// What the build printed.
    pub log: Option<String>,
}

/// The version of a client's design that is deployed.
#[derive(Clone, Debug)]
pub struct Design {
    /// Its key.
    pub id: Uuid,
    /// Its number.
    pub number: Option<i32>,
    /// The template that it departs from.
    pub template_id: String,
    /// The version that it pins.
    pub template_version: Option<String>,
    /// Whether it is the one that is served.
    pub is_active: bool,
}

/// A deployment configuration that a deployment uses.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// Its key.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How far it got.
    pub status: String,
    /// How often it was written.
    pub version: i32,
    /// The installation's revision that put it into force; none where it isn't.
    pub revision: Option<i64>,
    /// When it was last applied.
    pub applied_at: Option<Timestamp>,
}

/// How long it last took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// To build.
    pub build: Option<i32>,
    /// To deploy.
    pub deploy: Option<i32>,
}

/// Something that happened to a deployment.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its key.
    pub id: Uuid,
    /// The deployment.
    pub deployment_id: Uuid,
    /// What that is called.
    pub deployment: String,
    /// What happened.
    pub kind: String,
    /// How it went.
    pub outcome: String,
    /// The same for people.
    pub message: Option<String>,
    /// The same for machines; an empty document says nothing.
    pub details: Option<Value>,
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took: Option<i32>,
    /// What caused it.
    pub by: String,
    /// Who caused it.
    pub person: Option<Uuid>,
}

/// What narrows a list of deployments; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somewhere in name, client, URL or domain.
    pub search: Option<String>,
    /// Their status.
    pub status: Option<String>,
    /// Their health.
    pub health: Option<String>,
    /// What they are for.
    pub environment: Option<String>,
    /// Whose they are.
    pub client_id: Option<Uuid>,
}

impl Filter {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Problem> {
        Ok(Self {
            search: asked("q").map(ToOwned::to_owned),
            status: word(&asked, "status", &STATUSES)?,
            health: word(&asked, "health", &HEALTHS)?,
            environment: word(&asked, "environment", &ENVIRONMENTS)?,
            client_id: None,
        })
    }
}

/// What narrows a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub kind: Option<String>,
    /// How it went.
    pub outcome: Option<String>,
}

impl Told {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Problem> {
        Ok(Self { kind: word(&asked, "kind", &KINDS)?, outcome: word(&asked, "outcome", &OUTCOMES)? })
    }
}

fn word<'a>(asked: &impl Fn(&str) -> Option<&'a str>, name: &str, known: &[&str]) -> Result<Option<String>, Problem> {
    match asked(name) {
        Some(word) if !known.contains(&word) => {
            Err(Problem::invalid(format!("there is no {name} {word:?}")).mend(format!("choose {}", known.join(", "))))
        }
        word => Ok(word.map(ToOwned::to_owned)),
    }
}

/// An event that somebody tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What happened.
    pub kind: String,
    /// How it went.
    pub outcome: String,
    /// The same for people.
    pub message: Option<String>,
    /// How long it took, in milliseconds.
    pub took: Option<i32>,
}

/// The longest message that people write.
pub const LONGEST_MESSAGE: usize = 2_000;

impl NewEvent {
    /// As it was typed: kind, outcome, message, and seconds; every fault at once.
    pub fn parse(kind: &str, outcome: &str, message: Option<&str>, seconds: Option<&str>) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        if !KINDS.contains(&kind) {
            faults.push(Fault::at("/kind", "choice", "is nothing that happens").mend("choose one of the list"));
        }
        if !OUTCOMES.contains(&outcome) {
            faults.push(Fault::at("/outcome", "choice", "is no way that it went").mend("choose one of the list"));
        }
        let length = message.map_or(0, |text| text.chars().count());
        if length > LONGEST_MESSAGE {
            let detail = format!("has {length} characters, of which there may be {LONGEST_MESSAGE}");
            faults.push(Fault::at("/message", "length", detail));
        }
        let took = seconds.map(milliseconds).transpose().unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        if faults.is_empty() {
            let message = message.map(|text| text.replace("\r\n", "\n"));
            return Ok(Self { kind: kind.to_owned(), outcome: outcome.to_owned(), message, took });
        }
        Err(Problem::faults("the event can't be recorded like this", faults))
    }
}

/// Seconds, with up to three places, as milliseconds.
fn milliseconds(typed: &str) -> Result<i32, Fault> {
    let (whole, places) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let wrong = || Fault::at("/seconds", "number", "is no number of seconds").mend("write it as 42 or 0.5");
    if whole.is_empty() || places.len() > 3 || !digits(whole) || !digits(places) {
        return Err(wrong());
    }
    format!("{whole}{places:0<3}").parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_none_is_told_with_every_fault() {
        let long = "x".repeat(LONGEST_MESSAGE + 1);
        let problem = NewEvent::parse("exploded", "", Some(&long), Some("soon")).expect_err("faults");
        let pointers: Vec<&str> = problem.errors.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/kind", "/outcome", "/message", "/seconds"]);
    }

    #[test]
    fn seconds_are_kept_to_the_millisecond() {
        for (typed, expected) in [("42", Some(42_000)), ("0.5", Some(500)), ("1.234", Some(1_234))] {
            assert_eq!(milliseconds(typed).ok(), expected, "{typed}");
        }
        for odd in ["-1", "1.2345", "1e3", ".", "", "99999999999", "1.2.3"] {
            assert!(milliseconds(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_word_that_there_isnt_is_no_filter() {
        let asked = |asked: &'static str| move |name: &str| (name == asked).then_some("nothing");
        for name in ["status", "health", "environment"] {
            assert_eq!(Filter::parse(asked(name)).expect_err(name).status.as_u16(), 422);
        }
        assert!(Told::parse(asked("kind")).is_err() && Told::parse(asked("q")).is_ok());
    }
}
