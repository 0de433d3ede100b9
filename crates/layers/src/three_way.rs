//! Bringing a client's values from one version of a template to the next.

use serde_json::{Map, Value};

use crate::patch::{Children, Patch};
use crate::{Key, value};

/// A client's values for the new version.
#[derive(Debug, Clone, PartialEq)]
pub struct Upgrade {
    /// The values; where there is a conflict, the client's.
    pub value: Value,
    /// What became of every value that the client had, by path.
    pub steps: Vec<UpgradeStep>,
}

/// What became of one value of the client's.
#[derive(Debug, Clone, PartialEq)]
pub struct UpgradeStep {
    /// The place.
    pub path: Key,
    /// The old version's default.
    pub old: Option<Value>,
    /// The new version's default.
    pub new: Option<Value>,
    /// What the client had; `None` where it had removed what lies beneath.
    pub ours: Option<Value>,
    /// What was decided.
    pub decision: Decision,
}

/// What a merge of three decides about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The client's stays: the versions agree, or the new one came to say the same.
    Kept,
    /// The new default is taken: the client had only said what the old one did.
    Taken,
    /// It is left out: the new version has nothing there, and the client had only said what the old one did, or removed it.
    Dropped,
    /// Client and new version both changed it, each otherwise. Somebody has to choose; until then the client's stays.
    Conflict,
}

/// Merges the old version's defaults, the new version's, and the values that the client has set over the old ones.
pub fn three_way(old: &Value, new: &Value, ours: &Value) -> Upgrade {
    let mut merge = Merge { old, new, steps: Vec::new() };
    let ours = Patch::of_value(ours.clone());
    let value = merge.patch(&ours, &Key::root()).map_or_else(|| Value::Object(Map::new()), |patch| patch.to_value());
    Upgrade { value, steps: merge.steps }
}

struct Merge<'a> {
    old: &'a Value,
    new: &'a Value,
    steps: Vec<UpgradeStep>,
}

impl Merge<'_> {
    /// What is left of a patch; `None` is nothing.
    fn patch(&mut self, ours: &Patch, path: &Key) -> Option<Patch> {
        match ours {
            Patch::Merge { children, makes } if (path.is_root() || !children.is_empty()) && !self.clashes(path) => {
                let left: Children = children
                    .iter()
                    .filter_map(|(name, child)| Some((name.into(), self.patch(child, &path.child(name))?)))
                    .collect();
                (!left.is_empty()).then_some(Patch::Merge { children: left, makes: *makes })
            }
            whole => self.whole(whole, path),
        }
    }

    /// Whether a version has something else than an object where the client changes properties.
    fn clashes(&self, path: &Key) -> bool {
        let is_other =
            |defaults: &Value| path.find(defaults).is_some_and(|value| !value.is_object() || value::is_mask(value));
        is_other(self.old) || is_other(self.new)
    }

    fn whole(&mut self, ours: &Patch, path: &Key) -> Option<Patch> {
        let (old, new) = (path.find(self.old).cloned(), path.find(self.new).cloned());
        let said = ours.applied(None);
        let decision = if old == new || (said == new && said.is_some()) {
            Decision::Kept
        } else if said == new {
            // It removed what isn't there any more.
            Decision::Dropped
        } else if said == old {
            if new.is_some() { Decision::Taken } else { Decision::Dropped }
        } else {
            Decision::Conflict
        };
        let left = match decision {
            Decision::Kept | Decision::Conflict => Some(ours.clone()),
            Decision::Taken => new.clone().map(Patch::Replace),
            Decision::Dropped => None,
        };
        self.steps.push(UpgradeStep { path: path.clone(), old, new, ours: said, decision });
        left
    }
}
