//! Locks: a lower layer that must win says so, and nothing above its scope changes what it holds.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::patch::{Children, Patch};
use crate::tree::Tree;
use crate::{Key, Layer, Place, Problem, Rule, Schema, Scope};

/// A lock on a place and on all within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The scope that holds the place: its own rows still set it, those of later scopes don't.
    pub scope: Scope,
    /// The layer whose schema says so; of a template's version, that of its defaults.
    pub place: Place,
    /// The row whose schema says so; `None` where the template's version does.
    pub row: Option<u128>,
}

/// The locks of a document. Of two on one place the lower scope wins.
pub(crate) type Locks = Tree<Lock>;

/// What a lock kept from being done.
#[derive(Debug, Clone)]
pub struct Held {
    /// What was to be changed.
    pub path: Key,
    /// The place that is locked: it, what it lies within, or what lies within it.
    pub locked: Key,
    /// The lock.
    pub lock: Lock,
    /// Whether the document would be another without the lock.
    pub would_change: bool,
}

/// The locks that a template's version and the layers say. `is_admitted` tells which rows are part of the document.
pub(crate) fn collect<'a>(
    schema: Option<&Schema>,
    layers: impl IntoIterator<Item = &'a Layer>,
    is_admitted: impl Fn(Place, &Key) -> bool,
) -> Locks {
    let mut locks = Locks::default();
    for path in schema.iter().flat_map(|schema| schema.locks()) {
        add(&mut locks, path, Lock { scope: Scope::Template, place: Place::TemplateDefaults, row: None });
    }
    for layer in layers.into_iter().filter(|layer| matches!(layer.place().scope(), Scope::Global | Scope::Template)) {
        let place = layer.place();
        for row in layer.rows().iter().filter(|row| is_admitted(place, &row.key)) {
            for path in row.schema.iter().flat_map(|schema| schema.locks()) {
                add(&mut locks, &row.key.join(path), Lock { scope: place.scope(), place, row: row.id });
            }
        }
    }
    locks
}

fn add(locks: &mut Locks, path: &Key, lock: Lock) {
    let here = locks.at(path);
    // The first of the same scope stays, so that the version's own word, or else the lower row's, is the one named.
    if here.as_ref().is_none_or(|other| lock.scope < other.scope) {
        *here = Some(lock);
    }
}

impl Lock {
    /// Whether what stands at a place is kept from changing what is locked.
    pub fn holds_against(&self, place: Place) -> bool {
        place > self.scope.last()
    }
}

/// The lock that holds a place, if one does: the lowest of those on it and on what it lies within.
pub(crate) fn lock_of<'a>(locks: &'a Locks, path: &Key) -> Option<(Key, &'a Lock)> {
    let mut lowest: Option<(Key, &Lock)> = None;
    let mut tree = locks;
    for length in 0..=path.segments().len() {
        if let Some(lock) = &tree.here
            && lowest.as_ref().is_none_or(|(_, other)| lock.scope < other.scope)
        {
            lowest = Some((path.first(length), lock));
        }
        match path.segments().get(length).and_then(|segment| tree.below.get(segment)) {
            Some(below) => tree = below,
            None => break,
        }
    }
    lowest
}

/// Takes out of a layer's patch whatever would reach what is locked against it.
pub(crate) fn restrain<'a>(
    patch: Cow<'a, Patch>,
    locks: &Locks,
    place: Place,
    document: &Map<String, Value>,
) -> (Cow<'a, Patch>, Vec<Held>) {
    let mut held = Vec::new();
    let mut hold = Hold { place, held: &mut held };
    if let Some(lock) = locks.here.as_ref().filter(|lock| lock.holds_against(place)) {
        hold.note_all(&patch, lock, Some(&Value::Object(document.clone())), &Key::root(), &Key::root());
        return (Cow::Owned(Patch::default()), held);
    }
    let Patch::Merge { children, makes } = patch.as_ref() else { return (patch, held) };
    let kept = hold.children(children, locks, Some(document), &Key::root());
    match kept {
        None => (patch, held),
        Some(children) => (Cow::Owned(Patch::Merge { children, makes: *makes }), held),
    }
}

struct Hold<'a> {
    place: Place,
    held: &'a mut Vec<Held>,
}

impl Hold<'_> {
    fn note(&mut self, path: &Key, locked: &Key, lock: &Lock, would_change: bool) {
        self.held.push(Held { path: path.clone(), locked: locked.clone(), lock: lock.clone(), would_change });
    }

    /// Notes everything that a patch says, one by one: each may be another row's.
    fn note_all(&mut self, patch: &Patch, lock: &Lock, now: Option<&Value>, path: &Key, locked: &Key) {
        match patch {
            Patch::Merge { children, .. } if !children.is_empty() => {
                for (name, child) in children.iter() {
                    let now = now.and_then(|now| now.as_object()?.get(name));
                    self.note_all(child, lock, now, &path.child(name), locked);
                }
            }
            _ => self.note(path, locked, lock, patch.applied(now.cloned()).as_ref() != now),
        }
    }

    /// The children that are left, where not all are as they were.
    fn children(
        &mut self,
        children: &Children,
        locks: &Locks,
        now: Option<&Map<String, Value>>,
        path: &Key,
    ) -> Option<Children> {
        let mut kept: Option<Children> = None;
        for (name, locks) in &locks.below {
            let Some(child) = children.get(name) else { continue };
            let now = now.and_then(|now| now.get(name.as_ref()));
            match self.patch(child, locks, now, &path.child(name)) {
                Left::All => {}
                Left::Part(part) => kept.get_or_insert_with(|| children.clone()).insert(name, part),
                Left::Nothing => {
                    kept.get_or_insert_with(|| children.clone()).remove(name);
                }
            }
        }
        kept
    }

    fn patch(&mut self, patch: &Patch, locks: &Locks, now: Option<&Value>, path: &Key) -> Left {
        if let Some(lock) = locks.here.as_ref().filter(|lock| lock.holds_against(self.place)) {
            self.note_all(patch, lock, now, path, path);
            return Left::Nothing;
        }
        if let Patch::Merge { children, makes } = patch {
            let kept = self.children(children, locks, now.and_then(Value::as_object), path);
            return match kept {
                None => Left::All,
                Some(children) if children.is_empty() => Left::Nothing,
                Some(children) => Left::Part(Patch::Merge { children, makes: *makes }),
            };
        }
        // The patch is about a parent of what is locked: it goes through if what is locked stays as it is.
        let after = patch.applied(now.cloned());
        for (beneath, lock) in locks.places().into_iter().filter(|(_, lock)| lock.holds_against(self.place)) {
            let find = |value: Option<&Value>| value.and_then(|value| beneath.find(value)).cloned();
            if find(now) != find(after.as_ref()) {
                self.note(path, &path.join(&beneath), lock, true);
                return Left::Nothing;
            }
        }
        Left::All
    }
}

/// What locks leave of a patch.
enum Left {
    All,
    Part(Patch),
    Nothing,
}

impl Held {
    /// The problem that a row has which a lock keeps from counting.
    pub(crate) fn problem(&self, layer: &Layer) -> Problem {
        let Self { path, locked, lock, would_change } = self;
        let detail = format!("{locked} is locked at the scope {}, so that this has no effect", lock.scope);
        let mend = format!("Change {locked} at the scope {}, or take the lock away there.", lock.scope);
        let row = layer.row_of(path).and_then(|row| row.id);
        let rule = Rule::Locked { would_change: *would_change };
        Problem::new(path.clone(), rule, detail, mend).from_layer(Some(layer.place()), row)
    }
}
