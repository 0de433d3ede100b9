//! Every answer that the table API can give.

use serde_json::{Map, Value, json};

/// The refusals, each with what it means here.
const REFUSALS: &[(&str, &str)] = &[
    ("300", "`PGRST201`: an embed that several relationships would fit; `hint` names them."),
    (
        "400",
        "`PGRST100`, `PGRST102`, `PGRST118`, `PGRST122`, `PGRST124`, `PGRST200`, `PGRST204`: a parameter, header, body, \
             preference, relation or column that isn't understood; or a value that PostgreSQL refuses.",
    ),
    (
        "401",
        "`PGRST301`, `PGRST302`, `PGRST303`: a token that isn't valid, none, or one whose person, session or role isn't any more. \
             42501 where nobody is signed in.",
    ),
    ("403", "42501: the caller's role may not read or write this table or column."),
    ("404", "`PGRST205`: no such table."),
    ("405", "A view is only read."),
    (
        "406",
        "`PGRST106`, `PGRST107`, `PGRST116`: another schema, a media type that isn't given, or not exactly one row where one was asked for.",
    ),
    ("408", "The request took too long to arrive."),
    ("409", "23503, 23505, 40001, 40P01: another row stands against it, or other writes did three times."),
    ("412", "The row isn't any more as `If-Match` says; it follows as it is now."),
    ("413", "The body is larger than is taken, or the write touches more rows than it may."),
    ("414", "The URL is longer than is taken."),
    ("415", "`PGRST107`: a body that isn't JSON."),
    ("416", "`PGRST103`: `offset` lies past the last row."),
    ("422", "`TN…`: a rule refuses the write; every problem stands in `details`, the mend in `hint`."),
    ("429", "Too many requests; `Retry-After` says when to come again."),
    ("431", "The headers are larger than is taken, or more than 100."),
    ("500", "Something failed here; the log has it under the request's id."),
    ("503", "`PGRST000` to `PGRST002`: PostgreSQL can't be reached; `Retry-After` says when to come again."),
    ("504", "`PGRST003`, 57014: no connection became free, or the statement took too long."),
];

/// Refusals that only writes meet.
const OF_WRITES: &[&str] = &["405", "409", "412", "413", "415", "422"];

/// Refusals that only reads meet.
const OF_READS: &[&str] = &["416"];

/// The refusals as components of the document, with the body that all of them have.
pub(super) fn components() -> Map<String, Value> {
    let all = REFUSALS.iter().map(|(status, about)| {
        let body = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } });
        let mut response = json!({ "description": about, "content": body });
        if ["429", "503"].contains(status) {
            let seconds = json!({ "schema": { "type": "integer" }, "description": "Seconds to wait." });
            response["headers"] = json!({ "Retry-After": seconds });
        }
        if *status == "401" {
            response["headers"] = json!({ "WWW-Authenticate": { "schema": { "type": "string" } } });
        }
        ((*status).to_owned(), response)
    });
    all.collect()
}

/// The body of every refusal.
pub(super) fn error() -> Value {
    json!({
        "type": "object",
        "description": "Why a request of the table API was refused.",
        "properties": {
            "code": { "type": "string", "description": "PGRST…, TN…, or PostgreSQL's own SQLSTATE.", "examples": ["PGRST204"] },
            "message": { "type": "string", "examples": ["Could not find the 'teir' column of 'clients_enhanced' in the schema cache"] },
            "details": { "type": ["string", "null"], "examples": [null] },
            "hint": { "type": ["string", "null"], "examples": ["did you mean tier?"] },
        },
        "required": ["code", "message", "details", "hint"],
    })
}

/// The answers of a read.
pub(super) fn of_read(row: &Value) -> Value {
    let mut all = refusals(OF_WRITES);
    all.insert("200".to_owned(), rows(row, "The rows."));
    all.insert("206".to_owned(), rows(row, "A part of the rows, whose number is known."));
    Value::Object(all)
}

/// The answers of an insert or upsert.
pub(super) fn of_insert(row: &Value) -> Value {
    let mut all = refusals(OF_READS);
    all.insert("201".to_owned(), rows(row, "The rows were written; with `return=representation` they follow."));
    Value::Object(all)
}

/// The answers of an update or delete.
pub(super) fn of_change(row: &Value) -> Value {
    let mut all = refusals(OF_READS);
    all.insert("200".to_owned(), rows(row, "The rows that were touched, which `return=representation` asked for."));
    all.insert("204".to_owned(), json!({ "description": "Done, however many rows were touched." }));
    Value::Object(all)
}

fn refusals(but: &[&str]) -> Map<String, Value> {
    let can_come = REFUSALS.iter().filter(|(status, _)| !but.contains(status));
    can_come
        .map(|(status, _)| ((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{status}") })))
        .collect()
}

fn rows(row: &Value, about: &str) -> Value {
    json!({
        "description": about,
        "headers": {
            "Content-Range": { "schema": { "type": "string", "examples": ["0-9/57"] }, "description": "Which rows these are, and of how many." },
            "Preference-Applied": { "schema": { "type": "string", "examples": ["count=exact"] }, "description": "What of `Prefer` was honoured." },
        },
        "content": {
            "application/json": { "schema": { "type": "array", "items": row } },
            "application/vnd.pgrst.object+json": { "schema": row },
            "text/csv": { "schema": { "type": "string" } },
        },
    })
}
