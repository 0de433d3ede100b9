use super::{Fault, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The path and the query of a request, each a struct; what isn't known there is refused.
pub struct Params<P, Q = Nothing>(pub P, pub Q);

/// No parameter.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A body of JSON; what isn't known there is refused.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, P: DeserializeOwned + Send, Q: DeserializeOwned> FromRequestParts<S> for Params<P, Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(path) = Path::from_request_parts(parts, state).await.map_err(|rejection| {
            Problem::absent(format!("there is nothing under this path: {}", rejection.body_text()))
                .mend("see /openapi.json for the form of each path")
        })?;
        let Query(query) = Query::from_request_parts(parts, state).await.map_err(|rejection| {
            let said = rejection.body_text();
            let said = said.trim_start_matches("Failed to deserialize query string: ");
            let parameter = said.split_once(": ").map_or("", |(parameter, _)| parameter);
            let fault =
                Fault::at(parameter, "parameter", said).mend("see /openapi.json for the parameters of each path");
            Problem::faults(format!("the query can't be read: {said}"), vec![fault])
        })?;
        Ok(Self(path, query))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than this server takes")
                    .mend("send it in several requests, or raise --body-limit")
            }
            _ => Problem::unreadable("the body ended before it was whole"),
        })?;
        parse(&body).map(Self)
    }
}

/// How many entries a page has: as many as there may be at most, where nothing is asked.
pub fn page_size(asked: Option<i64>, most: i64) -> Result<i64, Problem> {
    match asked {
        None => Ok(most),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(_) => {
            let detail = format!("limit is a number from 1 to {most}");
            Err(Problem::faults(detail.clone(), vec![Fault::at("limit", "range", detail)]))
        }
    }
}

/// A body of JSON as a type, or where in it that can't be.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut input = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let pointer = pointer(error.path());
        unreadable(&pointer, error.inner())
    })?;
    input.end().map_err(|error| unreadable("", &error))?;
    Ok(read)
}

/// Says where and which rule, and of the value nothing: it may be a secret.
fn unreadable(pointer: &str, error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let place = format!("line {}, column {}", error.line(), error.column());
    if said.starts_with("recursion limit") {
        let fault = Fault::at(pointer, "depth", "nested deeper than 127 levels").mend("send it flatter");
        return Problem::faults(format!("the body is nested too deep ({place})"), vec![fault]);
    }
    match error.classify() {
        serde_json::error::Category::Data => {
            let names = ["unknown field", "missing field", "duplicate field", "unknown variant"];
            let is_about_names = names.iter().any(|known| said.starts_with(known));
            let detail = if is_about_names {
                said.rsplit_once(" at line").map_or(&*said, |(said, _)| said)
            } else {
                "has the wrong type"
            };
            let fault = Fault::at(pointer, "body", detail).mend("see /openapi.json for the form of the body");
            Problem::faults(format!("the body isn't as it has to be ({place}): {detail}"), vec![fault])
        }
        _ => Problem::unreadable(format!("the body is no JSON ({place})")).mend("send application/json"),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { variant } => format!("/{}", escaped(variant)),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sent {
        #[serde(rename = "edits")]
        _edits: Vec<Edit>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Edit {
        #[serde(rename = "key")]
        _key: String,
    }

    #[test]
    fn a_body_is_refused_with_the_place_and_without_the_value() {
        for (body, status, pointer) in [
            (json!({ "edits": [{ "key": "a" }, { "key": 4_711 }] }).to_string(), 422, Some("/edits/1/key")),
            (json!({ "edits": [{ "kez": "a" }] }).to_string(), 422, Some("/edits/0/kez")),
            (json!({}).to_string(), 422, Some("")),
            ("{\"edits\": [".to_owned(), 400, None),
            (json!({ "edits": [] }).to_string() + "x", 400, None),
        ] {
            let problem = parse::<Sent>(body.as_bytes()).expect_err(&body);
            assert_eq!(problem.status.as_u16(), status, "{body}: {problem:?}");
            assert_eq!(problem.errors.first().map(|fault| &*fault.pointer), pointer, "{body}");
            assert!(!problem.body(None).to_string().contains("4711"), "{problem:?}");
        }
    }

    #[test]
    fn a_thousand_levels_are_refused() {
        let body = "[".repeat(1_000) + &"]".repeat(1_000);
        let problem = parse::<Value>(body.as_bytes()).expect_err("too deep");
        assert_eq!((problem.status.as_u16(), &*problem.errors[0].rule), (422, "depth"));
    }
}
