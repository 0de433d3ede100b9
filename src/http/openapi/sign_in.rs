//! What the operations of sign-in say beside their own descriptions: the shapes of GoTrue, and its refusals.

use serde_json::{Map, Value, json};

/// What can be refused to any of them.
const REFUSALS: &[(&str, &str)] = &[
    (
        "400",
        "`invalid_credentials`, `validation_failed`, `refresh_token_not_found`, `refresh_token_already_used` …: the request \
             isn't as it has to be, or it isn't who it says.",
    ),
    ("401", "`no_authorization`, `bad_jwt`: no key, or none that is valid."),
    ("403", "`session_not_found` …: the session or the person isn't any more, or may not do this."),
    ("405", "The path doesn't know the method."),
    ("408", "The request took too long to arrive."),
    ("413", "The body is larger than is taken."),
    ("414", "The URL is longer than is taken."),
    (
        "422",
        "`weak_password`, `same_password`, `feature_disabled`, `signup_disabled` …: understood and not done; the message says \
             what to do instead.",
    ),
    ("429", "`over_request_rate_limit`: too many failed attempts; `Retry-After` says when to come again."),
    ("431", "The headers are larger than is taken, or more than 100."),
    ("500", "`unexpected_failure`: something failed here; the log has it under the request's id."),
    ("503", "PostgreSQL can't be reached; `Retry-After` says when to come again."),
    ("504", "No connection became free in time."),
];

/// Adds the refusals to every operation of sign-in, none of whose bodies may be left out.
pub(super) fn add_refusals(paths: &mut Map<String, Value>) {
    let of_sign_in = paths.iter_mut().filter(|(path, _)| path.starts_with("/auth/v1/"));
    for operation in of_sign_in.filter_map(|(_, path)| path.as_object_mut()).flat_map(|path| path.values_mut()) {
        if let Some(body) = operation.get_mut("requestBody") {
            body["required"] = json!(true);
        }
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            let refusals = REFUSALS.iter().map(|(status, _)| ((*status).to_owned(), reference(status)));
            responses.extend(refusals);
        }
    }
}

fn reference(status: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/sign-in.{status}") })
}

/// The refusals as components of the document.
pub(super) fn responses() -> Map<String, Value> {
    let body = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/SignInProblem" } } });
    let all = REFUSALS
        .iter()
        .map(|(status, about)| (format!("sign-in.{status}"), json!({ "description": about, "content": body })));
    all.collect()
}

/// The shapes of what is sent and answered.
pub(super) fn schemas() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let time = json!({ "type": "string", "format": "date-time" });
    let nothing = json!({ "type": "null" });
    let all = [
        (
            "Grant",
            json!({ "oneOf": [
                { "type": "object", "title": "password", "required": ["email", "password"],
                  "properties": { "email": { "type": "string", "format": "email" }, "password": text,
                                  "gotrue_meta_security": { "type": "object", "additionalProperties": false } },
                  "additionalProperties": false },
                { "type": "object", "title": "refresh_token", "required": ["refresh_token"],
                  "properties": { "refresh_token": text }, "additionalProperties": false },
            ] }),
        ),
        (
            "Session",
            json!({ "type": "object", "required": ["access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user"],
                "properties": {
                    "access_token": { "type": "string", "description": "A JWT, signed with ES256; good for 15 minutes." },
                    "token_type": { "const": "bearer" }, "expires_in": { "type": "integer", "examples": [900] },
                    "expires_at": { "type": "integer", "description": "Seconds since 1970." },
                    "refresh_token": { "type": "string", "description": "For the next session token; good for one use." },
                    "user": { "$ref": "#/components/schemas/User" } } }),
        ),
        (
            "User",
            json!({ "type": "object", "required": ["id", "aud", "role", "email", "app_metadata", "user_metadata", "identities", "created_at"],
                "properties": {
                    "id": { "type": "string", "format": "uuid" }, "aud": { "const": "authenticated" }, "role": { "const": "authenticated" },
                    "email": text, "created_at": time,
                    "app_metadata": { "type": "object", "description": "`role` is the person's role here." },
                    "user_metadata": { "type": "object", "description": "What the person says of themselves." },
                    "identities": { "type": "array", "items": { "type": "object" } } } }),
        ),
        (
            "UserChanges",
            json!({ "type": "object", "properties": {
                "password": { "type": ["string", "null"], "minLength": 8, "maxLength": 1000 },
                "current_password": { "type": ["string", "null"] },
                "data": { "type": ["object", "null"], "description": "Goes over what was said before; a member that is null goes." },
                // supabase-js sends some of them along, always.
                "email": nothing, "phone": nothing, "nonce": nothing, "code_challenge": nothing, "code_challenge_method": nothing },
                "anyOf": [{ "required": ["password"], "properties": { "password": { "type": "string" } } },
                          { "required": ["data"], "properties": { "data": { "type": "object" } } }],
                "additionalProperties": false }),
        ),
        (
            "Jwks",
            json!({ "type": "object", "required": ["keys"], "properties": { "keys": { "type": "array", "items": { "type": "object" } } } }),
        ),
        (
            "SignInProblem",
            json!({ "type": "object", "description": "Why it was refused, as GoTrue says it.", "properties": {
                "code": { "type": ["integer", "string"], "description": "The status, or the word for clients that ask for it by X-Supabase-Api-Version." },
                "error_code": { "type": "string", "examples": ["invalid_credentials"] }, "msg": text, "message": text } }),
        ),
        (
            "Readiness",
            json!({ "type": "object", "required": ["ready", "database", "migrations_missing", "partitions_missing", "warnings", "snapshots"],
                "properties": {
                    "ready": { "type": "boolean" }, "database": { "type": "boolean", "description": "Whether PostgreSQL answers." },
                    "migrations_missing": { "type": "array", "items": text },
                    "partitions_missing": { "type": "array", "items": text, "description": "Tables without a partition for the month to come." },
                    "warnings": { "type": "array", "items": text },
                    "snapshots": { "type": "object", "description": "Configuration in memory, which goes on being read while PostgreSQL is away.",
                        "required": ["tokens", "documents", "waiting", "streams"], "properties": {
                            "tokens": { "type": "integer", "description": "Runtime tokens that are known." },
                            "documents": { "type": "integer", "description": "Documents that they read." },
                            "waiting": { "type": "integer", "description": "Documents that a change isn't in yet." },
                            "streams": { "type": "integer", "description": "Streams of changes that are open." },
                            "stale_seconds": { "type": "integer", "description": "How old what is in memory may be, while nobody knows." } } } } }),
        ),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
