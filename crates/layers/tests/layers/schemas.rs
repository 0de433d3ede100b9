//! Which schemas are refused, with the pointer, and what the others say of places.

use layers::limits::{SCHEMA_BYTES, SCHEMA_DEPTH};
use layers::{Schema, Weight};
use serde_json::{Value, json};

use super::{key, named, schema};

#[test]
fn what_is_no_schema_here_is_refused_with_the_pointer() {
    let cases = [
        (
            "a remote $ref",
            json!({ "properties": { "a": { "$ref": "https://example.com/a.json" } } }),
            "/properties/a/$ref",
        ),
        ("a $ref to a file", json!({ "items": { "$ref": "file:///etc/passwd" } }), "/items/$ref"),
        ("a relative $ref", json!({ "$ref": "other.json#/a" }), "/$ref"),
        ("a remote $dynamicRef", json!({ "not": { "$dynamicRef": "http://x/#a" } }), "/not/$dynamicRef"),
        ("a $ref that leads nowhere", json!({ "$ref": "#/$defs/none" }), ""),
        ("an $id within", json!({ "$defs": { "a": { "$id": "https://example.com/a" } } }), "/$defs/a/$id"),
        ("another draft", json!({ "$schema": "http://json-schema.org/draft-07/schema#" }), "/$schema"),
        ("no schema at all", json!([1]), ""),
        (
            "a keyword with the wrong kind of value",
            json!({ "properties": { "a": { "type": "text" } } }),
            "/properties/a/type",
        ),
        ("a pattern that is none", json!({ "properties": { "a": { "pattern": "(" } } }), "/properties/a/pattern"),
        (
            "a word after x-merge that isn't known",
            json!({ "properties": { "a": { "x-merge": "concat" } } }),
            "/properties/a/x-merge",
        ),
        ("byKey without a field", json!({ "x-merge": "byKey:" }), "/x-merge"),
        ("x-locked that isn't true or false", json!({ "x-locked": "yes" }), "/x-locked"),
        (
            "x-secret that isn't true or false",
            json!({ "properties": { "a": { "x-secret": 1 } } }),
            "/properties/a/x-secret",
        ),
        (
            "x-env-name that names no variable",
            json!({ "properties": { "a": { "x-env-name": "A-B" } } }),
            "/properties/a/x-env-name",
        ),
        (
            "one x-env-name for two places",
            json!({ "properties": { "a": { "x-env-name": "A" }, "b": { "x-env-name": "A" } } }),
            "/b",
        ),
        ("a default that removes", json!({ "properties": { "a": { "default": { "$removed": true } } } }), "/a"),
        ("a default with a $-key", json!({ "properties": { "a": { "default": { "$b": 1 } } } }), "/a/$b"),
        ("a circle that goes no deeper", json!({ "$ref": "#" }), ""),
        (
            "a circle of two",
            json!({ "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "allOf": [{ "$ref": "#/$defs/a" }] } } }),
            "/$defs/a",
        ),
    ];
    for (what, source, pointer) in cases {
        let problems = Schema::compile(&source).expect_err(what);
        assert!(problems.iter().any(|problem| problem.path.pointer() == pointer), "{what}: {problems:?}");
        assert!(
            problems.iter().all(|problem| problem.weight() == Weight::Invalid && !problem.mend.is_empty()),
            "{what}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let source =
        json!({ "properties": { "a": { "$ref": "http://x/" }, "b": { "x-merge": 1 }, "c": { "x-locked": 1 } } });
    assert_eq!(Schema::compile(&source).expect_err("three problems").len(), 3);
}

#[test]
fn size_and_depth_are_limited() {
    // Values that deep need room themselves, to be dropped.
    let test = std::thread::Builder::new().stack_size(32 << 20).spawn(size_and_depth).expect("a thread");
    assert!(test.join().is_ok());
}

fn size_and_depth() {
    let deep = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "properties": { "a": inner } }));
    assert!(Schema::compile(&deep(SCHEMA_DEPTH / 2 - 1)).is_ok());
    let twice = |word: &str| {
        let back = json!({ "properties": { "a": { "$ref": "#" } } });
        json!({ word: [back, back] })
    };
    let large = json!({ "description": "x".repeat(SCHEMA_BYTES) });
    let wide: serde_json::Map<_, _> = (0..14)
        .map(|number| {
            let next = json!({ "$ref": format!("#/$defs/d{}", number + 1) });
            (format!("d{number}"), json!({ "properties": { "l": next, "r": next } }))
        })
        .chain([("d14".to_owned(), json!({}))])
        .collect();
    let bomb = json!({ "$ref": "#/$defs/d0", "$defs": Value::Object(wide) });
    let chain: serde_json::Map<_, _> = (0..1000)
        .map(|number| (format!("d{number}"), json!({ "$ref": format!("#/$defs/d{}", number + 1) })))
        .chain([("d1000".to_owned(), json!({}))])
        .collect();
    for (what, source, rule) in [
        ("1,000 levels", deep(1000), "size"),
        ("10 MB", json!({ "description": "x".repeat(10_000_000) }), "size"),
        ("just too large", large, "size"),
        ("a tree of references that is too large when they are followed", bomb, "size"),
        ("alternatives that both lead back to the whole", twice("anyOf"), "size"),
        ("parts that both lead back to the whole", twice("allOf"), "size"),
        ("a chain of references", json!({ "$ref": "#/$defs/d0", "$defs": Value::Object(chain) }), "schema"),
    ] {
        let problems = Schema::compile(&source).expect_err(what);
        assert_eq!(problems.len(), 1, "{what}");
        assert_eq!(problems[0].rule.name(), rule, "{what}");
    }
    let through_properties: serde_json::Map<_, _> = (0..5000)
        .map(|number| {
            (format!("d{number}"), json!({ "properties": { "x": { "$ref": format!("#/$defs/d{}", number + 1) } } }))
        })
        .chain([("d5000".to_owned(), json!({}))])
        .collect();
    let _ = Schema::compile(&json!({ "$ref": "#/$defs/d0", "$defs": Value::Object(through_properties) }));
}

#[test]
fn what_looks_like_a_reference_but_is_a_name_or_a_value_is_fine() {
    let source = json!({
        "properties": { "$ref": { "type": "string" }, "x-locked": { "type": "string" } },
        "const": { "$ref": "https://example.com" },
        "examples": [{ "$ref": "https://example.com" }],
    });
    let source =
        json!({ "anyOf": [source, true], "$id": "https://example.com/s", "$anchor": "top", "$comment": "fine" });
    assert!(Schema::compile(&source).is_ok());
    assert!(Schema::compile(&json!(true)).is_ok());
    assert!(Schema::compile(&json!({ "$schema": "https://json-schema.org/draft/2020-12/schema" })).is_ok());
}

#[test]
fn recursive_schemas_of_the_usual_kinds_are_fine() {
    let page = json!({
        "properties": { "blocks": { "items": { "$ref": "#/$defs/block" } } },
        "$defs": {
            "block": { "oneOf": [{ "$ref": "#/$defs/text" }, { "$ref": "#/$defs/columns" }, { "$ref": "#/$defs/section" }] },
            "text": { "properties": { "kind": { "const": "text" }, "text": { "type": "string" } }, "required": ["text"] },
            "columns": { "properties": { "kind": { "const": "columns" }, "left": { "$ref": "#/$defs/block" }, "right": { "$ref": "#/$defs/block" } } },
            "section": { "properties": { "kind": { "const": "section" }, "blocks": { "items": { "$ref": "#/$defs/block" } } } },
        },
    });
    let tree = json!({
        "allOf": [{ "properties": { "label": { "type": "string", "x-env-name": "LABEL" } } }, { "properties": { "label": { "x-env-name": "LABEL" } } }],
        "properties": { "children": { "anyOf": [{ "type": "null" }, { "items": { "$ref": "#" } }] } },
        "additionalProperties": { "$ref": "#" },
    });
    for source in [page, tree] {
        assert!(Schema::compile(&source).is_ok(), "{source}");
    }
}

#[test]
fn secrets_are_found_through_whatever_leads_to_them() {
    let mail =
        json!({ "properties": { "key": { "type": "string", "x-secret": true }, "reply": { "$ref": "#/$defs/mail" } } });
    let schema = schema(&json!({
        "properties": {
            "mail": { "$ref": "#/$defs/mail" },
            "keys": { "type": "array", "items": { "properties": { "value": { "x-secret": true } } } },
            "env": { "additionalProperties": { "x-secret": true }, "properties": { "PORT": {} } },
            "named": { "$ref": "#token" },
            "pin": { "anyOf": [{ "type": "null" }, { "x-secret": true }] },
            "cert": { "x-secret": true, "properties": { "pem": {} } },
            "byname": { "patternProperties": { "_KEY$": { "x-secret": true } } },
        },
        "$defs": { "mail": mail, "token": { "$anchor": "token", "x-secret": true } },
    }));
    for secret in [
        "mail.key",
        "mail.reply.reply.key",
        "keys.0.value",
        "env.DB",
        "named",
        "pin",
        "cert.pem",
        "cert",
        "byname.A_KEY",
    ] {
        let path: Vec<&str> = secret.split('.').collect();
        assert!(schema.is_secret(&path), "{secret}");
    }
    for plain in ["mail", "mail.reply", "mail.from", "keys", "keys.0.name", "env.PORT", "byname.A_NAME", "other"] {
        let path: Vec<&str> = plain.split('.').collect();
        assert!(!schema.is_secret(&path), "{plain}");
    }
    assert!(!schema.is_not_a_card(&["mail"]));
}

#[test]
fn the_other_keywords_hold_where_every_document_meets_them() {
    let schema = schema(&json!({
        "allOf": [{ "properties": { "orders": { "properties": { "number": { "x-not-a-card": true, "x-env-name": "ORDER" } } } } }],
        "anyOf": [{ "properties": { "maybe": { "x-locked": true, "x-env-name": "MAYBE" } } }, true],
    }));
    assert!(schema.is_not_a_card(&["orders", "number"]));
    assert_eq!(schema.env_name(["orders", "number"]), Some("ORDER"));
    assert_eq!(schema.env_name(["maybe"]), None, "what a branch says isn't sure");
    assert_eq!(schema.locks(), []);
}

#[test]
fn a_value_is_judged_by_the_schema_of_its_place() {
    let schema = schema(&json!({
        "required": ["a"],
        "properties": { "a": { "$ref": "#/$defs/a", "properties": { "port": { "maximum": 9 } } } },
        "additionalProperties": { "type": "boolean" },
        "if": { "properties": { "mode": { "const": "x" } } },
        "then": { "properties": { "a": { "properties": { "port": { "const": 1 } } } } },
        "$defs": { "a": { "required": ["host"], "properties": { "host": { "type": "string" }, "port": { "type": "integer" } } } },
    }));
    let judged = |place: &str, value: Value| named(&schema.judge_at(&key(place), &value));
    assert_eq!(judged("a.port", json!(5)), [], "only what is reachable through properties counts");
    let both = [("/a/port".to_owned(), "maximum".to_owned())];
    assert_eq!(judged("a.port", json!(10)), both, "all schemas of the place");
    assert_eq!(judged("a.port", json!("5")), [("/a/port".to_owned(), "type".to_owned())]);
    assert_eq!(judged("a", json!({ "port": 5 })), [("/a/host".to_owned(), "required".to_owned())]);
    assert_eq!(judged("b", json!("text")), [], "what isn't a property of the schema is judged with the whole document");
    assert_eq!(judged("", json!({ "b": 1 })).len(), 2, "the whole document");
}

#[test]
fn a_place_is_spoken_of_by_its_subschemas_and_what_they_refer_to() {
    let schema = schema(&json!({
        "$defs": { "colour": { "type": "string", "pattern": "^#" } },
        "allOf": [{ "properties": { "a": { "title": "A" } } }],
        "properties": { "a": { "$ref": "#/$defs/colour", "description": "Of the buttons" }, "b": {} }
    }));
    let about = |path: &str| schema.about(&key(path)).into_iter().cloned().collect::<Vec<Value>>();
    let expected = [
        json!({ "title": "A" }),
        json!({ "type": "string", "pattern": "^#" }),
        json!({ "$ref": "#/$defs/colour", "description": "Of the buttons" }),
    ];
    assert_eq!(about("a"), expected);
    assert_eq!(about("b"), [json!({})]);
    assert_eq!(about("c"), [] as [Value; 0]);
}
