//! Documents as bytes, compared, and as environment variables.

use layers::Place::{ClientAll, GlobalAll, TemplateAll};
use layers::{closed, diff, resolve};
use serde_json::{Value, json};

use super::example::row;
use super::{key, schema, sources};

#[test]
fn equal_documents_are_equal_bytes() {
    let rows = [
        row(GlobalAll, "b", json!({ "z": 1, "a": [{ "y": 1, "x": 2 }] })),
        row(TemplateAll, "a", 1),
        row(ClientAll, "b", json!({ "m": 1 })),
    ];
    let entries: Vec<_> = rows.into_iter().zip(1..).map(|(row, number)| row.entry(number)).collect();
    let document = resolve(&sources(None, &entries), &closed).document;
    assert_eq!(document.to_string(), r#"{"a":1,"b":{"a":[{"x":2,"y":1}],"m":1,"z":1}}"#);
}

#[test]
fn a_difference_is_as_small_as_it_can_be() {
    let before = json!({ "a": { "b": 1, "c": [1] }, "gone": { "x": 1 }, "null": null, "same": 1 });
    let after = json!({ "a": { "b": 2, "c": [1, 2] }, "fresh": { "y": 1 }, "null": {}, "same": 1 });
    let found: Vec<_> =
        diff(&before, &after).into_iter().map(|one| (one.path.pointer(), one.before, one.after)).collect();
    let expected: Vec<(&str, Option<Value>, Option<Value>)> = vec![
        ("/a/b", Some(json!(1)), Some(json!(2))),
        ("/a/c", Some(json!([1])), Some(json!([1, 2]))),
        ("/fresh", None, Some(json!({ "y": 1 }))),
        ("/gone", Some(json!({ "x": 1 })), None),
        ("/null", Some(json!(null)), Some(json!({}))),
    ];
    assert_eq!(
        found,
        expected.into_iter().map(|(path, before, after)| (path.to_owned(), before, after)).collect::<Vec<_>>()
    );
    let mask = |id: &str| json!({ "k": { "$secret": { "id": id, "fingerprint": "f" } } });
    let of_masks = diff(&mask("1"), &mask("2"));
    assert_eq!(of_masks.len(), 1, "a mask is a scalar");
    assert_eq!(of_masks[0].path, key("k"));
    assert_eq!(diff(&before, &before), []);
}

#[test]
fn names_of_variables_are_the_templates_else_a_rows() {
    let template = json!({ "properties": { "db": { "properties": { "url": { "x-env-name": "DATABASE_URL" } } } } });
    let entries = [
        row(GlobalAll, "db.url", "u").with_schema(json!({ "x-env-name": "IGNORED" })).entry(1),
        row(ClientAll, "mail", json!({ "from": "a" }))
            .with_schema(json!({ "properties": { "from": { "x-env-name": "MAIL_FROM" } } }))
            .entry(2),
    ];
    let sources = sources(Some(&template), &entries);
    assert_eq!(sources.env_name(&key("db.url")), Some("DATABASE_URL"));
    assert_eq!(sources.env_name(&key("mail.from")), Some("MAIL_FROM"));
    assert_eq!(sources.env_name(&key("mail")), None);
    assert_eq!(schema(&template).env_names(), [(key("db.url"), "DATABASE_URL")]);
}

#[test]
fn documents_of_the_same_layers_have_one_identity() {
    let entries = [row(GlobalAll, "a", 1).entry(1), row(ClientAll, "a", 2).entry(2)];
    let (one, other) = (sources(None, &entries), sources(None, &entries));
    assert!(one.identity() == one.clone().identity());
    assert!(one.identity() != other.identity());
}

#[test]
fn what_a_contract_does_not_name_is_unknown() {
    let contract = schema(&json!({
        "properties": { "a": { "properties": { "b": {} } }, "free": { "type": "object" }, "map": { "additionalProperties": { "properties": { "x": {} } } } },
        "patternProperties": { "^x-": {} },
    }));
    let document = json!({ "a": { "b": 1, "c": 1 }, "d": { "e": 1 }, "free": { "any": 1 }, "map": { "k": { "x": 1, "y": 1 } }, "x-1": 1 });
    let unknown: Vec<_> = contract.unknown(&document).iter().map(layers::Key::pointer).collect();
    assert_eq!(unknown, ["/a/c", "/d", "/map/k/y"]);
}
