//! Where schemas say `x-secret`: found for a whole document at once as for each of its places alone.

use layers::schema::Secrets;
use layers::{Key, Schema};
use serde_json::{Value, json};

use super::key;

fn places(schema: &Value, at: &str, value: &Value) -> Vec<String> {
    let secrets = Secrets::of(schema.clone()).expect("it marks something");
    secrets.places(&key(at), value).iter().map(Key::pointer).collect()
}

/// Every way that leads to a place in a schema.
fn ways() -> Vec<(&'static str, Value)> {
    let secret = json!({ "x-secret": true });
    vec![
        ("properties", json!({ "properties": { "k1": secret } })),
        ("patternProperties", json!({ "patternProperties": { "^k[0-9]$": secret } })),
        ("a pattern that looks ahead", json!({ "patternProperties": { "^(?!x)k\\d": secret } })),
        ("additionalProperties", json!({ "properties": { "other": {} }, "additionalProperties": secret })),
        ("unevaluatedProperties", json!({ "properties": { "other": {} }, "unevaluatedProperties": secret })),
        ("allOf", json!({ "allOf": [{}, { "properties": { "k1": secret } }] })),
        ("anyOf", json!({ "anyOf": [{}, { "properties": { "k1": secret } }] })),
        ("oneOf", json!({ "oneOf": [{ "properties": { "k1": secret } }, false] })),
        ("if", json!({ "if": { "properties": { "k1": secret } } })),
        ("then", json!({ "if": false, "then": { "properties": { "k1": secret } } })),
        ("else", json!({ "if": true, "else": { "properties": { "k1": secret } } })),
        ("dependentSchemas", json!({ "dependentSchemas": { "x": { "properties": { "k1": secret } } } })),
        ("$ref", json!({ "$ref": "#/$defs/a~1b", "$defs": { "a/b": { "properties": { "k1": secret } } } })),
        ("an escaped $ref", json!({ "$ref": "#/$defs/a%20b", "$defs": { "a b": { "properties": { "k1": secret } } } })),
        (
            "$anchor",
            json!({ "$ref": "#named", "$defs": { "a": { "$anchor": "named", "properties": { "k1": secret } } } }),
        ),
        (
            "$dynamicRef",
            json!({ "$dynamicRef": "#n", "$defs": { "a": { "$dynamicAnchor": "n", "properties": { "k1": secret } } } }),
        ),
    ]
}

#[test]
fn whatever_leads_to_a_secret_is_followed() {
    for (way, schema) in ways() {
        let document = json!({ "k1": { "name": "value" }, "other": 1, "list": [1] });
        let found = places(&schema, "", &document);
        assert!(found.contains(&"/k1".to_owned()) && !found.contains(&"/other".to_owned()), "{way}: {found:?}");
        assert_eq!(places(&schema, "k1", &json!("x")), [""], "{way}: the key itself");
        assert_eq!(places(&schema, "k1.within", &json!("x")), [""], "{way}: within it");
        assert_eq!(places(&schema, "other", &json!("x")), Vec::<String>::new(), "{way}: beside it");
        let compiled = Schema::compile(&schema).unwrap_or_else(|problems| panic!("{way}: {problems:?}"));
        assert!(compiled.is_secret(&["k1"]) && !compiled.is_secret(&["other"]), "{way}");
    }
}

#[test]
fn items_are_secret_one_by_one() {
    let secret = json!({ "x-secret": true });
    let list = json!(["a", "b"]);
    assert_eq!(places(&json!({ "items": secret }), "", &list), ["/0", "/1"]);
    assert_eq!(places(&json!({ "prefixItems": [{}, secret] }), "", &list), ["/1"]);
    assert_eq!(places(&json!({ "contains": secret }), "", &list), ["/0", "/1"]);
}

#[test]
fn what_goes_round_in_a_circle_ends() {
    let schema = json!({ "$defs": { "node": { "properties": { "next": { "$ref": "#/$defs/node" }, "key": { "x-secret": true } } } },
                         "$ref": "#/$defs/node" });
    let document = json!({ "next": { "next": { "key": "x" } }, "key": "y" });
    assert_eq!(places(&schema, "", &document), ["/next/next/key", "/key"]);
}

#[test]
fn a_schema_that_nobody_can_follow_or_that_marks_nothing_is_none() {
    assert!(Secrets::of(json!({ "properties": { "a": { "x-secret": false } } })).is_none());
    let deep = (0..110).fold(json!({ "x-secret": true }), |schema, _| json!({ "properties": { "a": schema } }));
    assert!(Secrets::of(deep).is_none());
}

#[test]
fn defaults_and_examples_of_secrets_stand_in_the_clear() {
    let told = |schema: Value| -> Vec<String> {
        let schema = Schema::compile(&schema).expect("a schema");
        let found = schema.secrets_in_the_clear();
        assert!(
            found.iter().all(|problem| problem.rule.name() == "x-secret" && !problem.to_string().contains("hunter2"))
        );
        found.iter().map(|problem| problem.path.pointer()).collect()
    };
    let at_key = |key: Value| json!({ "properties": { "key": key } });
    assert_eq!(told(at_key(json!({ "x-secret": true, "default": "hunter2" }))), ["/properties/key/default"]);
    assert_eq!(told(at_key(json!({ "x-secret": true, "examples": ["hunter2"] }))), ["/properties/key/examples"]);
    let inner = json!({ "x-secret": true, "properties": { "pin": { "default": 1 } } });
    assert_eq!(told(at_key(inner)), ["/properties/key/properties/pin/default"]);
    let around = json!({ "properties": { "mail": { "default": { "key": "hunter2" }, "properties": { "key": { "x-secret": true } } } } });
    assert_eq!(told(around), ["/mail/key"]);
    let elsewhere =
        json!({ "allOf": [{ "default": { "key": "hunter2" } }], "properties": { "key": { "x-secret": true } } });
    assert_eq!(told(elsewhere), ["/key"]);
    for fine in [
        json!({ "x-secret": true, "default": "" }),
        json!({ "x-secret": true, "default": null }),
        json!({ "default": "x" }),
    ] {
        assert_eq!(told(at_key(fine)), Vec::<String>::new());
    }
}
