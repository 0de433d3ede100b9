//! The fold: layer upon layer, from the lowest to the highest, watched by a recorder or by nobody.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::lock::{self, Held};
use crate::patch::Patch;
use crate::references::{self, Secret};
use crate::sources::{Shared, Sources};
use crate::{Key, Layer, Place, Problem, Rule, Scope, origins};

/// A document, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The document, the properties of every object in alphabetical order, so that equal documents are equal bytes.
    pub document: Value,
    /// Where secrets stand in it, and texts that refer to secrets.
    pub secrets: Vec<Secret>,
    /// What is wrong with how it came about, whatever the schema says: references, locked and pointless rows.
    pub problems: Vec<Problem>,
}

impl Resolved {
    /// The identifiers of all secrets that the document holds or refers to, each once.
    pub fn secret_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.secrets.iter().flat_map(|secret| &secret.ids).map(AsRef::as_ref).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Opens no secret.
pub fn closed(_: &str) -> Option<Value> {
    None
}

/// Resolves a document. `open` gives the plaintext of a secret by its identifier, to whoever may have it; where it gives
/// none, the mask stays.
pub fn resolve(sources: &Sources, open: &dyn Fn(&str) -> Option<Value>) -> Resolved {
    let mut fold = sources.shared().folded().clone();
    fold.lay_all(sources.shared(), sources.own(), &mut ());
    fold.finish(sources, open)
}

/// Folds all layers of a document, the shared ones too, before somebody who watches.
pub(crate) fn told(sources: &Sources, recorder: &mut impl Recorder) -> Fold {
    let mut fold = Fold::default();
    fold.lay_all(sources.shared(), sources.layers(), recorder);
    fold
}

/// Watches the fold.
pub(crate) trait Recorder {
    /// A layer was laid: what of its patch came through, what locks held back, and the document afterwards.
    fn laid(&mut self, layer: &Layer, patch: &Patch, held: &[Held], document: &Map<String, Value>);
}

/// Nobody watches.
impl Recorder for () {
    fn laid(&mut self, _: &Layer, _: &Patch, _: &[Held], _: &Map<String, Value>) {}
}

/// A document on its way up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fold {
    document: Map<String, Value>,
    /// The places whose references a lock made fast, with the document that they are resolved against.
    fast: Vec<Fast>,
    problems: Vec<Problem>,
    done: Option<Place>,
}

/// A locked place that refers to others. Whatever is laid over those later, it keeps the value that its scope gave it.
#[derive(Debug, Clone)]
pub(crate) struct Fast {
    /// The locked place.
    pub path: Key,
    /// The document when its scope was done.
    pub world: Arc<World>,
}

/// A document whose references are to be resolved, and its places that were made fast before.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub document: Value,
    pub fast: Vec<Fast>,
}

impl Fold {
    /// Lays layers, lowest first.
    pub fn lay_all<'a>(
        &mut self,
        shared: &Shared,
        layers: impl Iterator<Item = &'a Layer>,
        recorder: &mut impl Recorder,
    ) {
        for layer in layers {
            self.close_scopes(shared, layer.place());
            self.lay(shared, layer, recorder);
        }
    }

    fn lay(&mut self, shared: &Shared, layer: &Layer, recorder: &mut impl Recorder) {
        let admitted = admitted(shared, layer);
        let patch = match shared.schema() {
            Some(schema) if !schema.strategies().is_empty() => extending(admitted, schema.strategies()),
            _ => admitted,
        };
        let (patch, held) = lock::restrain(patch, shared.locks(), layer.place(), &self.document);
        self.problems.extend(held.iter().map(|held| held.problem(layer)));
        self.note_pointless(layer, &patch);
        if matches!(*patch, Patch::Merge { .. }) {
            patch.change_document(&mut self.document);
        } else {
            self.problems.push(not_an_object(layer));
        }
        recorder.laid(layer, &patch, &held, &self.document);
        self.done = Some(layer.place());
    }

    /// Notes the removals with nothing beneath them.
    fn note_pointless(&mut self, layer: &Layer, patch: &Patch) {
        for path in layer.removals() {
            let reaches = patch.at(path) == Some(&Patch::Remove);
            if reaches && find(&self.document, path).is_none() {
                let row = layer.row_of(path).and_then(|row| row.id);
                let detail = format!("{path} is removed here, but nothing lies beneath");
                let mend = "Take the removal back.".to_owned();
                let problem = Problem::new(path.clone(), Rule::Pointless, detail, mend);
                self.problems.push(problem.from_layer(Some(layer.place()), row));
            }
        }
    }

    /// Makes fast what scopes lock that are done once a place is reached.
    fn close_scopes(&mut self, shared: &Shared, reached: Place) {
        for scope in [Scope::Global, Scope::Template] {
            if reached > scope.last() && self.done.is_none_or(|done| done <= scope.last()) {
                self.make_fast(shared, scope);
            }
        }
    }

    fn make_fast(&mut self, shared: &Shared, scope: Scope) {
        let locked = shared.locks().places().into_iter().filter(|(_, lock)| lock.scope == scope).map(|(path, _)| path);
        let refers = |path: &Key| match find(&self.document, path) {
            Some(value) => references::has_references(value),
            None => references::led_to(|above| find(&self.document, above), path).is_some(),
        };
        let is_fast = |path: &Key| self.fast.iter().any(|fast| path.is_at_or_below(&fast.path));
        let paths: Vec<Key> = locked.filter(|path| refers(path) && !is_fast(path)).collect();
        if paths.is_empty() {
            return;
        }
        let world = World { document: Value::Object(self.document.clone()), fast: self.fast.clone() };
        let world = Arc::new(world);
        self.fast.extend(paths.into_iter().map(|path| Fast { path, world: Arc::clone(&world) }));
    }

    /// What stands at a place so far.
    pub fn at(&self, path: &Key) -> Option<Value> {
        lookup(&self.document, path)
    }

    /// Resolves the references and puts the document in order.
    pub fn finish(self, sources: &Sources, open: &dyn Fn(&str) -> Option<Value>) -> Resolved {
        let Self { document, fast, mut problems, done: _ } = self;
        let world = World { document: Value::Object(document), fast };
        let references::Outcome { mut document, secrets, problems: of_references } = references::resolve(world, open);
        document.sort_all_objects();
        problems.extend(supplied(sources, of_references));
        problems.sort();
        Resolved { document, secrets, problems }
    }
}

/// What stands at a place of a document.
pub(crate) fn lookup(document: &Map<String, Value>, path: &Key) -> Option<Value> {
    if path.is_root() { Some(Value::Object(document.clone())) } else { find(document, path).cloned() }
}

/// What stands at a place within a document.
fn find<'a>(document: &'a Map<String, Value>, path: &Key) -> Option<&'a Value> {
    let (first, rest) = path.segments().split_first()?;
    let value = document.get(first.as_ref())?;
    Key::of(rest.iter().cloned()).find(value)
}

/// The part of a layer's patch that reaches this template's document.
fn admitted<'a>(shared: &Shared, layer: &'a Layer) -> Cow<'a, Patch> {
    let Patch::Merge { children, makes } = layer.patch() else { return Cow::Borrowed(layer.patch()) };
    let is_part = |name: &str| shared.is_part(layer.place(), Some(name));
    if !layer.place().is_for_any_template() || children.iter().all(|(name, _)| is_part(name)) {
        return Cow::Borrowed(layer.patch());
    }
    let children = children.iter().filter(|(name, _)| is_part(name));
    let children = children.map(|(name, patch)| (name.into(), patch.clone())).collect();
    Cow::Owned(Patch::Merge { children, makes: *makes })
}

fn extending<'a>(patch: Cow<'a, Patch>, strategies: &crate::tree::Tree<crate::patch::Strategy>) -> Cow<'a, Patch> {
    match patch {
        Cow::Borrowed(patch) => patch.extending(strategies),
        Cow::Owned(patch) => match patch.extending(strategies) {
            Cow::Owned(extending) => Cow::Owned(extending),
            Cow::Borrowed(_) => Cow::Owned(patch),
        },
    }
}

/// Names the layers that supplied what problems of references are about.
fn supplied(sources: &Sources, problems: Vec<Problem>) -> Vec<Problem> {
    if problems.is_empty() {
        return problems;
    }
    let origins = origins(sources);
    let named = problems.into_iter().map(|problem| match &problem.rule {
        Rule::LockedReference { to } => {
            let (place, row) = last_word(sources, to);
            problem.from_layer(place, row)
        }
        _ => {
            let about = problem.path.clone();
            origins.name(problem, &about)
        }
    });
    named.collect()
}

/// The highest layer that says something of a place, be it that nothing is there, and its row.
fn last_word(sources: &Sources, path: &Key) -> (Option<Place>, Option<u128>) {
    let layers: Vec<&Layer> = sources.layers().collect();
    let last = layers.into_iter().rev().find(|layer| layer.patch().speaks_of(path));
    let row = last.and_then(|layer| layer.row_of(path).or_else(|| layer.rows_about(path).next()));
    (last.map(Layer::place), row.and_then(|row| row.id))
}

fn not_an_object(layer: &Layer) -> Problem {
    let detail = format!("What stands at {} is a whole document, but not an object; it is ignored", layer.place());
    let mend = "Make it an object.".to_owned();
    let row = layer.row_of(&Key::root()).and_then(|row| row.id);
    Problem::new(Key::root(), Rule::Document, detail, mend).from_layer(Some(layer.place()), row)
}
