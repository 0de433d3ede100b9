//! What tells a client that it has an answer already: `ETag` and `If-None-Match`.

use aws_lc_rs::digest::{Context, SHA256};
use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, HeaderValue};

/// Whether the client has this one already.
pub fn is_held(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let ours = opaque(etag.as_bytes());
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

/// The first 16 hex digits of the SHA-256 of something.
pub fn short(of: &[u8]) -> String {
    let mut context = Context::new(&SHA256);
    context.update(of);
    context.finish().as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The `ETag` of what an answer says. Weak, because one stands for every compression of it.
pub fn of(said: &[u8]) -> HeaderValue {
    HeaderValue::try_from(format!("W/\"{}\"", short(said))).unwrap_or(HeaderValue::from_static("W/\"\""))
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
        assert!(is_held(&asked(text), &one));
        assert!(is_held(&asked(&text[2..]), &one));
        assert!(is_held(&asked(&format!("\"x\", {text} , \"y\"")), &one));
        assert!(is_held(&asked("*"), &one));
        assert!(!is_held(&asked("\"x\""), &one));
        assert!(!is_held(&asked(of(b"[]").to_str().unwrap()), &one));
        assert!(!is_held(&asked(text.trim_end_matches('"')), &one));
        assert!(!is_held(&HeaderMap::new(), &one));
    }
}
