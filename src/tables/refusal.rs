//! How the table API refuses: `{code, message, details, hint}` with a status, as `supabase-js` expects it.

use axum::http::StatusCode;

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

/// What somebody probably meant who wrote something unknown.
fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.75;
    // Comparing costs the product of the lengths, and PostgreSQL has no longer names.
    if written.len() > 63 {
        return None;
    }
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written.to_lowercase(), name), name))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["tier", "status", "company_name", "created_at"];
        assert_eq!(nearest("teir", known), Some("tier"));
        assert_eq!(nearest("companyName", known), Some("company_name"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest(&"t".repeat(64), known), None);
    }

    #[test]
    fn asks_who_is_nobody_to_sign_in() {
        assert_eq!(Refusal::denied("anon", "").status, StatusCode::UNAUTHORIZED);
        assert_eq!(Refusal::denied("tenantry_staff", "").status, StatusCode::FORBIDDEN);
    }
}
