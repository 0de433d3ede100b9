//! Doing to a document what a patch says.

use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::{Children, Extension, Patch};

impl Patch {
    /// What stands there afterwards; `None` is nothing.
    pub fn applied(&self, beneath: Option<Value>) -> Option<Value> {
        match (self, beneath) {
            (Self::Remove, _) => None,
            (Self::Merge { children, makes: false }, Some(Value::Object(mut properties))) => {
                change(&mut properties, children);
                Some(Value::Object(properties))
            }
            (Self::Merge { makes: false, .. }, beneath) => beneath,
            (_, beneath) => {
                let mut value = beneath.unwrap_or(Value::Null);
                self.set(&mut value);
                Some(value)
            }
        }
    }

    /// Changes a document, which is an object and stays one. A layer that says otherwise of a whole document is ignored.
    pub(crate) fn change_document(&self, document: &mut Map<String, Value>) {
        if let Self::Merge { children, .. } = self {
            change(document, children);
        }
    }

    /// Changes a value that stands somewhere, by a patch that leaves something there. Where nothing stood before, the
    /// value is null, which is neither an object nor an array.
    fn set(&self, value: &mut Value) {
        match self {
            Self::Merge { children, .. } => {
                if !value.is_object() {
                    *value = Value::Object(Map::with_capacity(children.len()));
                }
                if let Value::Object(properties) = value {
                    change(properties, children);
                }
            }
            Self::Replace(other) => value.clone_from(other),
            Self::Extend(extensions) => Extension::put(extensions, value),
            Self::Remove => {}
        }
    }
}

/// Changes the properties of an object.
fn change(properties: &mut Map<String, Value>, children: &Children) {
    for (name, patch) in children.iter() {
        match patch {
            Patch::Remove => {
                properties.remove(name);
            }
            Patch::Merge { children, makes: false } => {
                if let Some(Value::Object(inner)) = properties.get_mut(name) {
                    change(inner, children);
                }
            }
            Patch::Merge { .. } | Patch::Replace(_) | Patch::Extend(_) => match properties.entry(name) {
                Entry::Occupied(mut there) => patch.set(there.get_mut()),
                Entry::Vacant(free) => patch.set(free.insert(Value::Null)),
            },
        }
    }
}
