use super::{Fault, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

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
            let fault =
                Fault::at("limit", "range", detail.clone()).mend("ask for a page of that size, and for the next");
            Err(Problem::faults(detail, vec![fault]))
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
    let mut faults = nul(body);
    faults.extend(std::str::from_utf8(body).map(unkept).unwrap_or_default());
    if faults.is_empty() { Ok(read) } else { Err(Problem::faults("the body holds what can't be kept", faults)) }
}

/// What of a text of JSON would be lost: numbers that would be rounded, names that stand twice in one object.
pub fn unkept(json: &str) -> Vec<Fault> {
    layers::written::lost(json).iter().map(Fault::from).collect()
}

/// Text that PostgreSQL has no place for, wherever in a body it stands.
fn nul(body: &[u8]) -> Vec<Fault> {
    let mut faults = Vec::new();
    // Nearly every body is done here.
    if body.windows(6).any(|part| part == br"\u0000") {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        find_nul(&value, &mut String::new(), &mut faults);
    }
    faults
}

fn find_nul(value: &Value, pointer: &mut String, faults: &mut Vec<Fault>) {
    let mut beneath = |name: &str, value: &Value, faults: &mut Vec<Fault>| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escaped(name));
        find_nul(value, pointer, faults);
        pointer.truncate(length);
    };
    let holds = match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| beneath(&place.to_string(), item, faults));
            false
        }
        Value::Object(members) => {
            let (odd, fine): (Vec<_>, Vec<_>) = members.iter().partition(|(name, _)| name.contains('\0'));
            for (name, value) in fine {
                beneath(name, value, faults);
            }
            !odd.is_empty()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    };
    if holds {
        let fault = Fault::at(pointer.clone(), "unkept", "the character U+0000 stands in no text of PostgreSQL's");
        faults.push(fault.mend("leave it out, or encode it"));
    }
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

    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { variant } => format!("/{}", escaped(variant)),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

/// A name as a segment of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

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
            (json!({ "edits": [{ "key": "a" }, { "key": "a\0" }] }).to_string(), 422, Some("/edits/1/key")),
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
    fn what_would_be_lost_is_refused_all_at_once() {
        let body = r#"{ "a": { "b": 1.00000000000000000001, "c": 1, "c": 2 }, "d": "x\u0000" }"#;
        let problem = parse::<Value>(body.as_bytes()).expect_err("three faults");
        let places: Vec<&str> = problem.errors.iter().map(|fault| &*fault.pointer).collect();
        assert_eq!((problem.status.as_u16(), places), (422, vec!["/d", "/a/b", "/a/c"]));
    }

    #[test]
    fn a_thousand_levels_are_refused() {
        let body = "[".repeat(1_000) + &"]".repeat(1_000);
        let problem = parse::<Value>(body.as_bytes()).expect_err("too deep");
        assert_eq!((problem.status.as_u16(), &*problem.errors[0].rule), (422, "depth"));
    }
}
