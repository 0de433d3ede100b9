//! From what the validator finds to problems: which place, which rule, what to do. Never a value.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::words;
use crate::{Key, Problem, Rule};

/// Problems that are told of one value: with more, nobody reads on.
const MOST: usize = 1_000;

/// Everything that is wrong with a value that stands at a place. Of secrets the operands that tell about them are kept
/// back.
pub(super) fn problems(
    validator: &Validator,
    value: &Value,
    at: &Key,
    is_secret: &dyn Fn(&Key) -> bool,
) -> Vec<Problem> {
    let found = validator.iter_errors(value).take(MOST).flat_map(|error| of_error(&error, at, is_secret));
    let mut problems: Vec<_> = found.map(|problem| outside_of_secrets(problem, is_secret)).collect();
    problems.sort();
    problems.dedup();
    problems
}

/// Says no more of what is within a secret than that it is wrong: its names are part of it.
fn outside_of_secrets(problem: Problem, is_secret: &dyn Fn(&Key) -> bool) -> Problem {
    let above = (0..problem.path.segments().len()).map(|length| problem.path.first(length));
    let Some(secret) = above.into_iter().find(|above| is_secret(above)) else { return problem };
    let detail = "What the secret holds isn't as the schema asks".to_owned();
    Problem { path: secret, detail, mend: "Set a value that the schema allows.".to_owned(), ..problem }
}

fn of_error(error: &ValidationError<'_>, at: &Key, is_secret: &dyn Fn(&Key) -> bool) -> Vec<Problem> {
    let path = at.join(&Key::of_pointer(error.instance_path().as_str()));
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![missing(path.child(name))]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|name| unnamed(path.child(name), error.kind().keyword())).collect()
        }
        Kind::PropertyNames { error: of_name } => {
            let detail = format!("A property here has a name that isn't allowed: {}", words::of(of_name, true).0);
            vec![wrong(path, "propertyNames", detail, "Name it otherwise.".to_owned())]
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } if is_incomplete(context, at, is_secret) => {
            let detail = "One of several sets of properties is needed here, and none is complete".to_owned();
            let mend = "Set the properties of one of the schema's alternatives.".to_owned();
            vec![Problem::new(path, Rule::Required, detail, mend)]
        }
        kind => {
            let (detail, mend) = words::of(error, is_secret(&path));
            vec![wrong(path, kind.keyword(), detail, mend)]
        }
    }
}

/// Whether one of the alternatives would hold if more were set.
fn is_incomplete(alternatives: &[Vec<ValidationError<'_>>], at: &Key, is_secret: &dyn Fn(&Key) -> bool) -> bool {
    alternatives.iter().any(|errors| {
        let mut problems = errors.iter().flat_map(|error| of_error(error, at, is_secret)).peekable();
        problems.peek().is_some() && problems.all(|problem| problem.rule == Rule::Required)
    })
}

fn missing(path: Key) -> Problem {
    let mend = format!("Set {path} at any layer.");
    Problem::new(path, Rule::Required, "This is required, and no layer supplies it".to_owned(), mend)
}

fn unnamed(path: Key, keyword: &str) -> Problem {
    let mend = format!("Remove {path}, or name it in the schema.");
    wrong(
        path,
        keyword,
        "The schema doesn't know this property, and lets in none that it doesn't know".to_owned(),
        mend,
    )
}

fn wrong(path: Key, keyword: &str, detail: String, mend: String) -> Problem {
    Problem::new(path, Rule::Keyword(keyword.into()), detail, mend)
}
