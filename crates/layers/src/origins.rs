//! Which layers the values of a document come from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::fold::{self, Recorder};
use crate::lock::Held;
use crate::patch::Patch;
use crate::{Key, Layer, Place, Problem, Sources};

/// A layer that supplied a value, and its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The layer.
    pub place: Place,
    /// The row, by the identifier that its entry was given.
    pub row: Option<u128>,
}

/// The origins of a document's scalars, arrays and empty objects. An array that layers extended has several.
#[derive(Debug, Default)]
pub struct Origins {
    leaves: BTreeMap<Key, Vec<Origin>>,
}

/// Finds the origins of a document.
pub fn origins(sources: &Sources) -> Origins {
    let mut origins = Origins::default();
    fold::told(sources, &mut origins);
    origins
}

impl Origins {
    /// Every scalar, array and empty object, by path.
    pub fn leaves(&self) -> impl Iterator<Item = (&Key, &[Origin])> {
        self.leaves.iter().map(|(path, origins)| (path, origins.as_slice()))
    }

    /// Where what stands at a place comes from, lowest first; of an object, all that came together in it.
    pub fn of(&self, path: &Key) -> Vec<Origin> {
        let above = (0..=path.segments().len()).rev().map(|length| path.first(length));
        let mut found = match above.into_iter().find_map(|above| self.leaves.get(&above)) {
            Some(origins) => origins.clone(),
            None => self.below(path).flat_map(|(_, origins)| origins).copied().collect(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    fn below<'a>(&'a self, path: &'a Key) -> impl Iterator<Item = (&'a Key, &'a Vec<Origin>)> {
        self.leaves.range(path.clone()..).take_while(|(leaf, _)| leaf.is_at_or_below(path))
    }

    /// The same problem, with the layer that supplied what is wrong.
    pub(crate) fn name(&self, problem: Problem, about: &Key) -> Problem {
        match self.of(about).last() {
            Some(origin) if problem.place.is_none() => problem.from_layer(Some(origin.place), origin.row),
            _ => problem,
        }
    }

    fn clear(&mut self, path: &Key) {
        let gone: Vec<Key> = self.below(path).map(|(leaf, _)| leaf.clone()).collect();
        for leaf in gone {
            self.leaves.remove(&leaf);
        }
    }

    fn set(&mut self, path: Key, layer: &Layer) {
        let row = layer.row_of(&path).and_then(|row| row.id);
        self.leaves.insert(path, vec![Origin { place: layer.place(), row }]);
    }

    fn set_all(&mut self, path: &Key, value: &Value, layer: &Layer) {
        match value {
            Value::Object(properties) if !properties.is_empty() && !crate::value::is_mask(value) => {
                for (name, value) in properties {
                    self.set_all(&path.child(name), value, layer);
                }
            }
            _ => self.set(path.clone(), layer),
        }
    }

    fn take(&mut self, path: &Key, patch: &Patch, layer: &Layer) {
        match patch {
            Patch::Merge { children, makes } => {
                if *makes {
                    self.leaves.remove(path);
                }
                for (name, child) in children.iter() {
                    self.take(&path.child(name), child, layer);
                }
                if *makes && !path.is_root() && self.below(path).next().is_none() {
                    self.set(path.clone(), layer);
                }
            }
            Patch::Replace(value) => {
                self.clear(path);
                self.set_all(path, value, layer);
            }
            Patch::Remove => self.clear(path),
            Patch::Extend(_) => {
                let mut origins = self.leaves.remove(path).unwrap_or_default();
                self.clear(path);
                self.set(path.clone(), layer);
                if let Some(now) = self.leaves.get_mut(path) {
                    origins.append(now);
                    *now = origins;
                }
            }
        }
    }
}

impl Recorder for Origins {
    fn laid(&mut self, layer: &Layer, patch: &Patch, _: &[Held], _: &Map<String, Value>) {
        if matches!(patch, Patch::Merge { .. }) {
            self.take(&Key::root(), patch, layer);
        }
    }
}
