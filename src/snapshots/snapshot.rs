use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::StatusCode;
use zeroize::Zeroizing;

use super::encoding::Encoding;
use super::etag::{Sight, Validator};
use super::subject::Subject;
use crate::problem::Problem;
use crate::validator::Digest;

/// Below this an answer fits into a packet anyway.
const SMALLEST_COMPRESSED: usize = 512;

/// From this size on compressing takes milliseconds.
const LARGE: usize = 64 * 1_024;

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The whole document.
    #[default]
    Json,
    /// The keys that have the name of a variable, as a file of variables.
    Env,
}

/// What a subject reads, as it is in memory: never changed, replaced whole.
#[expect(clippy::large_enum_variant, reason = "nearly all are documents, and each stands behind a pointer already")]
pub enum Snapshot {
    /// A document.
    Document(Document),
    /// Why there is none: the client's configuration doesn't say which.
    Refused(Problem),
}

/// One document in its views.
pub struct Document {
    /// The revision that last changed it.
    pub revision: i64,
    masked: View,
    /// Where a live token reads secrets.
    secret: Option<View>,
}

/// A document as one kind of token sees it.
pub struct View {
    /// Its validator.
    pub etag: Validator,
    json: Body,
    env: Body,
}

/// Bytes, and what they become compressed, each made when it is first asked for.
///
/// They may hold secrets, so that nothing prints them, and they are overwritten when the last answer that has them is sent.
pub struct Body {
    plain: Bytes,
    packed: [OnceLock<Option<Bytes>>; Encoding::ALL.len()],
}

/// What a view is made of.
pub struct Written {
    /// The document.
    pub json: Zeroizing<Vec<u8>>,
    /// Its variables.
    pub env: Zeroizing<Vec<u8>>,
    /// What the validator of a document with masks ends with.
    pub digest: Digest,
}

impl Written {
    /// A document and its variables.
    pub fn new(json: Zeroizing<Vec<u8>>, env: Zeroizing<Vec<u8>>) -> Self {
        Self { digest: Digest::of(&json), json, env }
    }
}

impl Snapshot {
    /// A document as it was at a revision. Secrets are given only where somebody reads them.
    pub fn of(subject: &Subject, revision: i64, masked: Written, secret: Option<Written>) -> Self {
        let digest = masked.digest;
        let view = |sight, written| View::new(Validator::new(subject, revision, sight, digest), written);
        let masked = view(Sight::Masked, masked);
        Self::Document(Document { revision, masked, secret: secret.map(|written| view(Sight::Secret, written)) })
    }

    /// The document, where there is one.
    pub fn document(&self) -> Result<&Document, Problem> {
        match self {
            Self::Document(document) => Ok(document),
            Self::Refused(problem) => Err(problem.clone()),
        }
    }

    /// The document as a token sees it.
    pub fn view(&self, sight: Sight) -> Result<&View, Problem> {
        let document = self.document()?;
        let view = match sight {
            Sight::Masked => Some(&document.masked),
            Sight::Secret => document.secret.as_ref(),
        };
        view.ok_or_else(not_yet)
    }

    /// Whether it has what a token sees of it.
    pub fn has(&self, sight: Sight) -> bool {
        match self {
            Self::Document(document) => sight == Sight::Masked || document.secret.is_some(),
            Self::Refused(_) => true,
        }
    }

    /// Whether whoever reads one of them sees the same as whoever reads the other.
    pub fn says_the_same(&self, masked: &Written, secret: Option<&Written>) -> bool {
        let Self::Document(document) = self else { return false };
        document.masked.is(masked)
            && match (&document.secret, secret) {
                (None, None) => true,
                (Some(view), Some(written)) => view.is(written),
                _ => false,
            }
    }
}

impl View {
    fn new(etag: Validator, written: Written) -> Self {
        Self { etag, json: Body::new(written.json), env: Body::new(written.env) }
    }

    fn is(&self, written: &Written) -> bool {
        self.json.plain == **written.json && self.env.plain == **written.env
    }

    /// Its bytes in a format.
    pub fn body(&self, format: Format) -> &Body {
        match format {
            Format::Json => &self.json,
            Format::Env => &self.env,
        }
    }
}

impl Body {
    fn new(plain: Zeroizing<Vec<u8>>) -> Self {
        Self { plain: owned(plain), packed: Default::default() }
    }

    /// As it is.
    pub fn plain(&self) -> Bytes {
        self.plain.clone()
    }

    /// Whether compressing it would keep others waiting.
    pub fn takes_long(&self, encoding: Encoding) -> bool {
        self.plain.len() >= LARGE && self.packed[encoding.index()].get().is_none()
    }

    /// Compressed, where that makes it smaller.
    pub fn packed(&self, encoding: Encoding) -> Option<Bytes> {
        if self.plain.len() < SMALLEST_COMPRESSED {
            return None;
        }
        let kept = &self.packed[encoding.index()];
        if let Some(done) = kept.get() {
            return done.clone();
        }
        // Whoever comes second meanwhile does the same work rather than wait for it.
        let done = encoding.compress(&self.plain).ok().filter(|packed| packed.len() < self.plain.len());
        let done = done.map(|packed| owned(Zeroizing::new(packed.as_slice().to_vec())));
        let _ = kept.set(done.clone());
        done
    }
}

/// Why a document isn't there: it is being made, or can't be.
pub fn not_yet() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the configuration isn't in this server's memory, and can't be made now",
    )
    .mend("try again in a moment")
}

/// Bytes that are overwritten when the last who has them is done.
fn owned(bytes: Zeroizing<Vec<u8>>) -> Bytes {
    if bytes.is_empty() { Bytes::new() } else { Bytes::from_owner(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str) -> Written {
        Written::new(Zeroizing::new(json.as_bytes().to_vec()), Zeroizing::default())
    }

    fn subject() -> Subject {
        Subject { client_id: uuid::Uuid::nil(), template_id: None, environment: "staging".into() }
    }

    #[test]
    fn a_document_is_the_same_where_both_views_are() {
        let made = Snapshot::of(&subject(), 3, written("{\"a\":1}"), None);
        assert!(made.says_the_same(&written("{\"a\":1}"), None));
        assert!(!made.says_the_same(&written("{\"a\":2}"), None));
        assert!(!made.says_the_same(&written("{\"a\":1}"), Some(&written("{\"a\":1}"))));
        let made = Snapshot::of(&subject(), 3, written("{\"a\":1}"), Some(written("{\"a\":7}")));
        assert!(made.says_the_same(&written("{\"a\":1}"), Some(&written("{\"a\":7}"))));
        assert!(!made.says_the_same(&written("{\"a\":1}"), Some(&written("{\"a\":8}"))));
    }

    #[test]
    fn small_bodies_stay_as_they_are_and_large_ones_are_compressed_once() {
        let small = Body::new(written("{}").json);
        assert!(small.packed(Encoding::Gzip).is_none());
        let large = Body::new(written(&"abc ".repeat(1_000)).json);
        let packed = large.packed(Encoding::Gzip).expect("it is smaller");
        assert!(packed.len() < large.plain().len());
        assert_eq!(large.packed(Encoding::Gzip).map(|again| again.as_ptr()), Some(packed.as_ptr()));
    }
}
