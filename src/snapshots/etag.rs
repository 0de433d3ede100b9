//! The validator of a document: which one, the revision that last changed it, and the view.

use axum::http::HeaderValue;

use super::subject::Subject;
use crate::validator::Digest;

/// With or without secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Masks stand in the places of secrets.
    Masked,
    /// Secrets stand in their places.
    Secret,
}

/// Longer than any validator: two digests of 16 digits, a revision of 19, and what stands around them.
const ROOM: usize = 63;

/// The `ETag` of a view.
///
/// Its text stands in the value itself, which is near what else an answer is made of. A header's value that is shared would
/// be two more places in memory that no cache of the processor has, one of them written by every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validator {
    text: [u8; ROOM],
    length: u8,
}

impl Validator {
    /// Weak, because one stands for every compression of the same document. Its end is of the document with masks: a
    /// database that was restored gives the same revision again, for another document perhaps. Nothing of a secret is in it.
    pub fn new(subject: &Subject, revision: i64, sight: Sight, masked: Digest) -> Self {
        let view = match sight {
            Sight::Masked => "m",
            Sight::Secret => "s",
        };
        let (subject, masked) = (Digest::of(&subject.canonical()), masked);
        let said = format!("W/\"{subject}.{revision}.{view}.{masked}\"");
        let (mut text, length) = ([0; ROOM], said.len().min(ROOM));
        text[..length].copy_from_slice(&said.as_bytes()[..length]);
        Self { text, length: u8::try_from(length).unwrap_or_default() }
    }

    /// As it is sent.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_bytes(self.bytes()).unwrap_or(HeaderValue::from_static("W/\"\""))
    }

    /// The same as bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.text[..usize::from(self.length)]
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn etag(subject: &Subject, revision: i64, sight: Sight, masked: &[u8]) -> Validator {
        Validator::new(subject, revision, sight, Digest::of(masked))
    }

    fn text(of: Validator) -> String {
        of.header().to_str().expect("text").to_owned()
    }

    fn subject(client: u128) -> Subject {
        Subject { client_id: Uuid::from_u128(client), template_id: None, environment: "production".into() }
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
        }
    }

    #[test]
    fn the_longest_validator_has_room() {
        let longest = etag(&subject(1), i64::MAX, Sight::Secret, b"{}");
        assert!(text(longest).ends_with('"'));
        assert_ne!(longest, etag(&subject(1), i64::MAX, Sight::Secret, b"{\"a\":1}"));
    }
}
