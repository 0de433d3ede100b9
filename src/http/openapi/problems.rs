//! What every operation of `/api/v1` and `/config/v1` can be refused with, beside its own description.

use serde_json::{Map, Value, json};

/// The refusals that any of them can meet.
const REFUSALS: &[(&str, &str)] = &[
    ("400", "The request can't be read."),
    ("401", "No token, or one that isn't valid any more; `WWW-Authenticate` says which."),
    ("403", "The caller's role may not do this."),
    ("404", "Nothing is there, or nothing that the caller may see."),
    ("405", "The path doesn't know the method."),
    ("408", "The request took too long to arrive."),
    ("409", "Another row stands against it, or other writes did three times."),
    ("412", "The row isn't any more as the caller saw it; `current` is the row as it is now."),
    ("413", "The body is larger than is taken."),
    ("414", "The URL is longer than is taken."),
    (
        "422",
        "Understood and not done; `errors` has everything that is wrong, each with its place, rule, layer and mend.",
    ),
    ("431", "The headers are larger than is taken, or more than 100."),
    ("500", "Something failed here; the log has it under the request's id."),
    ("503", "PostgreSQL can't be reached; `Retry-After` says when to come again."),
    ("504", "No connection became free, or the statement took too long."),
];

/// What there is to read with a runtime token is never missing, and nothing is written there.
const NOT_OF_RUNTIME: &[&str] = &["404", "409", "412", "413"];

/// Adds the refusals to every operation, and to those of `/api/v1` that somebody has to be signed in; what an operation
/// says of a refusal itself stays, with the body that all of them have.
pub(super) fn add_refusals(paths: &mut Map<String, Value>) {
    for (path, operations) in paths {
        let not_there = match path.as_str() {
            path if path.starts_with("/api/v1/") => &[],
            path if path.starts_with("/config/v1") => NOT_OF_RUNTIME,
            _ => continue,
        };
        for operation in operations.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if operation.get("security").is_none() {
                operation["security"] = json!([{ "bearer": [] }, { "apikey": [] }]);
            }
            let Some(Value::Object(responses)) = operation.get_mut("responses") else { continue };
            for (status, _) in REFUSALS.iter().filter(|(status, _)| !not_there.contains(status)) {
                refuse(responses, status);
            }
        }
    }
}

fn refuse(responses: &mut Map<String, Value>, status: &str) {
    match responses.get_mut(status) {
        Some(said) => said["content"] = content(),
        None => {
            let reference = json!({ "$ref": format!("#/components/responses/problem.{status}") });
            responses.insert(status.to_owned(), reference);
        }
    }
}

/// The refusals as components of the document.
pub(super) fn responses() -> Map<String, Value> {
    let all = REFUSALS
        .iter()
        .map(|(status, about)| (format!("problem.{status}"), json!({ "description": about, "content": content() })));
    all.collect()
}

fn content() -> Value {
    json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
}
