//! *Validation*: what is ours, case by case. Which schemas are refused is in `schemas`.

use layers::Place::{
    self, ClientAll, ClientTemplateAll, Customization, Deployment, GlobalAll, SchemaDefaults, TemplateAll,
    TemplateDefaults,
};
use layers::limits::{VALUE_BYTES, VALUE_DEPTH};
use layers::{Problem, Weight, check, resolve, validate};
use serde_json::{Value, json};

use super::example::{Given, removed, row};
use super::sources;

const INVALID: Weight = Weight::Invalid;
const INCOMPLETE: Weight = Weight::Incomplete;

/// A template, rows, and what is found: pointer, rule, weight, layer.
#[derive(Clone)]
struct Case {
    what: &'static str,
    template: Value,
    rows: Vec<Given>,
    found: Vec<(&'static str, &'static str, Weight, Option<Place>)>,
}

fn found(template: &Value, rows: Vec<Given>) -> Vec<Problem> {
    let entries: Vec<_> = rows.into_iter().zip(1..).map(|(row, number)| row.entry(number)).collect();
    let sources = sources(Some(template), &entries);
    validate(&sources, &resolve(&sources, &layers::closed))
}

/// A schema that lets in one property.
fn closed() -> Value {
    json!({ "properties": { "a": { "type": "integer" } }, "additionalProperties": false })
}

/// Which layer supplied what is wrong, and what isn't judged at all.
fn of_layers() -> Vec<Case> {
    vec![
        Case {
            what: "a wrong type, from a client's row",
            template: json!({ "properties": { "a": { "type": "integer" } } }),
            rows: vec![row(GlobalAll, "a", 1), row(ClientAll, "a", "1")],
            found: vec![("/a", "type", INVALID, Some(ClientAll))],
        },
        Case {
            what: "the layer is that of the value which counts, not of the highest",
            template: json!({ "properties": { "a": { "properties": { "b": { "maximum": 5 }, "c": {} } } } }),
            rows: vec![row(TemplateDefaults, "", json!({ "a": { "b": 9 } })), row(ClientAll, "a", json!({ "c": 1 }))],
            found: vec![("/a/b", "maximum", INVALID, Some(TemplateDefaults))],
        },
        Case {
            what: "a default of the schema itself",
            template: json!({ "properties": { "a": { "type": "string", "default": 5 } } }),
            rows: vec![],
            found: vec![("/a", "type", INVALID, Some(SchemaDefaults))],
        },
        Case {
            what: "an element of an array",
            template: json!({ "properties": { "list": { "items": { "type": "string" } } } }),
            rows: vec![row(ClientTemplateAll, "list", json!(["a", 5, "c", false]))],
            found: vec![
                ("/list/1", "type", INVALID, Some(ClientTemplateAll)),
                ("/list/3", "type", INVALID, Some(ClientTemplateAll)),
            ],
        },
        Case {
            what: "an unknown key under a closed schema, of a row that names the template",
            template: closed(),
            rows: vec![row(TemplateAll, "b", 1)],
            found: vec![("/b", "additionalProperties", INVALID, Some(TemplateAll))],
        },
        Case {
            what: "each unknown key is named by itself",
            template: closed(),
            rows: vec![row(Customization, "", json!({ "b": 1, "c": 1 })), row(Deployment, "", json!({ "d": 1 }))],
            found: vec![
                ("/b", "additionalProperties", INVALID, Some(Customization)),
                ("/c", "additionalProperties", INVALID, Some(Customization)),
                ("/d", "additionalProperties", INVALID, Some(Deployment)),
            ],
        },
        Case {
            what: "an unknown key of a row for any template is left out, and nothing is wrong",
            template: closed(),
            rows: vec![row(GlobalAll, "b", 1), row(ClientAll, "c", 1)],
            found: vec![],
        },
        Case {
            what: "further down, a row for any template is judged as every other",
            template: json!({ "properties": { "a": { "properties": { "b": {} }, "additionalProperties": false } } }),
            rows: vec![row(GlobalAll, "a.c", 1)],
            found: vec![("/a/c", "additionalProperties", INVALID, Some(GlobalAll))],
        },
    ]
}

/// Incomplete against invalid.
fn of_what_is_missing() -> Vec<Case> {
    vec![
        Case {
            what: "a missing required key is incomplete, not invalid, and no layer's",
            template: json!({ "required": ["a"] }),
            rows: vec![row(ClientAll, "b", 1)],
            found: vec![("/a", "required", INCOMPLETE, None)],
        },
        Case {
            what: "a missing key within an object",
            template: json!({ "properties": { "store": { "required": ["name", "mail"] } } }),
            rows: vec![row(ClientAll, "store.name", "S")],
            found: vec![("/store/mail", "required", INCOMPLETE, None)],
        },
        Case {
            what: "a missing key in an object that isn't there itself is no problem of its own",
            template: json!({ "properties": { "store": { "required": ["mail"] } } }),
            rows: vec![],
            found: vec![],
        },
        Case {
            what: "a required key that a default supplies",
            template: json!({ "required": ["a"], "properties": { "a": { "default": 1 } } }),
            rows: vec![],
            found: vec![],
        },
        Case {
            what: "a required key that a tombstone took away",
            template: json!({ "required": ["a"], "properties": { "a": { "default": 1 } } }),
            rows: vec![row(ClientAll, "a", removed())],
            found: vec![("/a", "required", INCOMPLETE, None)],
        },
        Case {
            what: "a required key that is set to null is there, and may be of the wrong type",
            template: json!({ "required": ["a"], "properties": { "a": { "type": "string" } } }),
            rows: vec![row(ClientAll, "a", Value::Null)],
            found: vec![("/a", "type", INVALID, Some(ClientAll))],
        },
        Case {
            what: "incomplete and invalid are told apart in one document",
            template: json!({ "required": ["a"], "properties": { "b": { "type": "integer" } } }),
            rows: vec![row(ClientAll, "b", "x")],
            found: vec![("/a", "required", INCOMPLETE, None), ("/b", "type", INVALID, Some(ClientAll))],
        },
        Case {
            what: "dependentRequired is about what is missing too",
            template: json!({ "dependentRequired": { "card": ["address"] } }),
            rows: vec![row(ClientAll, "card", "x")],
            found: vec![("/address", "required", INCOMPLETE, None)],
        },
        Case {
            what: "alternatives that lack only something are incomplete",
            template: json!({ "anyOf": [{ "required": ["phone"] }, { "required": ["mail"] }] }),
            rows: vec![],
            found: vec![("", "required", INCOMPLETE, None)],
        },
    ]
}

/// What the keywords of JSON Schema and ours ask.
fn of_keywords() -> Vec<Case> {
    vec![
        Case {
            what: "alternatives that don't fit are invalid",
            template: json!({ "properties": { "a": { "anyOf": [{ "type": "string" }, { "type": "null" }] } } }),
            rows: vec![row(ClientAll, "a", 5)],
            found: vec![("/a", "anyOf", INVALID, Some(ClientAll))],
        },
        Case {
            what: "a condition that asks for more",
            template: json!({ "if": { "properties": { "shop": { "const": true } }, "required": ["shop"] }, "then": { "required": ["currency"] } }),
            rows: vec![row(ClientAll, "shop", true)],
            found: vec![("/currency", "required", INCOMPLETE, None)],
        },
        Case {
            what: "a property that must not be there",
            template: json!({ "properties": { "old": false } }),
            rows: vec![row(TemplateAll, "old", 1)],
            found: vec![("/old", "falseSchema", INVALID, Some(TemplateAll))],
        },
        Case {
            what: "a name that isn't allowed",
            template: json!({ "properties": { "flags": { "propertyNames": { "pattern": "^[a-z]+$" } } } }),
            rows: vec![row(ClientAll, "flags.BIG", true)],
            found: vec![("/flags", "propertyNames", INVALID, Some(ClientAll))],
        },
        Case {
            what: "formats are asserted",
            template: json!({ "properties": { "mail": { "format": "email" } } }),
            rows: vec![row(ClientAll, "mail", "nobody")],
            found: vec![("/mail", "format", INVALID, Some(ClientAll))],
        },
        Case {
            what: "a name with / and ~ is escaped in the pointer",
            template: json!({ "properties": { "a/b~c": { "type": "null" } } }),
            rows: vec![row(Customization, "", json!({ "a/b~c": 1 }))],
            found: vec![("/a~1b~0c", "type", INVALID, Some(Customization))],
        },
        Case {
            what: "references are resolved before the document is judged",
            template: json!({ "properties": { "port": { "type": "integer" }, "text": { "maxLength": 3 } } }),
            rows: vec![
                row(GlobalAll, "n", 5),
                row(ClientAll, "port", "${n}"),
                row(ClientAll, "text", "${n}${n}${n}${n}"),
            ],
            found: vec![("/text", "maxLength", INVALID, Some(ClientAll))],
        },
        Case {
            what: "what a reference brings is judged where it stands, with the layer that refers",
            template: json!({ "properties": { "copy": { "properties": { "x": { "type": "string" } } } } }),
            rows: vec![row(GlobalAll, "orig", json!({ "x": 1 })), row(ClientAll, "copy", "${orig}")],
            found: vec![("/copy/x", "type", INVALID, Some(ClientAll))],
        },
        Case {
            what: "what a lock keeps out isn't judged",
            template: json!({ "properties": { "a": { "type": "integer", "default": 1, "x-locked": true } } }),
            rows: vec![row(ClientAll, "a", "wrong")],
            found: vec![],
        },
        Case {
            what: "arrays are judged as they come together, and the layers that did it are all known",
            template: json!({ "properties": { "list": { "x-merge": "append", "maxItems": 2 } } }),
            rows: vec![row(TemplateAll, "list", json!([1])), row(ClientAll, "list", json!([2, 3]))],
            found: vec![("/list", "maxItems", INVALID, Some(ClientAll))],
        },
        Case {
            what: "union doesn't make an item twice",
            template: json!({ "properties": { "list": { "x-merge": "union", "uniqueItems": true } } }),
            rows: vec![
                row(TemplateAll, "list", json!([1, { "a": 1, "b": 2 }])),
                row(ClientAll, "list", json!([{ "b": 2, "a": 1 }, 1])),
            ],
            found: vec![],
        },
        Case {
            what: "a mask is neither right nor wrong",
            template: json!({ "required": ["key"], "properties": { "key": { "type": "string", "x-secret": true } } }),
            rows: vec![row(ClientAll, "key", json!({ "$secret": { "id": "1", "fingerprint": "f" } }))],
            found: vec![],
        },
        Case {
            what: "a recursive schema judges at any depth",
            template: json!({ "$ref": "#/$defs/n", "$defs": { "n": { "properties": { "v": { "type": "integer" }, "n": { "$ref": "#/$defs/n" } } } } }),
            rows: vec![row(ClientAll, "n.n.n.v", "x")],
            found: vec![("/n/n/n/v", "type", INVALID, Some(ClientAll))],
        },
        Case {
            what: "a schema that admits everything",
            template: json!({}),
            rows: vec![row(ClientAll, "a", json!({ "b": [1, null] }))],
            found: vec![],
        },
    ]
}

#[test]
fn documents_are_judged_with_pointer_rule_layer_and_mend() {
    let cases = [of_layers(), of_what_is_missing(), of_keywords()].concat();
    assert!(cases.len() >= 30, "{}", cases.len());
    for Case { what, template, rows, found: expected } in cases {
        let problems = found(&template, rows);
        let told: Vec<_> = problems
            .iter()
            .map(|problem| (problem.path.pointer(), problem.rule.name().to_owned(), problem.weight(), problem.place))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(path, rule, weight, place)| (path.to_owned(), rule.to_owned(), weight, place))
            .collect();
        assert_eq!(told, expected, "{what}");
        assert!(problems.iter().all(|problem| !problem.mend.is_empty() && !problem.detail.is_empty()), "{what}");
    }
}

#[test]
fn messages_say_what_is_asked_and_never_the_value() {
    let template = json!({ "properties": {
        "type": { "type": ["string", "null"] }, "enum": { "enum": ["a", "b"] }, "const": { "const": 5 }, "pattern": { "pattern": "^#" },
        "min": { "minimum": 5 }, "length": { "maxLength": 2 }, "items": { "maxItems": 1 }, "multiple": { "multipleOf": 5 },
    } });
    let rows = vec![row(
        Customization,
        "",
        json!({
            "type": 5, "enum": "VALUE", "const": "VALUE", "pattern": "VALUE", "min": 1, "length": "VALUE", "items": ["VALUE", "VALUE"], "multiple": 7,
        }),
    )];
    let problems = found(&template, rows);
    let details: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            "This must be 5",
            "This must be one of [\"a\",\"b\"]",
            "This must have at most 1 items",
            "This must have at most 2 characters",
            "This must be at least 5",
            "This must be a multiple of 5",
            "This must match ^#",
            "This must be null or a string, and is a number",
        ]
        .map(|detail| detail)
    );
    assert!(problems.iter().all(|problem| !problem.to_string().contains("VALUE")));
}

#[test]
fn of_secrets_the_operand_is_kept_back_too() {
    let secret = |keyword: &str, operand: Value| {
        let template = json!({ "properties": { "s": { "x-secret": true, keyword: operand } } });
        let problems = found(&template, vec![row(ClientAll, "s", "VALUE")]);
        assert_eq!(problems.len(), 1, "{keyword}");
        problems[0].to_string()
    };
    for (keyword, operand) in [("enum", json!(["OPERAND"])), ("const", json!("OPERAND")), ("pattern", json!("OPERAND"))]
    {
        let said = secret(keyword, operand);
        assert!(!said.contains("OPERAND") && !said.contains("VALUE"), "{said}");
    }
    assert!(secret("minLength", json!(20)).contains("at least 20"));
}

#[test]
fn values_are_limited_in_size_and_depth() {
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!({ "a": inner }));
    assert_eq!(check(&deep(VALUE_DEPTH)), []);
    for (what, value) in [
        ("too deep", deep(VALUE_DEPTH + 1)),
        ("1,000 levels of arrays", (0..1000).fold(json!(1), |inner, _| json!([inner]))),
        ("a text of 1 MB", json!("x".repeat(1024 * 1024))),
        ("1 MB of small things", json!(vec![json!({ "a": 1 }); 200_000])),
        ("a long name", json!({ "x".repeat(VALUE_BYTES): 1 })),
    ] {
        let problems = check(&value);
        assert_eq!(problems.len(), 1, "{what}");
        assert_eq!(problems[0].rule.name(), "size", "{what}");
        assert!(problems[0].to_string().len() < 300, "{what}");
    }
}
