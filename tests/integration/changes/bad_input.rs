//! Whatever is wrong is refused with every fault at once, and nothing is left behind.

use serde_json::{Value, json};

use super::world::{ACME, Who, World, set, with};

/// What is refused, with the rule of a fault.
#[expect(clippy::too_many_lines, reason = "a list, one entry for each thing that can be wrong")]
fn refused() -> Vec<(&'static str, Value, &'static str)> {
    let shop = json!({ "template_id": "shop" });
    let acme = json!({ "client_id": ACME, "template_id": "shop" });
    let deep = (0..55).fold(json!({}), |schema, _| json!({ "properties": { "a": schema } }));
    let wide = json!({ "description": "x".repeat(10_000_000) });
    let schema = |schema: Value| json!([with(set("store.pageSize", 5), json!({ "configuration_schema": schema }))]);
    let template = |schema: Value| {
        json!([{ "operation": "insert", "table": "template_configurations", "columns": {
            "template_id": "new", "template_version": "1.0.0", "template_name": "New", "configuration_schema": schema } }])
    };
    vec![
        (
            "an unknown key under a closed schema",
            json!([with(set("nothing.here", 1), shop.clone())]),
            "additionalProperties",
        ),
        ("the same for one client", json!([with(set("nothing.here", 1), acme.clone())]), "additionalProperties"),
        ("a wrong type", json!([with(set("store.pageSize", "many"), shop.clone())]), "type"),
        ("a value beyond its bound", json!([with(set("store.pageSize", 1_000), acme.clone())]), "maximum"),
        ("a parent with a wrong child", json!([with(set("store", json!({ "currency": "DM" })), acme.clone())]), "enum"),
        ("a locked key", json!([with(set("legal.terms", "v2"), acme.clone())]), "x-locked"),
        ("a locked key by its parent", json!([with(set("legal", json!({ "terms": "v2" })), acme.clone())]), "x-locked"),
        (
            "a locked key by a removal",
            json!([{ "operation": "remove", "key": "legal", "client_id": ACME }]),
            "x-locked",
        ),
        (
            "a cycle of references",
            json!([
                with(set("branding.tagline", "${store.email}"), acme.clone()),
                with(set("store.email", "${branding.tagline}"), acme.clone()),
            ]),
            "reference-cycle",
        ),
        (
            "a reference to nothing",
            json!([with(set("branding.tagline", "${no.such}"), acme.clone())]),
            "reference-unknown",
        ),
        ("a removal of nothing", json!([{ "operation": "remove", "key": "branding.tagline" }]), "pointless-removal"),
        ("a schema that is none", schema(json!({ "type": "nonsense" })), "schema"),
        ("a remote $ref", schema(json!({ "$ref": "https://example.com/schema.json" })), "schema"),
        ("a schema of 110 levels", template(deep), "size"),
        ("a schema of 10 MB", template(wide), "size"),
        ("a template's schema that is none", template(json!({ "properties": 5 })), "schema"),
        (
            "a template's secret with a default",
            template(json!({ "properties": { "pin": { "x-secret": true, "default": "hunter2" } } })),
            "x-secret",
        ),
        ("a row's secret with an example", schema(json!({ "x-secret": true, "examples": ["hunter2"] })), "x-secret"),
        ("a value of 1 MB", json!([set("branding.text", "x".repeat(1_000_000))]), "size"),
        ("a card number", json!([with(set("branding.tagline", "4111 1111 1111 1111"), acme.clone())]), "card-number"),
        ("a key of ours", json!([set("branding.tagline", json!({ "$x": 1 }))]), "reserved"),
        ("a key that is none", json!([set("branding..tagline", "x")]), "key"),
        (
            "an environment that doesn't exist",
            json!([with(set("branding.tagline", "x"), json!({ "environment": "qa" }))]),
            "environment",
        ),
        (
            "a template that doesn't exist",
            json!([with(set("branding.tagline", "x"), json!({ "template_id": "none" }))]),
            "template",
        ),
        (
            "a template version that doesn't exist",
            json!([{ "operation": "insert", "table": "client_customizations", "columns": {
            "client_id": ACME, "template_id": "shop", "template_version": "9.9.9" } }]),
            "template_version",
        ),
        (
            "a client that doesn't exist",
            json!([with(set("branding.tagline", "x"), json!({ "client_id": "00000000-0000-4000-8000-000000000009" }))]),
            "client",
        ),
        (
            "two edits of one key",
            json!([set("branding.tagline", "x"), set("branding.tagline", "y")]),
            "two edits of one key",
        ),
        ("nothing to unset", json!([{ "operation": "unset", "key": "branding.tagline" }]), "unset"),
        (
            "a column that doesn't exist",
            json!([{ "operation": "insert", "table": "system_configurations", "columns": {
            "configuration_key": "a", "configuration_value": 1, "colour": "red" } }]),
            "column",
        ),
        (
            "a column of another type",
            json!([{ "operation": "insert", "table": "system_configurations", "columns": {
            "configuration_key": "a", "configuration_value": 1, "is_active": "yes" } }]),
            "type",
        ),
        (
            "a row that doesn't exist",
            json!([{ "operation": "delete", "table": "system_configurations",
            "id": "00000000-0000-4000-8000-000000000009" }]),
            "row",
        ),
        (
            "a made-up secret",
            json!([with(
                set(
                    "api.key",
                    json!({ "$secret": { "id": "00000000-0000-4000-8000-000000000009",
            "fingerprint": "x", "set_at": "2026-01-01T00:00:00Z", "set_by": null } })
                ),
                acme.clone()
            )]),
            "mask",
        ),
        ("a secret that is too short", json!([with(set("api.key", "hunter2"), acme)]), "minLength"),
        ("no edit", json!([]), "count"),
    ]
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let before = world.state().await;
    for (what, edits, rule) in refused() {
        let answer = world.propose(Who::Super, &edits).await;
        let body = answer.json();
        assert_eq!(answer.status.as_u16(), 422, "{what}: {body}");
        let rules: Vec<&str> =
            body["errors"].as_array().expect("faults").iter().filter_map(|fault| fault["rule"].as_str()).collect();
        assert!(rules.contains(&rule), "{what}: {body}");
        for fault in body["errors"].as_array().into_iter().flatten() {
            assert!(
                fault["pointer"].is_string() && fault["detail"].is_string() && fault["mend"].is_string(),
                "{what}: {body}"
            );
        }
        for value in ["hunter2", "4111 1111", "xxxx"] {
            assert!(!answer.text().contains(value), "{what} repeats a value");
        }
        assert_eq!(world.state().await, before, "{what} left something behind");
    }
}

#[tokio::test]
async fn what_is_nested_without_end_is_refused() {
    let world = World::new().await;
    let before = world.state().await;
    let open = r#"{"properties":{"a":"#.repeat(1_000);
    let body = format!(
        r#"{{"reason":"x","edits":[{{"operation":"set","key":"a","value":1,"configuration_schema":{open}1{}}}]}}"#,
        "}}".repeat(1_000)
    );
    let answer = world.send(Who::Admin, "/api/v1/changes", body).await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
    assert_eq!(answer.json()["errors"][0]["rule"], "depth");
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn every_fault_is_said_at_once() {
    let world = World::new().await;
    let edits = json!([
        with(set("store.pageSize", "many"), json!({ "template_id": "shop" })),
        with(set("store.currency", "DM"), json!({ "template_id": "shop" })),
        set("branding.tagline", "4111111111111111"),
    ]);
    let answer = world.propose(Who::Admin, &edits).await.json();
    let told: Vec<(&str, &str, &str)> = answer["errors"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|fault| {
            let text = |name: &str| fault[name].as_str().unwrap_or_default();
            (text("pointer"), text("rule"), text("layer"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/store/pageSize", "type", "template, all environments"),
            ("/store/currency", "enum", "template, all environments"),
            ("/branding/tagline", "card-number", "global, all environments"),
        ]
    );
}

#[tokio::test]
async fn what_a_schema_allows_is_let_through() {
    let world = World::new().await;
    let edits = json!([
        // No card, says the schema; and what is missing elsewhere blocks no edit.
        with(set("store.card", "4111111111111111"), json!({ "client_id": ACME, "template_id": "shop" })),
        // Not part of the shop, which is closed; global rows are written without a template in mind.
        set("elsewhere.key", 1),
    ]);
    let answer = world.propose(Who::Admin, &edits).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
}

#[tokio::test]
async fn a_base_that_has_moved_is_412_with_the_row() {
    let world = World::new().await;
    let at = json!({ "client_id": ACME });
    let first = world.change(Who::Manager, &json!([with(set("branding.tagline", "one"), at.clone())])).await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.text());
    let edit = |value: &str, base: Value| {
        json!([with(set("branding.tagline", value), json!({ "client_id": ACME, "base": base }))])
    };
    let stale = World::proposed(&world.propose(Who::Manager, &edit("two", json!(1))).await);
    let second = world.change(Who::Manager, &edit("three", json!(1))).await;
    assert_eq!(second.status.as_u16(), 200, "{}", second.text());
    let before = world.state().await;
    for answer in
        [world.act(Who::Manager, &stale, "apply").await, world.propose(Who::Manager, &edit("four", json!(1))).await]
    {
        assert_eq!(answer.status.as_u16(), 412, "{}", answer.text());
        assert_eq!(answer.json()["current"]["configuration_value"], "three");
        assert_eq!(answer.json()["current"]["version"], 2);
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn a_file_with_bad_lines_names_them_all() {
    let world = World::new().await;
    let before = world.state().await;
    let import = |format: &str, content: &str| json!({ "format": format, "content": content, "client_id": ACME, "reason": "a test" });
    let bad = import("dotenv", "A=1\nhunter2\nB='x\n");
    let answer = world.post(Who::Manager, "/api/v1/import", &bad).await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
    let lines: Vec<String> = answer.json()["errors"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|fault| fault["detail"].as_str().unwrap_or_default().chars().take(6).collect())
        .collect();
    assert_eq!(lines, ["line 2", "line 3"]);
    assert!(!answer.text().contains("hunter2"));
    for (format, content) in [("json", "[1]"), ("json", "{"), ("yaml", "a: ["), ("dotenv", "A=1\nA=2"), ("yaml", "")] {
        let answer = world.post(Who::Manager, "/api/v1/import", &import(format, content)).await;
        assert_eq!(answer.status.as_u16(), 422, "{format} {content}: {}", answer.text());
    }
    assert_eq!(world.state().await, before);
}
