use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use super::policies::rules::Role;

/// On whose behalf statements reach the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody at the command line of the machine, as the user that they are there.
    Operator(String),
    /// Nobody signed in.
    Anonymous(Claims),
    /// Somebody signed in or a machine, as what a site's own tables know them: they are granted to `authenticated`.
    Authenticated(Claims),
    /// A person, in the role that their claims say they have.
    Person(Claims, Role),
    /// A machine with a service token.
    Service(Claims),
    /// Sign-in itself: reads people, sessions and tokens, nothing of `public`.
    Auth,
    /// A job, never reachable from a request's claims.
    Worker,
}

impl Caller {
    /// The person at this command line, as the machine knows them.
    pub fn operator() -> Self {
        let asked = std::process::Command::new("id").arg("-un").output().ok();
        let name = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        let number = || rustix::process::getuid().as_raw().to_string();
        Self::Operator(name.filter(|name| !name.is_empty()).unwrap_or_else(number))
    }

    /// Nobody signed in and no key that stands for anything.
    pub fn anonymous() -> Self {
        Self::Anonymous(Claims::new(json!({ "role": "anon" })))
    }

    /// The same caller as a site's own tables know them.
    #[must_use]
    pub fn at_the_site(&self) -> Self {
        match self {
            Self::Person(claims, _) | Self::Service(claims) => Self::Authenticated(claims.clone()),
            other => other.clone(),
        }
    }

    /// As whom the audit log knows them; empty where their claims or their role says it.
    pub fn actor(&self) -> String {
        match self {
            Self::Operator(name) => format!("operator:{name}"),
            _ => String::new(),
        }
    }

    /// The database role whose rights they have.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Operator(_) => "tenantry_owner",
            Self::Anonymous(_) => "anon",
            Self::Authenticated(_) => "authenticated",
            Self::Person(_, role) => role.name(),
            Self::Service(_) => Role::Service.name(),
            Self::Auth => "tenantry_auth",
            Self::Worker => "tenantry_worker",
        }
    }

    /// What they say about themselves, which `tenantry.enter` checks.
    pub fn claims(&self) -> Option<&Claims> {
        match self {
            Self::Anonymous(claims) | Self::Authenticated(claims) | Self::Person(claims, _) | Self::Service(claims) => {
                Some(claims)
            }
            Self::Operator(_) | Self::Auth | Self::Worker => None,
        }
    }
}

/// The claims of a request, in the form of a JWT's. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    value: Arc<Value>,
    text: Arc<str>,
}

impl Claims {
    /// Claims that were verified where they came from.
    pub fn new(value: Value) -> Self {
        let text = value.to_string().into();
        Self { value: Arc::new(value), text }
    }

    /// The claims themselves.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The same as JSON.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What the audit log wants to know of an act besides who does it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// The request that it belongs to.
    pub request_id: String,
    /// What the caller says that it is for.
    pub reason: Option<String>,
    /// Where the caller calls from.
    pub address: Option<IpAddr>,
}

impl Act {
    /// An act of the program's own, under a new number.
    pub fn new(reason: &str) -> Self {
        Self { request_id: uuid::Uuid::new_v4().to_string(), reason: Some(reason.to_owned()), address: None }
    }
}
