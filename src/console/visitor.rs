use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Response;
use axum::http::request::Parts;
use axum::middleware::Next;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{Console, Screen};
use crate::Result;
use crate::auth::Refusal;
use crate::db::caller::{Act, Caller};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// Who looks at a page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// On whose behalf the database is asked.
    pub caller: Caller,
    /// What the audit log wants to know besides.
    pub act: Act,
    /// Who they are.
    pub person: Person,
    /// The zone that times are shown in.
    pub zone: TimeZone,
    /// What the browser says.
    pub screen: Screen,
}

/// Somebody who can sign in, as pages name them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their key.
    pub id: Uuid,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

impl Visitor {
    /// Whether their role is one of these.
    pub fn is(&self, roles: &[Role]) -> bool {
        roles.contains(&self.person.role)
    }

    /// Refuses whoever's role is none of these: the page, or the button behind which this stands, isn't for them.
    pub fn has_to_be(&self, roles: &[Role]) -> Result<(), Problem> {
        if self.is(roles) {
            return Ok(());
        }
        let refused = Problem::forbidden("this isn't for people of your role");
        Err(refused.mend("ask an administrator to do it, or for another role"))
    }

    /// A transaction of theirs: they see and do in it what the database lets them.
    pub async fn begin(&self, console: &Console) -> Result<Tx<'static>> {
        console.database().begin(&self.caller, &self.act).await
    }

    /// One that only reads, and sees the database as it is at its first statement.
    pub async fn snapshot(&self, console: &Console) -> Result<Tx<'static>> {
        console.database().snapshot(&self.caller, &self.act).await
    }

    /// What the audit log gets to know of something done for a reason.
    pub fn act_for(&self, reason: &str) -> Act {
        Act { reason: Some(reason.to_owned()).filter(|reason| !reason.trim().is_empty()), ..self.act.clone() }
    }
}

/// Finds out who it is before the page's handler runs.
pub(super) async fn layer(State(_): State<Console>, request: Request, next: Next) -> Response<Body> {
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refusal::missing("nobody is signed in").into())
    }
}
