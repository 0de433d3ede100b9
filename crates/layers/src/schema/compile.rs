//! From JSON to a schema that judges: what is refused on the way.

use std::collections::HashSet;

use jsonschema::{Draft, PatternOptions, ValidationOptions, Validator, ValidatorMap};
use serde_json::Value;

use super::nodes::{self, Root};
use super::{circles, work};
use crate::limits::{self, PATTERN_STEPS, SCHEMA_BYTES, SCHEMA_DEPTH, SCHEMA_PATTERNS, SCHEMA_REFERENCES};
use crate::patch::Strategy;
use crate::{Key, Problem, Rule};

/// How schemas are compiled: always the same draft, nothing fetched from anywhere, formats asserted, and patterns given up
/// that would go on for ages.
pub(super) fn options<'a>() -> ValidationOptions<'a> {
    let patterns = PatternOptions::fancy_regex().backtrack_limit(PATTERN_STEPS);
    let options = jsonschema::options().with_draft(Draft::Draft202012).offline().should_validate_formats(true);
    options.with_pattern_options(patterns)
}

/// The validator of a whole schema.
pub(super) fn validator(source: &Value) -> Result<Validator, Vec<Problem>> {
    options().build(source).map_err(|error| {
        let path = Key::of_pointer(error.instance_path().as_str());
        let detail = format!(
            "This isn't a JSON Schema 2020-12: {}",
            super::words::short(&error.masked_with("what stands here"))
        );
        vec![refused(path, detail, "Mend the schema here; https://json-schema.org/draft/2020-12 says what may stand.")]
    })
}

/// The validators of all its parts.
pub(super) fn parts(source: &Value) -> Option<ValidatorMap> {
    options().build_map(source).ok()
}

fn refused(path: Key, detail: String, mend: &str) -> Problem {
    Problem::new(path, Rule::SchemaItself, detail, mend.to_owned())
}

/// Refuses a schema that is too large to be looked into.
pub(super) fn check_size(source: &Value) -> Result<(), Vec<Problem>> {
    limits::check("schema", source, SCHEMA_BYTES, SCHEMA_DEPTH).map_or(Ok(()), |too_large| Err(vec![too_large]))
}

/// Refuses what is no schema here, whatever JSON Schema says of it.
pub(super) fn check(root: Root<'_>) -> Result<(), Vec<Problem>> {
    let nodes = nodes::every(root.schema);
    let references = nodes.iter().filter(|(_, node)| node.get("$ref").is_some()).count();
    if references > SCHEMA_REFERENCES {
        let detail = format!("The schema has {references} references, more than {SCHEMA_REFERENCES}");
        let mend = "Write out what is referred to once.".to_owned();
        return Err(vec![Problem::new(Key::root(), Rule::Size, detail, mend)]);
    }
    let patterns = patterns(&nodes);
    if patterns > SCHEMA_PATTERNS {
        let detail = format!("The schema has {patterns} different patterns, more than {SCHEMA_PATTERNS}");
        let mend = "Let places that are alike have the same pattern.".to_owned();
        return Err(vec![Problem::new(Key::root(), Rule::Size, detail, mend)]);
    }
    circles::check(root, &nodes)?;
    work::check(root)?;
    let problems: Vec<_> = nodes.iter().flat_map(|(path, node)| check_node(path, node)).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// How many different patterns there are.
fn patterns(nodes: &[(Key, &Value)]) -> usize {
    let of_texts = nodes.iter().filter_map(|(_, node)| node.get("pattern")?.as_str());
    let of_names = nodes.iter().filter_map(|(_, node)| node.get("patternProperties")?.as_object());
    of_texts.chain(of_names.flat_map(|members| members.keys().map(String::as_str))).collect::<HashSet<_>>().len()
}

fn check_node(path: &Key, node: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let text = |word: &str| node.get(word).and_then(Value::as_str);
    for word in ["$ref", "$dynamicRef"] {
        if text(word).is_some_and(|reference| !reference.starts_with('#')) {
            let detail = format!("{word} leads out of the schema, and nothing is fetched from elsewhere");
            let mend = "Put what it refers to under $defs, and refer to it as #/$defs/….";
            problems.push(refused(path.child(word), detail, mend));
        }
    }
    if let Some(draft) = text("$schema").filter(|draft| !is_our_draft(draft)) {
        let detail = format!("Schemas are JSON Schema 2020-12, not {draft}");
        problems.push(refused(
            path.child("$schema"),
            detail,
            "Leave $schema out, or name https://json-schema.org/draft/2020-12/schema.",
        ));
    }
    if node.get("$id").is_some() && !path.is_root() {
        let detail = "A part of a schema has an $id of its own, which would turn references elsewhere".to_owned();
        problems.push(refused(
            path.child("$id"),
            detail,
            "Leave $id out here; name the part with $anchor if it needs a name.",
        ));
    }
    for word in ["x-locked", "x-secret", "x-not-a-card"] {
        if node.get(word).is_some_and(|value| !value.is_boolean()) {
            problems.push(refused(
                path.child(word),
                format!("{word} is neither true nor false"),
                "Write true, or leave it out.",
            ));
        }
    }
    if node.get("x-merge").is_some_and(|value| value.as_str().and_then(Strategy::parse).is_none()) {
        let detail = "x-merge says nothing that is known".to_owned();
        problems.push(refused(path.child("x-merge"), detail, "Write append, union or byKey:<field>."));
    }
    if node.get("x-env-name").is_some_and(|value| !value.as_str().is_some_and(is_variable)) {
        let detail = "x-env-name isn't the name of an environment variable".to_owned();
        problems.push(refused(path.child("x-env-name"), detail, "Use letters, digits and _, the first not a digit."));
    }
    problems
}

fn is_our_draft(uri: &str) -> bool {
    uri.trim_end_matches('#') == "https://json-schema.org/draft/2020-12/schema"
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
