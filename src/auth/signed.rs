use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::gate::Gate;
use super::refusal::Refusal;
use crate::db::caller::{Act, Caller};
use crate::db::policies::rules::Role;
use crate::problem::Problem;

/// Who calls an operation of `/api/v1`: a person or a machine, nobody else. What a handler needs, so that none forgets it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// On whose behalf the database is asked.
    pub caller: Caller,
    /// What the audit log wants to know besides.
    pub act: Act,
}

impl Signed {
    /// Whether it is a client's own login.
    pub fn is_client(&self) -> bool {
        matches!(self.caller, Caller::Person(_, Role::Client))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed
where
    Gate: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let act = parts.extensions.get::<Act>().cloned().unwrap_or_default();
        let caller = Gate::from_ref(state).caller(&parts.method, &parts.headers, &act).await.map_err(Problem::from)?;
        match caller {
            Caller::Person(..) | Caller::Service(_) => Ok(Self { caller, act }),
            _ => Err(Refusal::missing("nobody is signed in").into()),
        }
    }
}
