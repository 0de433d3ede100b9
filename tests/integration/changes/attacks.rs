//! What somebody sends who looks for the seams: odd keys, odd numbers, odd pages, edits that meet in one document.

use hyper::Method;
use serde_json::{Value, json};

use super::world::{ACME, Who, World, set, with};

/// A document in which not both keys may be true.
fn either() -> Value {
    json!({
        "type": "object",
        "properties": { "a": { "type": "boolean" }, "b": { "type": "boolean" } },
        "not": { "properties": { "a": { "const": true }, "b": { "const": true } }, "required": ["a", "b"] }
    })
}

#[tokio::test]
async fn changes_that_meet_in_a_document_by_different_layers_do_not_break_it_together() {
    let world = World::with(&either()).await;
    let layers = [
        json!({}),
        json!({ "environment": "production" }),
        json!({ "template_id": "shop" }),
        json!({ "client_id": ACME }),
        json!({ "client_id": ACME, "template_id": "shop", "environment": "production" }),
    ];
    for (round, (lower, higher)) in
        layers.iter().flat_map(|lower| layers.iter().map(move |higher| (lower, higher))).enumerate()
    {
        let a = World::proposed(&world.propose(Who::Admin, &json!([with(set("a", true), lower.clone())])).await);
        let b = World::proposed(&world.propose(Who::Admin, &json!([with(set("b", true), higher.clone())])).await);
        let (one, other) = tokio::join!(world.act(Who::Admin, &a, "apply"), world.act(Who::Admin, &b, "apply"));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "{round} {lower} {higher}: {} {}", one.text(), other.text());
        let winner = if one.status.as_u16() == 200 { &a } else { &b };
        let back = World::proposed(&world.act(Who::Admin, winner, "revert").await);
        assert_eq!(world.act(Who::Admin, &back, "apply").await.status.as_u16(), 200);
    }
}

#[tokio::test]
async fn a_new_version_and_a_clients_value_do_not_break_a_document_together() {
    let world = World::with(&either()).await;
    world
        .admin
        .batch_execute("SET ROLE tenantry_owner; UPDATE client_customizations SET template_version = NULL; RESET ROLE")
        .await
        .expect("a state");
    let version = json!([{ "operation": "insert", "table": "template_configurations", "columns": {
        "template_id": "shop", "template_version": "2.0.0", "template_name": "Shop", "status": "active",
        "configuration_schema": either(), "default_configuration": { "a": true } } }]);
    let a = World::proposed(&world.propose(Who::Admin, &version).await);
    let b =
        World::proposed(&world.propose(Who::Admin, &json!([with(set("b", true), json!({ "client_id": ACME }))])).await);
    let (one, other) = tokio::join!(world.act(Who::Admin, &a, "apply"), world.act(Who::Admin, &b, "apply"));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422], "{} {}", one.text(), other.text());
}

#[tokio::test]
async fn keys_are_paths_of_plain_names_and_mean_nothing_else() {
    let world = World::with(&json!({})).await;
    let edit = |key: &str| json!([with(set(key, "x"), json!({ "client_id": ACME }))]);
    for key in ["__proto__.polluted", "constructor.prototype", "0", "a.0", "a.-1", "-", "_", "A-b_9"] {
        let answer = world.change(Who::Manager, &edit(key)).await;
        assert_eq!(answer.status.as_u16(), 200, "{key}: {}", answer.text());
    }
    let expected = json!({
        "__proto__": { "polluted": "x" }, "constructor": { "prototype": "x" }, "0": "x", "a": { "0": "x", "-1": "x" },
        "-": "x", "_": "x", "A-b_9": "x", "store": { "currency": "EUR" },
    });
    assert_eq!(world.document(ACME, "staging").await, expected);
    // What lies within another row of the layer needs an object around it.
    let answer = world.propose(Who::Manager, &edit("a.0.b")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["errors"][0]["rule"]),
        (422, &json!("prefix")),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn keys_that_are_no_paths_are_refused_at_their_place() {
    let world = World::new().await;
    let before = world.state().await;
    let long = "k".repeat(256);
    for key in
        ["", ".", "a.", ".a", "a..b", "a b", "ä", "a.$b", "$secret", "a/b", "a\u{200b}", "a\n", "\u{ff0e}", &long]
    {
        let answer = world.propose(Who::Manager, &json!([with(set(key, 1), json!({ "client_id": ACME }))])).await;
        assert_eq!(answer.status.as_u16(), 422, "{key:?}: {}", answer.text());
        let fault = &answer.json()["errors"][0];
        assert_eq!((&fault["pointer"], &fault["rule"]), (&json!("/edits/0/key"), &json!("key")), "{key:?}: {fault}");
        let row = json!({ "configuration_key": key, "configuration_value": 1, "client_id": ACME });
        let answer = world.call(Who::Manager, Method::POST, "/rest/v1/system_configurations", Some(&row)).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{key:?}: {}", answer.text());
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn numbers_and_text_are_kept_as_they_are_sent_or_refused() {
    let world = World::with(&json!({})).await;
    let send = async |value: &str| {
        let body = format!(
            r#"{{"reason":"a test","edits":[{{"operation":"set","key":"n","value":{value},"client_id":"{ACME}"}}]}}"#
        );
        world.send(Who::Manager, "/api/v1/changes", body).await
    };
    for value in [
        "9007199254740993",
        "18446744073709551615",
        "-9223372036854775808",
        "0.1",
        "1e3",
        "\"\u{1f469}\u{200d}\u{1f680}\\u0001\"",
    ] {
        let id = World::proposed(&send(value).await);
        assert_eq!(world.act(Who::Manager, &id, "apply").await.status.as_u16(), 200);
        let expected: Value = serde_json::from_str(value).expect("JSON");
        let found = &world.document(ACME, "production").await["n"];
        assert!(*found == expected || found.as_f64() == expected.as_f64() && expected.is_f64(), "{value}: {found}");
    }
    let before = world.state().await;
    for (value, pointer) in [
        ("18446744073709551616", "/edits/0/value"),
        ("[1e300]", "/n/0"),
        ("\"a\\u0000b\"", "/edits/0/value"),
        ("{\"a\":{\"b\\u0000\":1}}", "/edits/0/value/a"),
    ] {
        let answer = send(value).await;
        assert_eq!(answer.status.as_u16(), 422, "{value}: {}", answer.text());
        let fault = &answer.json()["errors"][0];
        assert_eq!((&fault["pointer"], &fault["rule"]), (&json!(pointer), &json!("unkept")), "{value}: {fault}");
    }
    for value in ["1e400", "\"\\ud800\"", "NaN", "01"] {
        assert_eq!(send(value).await.status.as_u16(), 400, "{value}");
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn pages_of_a_preview_have_limits() {
    let world = World::new().await;
    let id = World::proposed(
        &world
            .propose(Who::Admin, &json!([with(set("branding.tagline", "x"), json!({ "template_id": "shop" }))]))
            .await,
    );
    let page = async |query: &str| world.get(Who::Admin, &format!("/api/v1/changes/{id}/preview?{query}")).await;
    for (query, documents, next) in [
        ("limit=1000", 9, false),
        ("limit=4", 4, true),
        ("limit=9", 9, true),
        ("limit=9&after=9", 0, false),
        ("after=2147483647", 0, false),
        ("after=-5", 9, false),
        ("group=0", 9, false),
        ("group=7", 0, false),
        ("group=-1", 0, false),
        ("outcome=invalid", 0, false),
        ("client_id=00000000-0000-4000-8000-000000000009", 0, false),
    ] {
        let answer = page(query).await;
        assert_eq!(answer.status.as_u16(), 200, "{query}: {}", answer.text());
        let told = answer.json();
        assert_eq!(told["documents"].as_array().map(Vec::len), Some(documents), "{query}: {told}");
        assert_eq!(told["next"].is_number(), next, "{query}: {told}");
    }
    for query in [
        "limit=0",
        "limit=1001",
        "limit=-1",
        "limit=x",
        "limit=99999999999999999999",
        "after=2147483648",
        "group=x",
        "outcome=odd",
        "client_id=x",
        "offset=3",
        "limit=1&limit=2",
    ] {
        let answer = page(query).await;
        assert_eq!(answer.status.as_u16(), 422, "{query}: {}", answer.text());
        assert!(answer.json()["errors"][0]["mend"].is_string(), "{query}: {}", answer.text());
    }
    for path in ["/api/v1/changes?limit=0", "/api/v1/changes?state=done", "/api/v1/changes?after=x"] {
        assert_eq!(world.get(Who::Admin, path).await.status.as_u16(), 422, "{path}");
    }
}

#[tokio::test]
async fn environments_have_three_names_and_no_others() {
    let world = World::new().await;
    let before = world.state().await;
    for name in ["Production", "production ", "PRODUCTION", "prod", "", "all,staging", "*", "null", "продакшн"]
    {
        let edit = |name: &str| json!([with(set("branding.tagline", "x"), json!({ "environment": name }))]);
        let answer = world.propose(Who::Admin, &edit(name)).await;
        let fault = answer.json()["errors"][0].clone();
        assert_eq!(
            (answer.status.as_u16(), &fault["pointer"]),
            (422, &json!("/edits/0/environment")),
            "{name:?}: {fault}"
        );
        let row = json!({ "configuration_key": "branding.tagline", "configuration_value": "x", "environment": name });
        let answer = world.call(Who::Admin, Method::POST, "/rest/v1/system_configurations", Some(&row)).await;
        assert_eq!(answer.status.as_u16(), 422, "{name:?}: {}", answer.text());
        let import = json!({ "format": "json", "content": "{\"a\":1}", "environment": name, "reason": "a test" });
        let answer = world.post(Who::Admin, "/api/v1/import", &import).await;
        assert_eq!(answer.status.as_u16(), 422, "{name:?}: {}", answer.text());
        let query: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/api/v1/clients/{ACME}/configuration?environment={query}");
        assert_eq!(world.get(Who::Admin, &path).await.status.as_u16(), 422, "{name:?}");
    }
    assert_eq!(world.state().await, before);
}
