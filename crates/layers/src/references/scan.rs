//! Finding the texts that refer to others, and the masks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::template::{Malformed, Template, is_template};
use crate::fold::Fast;
use crate::limits::REFERENCES;
use crate::{Key, Problem, Rule, value};

/// What a document holds that isn't plain.
#[derive(Default)]
pub(super) struct Found {
    pub texts: BTreeMap<Key, Template>,
    pub masks: Vec<(Key, Box<str>)>,
    pub problems: Vec<Problem>,
}

/// Looks through a document, but not at what locks made fast, which is resolved already.
pub(super) fn scan(document: &Value, fast: &[Fast]) -> Found {
    let mut scan = Scan { fast, path: Vec::new(), found: Found::default() };
    scan.look(document);
    if scan.found.texts.len() > REFERENCES {
        let detail = format!("The document has more than {REFERENCES} texts with references");
        scan.found.problems.push(Problem::new(Key::root(), Rule::Size, detail, "Refer to less.".to_owned()));
        scan.found.texts.clear();
    }
    scan.found
}

struct Scan<'a> {
    fast: &'a [Fast],
    path: Vec<Step<'a>>,
    found: Found,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Property(&'a str),
    Item(usize),
}

impl<'a> Scan<'a> {
    fn key(&self) -> Key {
        Key::of(self.path.iter().map(|step| match step {
            Step::Property(name) => Box::from(*name),
            Step::Item(index) => index.to_string().into_boxed_str(),
        }))
    }

    fn look(&mut self, value: &'a Value) {
        if !self.fast.is_empty() && self.fast.iter().any(|fast| fast.path == self.key()) {
            return;
        }
        match value {
            Value::String(text) if is_template(text) => self.text(text),
            Value::Object(_) if value::is_mask(value) => {
                if let Some(id) = value::secret_id(value) {
                    self.found.masks.push((self.key(), id.into()));
                }
            }
            Value::Object(properties) => {
                for (name, value) in properties {
                    self.step(Step::Property(name), value);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.step(Step::Item(index), value);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, step: Step<'a>, value: &'a Value) {
        self.path.push(step);
        self.look(value);
        self.path.pop();
    }

    fn text(&mut self, text: &str) {
        let key = self.key();
        match Template::parse(text) {
            Ok(template) => drop(self.found.texts.insert(key, template)),
            Err(Malformed) => self.found.problems.push(Malformed::at(key)),
        }
    }
}

/// The places that the texts of a value refer to.
pub(super) fn targets(value: &Value) -> BTreeSet<Key> {
    let texts = scan(value, &[]).texts;
    texts.values().flat_map(Template::references).cloned().collect()
}
