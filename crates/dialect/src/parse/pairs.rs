//! A query string as pairs of decoded text, and how a pair is refused.

use percent_encoding::percent_decode;

use super::cursor::Mismatch;
use crate::{Code, Error, Limits};

/// How much of a parameter a message repeats, in characters before and after the place.
const SHOWN: usize = 60;

/// One parameter, decoded.
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) value: String,
}

/// `a=1&b=2`. Nothing between two `&` is no parameter; one without `=` has an empty value.
pub(super) fn split(raw: &[u8], limits: &Limits) -> Result<Vec<Pair>, Error> {
    if raw.len() > limits.query_bytes {
        let message = format!("the query string has {} bytes, and at most {} are read", raw.len(), limits.query_bytes);
        return Err(Error {
            code: Code::Parse,
            message,
            details: None,
            hint: Some("send it as several requests".to_owned()),
        });
    }
    raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

fn pair(raw: &[u8]) -> Result<Pair, Error> {
    let equals = raw.iter().position(|byte| *byte == b'=');
    let (key, value) = equals.map_or((raw, &[][..]), |at| (&raw[..at], &raw[at + 1..]));
    let key = decode(key).map_err(|why| undecodable("a parameter's name", why))?;
    let value = decode(value).map_err(|why| undecodable(&format!("the value of parameter {key:?}"), why))?;
    Ok(Pair { key, value })
}

/// `+` is a blank, as forms and `URLSearchParams` write it.
fn decode(raw: &[u8]) -> Result<String, &'static str> {
    let blanks: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let text = String::from_utf8(percent_decode(&blanks).collect()).map_err(|_| "isn't UTF-8")?;
    if text.contains('\0') { Err("holds a NUL, which PostgreSQL has no place for") } else { Ok(text) }
}

fn undecodable(place: &str, why: &str) -> Error {
    Error { code: Code::Parse, message: format!("{place} {why}"), details: None, hint: None }
}

impl Pair {
    /// What is wrong stands in the value.
    pub(super) fn refuse(&self, mismatch: Mismatch) -> Error {
        let text = format!("{}={}", self.key, self.value);
        let before = self.key.len() + 1;
        error(&text, before + mismatch.at, mismatch)
    }

    /// What is wrong stands in the name.
    pub(super) fn refuse_key(&self, mismatch: Mismatch) -> Error {
        error(&self.key, mismatch.at, mismatch)
    }
}

fn error(text: &str, at: usize, mismatch: Mismatch) -> Error {
    let column = text[..at].chars().count() + 1;
    let code = if mismatch.below_zero { Code::Range } else { Code::Parse };
    let message = format!("failed to parse parameter ({}) (line 1, column {column})", excerpt(text, column - 1));
    Error { code, message, details: Some(mismatch.details), hint: mismatch.hint }
}

/// The text around a place.
fn excerpt(text: &str, at: usize) -> String {
    let start = at.saturating_sub(SHOWN);
    let mut characters = text.chars().skip(start);
    let shown: String = characters.by_ref().take(at - start + SHOWN).collect();
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{shown}{}", dots(start > 0), dots(characters.next().is_some()))
}
