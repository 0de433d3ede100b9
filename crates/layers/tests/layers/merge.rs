//! *Merge*, sentence by sentence. What it says of references is in `references`.

use layers::Place::{
    ClientAll, ClientTemplateAll, Customization, GlobalAll, GlobalEnvironment, TemplateAll, TemplateDefaults,
};
use layers::patch::Patch;
use layers::{Entry, Layer, check};
use serde_json::{Value, json};

use super::example::{example, removed, row};
use super::{key, named};

#[test]
fn a_layer_is_a_patch_that_seals_what_it_replaces_or_removes() {
    let patch = |value: Value| Patch::of_value(value);
    let replaced = patch(json!(5)).then(patch(json!({ "y": 2 })));
    assert_eq!(replaced, Patch::Replace(json!({ "y": 2 })), "`replace(5) · merge{{y}}` is `replace({{y}})`");
    let removed = patch(removed()).then(patch(json!({ "y": 2 })));
    assert_eq!(removed, Patch::Replace(json!({ "y": 2 })), "`remove` seals what is beneath as well");
    let (one, two, three) = (json!({ "a": { "x": 1 } }), json!({ "a": 5 }), json!({ "a": { "y": 2 } }));
    let left = patch(one.clone()).then(patch(two.clone())).then(patch(three.clone()));
    let right = patch(one.clone()).then(patch(two.clone()).then(patch(three.clone())));
    assert_eq!(left, right);
    example("`{a:{x:1}}`, `{a:5}`, `{a:{y:2}}` has one answer")
        .rows([row(TemplateDefaults, "", one), row(GlobalAll, "a", 5), row(ClientAll, "a", json!({ "y": 2 }))])
        .gives(json!({ "a": { "y": 2 } }));
}

#[test]
fn a_key_is_a_path_of_properties() {
    example("A row's key is a path of object properties")
        .rows([row(GlobalAll, "branding.logo.dark", "d.svg"), row(ClientAll, "branding.logo.light", "l.svg")])
        .gives(json!({ "branding": { "logo": { "dark": "d.svg", "light": "l.svg" } } }));
    example("(array elements can't be addressed): a number is the name of a property, and an array is replaced")
        .rows([row(GlobalAll, "list", json!(["a", "b"])), row(ClientAll, "list.0", "c")])
        .gives(json!({ "list": { "0": "c" } }));
    for refused in ["", "a.", ".a", "a..b", "a b", "a[0]", "ä", "$a", "a/b", &"a".repeat(256)] {
        let problem = layers::Key::parse(refused).expect_err(refused);
        assert_eq!(problem.rule.name(), "key", "{refused}");
    }
}

#[test]
fn within_a_layer_a_shorter_key_is_put_first() {
    example("Within a layer a shorter key is put first")
        .rows([
            row(GlobalAll, "mail.smtp.port", 465),
            row(GlobalAll, "mail", json!({ "smtp": { "host": "mx", "port": 25 } })),
            row(GlobalAll, "mail.smtp", json!({ "user": "app" })),
        ])
        .gives(json!({ "mail": { "smtp": { "host": "mx", "port": 465, "user": "app" } } }));
    let clash = |shorter: Value| {
        let entries = [("mail", shorter), ("mail.smtp.port", json!(465)), ("mailbox", json!("x"))];
        let layer = Layer::new(GlobalAll, entries.map(|(text, value)| Entry::new(key(text), value)));
        named(layer.problems())
    };
    let refused = vec![("/mail".to_owned(), "prefix".to_owned())];
    let sentence = "a row whose key is a prefix of another's in the same layer must hold an object";
    for shorter in
        [json!("none"), json!(null), json!(["a"]), json!("${other}"), removed(), json!({ "$secret": { "id": "1" } })]
    {
        assert_eq!(clash(shorter.clone()), refused, "{sentence}: {shorter}");
    }
    assert_eq!(clash(json!({ "from": "a@b" })), [], "{sentence}");
}

#[test]
fn objects_merge_and_everything_else_replaces() {
    example("Objects merge key by key")
        .rows([
            row(TemplateDefaults, "", json!({ "a": { "b": { "c": 1, "d": 1 } } })),
            row(Customization, "", json!({ "a": { "b": { "d": 2, "e": 2 } } })),
        ])
        .gives(json!({ "a": { "b": { "c": 1, "d": 2, "e": 2 } } }));
    example("an empty object takes nothing away, and stands where nothing stood")
        .rows([row(GlobalAll, "a", json!({ "b": 1 })), row(ClientAll, "a", json!({})), row(ClientAll, "c", json!({}))])
        .gives(json!({ "a": { "b": 1 }, "c": {} }));
    example("arrays and scalars replace whole")
        .rows([
            row(GlobalAll, "list", json!([1, 2, 3])),
            row(GlobalAll, "text", "long"),
            row(ClientAll, "list", json!([4])),
            row(ClientAll, "text", "short"),
        ])
        .gives(json!({ "list": [4], "text": "short" }));
    for (beneath, above) in [
        (json!({ "x": 1 }), json!([1])),
        (json!({ "x": 1 }), json!(null)),
        (json!([1]), json!({ "x": 1 })),
        (json!(1), json!({ "x": 1 })),
        (json!("a"), json!(false)),
    ] {
        example("A type clash: the higher layer replaces whole")
            .rows([row(GlobalAll, "a", beneath), row(ClientAll, "a", above.clone())])
            .gives(json!({ "a": above }));
    }
}

#[test]
fn arrays_come_together_where_the_template_says_so() {
    let says = |strategy: &str| json!({ "properties": { "list": { "x-merge": strategy } } });
    let rows = || {
        [
            row(TemplateDefaults, "", json!({ "list": ["a", "b"] })),
            row(TemplateAll, "list", json!(["b", "c"])),
            row(ClientAll, "list", json!(["d", "a"])),
        ]
    };
    example("`append`").template(says("append")).rows(rows()).gives(json!({ "list": ["a", "b", "b", "c", "d", "a"] }));
    example("`union`").template(says("union")).rows(rows()).gives(json!({ "list": ["a", "b", "c", "d"] }));
    example("`byKey:<field>`")
        .template(says("byKey:id"))
        .rows([
            row(TemplateDefaults, "", json!({ "list": [{ "id": 1, "name": "Cut", "price": { "eur": 20 } }, { "id": 2 }] })),
            row(ClientAll, "list", json!([{ "id": 3 }, { "id": 1, "price": { "usd": 22 } }, { "name": "no id" }])),
        ])
        .gives(json!({ "list": [
            { "id": 1, "name": "Cut", "price": { "eur": 20, "usd": 22 } }, { "id": 2 }, { "id": 3 }, { "name": "no id" },
        ] }));
    example("without `x-merge` the higher array counts")
        .template(json!({}))
        .rows(rows())
        .gives(json!({ "list": ["d", "a"] }));
    example("what a branch says isn't sure")
        .template(json!({ "anyOf": [says("append"), true] }))
        .rows(rows())
        .gives(json!({ "list": ["d", "a"] }));
    example("only arrays come together: what else stands there is a clash")
        .template(says("append"))
        .rows([
            row(GlobalAll, "list", "none"),
            row(TemplateAll, "list", json!(["a"])),
            row(ClientAll, "list", json!(["b"])),
        ])
        .gives(json!({ "list": ["a", "b"] }));
    example("a removal hides what lies beneath, and what comes above begins anew")
        .template(says("append"))
        .rows([
            row(GlobalAll, "list", json!(["a"])),
            row(TemplateAll, "list", removed()),
            row(ClientAll, "list", json!(["b"])),
        ])
        .gives(json!({ "list": ["b"] }));
    example("also through `allOf` and `$ref`, and within a document")
        .template(json!({
            "allOf": [{ "properties": { "a": { "$ref": "#/$defs/a" } } }],
            "$defs": { "a": { "properties": { "list": { "x-merge": "union" } } } },
        }))
        .rows([row(GlobalAll, "a", json!({ "list": [1] })), row(Customization, "", json!({ "a": { "list": [1, 2] } }))])
        .gives(json!({ "a": { "list": [1, 2] } }));
}

#[test]
fn a_key_is_inherited_set_or_removed_at_a_layer() {
    example("inherited (no row)").rows([row(GlobalAll, "a", 1)]).gives(json!({ "a": 1 }));
    example("set (JSON null included)")
        .rows([row(GlobalAll, "a", 1), row(ClientAll, "a", Value::Null)])
        .gives(json!({ "a": null }));
    example("removed, which hides the layers below")
        .rows([row(GlobalAll, "a", 1), row(GlobalEnvironment, "a", 2), row(ClientAll, "a", removed())])
        .gives(json!({}));
    example("at any depth")
        .rows([
            row(GlobalAll, "a.b", json!({ "c": 1, "d": 1 })),
            row(ClientAll, "a", json!({ "b": { "c": removed() } })),
        ])
        .gives(json!({ "a": { "b": { "d": 1 } } }));
    example("what a layer above sets in what was removed stands alone")
        .rows([
            row(GlobalAll, "a", json!({ "b": 1, "c": 1 })),
            row(ClientAll, "a", removed()),
            row(ClientTemplateAll, "a.c", 2),
        ])
        .gives(json!({ "a": { "c": 2 } }));
    example("Where nothing lies beneath it, a removal is refused as pointless")
        .rows([row(GlobalAll, "a.c", 1), row(ClientAll, "a.b", removed()), row(ClientAll, "x.y", removed())])
        .gives_noting(json!({ "a": { "c": 1 } }), &[("/a/b", "pointless-removal"), ("/x/y", "pointless-removal")]);
    example("also at the lowest layer, and where a lower layer removed it already")
        .rows([
            row(GlobalAll, "a", removed()),
            row(GlobalAll, "b", 1),
            row(TemplateAll, "b", removed()),
            row(ClientAll, "b", removed()),
        ])
        .gives_noting(json!({}), &[("/a", "pointless-removal"), ("/b", "pointless-removal")]);
}

#[test]
fn dollar_keys_are_ours() {
    let mask = json!({ "$secret": { "id": "8d0f", "fingerprint": "ab", "set_at": "2026-01-01", "set_by": null } });
    for fine in [json!({ "a": removed() }), removed(), mask.clone(), json!([mask]), json!({ "a$": 1 })] {
        assert_eq!(named(&check(&fine)), [], "{fine}");
    }
    for (refused, at) in [
        (json!({ "$ref": "#/a" }), "/$ref"),
        (json!({ "a": { "$5": 1 } }), "/a/$5"),
        (json!({ "$removed": false }), "/$removed"),
        (json!({ "$removed": true, "b": 1 }), "/$removed"),
        (json!([{ "$removed": true }]), "/0/$removed"),
        (json!({ "$secret": "plain" }), "/$secret"),
        (json!({ "$secret": { "id": "8d0f" } }), "/$secret"),
        (json!({ "$secret": { "id": "8d0f", "fingerprint": "ab", "more": 1 } }), "/$secret"),
        (json!({ "$": 1 }), "/$"),
    ] {
        let found = named(&check(&refused));
        assert_eq!(found, [(at.to_owned(), "reserved".to_owned())], "any other object with a key that starts with `$`");
    }
}

#[test]
fn what_would_not_be_kept_as_it_was_sent_is_refused() {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    for fine in ["9007199254740993", "18446744073709551615", "-9223372036854775808", "1.5e10", "0.1", "\"\\u0001\""] {
        assert_eq!(named(&check(&parsed(fine))), [], "{fine}");
    }
    for (refused, at) in [
        ("18446744073709551616", ""),
        ("{\"a\": [-99999999999999999999]}", "/a/0"),
        ("{\"a\": 1e300}", "/a"),
        ("{\"a\": \"x\\u0000\"}", "/a"),
        ("{\"a\": {\"b\\u0000\": 1}}", "/a"),
    ] {
        assert_eq!(named(&check(&parsed(refused))), [(at.to_owned(), "unkept".to_owned())], "{refused}");
    }
}
