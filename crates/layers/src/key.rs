//! Where a value stands: a path of object properties.

use std::fmt;

use crate::{Problem, Rule};

/// A path of properties from the root of a document. Of configuration rows it is what `configuration_key` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    segments: Vec<Box<str>>,
}

/// Characters that a row's key may have, as the column has room for.
const LONGEST: usize = 255;

impl Key {
    /// The document itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the dotted form in which rows and references name a place: segments of `A-Z a-z 0-9 _ -`.
    pub fn parse(text: &str) -> Result<Self, Box<Problem>> {
        let refused = |detail: String| {
            Err(Box::new(Problem::new(
                Self::root(),
                Rule::Key,
                detail,
                "Name the path with letters, digits, _ and -, its segments divided by dots, for example branding.primaryColor."
                    .to_owned(),
            )))
        };
        if text.len() > LONGEST {
            return refused(format!("The key has {} characters, more than {LONGEST}", text.len()));
        }
        match text.split('.').find(|segment| !is_plain(segment)) {
            Some("") => refused("The key has an empty segment".to_owned()),
            Some(_) => refused("The key has a segment with other characters than A-Z a-z 0-9 _ -".to_owned()),
            None => Ok(Self::of(text.split('.'))),
        }
    }

    /// The path with these segments, which may be any names of properties.
    pub fn of<S: Into<Box<str>>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self { segments: segments.into_iter().map(Into::into).collect() }
    }

    /// The path that a JSON pointer names.
    pub fn of_pointer(pointer: &str) -> Self {
        Self::of(pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~")))
    }

    /// The names on the way, outermost first.
    pub fn segments(&self) -> &[Box<str>] {
        &self.segments
    }

    /// Whether this is the document itself.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// The first segments of the path: what it lies within.
    #[must_use]
    pub fn first(&self, segments: usize) -> Self {
        Self { segments: self.segments[..segments].to_vec() }
    }

    /// The place of a property of what stands here.
    #[must_use]
    pub fn child(&self, segment: &str) -> Self {
        Self::of(self.segments.iter().map(AsRef::as_ref).chain([segment]))
    }

    /// The place that a path leads to from here.
    #[must_use]
    pub fn join(&self, beneath: &Self) -> Self {
        Self { segments: self.segments.iter().chain(&beneath.segments).cloned().collect() }
    }

    /// Whether this place is the other or lies within it.
    pub fn is_at_or_below(&self, other: &Self) -> bool {
        self.segments.starts_with(&other.segments)
    }

    /// The path from the other place to this one, where this lies within that.
    pub fn within(&self, other: &Self) -> Option<Self> {
        self.segments.strip_prefix(other.segments.as_slice()).map(|rest| Self { segments: rest.to_vec() })
    }

    /// The JSON pointer (RFC 6901): `/branding/primaryColor`.
    pub fn pointer(&self) -> String {
        self.segments.iter().map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1"))).collect()
    }

    /// What stands here in a document. Elements of arrays go by their number.
    pub fn find<'a>(&self, document: &'a serde_json::Value) -> Option<&'a serde_json::Value> {
        self.segments.iter().try_fold(document, |value, segment| match value {
            serde_json::Value::Object(properties) => properties.get(segment.as_ref()),
            serde_json::Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The same, to be changed.
    pub fn find_mut<'a>(&self, document: &'a mut serde_json::Value) -> Option<&'a mut serde_json::Value> {
        self.segments.iter().try_fold(document, |value, segment| match value {
            serde_json::Value::Object(properties) => properties.get_mut(segment.as_ref()),
            serde_json::Value::Array(items) => items.get_mut(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

/// Whether a segment may stand in a key that is written with dots.
fn is_plain(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// With dots where that reads back as the same path, else as a JSON pointer.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segments.iter().all(|segment| is_plain(segment)) {
            f.write_str(&self.segments.join("."))
        } else {
            f.write_str(&self.pointer())
        }
    }
}
