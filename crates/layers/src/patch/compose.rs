//! Putting patches together. Associative: it doesn't matter which two of three come together first.

use serde_json::Value;

use super::Patch;

impl Patch {
    /// The one patch that does what this and then the other does.
    #[must_use]
    pub fn then(self, after: Self) -> Self {
        match (self, after) {
            (_, after @ (Self::Replace(_) | Self::Remove)) => after,
            (Self::Remove, after) => Self::sealed(None, &after),
            (Self::Replace(value), after) => Self::sealed(Some(value), &after),
            (Self::Merge { children, makes }, Self::Merge { children: later, makes: makes_later }) => {
                Self::Merge { children: children.then(later), makes: makes || makes_later }
            }
            (Self::Extend(mut extensions), Self::Extend(later)) => {
                extensions.extend(later);
                Self::Extend(extensions)
            }
            // Taking properties away from an array changes nothing, and an object would be replaced by the array anyway.
            (Self::Extend(extensions), Self::Merge { makes: false, .. })
            | (Self::Merge { makes: false, .. }, Self::Extend(extensions)) => Self::Extend(extensions),
            // An array beneath an object, or an object beneath an array, is replaced whole, whatever it was.
            (Self::Extend(_) | Self::Merge { .. }, after @ (Self::Merge { .. } | Self::Extend(_))) => {
                Self::sealed(None, &after)
            }
        }
    }

    /// The patch that puts there what another makes of a known value: nothing beneath shows through.
    fn sealed(beneath: Option<Value>, after: &Self) -> Self {
        after.applied(beneath).map_or(Self::Remove, Self::Replace)
    }
}
