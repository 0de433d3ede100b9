//! The validator of a document: which one, the revision that last changed it, and the view.

use aws_lc_rs::digest::{Context, SHA256};
use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, HeaderValue};

use super::subject::Subject;

/// With or without secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Masks stand in the places of secrets.
    Masked,
    /// Secrets stand in their places.
    Secret,
}

/// The `ETag` of a view.
///
/// Weak, because one stands for every compression of the same document. Its end is of the document with masks: a database
/// that was restored gives the same revision again, for another document perhaps. Nothing of a secret is in it.
pub fn etag(subject: &Subject, revision: i64, sight: Sight, masked: &[u8]) -> HeaderValue {
    let view = match sight {
        Sight::Masked => "m",
        Sight::Secret => "s",
    };
    let text = format!("W/\"{}.{revision}.{view}.{}\"", short(&subject.canonical()), short(masked));
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("W/\"\""))
}

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
fn short(of: &[u8]) -> String {
    let mut context = Context::new(&SHA256);
    context.update(of);
    context.finish().as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn subject(client: u128) -> Subject {
        Subject { client_id: Uuid::from_u128(client), template_id: None, environment: "production".into() }
    }

    fn asked(said: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, said.parse().expect("a header's value"));
        headers
    }

    #[test]
    fn document_revision_view_and_content_tell_validators_apart() {
        let one = etag(&subject(1), 7, Sight::Masked, b"{}");
        assert_eq!(one, etag(&subject(1), 7, Sight::Masked, b"{}"));
        for other in [
            etag(&subject(2), 7, Sight::Masked, b"{}"),
            etag(&subject(1), 8, Sight::Masked, b"{}"),
            etag(&subject(1), 7, Sight::Secret, b"{}"),
            etag(&subject(1), 7, Sight::Masked, b"{\"a\":1}"),
        ] {
            assert_ne!(one, other);
            assert!(!is_held(&asked(other.to_str().unwrap()), &one));
        }
    }

    #[test]
    fn a_list_is_searched_and_weakness_ignored() {
        let one = etag(&subject(1), 7, Sight::Masked, b"{}");
        let text = one.to_str().unwrap();
        assert!(is_held(&asked(text), &one));
        assert!(is_held(&asked(&text[2..]), &one));
        assert!(is_held(&asked(&format!("\"x\", {text} , \"y\"")), &one));
        assert!(is_held(&asked("*"), &one));
        assert!(!is_held(&asked("\"x\""), &one));
        assert!(!is_held(&asked(text.trim_end_matches('"')), &one));
        assert!(!is_held(&HeaderMap::new(), &one));
    }
}
