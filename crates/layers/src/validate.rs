//! Judging a resolved document by the schema of its template's version.

use crate::{Key, Problem, Resolved, Rule, Sources, origins, value};

/// Keywords by which a whole is judged by its parts: with a mask for a part, they say nothing certain.
const OF_PARTS: [&str; 8] =
    ["anyOf", "oneOf", "not", "contains", "const", "enum", "unevaluatedProperties", "unevaluatedItems"];

/// Everything that the schema finds wrong with a document, with the layer that supplied what is wrong. Secrets that
/// weren't opened are passed over.
pub fn validate(sources: &Sources, resolved: &Resolved) -> Vec<Problem> {
    let Some(schema) = sources.schema() else { return Vec::new() };
    let is_secret = |path: &Key| resolved.secrets.iter().any(|secret| path.is_at_or_below(&secret.path));
    let mut problems = schema.judge_with(&resolved.document, &is_secret);
    problems.retain(|problem| !is_about_mask(problem, resolved));
    if problems.is_empty() {
        return problems;
    }
    let origins = origins(sources);
    let named = problems.into_iter().map(|problem| {
        let path = problem.path.clone();
        if problem.rule == Rule::Required { problem } else { origins.name(problem, &path) }
    });
    named.collect()
}

fn is_about_mask(problem: &Problem, resolved: &Resolved) -> bool {
    resolved.secrets.iter().any(|secret| {
        let is_closed = || secret.path.find(&resolved.document).is_some_and(value::is_mask);
        let is_of_parts = || OF_PARTS.contains(&problem.rule.name()) && secret.path.is_at_or_below(&problem.path);
        (problem.path.is_at_or_below(&secret.path) || is_of_parts()) && is_closed()
    })
}
