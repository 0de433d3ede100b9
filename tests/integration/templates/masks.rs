//! Secrets in what a new version takes over: masks come along where they belong, and nowhere else.

use hyper::Method;
use serde_json::{Value, json};

use crate::changes::world::{ACME, BOLT, Who, World, schema};
use crate::support::program::tenantry;

const KEY: &str = "whsec_brought-along-1";

/// A reviewed design of Acme's with a secret in it; its id, and what it holds.
async fn reviewed(world: &World) -> (String, Value) {
    let id = uuid::Uuid::new_v4().to_string();
    let row = json!({ "id": id, "client_id": ACME, "template_id": "shop", "template_version": "1.0.0",
                      "customization_config": { "api": { "key": KEY }, "store": { "pageSize": 30 } } });
    let made = world.call(Who::Manager, Method::POST, "/rest/v1/client_customizations", Some(&row)).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    for status in ["in_review", "approved"] {
        let path = format!("/rest/v1/client_customizations?id=eq.{id}");
        let moved = world.call(Who::Manager, Method::PATCH, &path, Some(&json!({ "status": status }))).await;
        assert_eq!(moved.status.as_u16(), 204, "{}", moved.text());
    }
    let config = config(world, &id).await;
    assert!(config["api"]["key"]["$secret"].is_object(), "{config}");
    (id, config)
}

async fn config(world: &World, id: &str) -> Value {
    let text = world.value(&format!("SELECT customization_config FROM client_customizations WHERE id = '{id}'")).await;
    serde_json::from_str(&text).expect("JSON")
}

/// Version 2.0.0 of the shop, with a secret of the template's own; its row.
async fn second(world: &World) -> String {
    let new = json!({ "template_version": "2.0.0", "configuration_schema": schema(), "based_on": "1.0.0",
                      "default_configuration": { "store": { "currency": "EUR" }, "api": { "key": "whsec_of-the-template" } } });
    let published = world.post(Who::Admin, "/api/v1/templates/shop/versions", &new).await;
    assert_eq!(published.status.as_u16(), 201, "{}", published.text());
    published.json()["id"].as_str().expect("an id").to_owned()
}

async fn reveal(world: &World, row: &str) -> Value {
    let answer =
        world.post(Who::Admin, &format!("/api/v1/configurations/{row}/reveal"), &json!({ "reason": "a test" })).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["secrets"][0]["value"].clone()
}

#[tokio::test]
async fn an_upgrade_of_what_was_reviewed_brings_its_secrets_along() {
    let world = World::new().await;
    let (id, before) = reviewed(&world).await;
    second(&world).await;
    let path = format!("/api/v1/customizations/{id}/upgrade");
    let copied = json!({ "to": "2.0.0", "choices": { "api.key": { "value": before["api"]["key"] } } });
    let refused = world.post(Who::Manager, &path, &copied).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["errors"][0]["rule"]),
        (422, &json!("mask")),
        "{}",
        refused.text()
    );

    let sealed = world.value("SELECT count(*) FROM tenantry.secrets").await;
    let done = world.post(Who::Manager, &path, &json!({ "to": "2.0.0", "choices": { "api.key": "client" } })).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text());
    let draft = done.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!((draft == id, config(&world, &draft).await), (false, before), "a draft of its own, with the same mask");
    assert_eq!(world.value("SELECT count(*) FROM tenantry.secrets").await, sealed, "nothing is sealed anew");
    assert_eq!(reveal(&world, &draft).await, KEY);

    let taken = world.post(Who::Manager, &path, &json!({ "to": "2.0.0", "choices": { "api.key": "template" } })).await;
    assert_eq!(taken.status.as_u16(), 200, "{}", taken.text());
    let draft = taken.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(config(&world, &draft).await.get("api"), None, "the template's own shows from beneath");
}

#[tokio::test]
async fn the_command_line_brings_them_along_as_well() {
    let world = World::new().await;
    let (id, before) = reviewed(&world).await;
    let (url, data_dir) = (world.server.database.url(), world.server.data_dir.0.display().to_string());
    let run = |arguments: &[&str]| {
        let done =
            tenantry(&[&["--format", "json", "--database-url", &url, "--data-dir", &data_dir], arguments].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
        serde_json::from_str::<Value>(&done.out).expect("JSON")
    };
    second(&world).await;
    run(&["template", "publish", "shop", "3.0.0", "--reason", "the same again"]);
    let keys = "SELECT count(DISTINCT default_configuration #> '{api,key}') FROM template_configurations WHERE template_version > '1'";
    assert_eq!(world.value(keys).await, "1", "a version that takes over the defaults of the one before has its mask");
    let made = run(&["customization", "upgrade", &id, "--to", "3.0.0", "--keep", "api.key"]);
    assert_eq!(config(&world, made["id"].as_str().expect("an id")).await, before);
    let verified = tenantry(&["keys", "verify", "--database-url", &url, "--data-dir", &data_dir]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

#[tokio::test]
async fn a_row_that_is_cloned_keeps_its_masks_as_another_version_and_as_nothing_else() {
    let world = World::new().await;
    let (id, held) = reviewed(&world).await;
    let version = second(&world).await;
    let clone = |client: &str, template: &str, config: &Value| json!({ "client_id": client, "template_id": template, "customization_config": config });
    let other = json!({ "template_id": "blog", "template_version": "1.0.0", "template_name": "Blog", "configuration_schema": schema() });
    let made = world.post(Who::Admin, "/rest/v1/template_configurations", &other).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());

    let again = world.post(Who::Manager, "/rest/v1/client_customizations", &clone(ACME, "shop", &held)).await;
    assert_eq!(again.status.as_u16(), 201, "{}", again.text());
    let edit =
        json!({ "operation": "insert", "table": "client_customizations", "columns": clone(ACME, "shop", &held) });
    assert_eq!(world.change(Who::Manager, &json!([edit])).await.status.as_u16(), 200);
    let defaults =
        world.value(&format!("SELECT default_configuration FROM template_configurations WHERE id = '{version}'")).await;
    let defaults: Value = serde_json::from_str(&defaults).expect("JSON");
    let draft = json!({ "template_id": "shop", "template_version": "4.0.0", "template_name": "Shop", "status": "draft",
                        "configuration_schema": schema(), "default_configuration": defaults });
    let made = world.post(Who::Admin, "/rest/v1/template_configurations", &draft).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());

    let mut moved = held.clone();
    moved["branding"] = json!({ "tagline": held["api"]["key"] });
    let foreign = json!({ "template_id": "blog", "template_version": "2.0.0", "template_name": "Blog", "default_configuration": defaults });
    for (what, path, row) in [
        ("for another client", "client_customizations", clone(BOLT, "shop", &held)),
        ("for another template", "client_customizations", clone(ACME, "blog", &held)),
        ("in another place", "client_customizations", clone(ACME, "shop", &moved)),
        ("the template's for a client", "client_customizations", clone(ACME, "shop", &defaults)),
        ("of another template", "template_configurations", foreign),
    ] {
        let refused = world.post(Who::Admin, &format!("/rest/v1/{path}"), &row).await;
        assert_eq!(refused.status.as_u16(), 422, "{what}: {}", refused.text());
        let said = refused.text();
        assert!(said.contains("mask") && said.contains("send the secret itself"), "{what}: {said}");
    }
    let row = format!("/rest/v1/client_customizations?client_id=eq.{BOLT}");
    let written = world.call(Who::Manager, Method::PATCH, &row, Some(&json!({ "customization_config": held }))).await;
    assert_eq!(written.status.as_u16(), 422, "{}", written.text());
    assert_eq!(reveal(&world, &id).await, KEY);
}
