//! What a document is made from: the layers that many clients share, and the client's own.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::fold::Fold;
use crate::lock::{self, Locks};
use crate::{Key, Layer, Place, Schema, Scope};

/// The places 1 to 6 for one template version and environment. Made once, kept in an `Arc`, and given to every client.
#[derive(Debug)]
pub struct Shared {
    schema: Option<Arc<Schema>>,
    layers: Vec<Arc<Layer>>,
    locks: Locks,
    folded: OnceLock<Fold>,
}

/// All layers of one document.
#[derive(Debug, Clone)]
pub struct Sources {
    shared: Arc<Shared>,
    own: Vec<Arc<Layer>>,
}

impl Shared {
    /// Puts the shared layers together, in whatever order they come. The schema's defaults are added as the lowest; those
    /// of an app without a template have neither.
    pub fn new(schema: Option<Arc<Schema>>, layers: impl IntoIterator<Item = Arc<Layer>>) -> Self {
        let mut layers: Vec<_> = schema.iter().map(|schema| Arc::clone(schema.defaults())).chain(layers).collect();
        layers.sort_by_key(|layer| layer.place());
        let is_admitted =
            |place: Place, key: &Key| is_part(schema.as_deref(), place, key.segments().first().map(AsRef::as_ref));
        let locks = lock::collect(schema.as_deref(), layers.iter().map(AsRef::as_ref), is_admitted);
        Self { schema, layers, locks, folded: OnceLock::new() }
    }

    /// The schema of the template's version.
    pub fn schema(&self) -> Option<&Arc<Schema>> {
        self.schema.as_ref()
    }

    /// The locks that hold against what comes later.
    pub(crate) fn locks(&self) -> &Locks {
        &self.locks
    }

    /// The document as these layers leave it, folded when first asked for.
    pub(crate) fn folded(&self) -> &Fold {
        self.folded.get_or_init(|| {
            let mut fold = Fold::default();
            fold.lay_all(self, self.layers.iter().map(AsRef::as_ref), &mut ());
            fold
        })
    }

    /// Whether what stands under a first segment reaches the document: what was written without a template in mind does only where
    /// the template's schema admits its first segment.
    pub(crate) fn is_part(&self, place: Place, first: Option<&str>) -> bool {
        is_part(self.schema.as_deref(), place, first)
    }
}

fn is_part(schema: Option<&Schema>, place: Place, first: Option<&str>) -> bool {
    match (schema, first) {
        (Some(schema), Some(first)) if place.is_for_any_template() => schema.admits(first),
        _ => true,
    }
}

impl Sources {
    /// The layers of one client over those it shares with others, in whatever order they come.
    pub fn new(shared: Arc<Shared>, own: impl IntoIterator<Item = Arc<Layer>>) -> Self {
        let mut own: Vec<_> = own.into_iter().collect();
        own.sort_by_key(|layer| layer.place());
        Self { shared, own }
    }

    /// What the document shares with others.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The schema of the template's version.
    pub fn schema(&self) -> Option<&Arc<Schema>> {
        self.shared.schema()
    }

    /// All layers, lowest first.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.shared.layers.iter().chain(&self.own).map(AsRef::as_ref)
    }

    /// The client's own layers.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Layer> {
        self.own.iter().map(AsRef::as_ref)
    }

    /// The layer at a place.
    pub fn layer(&self, place: Place) -> Option<&Layer> {
        self.layers().find(|layer| layer.place() == place)
    }

    /// The scope whose lock holds a place.
    pub fn locked_by(&self, path: &Key) -> Option<Scope> {
        lock::lock_of(self.shared.locks(), path).map(|(_, lock)| lock.scope)
    }

    /// The environment variable that a place becomes: the template's schema says so, else that of the highest row that
    /// does.
    pub fn env_name(&self, path: &Key) -> Option<&str> {
        let of_template = self.schema().and_then(|schema| schema.env_name(path.segments().iter().map(AsRef::as_ref)));
        of_template.or_else(|| {
            self.own.iter().rev().chain(self.shared.layers.iter().rev()).find_map(|layer| {
                layer.rows().iter().find_map(|row| {
                    // Few rows have a schema, and this is asked of every place of a document.
                    let schema = row.schema.as_ref()?;
                    let beneath = path.within(&row.key)?;
                    schema.env_name(beneath.segments().iter().map(AsRef::as_ref))
                })
            })
        })
    }

    /// By which documents are known that are made from the very same layers.
    pub fn identity(&self) -> Identity {
        Identity(self.clone())
    }
}

/// Stands for the layers of a document: equal where they are the very same in memory, so that the documents are equal.
/// Keeps them in memory, since another layer could take the place of one that is gone.
#[derive(Debug, Clone)]
pub struct Identity(Sources);

impl Identity {
    fn pointers(&self) -> (*const Shared, impl Iterator<Item = *const Layer> + '_) {
        (Arc::as_ptr(&self.0.shared), self.0.own.iter().map(Arc::as_ptr))
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        let ((shared, own), (other_shared, other_own)) = (self.pointers(), other.pointers());
        shared == other_shared && own.eq(other_own)
    }
}

impl Eq for Identity {}

impl Hash for Identity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (shared, own) = self.pointers();
        shared.hash(state);
        own.for_each(|layer| layer.hash(state));
    }
}
