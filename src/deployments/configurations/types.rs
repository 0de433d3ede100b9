use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Problem;

/// How far a deployment configuration got.
pub const STATUSES: [&str; 4] = ["draft", "validated", "applied", "failed"];

/// In place of a status, what asks for those that are in force.
pub const IN_FORCE: &str = "in_force";

/// The environments.
pub const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// A deployment configuration, as lists show it.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// Its key.
    pub id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// What the client is called.
    pub client: String,
    /// Its name.
    pub name: String,
    /// The environment.
    pub environment: String,
    /// The template that it serves; none for clients that have none.
    pub template_id: Option<String>,
    /// How far it got.
    pub status: String,
    /// Who hosts.
    pub provider: Option<String>,
    /// How often it was written.
    pub version: i32,
    /// The installation's revision that put it into force; none where it isn't.
    pub revision: Option<i64>,
    /// When its row was last changed.
    pub updated_at: Timestamp,
}

/// Everything of a deployment configuration that its reader sees.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What lists show of it.
    pub about: SetUp,
    /// The deployment that it is for: key and name.
    pub deployment: Option<(Uuid, String)>,
    /// The deployment template that it was made from: key and name.
    pub made_from: Option<(Uuid, String)>,
    /// When it was last applied, and by whom.
    pub applied: Option<(Timestamp, Option<Uuid>)>,
    /// When it was begun, and by whom.
    pub begun: (Timestamp, Option<Uuid>),
    /// Its columns, secrets as masks; a client's own login isn't shown all of them.
    pub row: Map<String, Value>,
}

/// What narrows a list; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somewhere in name, client or domain.
    pub search: Option<String>,
    /// How far they got.
    pub status: Option<String>,
    /// Only those that are in force.
    pub is_in_force: bool,
    /// The environment.
    pub environment: Option<String>,
    /// Whose they are.
    pub client_id: Option<Uuid>,
}

impl Filter {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Problem> {
        let refused = |name: &str, word: &str, known: &[&str]| {
            Problem::invalid(format!("there is no {name} {word:?}")).mend(format!("choose {}", known.join(", ")))
        };
        let (status, environment) = (asked("status"), asked("environment"));
        if let Some(word) = status.filter(|word| *word != IN_FORCE && !STATUSES.contains(word)) {
            return Err(refused("status", word, &STATUSES));
        }
        if let Some(word) = environment.filter(|word| !ENVIRONMENTS.contains(word)) {
            return Err(refused("environment", word, &ENVIRONMENTS));
        }
        Ok(Self {
            search: asked("q").map(ToOwned::to_owned),
            status: status.filter(|word| *word != IN_FORCE).map(ToOwned::to_owned),
            is_in_force: status == Some(IN_FORCE),
            environment: environment.map(ToOwned::to_owned),
            client_id: None,
        })
    }
}
