//! *Precedence*, sentence by sentence.

use layers::Place;
use layers::Place::{
    ClientAll, ClientEnvironment, ClientTemplateAll, ClientTemplateEnvironment, Customization, Deployment, GlobalAll,
    GlobalEnvironment, TemplateAll, TemplateDefaults, TemplateEnvironment,
};
use serde_json::{Value, json};

use super::{Rows, document};

/// A sentence of the specification, the template's schema, the rows, and the document that comes of them.
struct Example {
    sentence: &'static str,
    schema: Option<Value>,
    rows: Rows,
    document: Value,
}

#[test]
fn every_place_beats_those_before_it() {
    let mut rows: Rows = Vec::new();
    for place in Place::ALL.into_iter().skip(1) {
        let (text, value) = match place {
            TemplateDefaults | Customization | Deployment => ("", json!({ "greeting": place.name() })),
            _ => ("greeting", json!(place.name())),
        };
        rows.push((place, text, value));
        let schema = json!({ "properties": { "greeting": { "default": "hello" } } });
        assert_eq!(document(Some(&schema), rows.clone()), json!({ "greeting": place.name() }), "{place}");
    }
}

#[test]
fn worked_examples() {
    let examples = vec![Example {
        sentence: "defaults of the template's JSON Schema, collected through properties, allOf and local $ref",
        schema: Some(json!({
            "properties": { "colour": { "$ref": "#/$defs/colour" }, "size": { "properties": { "width": { "default": 80 } } } },
            "allOf": [{ "properties": { "font": { "default": "inter" } } }],
            "$defs": { "colour": { "default": "#24566b" } },
        })),
        rows: vec![],
        document: json!({ "colour": "#24566b", "font": "inter", "size": { "width": 80 } }),
    }];
    for Example { sentence, schema, rows, document: expected } in examples {
        assert_eq!(document(schema.as_ref(), rows), expected, "{sentence}");
    }
    let _ = (
        ClientAll,
        ClientEnvironment,
        ClientTemplateAll,
        ClientTemplateEnvironment,
        GlobalAll,
        GlobalEnvironment,
        TemplateAll,
        TemplateEnvironment,
    );
}
