//! What the headers of a request ask for, besides who asks.

mod conditional;
pub mod media;
pub mod prefer;
mod preference;

use media::Answer;
use prefer::Prefer;

use crate::{Code, Error};

/// The one schema that is exposed.
const SCHEMA: &str = "public";

/// What the headers ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// `Accept`: the form of the answer.
    pub answer: Answer,
    /// `Prefer`.
    pub prefer: Prefer,
    /// `If-Match`: the version that a row must still have, without its quotes.
    pub if_match: Option<String>,
}

impl Headers {
    /// Reads the headers that the dialect gives a meaning; others belong to whoever else reads them.
    ///
    /// `pairs` are names in lower case and values as they were sent, in their order. `body` says whether the request
    /// carries rows, whose `Content-Type` counts then.
    pub fn parse<'a>(body: bool, pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, Error> {
        let (mut accept, mut prefer, mut if_match) = (Vec::new(), Vec::new(), None);
        for (name, value) in pairs {
            match name {
                "accept" => accept.push(text(name, value)?),
                "prefer" => prefer.push(text(name, value)?),
                "content-type" if body => media::readable(text(name, value)?)?,
                "accept-profile" | "content-profile" => profile(name, text(name, value)?)?,
                "if-match" if if_match.is_some() => return Err(conditional::several()),
                "if-match" => if_match = Some(conditional::version(text(name, value)?)?),
                _ => conditional::refuse_others(name)?,
            }
        }
        Ok(Self { answer: Answer::choose(&accept)?, prefer: Prefer::parse(&prefer)?, if_match })
    }
}

fn text<'a>(name: &str, value: &'a [u8]) -> Result<&'a str, Error> {
    std::str::from_utf8(value).map(str::trim).map_err(|_| Error {
        code: Code::Parse,
        message: format!("header {name} isn't UTF-8"),
        details: None,
        hint: None,
    })
}

fn profile(name: &str, schema: &str) -> Result<(), Error> {
    if schema == SCHEMA {
        return Ok(());
    }
    Err(Error {
        code: Code::Profile,
        message: format!("Invalid schema: {schema}"),
        details: Some(format!("header {name} asks for it")),
        hint: Some(format!("Only the following schemas are exposed: {SCHEMA}")),
    })
}
