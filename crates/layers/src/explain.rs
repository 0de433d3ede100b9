//! What every layer says of a place, and what became of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::fold::{self, Recorder};
use crate::lock::{self, Held, Lock};
use crate::origins::Origins;
use crate::patch::Patch;
use crate::{Key, Layer, Place, Problem, Sources};

/// How the value of a place came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The place.
    pub key: Key,
    /// What stands there in the document; `None` is nothing.
    pub value: Option<Value>,
    /// What stood there before references were resolved.
    pub before_references: Option<Value>,
    /// Whether a secret stands there or within, or what refers to secrets.
    pub is_secret: bool,
    /// The lock that holds it, and the place that is locked: this one, or one that it lies within.
    pub lock: Option<(Key, Lock)>,
    /// The twelve places, lowest first.
    pub steps: Vec<Step>,
    /// What is wrong there and within, schemas aside.
    pub problems: Vec<Problem>,
}

/// What one layer says of the place.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The layer.
    pub place: Place,
    /// Its rows about the place, what is within it and what it is within, by the identifiers that their entries were given.
    pub rows: Vec<u128>,
    /// What it says.
    pub says: Says,
    /// What became of that.
    pub outcome: Outcome,
    /// What stood there when the layer was laid, references unresolved.
    pub after: Option<Value>,
}

/// What a layer can say of a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// Nothing: what lies beneath shows through.
    Inherited,
    /// A value; of an object, what is to be changed in it.
    Value(Value),
    /// That nothing is there.
    Removed,
}

/// What becomes of what a layer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It says nothing.
    Silent,
    /// It stands in the document, wholly or in part.
    Won,
    /// A higher layer put another value over it.
    Shielded {
        /// The layer whose word counts.
        by: Place,
    },
    /// A lock keeps it out.
    LockedOut {
        /// The lock.
        by: Lock,
    },
    /// The template's schema has no room for it.
    NotOfTemplate,
    /// It removes what wasn't there.
    Pointless,
}

/// Explains a place of a document; the root explains the whole. `open` is as in [`crate::resolve`].
pub fn explain(sources: &Sources, key: &Key, open: &dyn Fn(&str) -> Option<Value>) -> Explanation {
    let mut story = Story { sources, key, told: BTreeMap::new(), origins: Origins::default() };
    let fold = fold::told(sources, &mut story);
    let before_references = fold.at(key);
    let steps = story.steps();
    let resolved = fold.finish(sources, open);
    let concerns = |path: &Key| path.is_at_or_below(key) || key.is_at_or_below(path);
    Explanation {
        key: key.clone(),
        value: key.find(&resolved.document).cloned(),
        before_references,
        is_secret: resolved.secrets.iter().any(|secret| concerns(&secret.path)),
        lock: lock::lock_of(sources.shared().locks(), key).map(|(path, lock)| (path, lock.clone())),
        steps,
        problems: resolved.problems.into_iter().filter(|problem| concerns(&problem.path)).collect(),
    }
}

/// What was told of a layer while the fold went on.
struct Told {
    rows: Vec<u128>,
    says: Says,
    after: Option<Value>,
    /// What is known of the outcome at once.
    outcome: Option<Outcome>,
}

struct Story<'a> {
    sources: &'a Sources,
    key: &'a Key,
    told: BTreeMap<Place, Told>,
    origins: Origins,
}

impl Recorder for Story<'_> {
    fn laid(&mut self, layer: &Layer, patch: &Patch, held: &[Held], document: &Map<String, Value>) {
        self.origins.laid(layer, patch, held, document);
        let says = said(layer.patch(), self.key);
        let before = self.told.values().next_back().and_then(|told| told.after.clone());
        let outcome = self.outcome(layer, &says, &said(patch, self.key), held, before.as_ref());
        let rows = layer.rows_about(self.key).filter_map(|row| row.id).collect();
        let after = fold::lookup(document, self.key);
        self.told.insert(layer.place(), Told { rows, says, after, outcome });
    }
}

impl Story<'_> {
    fn outcome(
        &self,
        layer: &Layer,
        says: &Says,
        through: &Says,
        held: &[Held],
        before: Option<&Value>,
    ) -> Option<Outcome> {
        if *says == Says::Inherited {
            return Some(Outcome::Silent);
        }
        if *through == Says::Inherited {
            let concerns = |held: &&Held| held.path.is_at_or_below(self.key) || self.key.is_at_or_below(&held.path);
            let lock = held.iter().find(concerns);
            let is_part = self.sources.shared().is_part(layer.place(), self.key.segments().first().map(AsRef::as_ref));
            return Some(match lock {
                Some(held) => Outcome::LockedOut { by: held.lock.clone() },
                None if is_part => Outcome::Silent,
                None => Outcome::NotOfTemplate,
            });
        }
        (*through == Says::Removed && before.is_none()).then_some(Outcome::Pointless)
    }

    fn steps(self) -> Vec<Step> {
        let winners: Vec<Place> = self.origins.of(self.key).into_iter().map(|origin| origin.place).collect();
        let last = self.told.iter().rev().find(|(_, told)| told.outcome.is_none()).map(|(&place, _)| place);
        let mut told = self.told;
        let step = |place: Place| match told.remove(&place) {
            None => Step { place, rows: Vec::new(), says: Says::Inherited, outcome: Outcome::Silent, after: None },
            Some(Told { rows, says, after, outcome }) => {
                let by_origin = || {
                    let by = last.unwrap_or(place);
                    if winners.contains(&place) || by == place { Outcome::Won } else { Outcome::Shielded { by } }
                };
                Step { place, rows, says, outcome: outcome.unwrap_or_else(by_origin), after }
            }
        };
        let mut steps: Vec<Step> = Place::ALL.into_iter().map(step).collect();
        let mut below = None;
        for step in &mut steps {
            // Where there is no layer, what stood there before still does.
            if step.outcome == Outcome::Silent && step.after.is_none() {
                step.after.clone_from(&below);
            }
            below.clone_from(&step.after);
        }
        steps
    }
}

/// What a patch says of a place.
fn said(patch: &Patch, key: &Key) -> Says {
    let mut patch = patch;
    for (depth, segment) in key.segments().iter().enumerate() {
        patch = match patch {
            Patch::Merge { children, .. } => match children.get(segment) {
                Some(child) => child,
                None => return Says::Inherited,
            },
            Patch::Replace(value) => {
                let within = Key::of(key.segments()[depth..].iter().cloned());
                return within.find(value).map_or(Says::Removed, |value| Says::Value(value.clone()));
            }
            Patch::Remove | Patch::Extend(_) => return Says::Removed,
        };
    }
    match patch {
        Patch::Remove => Says::Removed,
        nothing if nothing.is_nothing() => Says::Inherited,
        something => Says::Value(something.to_value()),
    }
}
