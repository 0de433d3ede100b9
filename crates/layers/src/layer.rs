//! What stands at one place: its rows, put together.

use std::sync::Arc;

use serde_json::Value;

use crate::patch::Patch;
use crate::tree::Tree;
use crate::{Key, Place, Problem, Rule, Schema, references, value};

/// A value somebody set: a row, or a whole document, which stands at the root.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The row's own identifier, if it has one; problems and explanations name it.
    pub id: Option<u128>,
    /// Where the value stands.
    pub key: Key,
    /// The value. `{"$removed": true}` hides what lies beneath.
    pub value: Value,
    /// The row's own schema of its value.
    pub schema: Option<Arc<Schema>>,
    /// Whether text with `${` means just that: it was there before adoption, and nobody has edited it since.
    pub is_literal: bool,
}

impl Entry {
    /// A value without a schema or identifier.
    pub fn new(key: Key, value: Value) -> Self {
        Self { id: None, key, value, schema: None, is_literal: false }
    }
}

/// What is known of a row besides its value.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its identifier.
    pub id: Option<u128>,
    /// Where its value stands.
    pub key: Key,
    /// Its own schema.
    pub schema: Option<Arc<Schema>>,
}

/// The rows of one place, sorted by key; the order they come in doesn't matter. Values are kept once, as a patch.
#[derive(Debug)]
pub struct Layer {
    place: Place,
    rows: Vec<Row>,
    patch: Patch,
    removals: Vec<Key>,
    /// What rows say within the key of a longer row, by the number of the row.
    overlaid: Tree<usize>,
    problems: Vec<Problem>,
}

impl Layer {
    /// Puts rows together: a shorter key first, so that a longer one refines what it says.
    pub fn new(place: Place, entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|one, other| one.key.cmp(&other.key).then(one.id.cmp(&other.id)));
        let problems = clashes(place, &entries);
        let overlaid = overlaid(&entries);
        let (mut rows, mut values) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
        for Entry { id, key, value, schema, is_literal } in entries {
            let value = if is_literal { references::literal(value) } else { value };
            values.push((key.clone(), value));
            rows.push(Row { id, key, schema });
        }
        let patch = Patch::of_rows(values);
        let removals = patch.removals();
        Self { place, rows, patch, removals, overlaid, problems }
    }

    /// Where it stands in the order.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Its rows, by key.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What it does to the document beneath it.
    pub fn patch(&self) -> &Patch {
        &self.patch
    }

    /// The places that it removes.
    pub(crate) fn removals(&self) -> &[Key] {
        &self.removals
    }

    /// What is wrong among its rows, whatever the other layers say.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The row that says what the layer says of a place: of those whose values reach there, the one with the longest key.
    pub fn row_of(&self, path: &Key) -> Option<&Row> {
        if let Some(&number) = self.overlaid.first_on_the_way(path) {
            return self.rows.get(number);
        }
        let of_parents = (0..=path.segments().len()).rev().find_map(|length| {
            let parent = path.first(length);
            self.rows.binary_search_by(|row| row.key.cmp(&parent)).ok()
        });
        of_parents.map(|number| &self.rows[number])
    }

    /// The rows that say something of a place, of what is within it, or of what it is within.
    pub fn rows_about<'a>(&'a self, path: &'a Key) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(|row| row.key.is_at_or_below(path) || path.is_at_or_below(&row.key))
    }
}

/// Rows whose key lies within that of another which isn't an object. Sorted by key, a parent comes before its children.
fn clashes(place: Place, entries: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (shorter, longer) in overlaps(entries) {
        let (shorter, longer) = (&entries[shorter], &entries[longer]);
        let is_object =
            shorter.value.is_object() && !value::is_removed(&shorter.value) && !value::is_mask(&shorter.value);
        if is_object && shorter.key != longer.key {
            continue;
        }
        let detail = format!("{} is set here too, but {} doesn't hold an object", longer.key, shorter.key);
        let mend = format!("Set {} to an object, or set only one of the two.", shorter.key);
        let problem = Problem::new(shorter.key.clone(), Rule::Prefix, detail, mend);
        problems.push(problem.from_layer(Some(place), shorter.id));
    }
    problems
}

/// Pairs of rows of which the second lies within the first.
fn overlaps(entries: &[Entry]) -> impl Iterator<Item = (usize, usize)> {
    entries.iter().enumerate().flat_map(move |(shorter, entry)| {
        let following = entries.iter().enumerate().skip(shorter + 1);
        following
            .take_while(|(_, longer)| longer.key.is_at_or_below(&entry.key))
            .map(move |(longer, _)| (shorter, longer))
    })
}

/// What the rows with shorter keys say within the longer ones' keys.
fn overlaid(entries: &[Entry]) -> Tree<usize> {
    let mut tree = Tree::default();
    for (shorter, longer) in overlaps(entries) {
        let Some(beneath) = entries[longer].key.within(&entries[shorter].key) else { continue };
        let (Some(Value::Object(under)), over) = (beneath.find(&entries[shorter].value), &entries[longer].value) else {
            continue;
        };
        for (name, value) in under {
            mark(name, value, Some(over), &entries[longer].key, shorter, &mut tree);
        }
    }
    tree
}

/// Notes which leaves of a value shine through what is laid over it.
fn mark(name: &str, value: &Value, over: Option<&Value>, path: &Key, number: usize, tree: &mut Tree<usize>) {
    let path = path.child(name);
    let over = match over {
        Some(Value::Object(over)) => over.get(name),
        Some(_) => return,
        None => None,
    };
    match value {
        Value::Object(properties) if over.is_none_or(Value::is_object) => {
            for (name, value) in properties {
                mark(name, value, over, &path, number, tree);
            }
        }
        _ if over.is_none() => *tree.at(&path) = Some(number),
        _ => {}
    }
}
