use std::fmt;

use tokio_postgres::error::{DbError, SqlState};

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whose turn it is to mend an [`Error`], which decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The work failed: exit code 1.
    Failure,
    /// The command was used wrongly: exit code 2.
    Usage,
    /// The database is away, which passes by itself: exit code 1.
    Unavailable,
    /// Everybody who could do the work is busy, which passes by itself: exit code 1.
    Busy,
}

/// What went wrong: the place and the rule in one sentence, and how to mend it.
///
/// Never holds a secret: connection strings are shown without their password, values of rows not at all.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    what: String,
    mend: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A failure of the work itself.
    pub fn failure(what: impl Into<String>) -> Self {
        Self { kind: Kind::Failure, what: what.into(), mend: None, source: None }
    }

    /// A command or setting that was used wrongly.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, ..Self::failure(what) }
    }

    /// The database is away for now.
    pub fn unavailable(what: impl Into<String>) -> Self {
        Self { kind: Kind::Unavailable, ..Self::failure(what) }
    }

    /// Nobody is free to do the work for now.
    pub fn busy(what: impl Into<String>) -> Self {
        Self { kind: Kind::Busy, ..Self::failure(what) }
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// Says where it happened, before what was said so far.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        let what = format!("{place}: {}", self.what);
        Self { what, ..self }
    }

    /// Whose turn it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The place and the rule.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// How to mend it, where that is known.
    pub fn how_to_mend(&self) -> Option<&str> {
        self.mend.as_deref()
    }

    /// The SQLSTATE that PostgreSQL gave, where it was PostgreSQL that refused.
    pub fn sql_state(&self) -> Option<&SqlState> {
        self.refusal().map(DbError::code)
    }

    /// PostgreSQL's DETAIL, which may repeat values of rows: only for errors that are known not to.
    pub fn database_detail(&self) -> Option<&str> {
        self.refusal()?.detail()
    }

    /// What PostgreSQL said, where it was PostgreSQL that refused.
    pub fn refusal(&self) -> Option<&DbError> {
        self.source.as_deref()?.downcast_ref::<tokio_postgres::Error>()?.as_db_error()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(mend) = &self.mend {
            write!(f, "\n  mend: {mend}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<tokio_postgres::Error> for Error {
    /// PostgreSQL's message and hint; its DETAIL is left out because it may repeat values of rows.
    fn from(source: tokio_postgres::Error) -> Self {
        let Some(refusal) = source.as_db_error() else {
            let kind = if Self::is_lost_connection(&source) { Kind::Unavailable } else { Kind::Failure };
            return Self { kind, ..Self::failure(with_causes(&source)) }.caused_by(source);
        };
        let code = refusal.code().code();
        let kind = if is_away(code) { Kind::Unavailable } else { Kind::Failure };
        let error = Self { kind, ..Self::failure(format!("{} (SQLSTATE {code})", refusal.message())) };
        let hint = refusal.hint().map(ToOwned::to_owned);
        match hint {
            Some(hint) => error.mend(hint),
            None => error,
        }
        .caused_by(source)
    }
}

impl Error {
    /// Whether the connection to PostgreSQL ended under somebody's work, without a word from PostgreSQL.
    pub fn is_lost_connection(error: &tokio_postgres::Error) -> bool {
        let source = std::error::Error::source(error);
        error.is_closed() || source.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
    }
}

/// Whether a SQLSTATE says that the server can't work now: connections, resources, a server that starts or stops.
fn is_away(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("53") || ["57P01", "57P02", "57P03"].contains(&code)
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::failure(source.to_string()).caused_by(source)
    }
}

impl From<serde_json::Error> for Error {
    fn from(source: serde_json::Error) -> Self {
        Self::failure(source.to_string()).caused_by(source)
    }
}

/// An error and everything beneath it in one line, since "error connecting to server" alone says too little.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(error.source(), |cause| cause.source())
        .fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}
