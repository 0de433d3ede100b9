//! What is different between two documents.

use serde_json::Value;

use crate::{Key, value};

/// A place that isn't the same in two documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The place: the outermost that was added or taken away, the innermost that was changed.
    pub path: Key,
    /// What stood there; `None` is nothing.
    pub before: Option<Value>,
    /// What stands there.
    pub after: Option<Value>,
}

/// All places that differ, by path. Arrays are compared whole, as layers replace them whole.
pub fn diff(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(Some(before), Some(after), &Key::root(), &mut found);
    found
}

fn compare(before: Option<&Value>, after: Option<&Value>, path: &Key, found: &mut Vec<Difference>) {
    match (before, after) {
        (Some(before @ Value::Object(old)), Some(after @ Value::Object(new)))
            if !value::is_mask(before) && !value::is_mask(after) =>
        {
            let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                compare(old.get(name), new.get(name), &path.child(name), found);
            }
        }
        (before, after) if before == after => {}
        (before, after) => {
            found.push(Difference { path: path.clone(), before: before.cloned(), after: after.cloned() });
        }
    }
}
