//! What tells a client that it has an answer already: `ETag` and `If-None-Match`.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, HeaderValue};

/// Whether the client has this one already.
pub fn is_held(headers: &HeaderMap, etag: &[u8]) -> bool {
    let ours = opaque(etag);
    let mut said = headers.get_all(IF_NONE_MATCH).iter();
    // Commas stand in none of ours, so that one which is cut in two matches nothing.
    said.any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .any(|one| one == b"*" || opaque(one) == ours)
    })
}

/// What is compared of a validator, weak or not.
fn opaque(said: &[u8]) -> &[u8] {
    said.strip_prefix(b"W/").unwrap_or(said)
}

/// The beginning of the SHA-256 of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// That of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let whole = digest(&SHA256, bytes);
        let first = whole.as_ref().first_chunk();
        Self(first.copied().map_or(0, u64::from_be_bytes))
    }
}

/// 16 hex digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The `ETag` of what an answer says. Weak, because one stands for every compression of it.
pub fn of(said: &[u8]) -> HeaderValue {
    HeaderValue::try_from(format!("W/\"{}\"", Digest::of(said))).unwrap_or(HeaderValue::from_static("W/\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(said: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, said.parse().expect("a header's value"));
        headers
    }

    #[test]
    fn a_list_is_searched_and_weakness_ignored() {
        let one = of(b"{}");
        let text = one.to_str().unwrap();
        assert!(is_held(&asked(text), one.as_bytes()));
        assert!(is_held(&asked(&text[2..]), one.as_bytes()));
        assert!(is_held(&asked(&format!("\"x\", {text} , \"y\"")), one.as_bytes()));
        assert!(is_held(&asked("*"), one.as_bytes()));
        assert!(!is_held(&asked("\"x\""), one.as_bytes()));
        assert!(!is_held(&asked(of(b"[]").to_str().unwrap()), one.as_bytes()));
        assert!(!is_held(&asked(text.trim_end_matches('"')), one.as_bytes()));
        assert!(!is_held(&HeaderMap::new(), one.as_bytes()));
    }
}
