//! Media types: `Accept` and `Content-Type`.

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `application/json`, `application/vnd.pgrst.array+json`, `*/*`: an array of rows.
    Array,
    /// `application/vnd.pgrst.object+json`: the one row, itself. Any other number of rows is an error.
    Object,
    /// `text/csv`.
    Csv,
}

impl Answer {
    /// The `Content-Type` of such an answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Array => "application/json; charset=utf-8",
            Self::Object => "application/vnd.pgrst.object+json; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}
