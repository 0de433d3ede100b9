//! *Precedence*, sentence by sentence. What it says of locks is in `locks`.

use layers::Place;
use layers::Place::{
    ClientAll, ClientEnvironment, ClientTemplateAll, ClientTemplateEnvironment, Customization, Deployment, GlobalAll,
    GlobalEnvironment, TemplateAll, TemplateDefaults, TemplateEnvironment,
};
use serde_json::json;

use super::example::{example, row};

#[test]
fn there_are_twelve_places_and_each_beats_those_before_it() {
    assert_eq!(Place::ALL.map(Place::number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let mut rows = Vec::new();
    for place in Place::ALL.into_iter().skip(1) {
        rows.push(match place {
            TemplateDefaults | Customization | Deployment => row(place, "", json!({ "greeting": place.name() })),
            _ => row(place, "greeting", place.name()),
        });
        let reversed = rows.iter().rev().cloned();
        example("Precedence, lowest to highest")
            .template(json!({ "properties": { "greeting": { "default": "hello" } } }))
            .rows(reversed)
            .gives(json!({ "greeting": place.name() }));
    }
}

#[test]
fn defaults_of_the_schema_are_the_lowest_layer() {
    example("`default`s of the template's JSON Schema, collected through `properties`, `allOf` and local `$ref`")
        .template(json!({
            "properties": { "colour": { "$ref": "#/$defs/colour" }, "lang": { "default": "en" } },
            "allOf": [{ "properties": { "font": { "default": "inter" } } }, { "$ref": "#/$defs/more" }],
            "$defs": {
                "colour": { "default": "#24566b" },
                "more": { "properties": { "rows": { "default": [1, 2] } } },
            },
        }))
        .gives(json!({ "colour": "#24566b", "font": "inter", "lang": "en", "rows": [1, 2] }));
    example("a default beside a `$ref` is nearer than the one that it refers to")
        .template(json!({
            "properties": { "accent": { "$ref": "#/$defs/colour", "default": "#e0a458" } },
            "$defs": { "colour": { "default": "#24566b" } },
        }))
        .gives(json!({ "accent": "#e0a458" }));
    example("(a cycle stops)")
        .template(json!({
            "properties": { "menu": { "$ref": "#/$defs/item" } },
            "$defs": { "item": { "properties": { "label": { "default": "…" }, "sub": { "$ref": "#/$defs/item" } } } },
        }))
        .gives(json!({ "menu": { "label": "…" } }));
    example("(a cycle stops), also one through the whole schema")
        .template(json!({ "properties": { "name": { "default": "x" }, "inner": { "$ref": "#" } } }))
        .gives(json!({ "name": "x" }));
    example("not through `anyOf`, `oneOf`, `if`")
        .template(json!({
            "anyOf": [{ "properties": { "a": { "default": 1 } } }],
            "oneOf": [{ "properties": { "b": { "default": 1 } } }],
            "if": { "properties": { "c": { "default": 1 } } },
            "then": { "properties": { "d": { "default": 1 } } },
            "else": { "properties": { "e": { "default": 1 } } },
        }))
        .gives(json!({}));
    example("a nested default makes its parents")
        .template(
            json!({ "properties": { "a": { "properties": { "b": { "properties": { "c": { "default": 1 } } } } } } }),
        )
        .gives(json!({ "a": { "b": { "c": 1 } } }));
    example("a nested default and its parent's come together")
        .template(json!({
            "properties": { "a": { "default": { "x": 1, "y": 1 }, "properties": { "y": { "default": 2 }, "z": { "default": 3 } } } },
        }))
        .gives(json!({ "a": { "x": 1, "y": 2, "z": 3 } }));
    example("a default may be null")
        .template(json!({ "properties": { "logo": { "default": null } } }))
        .gives(json!({ "logo": null }));
}

#[test]
fn scope_beats_environment_and_environment_beats_all() {
    example("Scope beats environment")
        .rows([
            row(GlobalEnvironment, "support.email", "staging@agency"),
            row(ClientAll, "support.email", "studio@client"),
        ])
        .gives(json!({ "support": { "email": "studio@client" } }));
    example("Scope beats environment, also between the rows of one client")
        .rows([row(ClientEnvironment, "a", "client, staging"), row(ClientTemplateAll, "a", "client and template, all")])
        .gives(json!({ "a": "client and template, all" }));
    example("within a scope, environment beats `all`")
        .rows([
            row(GlobalAll, "global", "all"),
            row(GlobalEnvironment, "global", "here"),
            row(TemplateAll, "template", "all"),
            row(TemplateEnvironment, "template", "here"),
            row(ClientAll, "client", "all"),
            row(ClientEnvironment, "client", "here"),
            row(ClientTemplateAll, "both", "all"),
            row(ClientTemplateEnvironment, "both", "here"),
        ])
        .gives(json!({ "global": "here", "template": "here", "client": "here", "both": "here" }));
    example("a default of the template never beats what somebody set for one client")
        .template(json!({ "properties": { "hours": { "default": 24 } } }))
        .rows([row(TemplateDefaults, "", json!({ "hours": 36 })), row(ClientAll, "hours", 3)])
        .gives(json!({ "hours": 3 }));
    example("a client's row for one template beats its row for all")
        .rows([row(ClientTemplateAll, "lang", "de"), row(ClientAll, "lang", "fr")])
        .gives(json!({ "lang": "de" }));
    example("a global row beats the template's defaults, and a template's row beats the global one")
        .rows([
            row(TemplateDefaults, "", json!({ "a": "default", "b": "default" })),
            row(GlobalAll, "a", "global"),
            row(GlobalAll, "b", "global"),
            row(TemplateAll, "b", "template"),
        ])
        .gives(json!({ "a": "global", "b": "template" }));
    example("application configuration, and feature flags under `features`, of what was applied come last")
        .rows([
            row(ClientTemplateEnvironment, "features.beta", false),
            row(Deployment, "", json!({ "region": "eu", "features": { "beta": true } })),
        ])
        .gives(json!({ "region": "eu", "features": { "beta": true } }));
}

#[test]
fn what_was_written_for_any_template_reaches_those_that_have_room_for_it() {
    let closed =
        json!({ "additionalProperties": false, "properties": { "support": { "properties": { "email": {} } } } });
    example("where that schema admits its first segment")
        .template(closed.clone())
        .rows([row(GlobalAll, "support.email", "a@agency"), row(ClientAll, "support.hours", "9-5")])
        .gives(json!({ "support": { "email": "a@agency", "hours": "9-5" } }));
    example("with a closed top level that doesn't name it, it is left out there")
        .template(closed.clone())
        .rows([
            row(GlobalAll, "banner.text", "hello"),
            row(GlobalEnvironment, "banner.text", "hello"),
            row(ClientAll, "theme", "dark"),
            row(ClientEnvironment, "theme", "light"),
        ])
        .gives(json!({}));
    example("rows that name a template, and whole documents, are judged strictly: they are part of the document")
        .template(closed)
        .rows([
            row(TemplateAll, "a", 1),
            row(ClientTemplateAll, "b", 1),
            row(Customization, "", json!({ "c": 1 })),
            row(Deployment, "", json!({ "d": 1 })),
        ])
        .gives(json!({ "a": 1, "b": 1, "c": 1, "d": 1 }));
    example("an open top level admits everything")
        .template(json!({ "properties": { "support": {} } }))
        .rows([row(GlobalAll, "banner.text", "hello")])
        .gives(json!({ "banner": { "text": "hello" } }));
    example("an app without a template has no schema that could be closed")
        .rows([row(GlobalAll, "banner.text", "hello"), row(ClientAll, "theme", "dark")])
        .gives(json!({ "banner": { "text": "hello" }, "theme": "dark" }));
    for closed in [
        json!({ "properties": { "a": {} }, "patternProperties": { "^x-": {} }, "additionalProperties": false }),
        json!({ "properties": { "a": {} }, "allOf": [{ "properties": { "x-1": {} } }], "unevaluatedProperties": false }),
        json!({ "$ref": "#/$defs/top", "$defs": { "top": { "properties": { "a": {}, "x-1": {} }, "additionalProperties": false } } }),
        json!({ "properties": { "b": false } }),
        json!({ "propertyNames": { "enum": ["a", "x-1"] } }),
    ] {
        example("a top level is closed by whatever keeps properties out")
            .template(closed)
            .rows([row(GlobalAll, "a", 1), row(GlobalAll, "x-1", 1), row(GlobalAll, "b", 1)])
            .gives(json!({ "a": 1, "x-1": 1 }));
    }
}

#[test]
fn a_whole_document_that_is_no_object_is_ignored_and_named() {
    example("what an adopted site may hold")
        .rows([row(GlobalAll, "a", 1), row(Customization, "", json!(["not", "an", "object"]))])
        .gives_noting(json!({ "a": 1 }), &[("", "document")]);
}
