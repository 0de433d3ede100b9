//! How a request is refused that doesn't say what it should.

use std::fmt;

/// A refusal, with what `{code, message, details, hint}` of the answer need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Which kind of mistake it is; gives the code and the status of the answer.
    pub code: Code,
    /// What failed and where: the parameter or header, line and column.
    pub message: String,
    /// What stood there and what was expected instead.
    pub details: Option<String>,
    /// The mend, where one can be named.
    pub hint: Option<String>,
}

/// The kinds of mistake that can be told without a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// `PGRST100`, 400: a parameter or header that can't be read.
    Parse,
    /// `PGRST103`, 416: a limit or offset below zero.
    Range,
    /// `PGRST106`, 406: a schema that isn't exposed.
    Profile,
    /// `PGRST107`, 406: no media type that the client takes can be given.
    NotAcceptable,
    /// `PGRST107`, 415: a body of a type that isn't read.
    UnsupportedMedia,
    /// `PGRST122`, 400: a preference that isn't honoured.
    Preference,
}

impl Code {
    /// The code as the answer's body names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parse => "PGRST100",
            Self::Range => "PGRST103",
            Self::Profile => "PGRST106",
            Self::NotAcceptable | Self::UnsupportedMedia => "PGRST107",
            Self::Preference => "PGRST122",
        }
    }

    /// The HTTP status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Self::Parse | Self::Preference => 400,
            Self::Profile | Self::NotAcceptable => 406,
            Self::UnsupportedMedia => 415,
            Self::Range => 416,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)?;
        for part in [&self.details, &self.hint].into_iter().flatten() {
            write!(f, "; {part}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
