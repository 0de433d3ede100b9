//! The validator of a document: which one, the revision that last changed it, and the view.

use axum::http::HeaderValue;

use super::subject::Subject;
use crate::validator::short;

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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

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
}
