//! The properties that a patch is about, by name: a sorted list, since most patches are about one or two of them and a
//! tree would keep room for eleven.

use super::Patch;

/// What becomes of which property, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Children {
    sorted: Vec<(Box<str>, Patch)>,
}

impl Children {
    /// One property.
    pub fn one(name: Box<str>, patch: Patch) -> Self {
        Self { sorted: vec![(name, patch)] }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// What becomes of a property.
    pub fn get(&self, name: &str) -> Option<&Patch> {
        self.find(name).ok().map(|at| &self.sorted[at].1)
    }

    /// Says what becomes of a property, whatever was said before.
    pub fn insert(&mut self, name: &str, patch: Patch) {
        match self.find(name) {
            Ok(at) => self.sorted[at].1 = patch,
            Err(at) => self.sorted.insert(at, (name.into(), patch)),
        }
    }

    /// Says nothing of a property any more, and gives what was said.
    pub fn remove(&mut self, name: &str) -> Option<Patch> {
        self.find(name).ok().map(|at| self.sorted.remove(at).1)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Patch)> {
        self.sorted.iter().map(|(name, patch)| (name.as_ref(), patch))
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.sorted.binary_search_by(|(other, _)| other.as_ref().cmp(name))
    }

    /// What these do and then others do.
    pub(super) fn then(self, later: Self) -> Self {
        let mut sorted = Vec::with_capacity(self.len().max(later.len()));
        let (mut before, mut after) = (self.sorted.into_iter().peekable(), later.sorted.into_iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (Some((one, _)), Some((other, _))) => one.cmp(other),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => break,
            };
            let next = match order {
                std::cmp::Ordering::Less => before.next(),
                std::cmp::Ordering::Greater => after.next(),
                std::cmp::Ordering::Equal => {
                    before.next().zip(after.next()).map(|((name, one), (_, other))| (name, one.then(other)))
                }
            };
            sorted.extend(next);
        }
        Self { sorted }
    }
}

impl FromIterator<(Box<str>, Patch)> for Children {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Patch)>>(children: I) -> Self {
        let mut sorted: Vec<_> = children.into_iter().collect();
        sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
        sorted.shrink_to_fit();
        Self { sorted }
    }
}
