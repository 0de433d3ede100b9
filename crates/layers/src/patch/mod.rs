//! What a layer does to the document beneath it.
//!
//! On plain values a fold wouldn't be associative: `{a: {x: 1}}`, `{a: 5}`, `{a: {y: 2}}` gives two answers. Patches say
//! what is sealed, so that layers can be put together before anybody knows what lies beneath.

mod apply;
mod children;
mod compose;
mod extend;

use std::borrow::Cow;

use serde_json::{Map, Value};

pub use children::Children;
pub use extend::{Extension, Strategy};

use crate::tree::Tree;
use crate::{Key, value};

/// A change of one place of a document and of what is in it.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// Changes properties and leaves the others as they are.
    Merge {
        /// What becomes of which property.
        children: Children,
        /// Whether there is an object afterwards whatever stood there: something was set in it. A removal makes nothing.
        makes: bool,
    },
    /// Puts a value there, whatever stood there.
    Replace(Value),
    /// Takes away whatever stood there.
    Remove,
    /// Adds to the array that stands there, in turn.
    Extend(Vec<Extension>),
}

impl Default for Patch {
    /// Changes nothing.
    fn default() -> Self {
        Self::Merge { children: Children::default(), makes: false }
    }
}

impl Patch {
    /// The patch that a value in a row is: objects merge, `{"$removed": true}` removes, everything else replaces.
    pub fn of_value(value: Value) -> Self {
        match value {
            Value::Object(_) if value::is_removed(&value) => Self::Remove,
            Value::Object(_) if value::is_mask(&value) => Self::Replace(value),
            Value::Object(properties) => {
                let children = properties.into_iter().map(|(name, value)| (name.into(), Self::of_value(value)));
                Self::Merge { children: children.collect(), makes: true }
            }
            scalar_or_array => Self::Replace(scalar_or_array),
        }
    }

    /// The patch that the rows of one layer are together, in whatever order they come: shorter keys are put first.
    pub fn of_rows(rows: impl IntoIterator<Item = (Key, Value)>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by(|(one, _), (other, _)| {
            one.segments().len().cmp(&other.segments().len()).then_with(|| one.cmp(other))
        });
        rows.into_iter().fold(Self::default(), |patch, (key, value)| patch.then(Self::of_value(value).beneath(&key)))
    }

    /// The same change at a place further down.
    #[must_use]
    pub fn beneath(self, key: &Key) -> Self {
        key.segments().iter().rev().fold(self, |patch, segment| {
            let makes = patch.makes_something();
            Self::Merge { children: Children::one(segment.clone(), patch), makes }
        })
    }

    /// Whether something stands there afterwards, whatever stood there before.
    fn makes_something(&self) -> bool {
        match self {
            Self::Merge { makes, .. } => *makes,
            Self::Replace(_) | Self::Extend(_) => true,
            Self::Remove => false,
        }
    }

    /// Whether nothing is changed.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Merge { children, makes: false } if children.is_empty())
    }

    /// The value that says the same in a row.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Merge { children, .. } => {
                let properties = children.iter().map(|(name, child)| (name.to_owned(), child.to_value()));
                Value::Object(properties.collect::<Map<_, _>>())
            }
            Self::Replace(value) => value.clone(),
            Self::Remove => value::removed(),
            Self::Extend(extensions) => {
                Value::Array(extensions.iter().flat_map(|extension| extension.items.iter().cloned()).collect())
            }
        }
    }

    /// What becomes of a place, where the patch says so of that very place.
    pub(crate) fn at(&self, path: &Key) -> Option<&Self> {
        path.segments().iter().try_fold(self, |patch, segment| match patch {
            Self::Merge { children, .. } => children.get(segment),
            _ => None,
        })
    }

    /// Whether the patch says something of a place, of what is within it, or of all that it lies within.
    pub(crate) fn speaks_of(&self, path: &Key) -> bool {
        let mut patch = self;
        for segment in path.segments() {
            let Self::Merge { children, .. } = patch else { return true };
            match children.get(segment) {
                Some(child) => patch = child,
                None => return false,
            }
        }
        !patch.is_nothing()
    }

    /// The same patch, in which arrays extend the ones beneath where a schema says `x-merge`.
    pub(crate) fn extending(&self, strategies: &Tree<Strategy>) -> Cow<'_, Self> {
        match self {
            Self::Merge { children, makes } => {
                let changed: Vec<_> = strategies
                    .below
                    .iter()
                    .filter_map(|(name, tree)| match children.get(name)?.extending(tree) {
                        Cow::Owned(child) => Some((name.clone(), child)),
                        Cow::Borrowed(_) => None,
                    })
                    .collect();
                if changed.is_empty() {
                    return Cow::Borrowed(self);
                }
                let mut children = children.clone();
                for (name, child) in changed {
                    children.insert(&name, child);
                }
                Cow::Owned(Self::Merge { children, makes: *makes })
            }
            Self::Replace(Value::Array(items)) => match &strategies.here {
                Some(strategy) => {
                    Cow::Owned(Self::Extend(vec![Extension { strategy: strategy.clone(), items: items.clone() }]))
                }
                None => Cow::Borrowed(self),
            },
            Self::Replace(_) | Self::Remove | Self::Extend(_) => Cow::Borrowed(self),
        }
    }

    /// The places that the patch removes.
    pub(crate) fn removals(&self) -> Vec<Key> {
        let mut found = Vec::new();
        self.collect_removals(&Key::root(), &mut found);
        found
    }

    fn collect_removals(&self, path: &Key, found: &mut Vec<Key>) {
        match self {
            Self::Remove => found.push(path.clone()),
            Self::Merge { children, .. } => {
                for (name, child) in children.iter() {
                    child.collect_removals(&path.child(name), found);
                }
            }
            Self::Replace(_) | Self::Extend(_) => {}
        }
    }
}
