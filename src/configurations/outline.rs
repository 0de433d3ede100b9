use std::collections::{BTreeMap, BTreeSet};

use layers::{Key, Place, Scope, Sources, Weight};
use serde_json::{Map, Value};

use super::documents::{Inputs, Target};
use super::view::{View, is_mask};
use crate::problem::{Fault, Problem};

/// A document key by key: what stands where, who says so, and what is wrong with it there.
#[derive(Debug)]
pub(super) struct Outline {
    /// The keys that hold no further ones, and those of which something is wrong, in the document's order.
    pub(super) entries: Vec<Entry>,
    /// What is wrong with the document as a whole.
    pub(super) faults: Vec<Fault>,
}

/// One key of a document.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it stands.
    pub(super) key: Key,
    /// What stands there; none where something is missing.
    pub(super) value: Option<Value>,
    /// The layers that it comes from, lowest first; none of those that its reader isn't shown.
    pub(super) from: Vec<Place>,
    /// Lower layers that say something else.
    pub(super) shields: Vec<Place>,
    /// Higher layers that a lock keeps out.
    pub(super) locked_out: Vec<Place>,
    /// The scope whose lock holds it.
    pub(super) lock: Option<Scope>,
    /// Whether it is a secret, or refers to one.
    pub(super) is_secret: bool,
    /// What is wrong with it, and how much that weighs.
    pub(super) faults: Vec<(Weight, Fault)>,
}

impl Outline {
    /// That of a document.
    pub(super) fn of(inputs: &Inputs, target: &Target, view: View) -> Result<Self, Problem> {
        let sources = inputs.sources(target)?;
        let resolved = layers::resolve(&sources, &layers::closed);
        let problems = inputs.problems(target, &sources, &resolved)?;
        let mut keys = BTreeSet::new();
        leaves(&resolved.document, &Key::root(), &mut keys);
        let mut faults: BTreeMap<Key, Vec<(Weight, Fault)>> = BTreeMap::new();
        let mut whole = Vec::new();
        for problem in &problems {
            let fault = view.problem(problem);
            if problem.path.is_root() {
                whole.push(fault);
            } else {
                let key = holder(&keys, &problem.path);
                faults.entry(key).or_default().push((problem.weight(), fault));
            }
        }
        keys.extend(faults.keys().cloned());
        let story = Story::of(&sources);
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            let value = key.find(&resolved.document).cloned();
            let is_hidden = value.is_some();
            let value = value.and_then(|value| view.value(value));
            if is_hidden && value.is_none() {
                continue;
            }
            let is_secret = resolved.secrets.iter().any(|secret| secret.path.is_at_or_below(&key));
            let faults = faults.remove(&key).unwrap_or_default();
            entries.push(story.entry(&sources, Entry::at(key, value, is_secret, faults), view));
        }
        Ok(Self { entries, faults: whole })
    }

    /// How many things are missing, and how many are wrong.
    pub(super) fn counts(&self) -> (usize, usize) {
        let weights = || self.entries.iter().flat_map(|entry| &entry.faults).map(|(weight, _)| *weight);
        let missing = weights().filter(|weight| *weight == Weight::Incomplete).count();
        let wrong = weights().filter(|weight| *weight == Weight::Invalid).count();
        (missing, wrong + self.faults.len())
    }
}

impl Entry {
    fn at(key: Key, value: Option<Value>, is_secret: bool, faults: Vec<(Weight, Fault)>) -> Self {
        let (from, shields, locked_out) = (Vec::new(), Vec::new(), Vec::new());
        Self { key, value, from, shields, locked_out, lock: None, is_secret, faults }
    }

    /// Whether a text that somebody looks for stands in the key or in the value.
    pub(super) fn matches(&self, sought: &str) -> bool {
        let sought = sought.to_lowercase();
        let is_in_value = || match &self.value {
            Some(Value::String(text)) => text.to_lowercase().contains(&sought),
            Some(value) if !self.is_secret => value.to_string().to_lowercase().contains(&sought),
            _ => false,
        };
        self.key.to_string().to_lowercase().contains(&sought) || is_in_value()
    }
}

/// What the layers say, each as one value.
struct Story {
    origins: layers::Origins,
    said: Vec<(Place, Value)>,
}

impl Story {
    fn of(sources: &Sources) -> Self {
        let said = sources.layers().map(|layer| (layer.place(), layer.patch().to_value())).collect();
        Self { origins: layers::origins(sources), said }
    }

    fn entry(&self, sources: &Sources, entry: Entry, view: View) -> Entry {
        let mut from: Vec<Place> = self.origins.of(&entry.key).into_iter().map(|origin| origin.place).collect();
        from.dedup();
        let (first, last) = (from.first().copied(), from.last().copied());
        let others = |is_one: &dyn Fn(Place) -> bool| {
            let speaks = self.said.iter().filter(|(place, said)| is_one(*place) && entry.key.find(said).is_some());
            speaks.map(|(place, _)| *place).filter(|place| view.shows(*place)).collect::<Vec<_>>()
        };
        let shields = others(&|place| first.is_some_and(|first| place < first));
        let lock = sources.locked_by(&entry.key);
        let held_out = |place| last.is_some_and(|last| place > last);
        let locked_out = if lock.is_some() { others(&held_out) } else { Vec::new() };
        from.retain(|place| view.shows(*place));
        Entry { from, shields, locked_out, lock, ..entry }
    }
}

/// The scalars, arrays, empty objects and masks of a document.
fn leaves(value: &Value, at: &Key, found: &mut BTreeSet<Key>) {
    match value {
        Value::Object(members) if is_branch(value, members) => {
            for (name, member) in members {
                leaves(member, &at.child(name), found);
            }
        }
        _ if at.is_root() => {}
        _ => _ = found.insert(at.clone()),
    }
}

fn is_branch(value: &Value, members: &Map<String, Value>) -> bool {
    !members.is_empty() && !is_mask(value)
}

/// The key under which a problem is told: the one that it lies within, or its own.
fn holder(keys: &BTreeSet<Key>, path: &Key) -> Key {
    let above = (1..=path.segments().len()).map(|length| path.first(length));
    above.into_iter().find(|key| keys.contains(key)).unwrap_or_else(|| path.clone())
}
