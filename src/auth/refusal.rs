use axum::http::StatusCode;

use crate::Error;
use crate::problem::Problem;

/// Why a request isn't let in, before anything was asked of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// The code of the answer, as `/rest/v1` gives it.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<&'static str>,
    /// The header `WWW-Authenticate`, which every 401 has.
    pub challenge: Option<String>,
}

impl Refusal {
    /// No credentials: `PGRST302`.
    pub fn missing(message: impl Into<String>) -> Self {
        Self { challenge: Some("Bearer".to_owned()), ..Self::unauthorized("PGRST302", message.into()) }
            .hint("Send a key as `apikey`, and it or an access token as `Authorization: Bearer`.")
    }

    /// Credentials that are none, or not ours: `PGRST301`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::unauthorized("PGRST301", message.into())
    }

    /// Credentials that were good once: `PGRST303`.
    pub fn over(message: impl Into<String>) -> Self {
        Self::unauthorized("PGRST303", message.into())
    }

    /// Good credentials, but not for this.
    pub fn forbidden(message: impl Into<String>, hint: &'static str) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "42501",
            message: message.into(),
            hint: Some(hint),
            challenge: None,
        }
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    fn unauthorized(code: &'static str, message: String) -> Self {
        // Quotes and backslashes would end the parameter; no message has any, and none must.
        let said: String =
            message.chars().filter(|c| c.is_ascii() && !c.is_control() && !"\"\\".contains(*c)).collect();
        let challenge = Some(format!("Bearer error=\"invalid_token\", error_description=\"{said}\""));
        Self { status: StatusCode::UNAUTHORIZED, code, message, hint: None, challenge }
    }
}

/// Why it isn't known who calls.
#[derive(Debug)]
pub enum Denial {
    /// They are refused.
    Refused(Refusal),
    /// It can't be found out now.
    Failed(Error),
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Denial {
    /// What `tenantry.enter` refuses is a refusal; everything else is a failure.
    fn from(error: Error) -> Self {
        match error.refusal() {
            Some(refused) if refused.code().code() == "TN401" => Self::Refused(Refusal::over(refused.message())),
            _ => Self::Failed(error),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, code: _, message, hint, challenge } = refusal;
        let problem = Self::new(status, message).challenge(challenge);
        match hint {
            Some(hint) => problem.mend(hint),
            None => problem,
        }
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Refused(refusal) => refusal.into(),
            Denial::Failed(error) => error.into(),
        }
    }
}
