use std::fmt;

use crate::KeyId;

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong; never says anything of a key or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The system gave no random bytes.
    NoRandomness,
    /// The text at this line of a key ring isn't a key.
    NotAKey {
        /// Which line, from 1.
        line: usize,
    },
    /// A key stands twice in a ring.
    KeyTwice(KeyId),
    /// A ring without a key.
    NoKeys,
    /// The ring lacks the key that something was wrapped by.
    MissingKey(KeyId),
    /// A sealed value or a wrapped key that wasn't made by this key for this place, or was altered since.
    Refused,
    /// A value that isn't JSON.
    NotJson,
    /// A recovery export that can't be read.
    NotAnExport(&'static str),
    /// A recovery export that this passphrase doesn't open, or that was altered.
    WrongPassphrase,
    /// A passphrase that would be guessed.
    WeakPassphrase,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRandomness => f.write_str("the machine gives no random numbers"),
            Self::NotAKey { line } => write!(f, "line {line} isn't a key of the form tnt_kek_…"),
            Self::KeyTwice(id) => write!(f, "the key {id} stands there twice"),
            Self::NoKeys => f.write_str("there is no key in it"),
            Self::MissingKey(id) => write!(f, "the key {id} is missing"),
            Self::Refused => f.write_str("it was sealed for another place or under another key, or was altered"),
            Self::NotJson => f.write_str("it isn't JSON"),
            Self::NotAnExport(what) => write!(f, "it isn't a recovery export: {what}"),
            Self::WrongPassphrase => f.write_str("the passphrase is another, or the export was altered"),
            Self::WeakPassphrase => {
                write!(f, "a passphrase has {} characters or more", crate::recovery::SHORTEST_PASSPHRASE)
            }
        }
    }
}

impl std::error::Error for Error {}
