//! How the table API refuses: `{code, message, details, hint}` with a status, as `supabase-js` expects it.

use axum::http::StatusCode;
use serde_json::json;

use crate::problem::{Fault, nearest};

/// A request that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// A `PGRST` code, a SQLSTATE, or one of Tenantry's own (`TN…`).
    pub code: String,
    /// What failed and where.
    pub message: String,
    /// What stood there, or what was found. Text always: `supabase-js` searches it.
    pub details: Option<String>,
    /// The mend.
    pub hint: Option<String>,
}

impl Refusal {
    /// One with a status and a code.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), details: None, hint: None }
    }

    /// A request that says something that can't be done.
    pub fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// What breaks a rule, with all of it; none where nothing does.
    pub fn of_faults(faults: &[Fault]) -> Option<Self> {
        let first = faults.first()?;
        let message = format!("{}: {}", first.pointer.trim_start_matches('/'), first.detail);
        let refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "TN422", message).details(json!(faults).to_string());
        Some(Self { hint: first.mend.clone(), ..refusal })
    }

    /// Adds what stood there, or what was found.
    #[must_use]
    pub fn details(self, details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..self }
    }

    /// Adds the mend.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Adds a mend that names what was probably meant, where something is near.
    #[must_use]
    pub fn did_you_mean<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, known) {
            Some(near) => self.hint(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// A column that a relation doesn't have.
    pub fn no_column<'a>(relation: &str, column: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::bad("PGRST204", format!("Could not find the '{column}' column of '{relation}' in the schema cache"))
            .did_you_mean(column, known)
    }

    /// A column or table that the caller's role may not use in this way.
    pub fn denied(role: &str, message: impl Into<String>) -> Self {
        let status = if role == "anon" { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        Self::new(status, "42501", message)
    }
}

impl From<dialect::Error> for Refusal {
    fn from(error: dialect::Error) -> Self {
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self {
            status,
            code: error.code.as_str().to_owned(),
            message: error.message,
            details: error.details,
            hint: error.hint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_who_is_nobody_to_sign_in() {
        assert_eq!(Refusal::denied("anon", "").status, StatusCode::UNAUTHORIZED);
        assert_eq!(Refusal::denied("tenantry_staff", "").status, StatusCode::FORBIDDEN);
    }
}
