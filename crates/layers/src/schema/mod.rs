//! JSON Schema 2020-12 with Tenantry's own keywords: `x-locked`, `x-merge`, `x-secret`, `x-env-name`, `x-not-a-card`.
//!
//! A schema is compiled once per template version (or row) and then shared.

mod admission;
mod circles;
mod collect;
mod compile;
mod judge;
mod nodes;
mod secrets;
mod words;
mod work;

use std::sync::{Arc, OnceLock};

use jsonschema::{Validator, ValidatorMap};
use serde_json::Value;

use crate::patch::Strategy;
use crate::tree::Tree;
use crate::{Entry, Key, Layer, Place, Problem};

use admission::Gate;
use collect::Collected;
use nodes::{Anchors, Root};

pub use secrets::Secrets;

/// A compiled schema.
#[derive(Debug)]
pub struct Schema {
    source: Value,
    anchors: Anchors,
    validator: Validator,
    /// The validators of single places, compiled when first asked for.
    parts: OnceLock<Option<ValidatorMap>>,
    defaults: Arc<Layer>,
    locks: Vec<Key>,
    strategies: Tree<Strategy>,
    env_names: Tree<Box<str>>,
    gates: Vec<Gate>,
    has_secrets: bool,
}

impl Schema {
    /// Compiles a schema, or says everything that is wrong with it.
    pub fn compile(source: &Value) -> Result<Self, Vec<Problem>> {
        compile::check_size(source)?;
        let anchors = nodes::anchors(source);
        let root = Root { schema: source, anchors: &anchors };
        compile::check(root)?;
        let Collected { defaults, locks, strategies, env_names } = collect::collect(root)?;
        let validator = compile::validator(source)?;
        let defaults = defaults.into_iter().map(|(key, value)| Entry::new(key, value));
        Ok(Self {
            validator,
            parts: OnceLock::new(),
            defaults: Arc::new(Layer::new(Place::SchemaDefaults, defaults)),
            locks,
            strategies,
            env_names,
            gates: admission::gates(root),
            has_secrets: nodes::every(source).iter().any(|(_, node)| node.get("x-secret") == Some(&Value::Bool(true))),
            source: source.clone(),
            anchors,
        })
    }

    fn root(&self) -> Root<'_> {
        Root { schema: &self.source, anchors: &self.anchors }
    }

    /// The schema as it was written.
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// The lowest layer of a document: the `default`s, collected through `properties`, `allOf` and local references.
    pub fn defaults(&self) -> &Arc<Layer> {
        &self.defaults
    }

    /// The places that say `x-locked`.
    pub fn locks(&self) -> &[Key] {
        &self.locks
    }

    /// The places where arrays extend the ones beneath, and how.
    pub(crate) fn strategies(&self) -> &Tree<Strategy> {
        &self.strategies
    }

    /// The places that become environment variables, and the variables' names.
    pub fn env_names(&self) -> Vec<(Key, &str)> {
        self.env_names.places().into_iter().map(|(path, name)| (path, name.as_ref())).collect()
    }

    /// The environment variable that a place becomes.
    pub fn env_name<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&str> {
        self.env_names.get(path).map(AsRef::as_ref)
    }

    /// Whether a place, or one that it lies within, is secret; found through every keyword that leads there.
    pub fn is_secret(&self, path: &[&str]) -> bool {
        self.has_secrets && nodes::says(self.root(), path, "x-secret")
    }

    /// Defaults and examples of what is secret: they stand in the clear, wherever the schema is read.
    pub fn secrets_in_the_clear(&self) -> Vec<Problem> {
        let defaults = self.has_secrets.then(|| self.defaults.patch().applied(None)).flatten();
        secrets::in_the_clear(&self.source, defaults.as_ref())
    }

    /// Whether what looks like a card number at a place isn't one.
    pub fn is_not_a_card(&self, path: &[&str]) -> bool {
        nodes::says(self.root(), path, "x-not-a-card")
    }

    /// The subschemas that speak of a place, found through `properties`, `allOf` and local references; what one refers to
    /// stands before it.
    pub fn about(&self, path: &Key) -> Vec<&Value> {
        nodes::about(self.root(), path)
    }

    /// Whether a document may have that property: with a closed top level that doesn't name it, it may not.
    pub fn admits(&self, first_segment: &str) -> bool {
        self.gates.iter().all(|gate| gate.admits(first_segment))
    }

    /// The places of a document that the schema doesn't name.
    pub fn unknown(&self, document: &Value) -> Vec<Key> {
        let mut unknown = Vec::new();
        nodes::unknown(self.root(), vec![&self.source], document, &Key::root(), &mut unknown);
        unknown
    }

    /// Everything that is wrong with a document.
    pub fn judge(&self, document: &Value) -> Vec<Problem> {
        self.judge_with(document, &|_| false)
    }

    /// The same, with more places that are secret than the schema says.
    pub(crate) fn judge_with(&self, document: &Value, is_secret: &dyn Fn(&Key) -> bool) -> Vec<Problem> {
        if self.validator.is_valid(document) {
            return Vec::new();
        }
        judge::problems(&self.validator, document, &Key::root(), &|path| is_secret(path) || self.is_secret_at(path))
    }

    fn is_secret_at(&self, path: &Key) -> bool {
        self.is_secret(&path.segments().iter().map(AsRef::as_ref).collect::<Vec<_>>())
    }

    /// Everything that is wrong with a value at a place, by the schema of that place where it is reached through
    /// properties.
    pub fn judge_at(&self, path: &Key, value: &Value) -> Vec<Problem> {
        let pointers = nodes::pointers_at(self.root(), path);
        let parts = self.parts.get_or_init(|| compile::parts(&self.source));
        let validators = pointers.iter().filter_map(|pointer| parts.as_ref()?.get(pointer));
        let mut problems: Vec<_> = validators
            .filter(|validator| !validator.is_valid(value))
            .flat_map(|validator| judge::problems(validator, value, path, &|path| self.is_secret_at(path)))
            .collect();
        problems.sort();
        problems.dedup();
        problems
    }
}
