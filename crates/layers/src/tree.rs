//! Something said about some of the places of a document, found by walking down with it.

use std::collections::BTreeMap;

use crate::Key;

/// What is said about a place, and about the places within it.
#[derive(Debug, Clone)]
pub struct Tree<T> {
    /// What is said about this very place.
    pub here: Option<T>,
    /// The places within it about which something is said.
    pub below: BTreeMap<Box<str>, Tree<T>>,
}

impl<T> Default for Tree<T> {
    fn default() -> Self {
        Self { here: None, below: BTreeMap::new() }
    }
}

impl<T> Tree<T> {
    /// Whether nothing is said about any place.
    pub fn is_empty(&self) -> bool {
        self.here.is_none() && self.below.is_empty()
    }

    /// What is said about a place, to be changed.
    pub fn at(&mut self, path: &Key) -> &mut Option<T> {
        let place = path.segments().iter().fold(self, |tree, segment| tree.below.entry(segment.clone()).or_default());
        &mut place.here
    }

    /// What is said about a place.
    pub fn get<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&T> {
        path.into_iter().try_fold(self, |tree, segment| tree.below.get(segment))?.here.as_ref()
    }

    /// What is said about the first of the places that lead to one, itself included.
    pub fn first_on_the_way(&self, path: &Key) -> Option<&T> {
        let mut tree = self;
        for segment in path.segments() {
            if tree.here.is_some() {
                break;
            }
            tree = tree.below.get(segment)?;
        }
        tree.here.as_ref()
    }

    /// Every place about which something is said, outer ones first.
    pub fn places(&self) -> Vec<(Key, &T)> {
        let mut places = Vec::new();
        self.collect(&Key::root(), &mut places);
        places
    }

    fn collect<'a>(&'a self, path: &Key, places: &mut Vec<(Key, &'a T)>) {
        places.extend(self.here.as_ref().map(|here| (path.clone(), here)));
        for (segment, tree) in &self.below {
            tree.collect(&path.child(segment), places);
        }
    }
}
