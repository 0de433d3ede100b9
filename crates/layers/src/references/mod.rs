//! References: `${a.b}` takes the value that stands at another place of the same document.
//!
//! They are resolved after the fold and before validation, each after those that it refers to. What comes in by a secret
//! isn't read: its text means what it says.

mod fast;
mod order;
mod scan;
mod template;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::fold::World;
use crate::limits::{self, DOCUMENT_DEPTH, REFERENCE_BYTES};
use crate::{Key, Problem, Rule, value};

pub(crate) use fast::led_to;
use order::Order;
use template::Part;
pub(crate) use template::{Malformed, Template, has_references, literal};

/// A place of a document where a secret stands, or what refers to secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The place.
    pub path: Key,
    /// The secrets, by their identifiers.
    pub ids: Vec<Box<str>>,
}

/// A document with its references resolved.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub document: Value,
    pub secrets: Vec<Secret>,
    pub problems: Vec<Problem>,
}

/// Where secrets stand, and which.
type Tainted = BTreeMap<Key, BTreeSet<Box<str>>>;

/// Opens secrets, then resolves references.
pub(crate) fn resolve(world: World, open: &dyn Fn(&str) -> Option<Value>) -> Outcome {
    let World { document, fast } = world;
    let mut work = Work {
        document,
        tainted: Tainted::new(),
        problems: Vec::new(),
        failed: BTreeSet::new(),
        bytes_left: REFERENCE_BYTES,
        is_spent: false,
    };
    let outsides = work.take_fast(&fast, open);
    let scan::Found { texts, masks, problems } = scan::scan(&work.document, &fast);
    work.problems.extend(problems);
    work.open(masks, open);
    work.replace(&texts);
    work.compare(&outsides);
    let secrets = work.tainted.into_iter().map(|(path, ids)| Secret { path, ids: ids.into_iter().collect() });
    Outcome { document: work.document, secrets: secrets.collect(), problems: work.problems }
}

/// A document in work.
struct Work {
    document: Value,
    tainted: Tainted,
    problems: Vec<Problem>,
    /// The texts that can't be resolved.
    failed: BTreeSet<Key>,
    bytes_left: usize,
    is_spent: bool,
}

impl Work {
    /// Puts plaintext in the place of masks, as far as it is given.
    fn open(&mut self, masks: Vec<(Key, Box<str>)>, open: &dyn Fn(&str) -> Option<Value>) {
        for (path, id) in masks {
            if let (Some(plain), Some(mask)) = (open(&id), path.find_mut(&mut self.document)) {
                *mask = plain;
            }
            self.tainted.insert(path, BTreeSet::from([id]));
        }
    }

    /// Resolves the texts, each after those that it refers to. What refers to a text that can't be resolved stays as it is
    /// written too: the one problem says it all.
    fn replace(&mut self, texts: &BTreeMap<Key, Template>) {
        let Order { texts: ordered, problems } = order::order(texts);
        self.failed.extend(self.problems.iter().map(|problem| problem.path.clone()));
        self.problems.extend(problems);
        for (path, template) in ordered {
            if template.references().any(|target| self.is_failed(target)) {
                self.failed.insert(path.clone());
                continue;
            }
            match self.evaluate(path, template) {
                Ok(value) => self.put(path, value),
                Err(problem) => {
                    self.problems.push(*problem);
                    self.failed.insert(path.clone());
                }
            }
            if self.is_spent {
                return;
            }
        }
    }

    /// Whether a place holds a text that couldn't be resolved, or is to come from one.
    fn is_failed(&self, target: &Key) -> bool {
        let mut below = self.failed.range(target.clone()..).take_while(|path| path.is_at_or_below(target));
        below.next().is_some() || self.failed.iter().any(|path| target.is_at_or_below(path))
    }

    fn put(&mut self, path: &Key, value: Value) {
        if let Some(text) = path.find_mut(&mut self.document) {
            *text = value;
        }
    }

    fn evaluate(&mut self, path: &Key, template: &Template) -> Result<Value, Box<Problem>> {
        match template.parts.as_slice() {
            [Part::Reference(target)] => self.whole(path, target),
            parts => self.text(path, parts),
        }
    }

    fn whole(&mut self, path: &Key, target: &Key) -> Result<Value, Box<Problem>> {
        let Found::Value(value) = self.target(path, target)? else {
            self.taint(path, target, false);
            return Ok(value::mask_of_text([target.to_string()]));
        };
        if limits::is_deeper(value, DOCUMENT_DEPTH.saturating_sub(path.segments().len())) {
            return Err(Box::new(too_deep(path)));
        }
        let bytes = limits::size(value, self.bytes_left);
        let value = if bytes > self.bytes_left { Value::Null } else { value.clone() };
        self.spend(path, bytes)?;
        self.taint(path, target, true);
        Ok(value)
    }

    fn text(&mut self, path: &Key, parts: &[Part]) -> Result<Value, Box<Problem>> {
        let (mut text, mut masked) = (String::new(), Vec::new());
        for part in parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Reference(target) => match self.target(path, target)? {
                    Found::Masked => masked.push(target.to_string()),
                    Found::Value(mask) if value::is_mask(mask) => masked.push(target.to_string()),
                    Found::Value(Value::String(value)) => text.push_str(value),
                    Found::Value(Value::Object(_) | Value::Array(_)) => return Err(Box::new(not_scalar(path, target))),
                    Found::Value(scalar) => text.push_str(&scalar.to_string()),
                },
            }
            if text.len() > self.bytes_left {
                break;
            }
        }
        self.spend(path, text.len() + 2)?;
        for part in parts {
            if let Part::Reference(target) = part {
                self.taint(path, target, false);
            }
        }
        Ok(if masked.is_empty() { Value::String(text) } else { value::mask_of_text(masked) })
    }

    /// What a reference leads to: through properties of objects alone.
    fn target(&self, path: &Key, target: &Key) -> Result<Found<'_>, Box<Problem>> {
        let mut value = &self.document;
        for segment in target.segments() {
            if value::is_mask(value) {
                return Ok(Found::Masked);
            }
            let property = value.as_object().and_then(|properties| properties.get(segment.as_ref()));
            value = property.ok_or_else(|| Box::new(unknown(path, target)))?;
        }
        Ok(Found::Value(value))
    }

    fn spend(&mut self, path: &Key, bytes: usize) -> Result<(), Box<Problem>> {
        self.is_spent = bytes > self.bytes_left;
        if self.is_spent {
            let detail = format!("References bring more than {REFERENCE_BYTES} bytes into the document");
            return Err(Box::new(Problem::new(path.clone(), Rule::Size, detail, "Refer to less.".to_owned())));
        }
        self.bytes_left -= bytes;
        Ok(())
    }

    /// A value that refers to a secret is itself a secret.
    fn taint(&mut self, path: &Key, target: &Key, keeps_shape: bool) {
        let mut found: Vec<(Key, BTreeSet<Box<str>>)> = Vec::new();
        let above = (0..target.segments().len()).map(|length| target.first(length));
        found.extend(above.filter_map(|above| Some((path.clone(), self.tainted.get(&above)?.clone()))));
        let below = self.tainted.range(target.clone()..).take_while(|(secret, _)| secret.is_at_or_below(target));
        found.extend(below.map(|(secret, ids)| {
            let within = secret.within(target).filter(|_| keeps_shape).unwrap_or_default();
            (path.join(&within), ids.clone())
        }));
        for (path, ids) in found {
            self.tainted.entry(path).or_default().extend(ids);
        }
    }
}

/// What a reference leads to.
enum Found<'a> {
    Value(&'a Value),
    /// Something within a secret that isn't open.
    Masked,
}

fn unknown(path: &Key, target: &Key) -> Problem {
    let detail = format!("The text refers to {target}, which isn't there");
    let mend = format!("Set {target}, refer to something else, or write $${{ for a literal ${{.");
    Problem::new(path.clone(), Rule::Unknown, detail, mend)
}

fn too_deep(path: &Key) -> Problem {
    let detail = format!("What the text refers to would make the document deeper than {DOCUMENT_DEPTH} levels");
    Problem::new(path.clone(), Rule::Size, detail, "Refer to something less deep.".to_owned())
}

fn not_scalar(path: &Key, target: &Key) -> Problem {
    let detail = format!("The text refers to {target} inside a longer text, but an object or array stands there");
    let mend = format!("Refer to a scalar within {target}, or let ${{{target}}} be the whole text.");
    Problem::new(path.clone(), Rule::Scalar, detail, mend)
}
