use hyper::Method;
use serde_json::{Value, json};

use crate::changes::world::{ACME, CRYPT, Who, World, schema, set, with};

/// A design of Acme's for the shop, as somebody who may makes it; its id.
async fn design(world: &World, config: &Value) -> String {
    let id = uuid::Uuid::new_v4().to_string();
    let row = json!({ "id": id, "client_id": ACME, "template_id": "shop", "template_version": "1.0.0", "customization_config": config });
    let answer = world.call(Who::Manager, Method::POST, "/rest/v1/client_customizations", Some(&row)).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    id
}

async fn approve(world: &World, id: &str) {
    for status in ["in_review", "approved"] {
        let path = format!("/rest/v1/client_customizations?id=eq.{id}");
        let answer = world.call(Who::Manager, Method::PATCH, &path, Some(&json!({ "status": status }))).await;
        assert_eq!(answer.status.as_u16(), 204, "{}", answer.text());
    }
}

async fn activate(world: &World, id: &str) -> crate::support::server::Answer {
    world.post(Who::Manager, &format!("/api/v1/customizations/{id}/activate"), &json!({})).await
}

#[tokio::test]
async fn one_design_takes_the_place_of_another() {
    let world = World::new().await;
    let before = world.value(&format!("SELECT id FROM client_customizations WHERE client_id = '{ACME}'")).await;
    let id = design(&world, &json!({ "branding": { "tagline": "New" } })).await;
    let draft = activate(&world, &id).await;
    assert_eq!(draft.status.as_u16(), 422, "{}", draft.text());
    approve(&world, &id).await;
    assert_eq!(world.document(ACME, "production").await["branding"], json!(null));

    let answer = activate(&world, &id).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["replaced"]), (200, &json!([before])), "{}", answer.text());
    assert_eq!(world.document(ACME, "production").await["branding"]["tagline"], "New");
    let active =
        format!("SELECT string_agg(id::text, ' ') FROM client_customizations WHERE client_id = '{ACME}' AND is_active");
    assert_eq!(world.value(&active).await, id);
    let again = activate(&world, &id).await;
    assert_eq!((again.status.as_u16(), &again.json()["change_id"]), (200, &Value::Null), "{}", again.text());
    for (who, status) in [(Who::Staff, 403), (Who::Client, 403)] {
        let path = format!("/api/v1/customizations/{before}/activate");
        assert_eq!(world.post(who, &path, &json!({})).await.status.as_u16(), status, "{who:?}");
    }
    let hidden = world.value(&format!("SELECT id FROM client_customizations WHERE client_id = '{CRYPT}'")).await;
    assert_eq!(activate(&world, &hidden).await.status.as_u16(), 404, "nobody learns that there is one");
}

#[tokio::test]
async fn what_lacks_something_where_it_is_used_is_not_served() {
    let world = World::new().await;
    let id = design(&world, &json!({ "branding": { "tagline": "New" } })).await;
    approve(&world, &id).await;
    world
        .admin
        .batch_execute(&format!(
            "INSERT INTO client_deployments (client_id, customization_id, deployment_name, deployment_type, status)
         VALUES ('{ACME}', '{id}', 'web', 'staging', 'deployed'), ('{ACME}', '{id}', 'old', 'production', 'cancelled')"
        ))
        .await
        .expect("deployments");
    let before = world.state().await;
    let refused = activate(&world, &id).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    let faults = refused.json()["errors"].clone();
    assert_eq!(faults.as_array().map(Vec::len), Some(1), "where it is used, and nowhere else: {faults}");
    assert_eq!((&faults[0]["rule"], &faults[0]["environment"]), (&json!("required"), &json!("staging")), "{faults}");
    assert_eq!(world.state().await, before);

    let edits =
        json!([with(set("store.email", "shop@acme.example"), json!({ "client_id": ACME, "environment": "staging" }))]);
    assert_eq!(world.change(Who::Manager, &edits).await.status.as_u16(), 200);
    assert_eq!(activate(&world, &id).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_design_is_brought_to_another_version() {
    let world = World::new().await;
    let config = json!({ "branding": { "tagline": "Mine" }, "store": { "currency": "USD" } });
    let id = design(&world, &config).await;
    let mut wider = schema();
    wider["properties"]["store"]["properties"]["currency"] = json!({ "enum": ["EUR", "USD", "CHF"] });
    let new = json!({ "template_version": "2.0.0", "configuration_schema": wider,
                      "default_configuration": { "store": { "currency": "CHF" }, "branding": { "tagline": "Ours" } } });
    let published = world.post(Who::Admin, "/api/v1/templates/shop/versions", &new).await;
    assert_eq!(published.status.as_u16(), 201, "{}", published.text());

    let path = format!("/api/v1/customizations/{id}/upgrade");
    let before = world.state().await;
    let dry = world.post(Who::Manager, &path, &json!({ "to": "2.0.0", "dry_run": true })).await;
    assert_eq!(dry.status.as_u16(), 200, "{}", dry.text());
    let told = dry.json();
    let steps: Vec<(&str, &str)> = told["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (step["path"].as_str().expect("a path"), step["verdict"].as_str().expect("a verdict")))
        .collect();
    assert_eq!(steps, [("branding.tagline", "conflict"), ("store.currency", "conflict")], "{told}");
    assert_eq!(told["lacking"][0]["faults"][0]["rule"], "required", "what its documents would lack is told: {told}");
    let refused = world.post(Who::Manager, &path, &json!({ "to": "2.0.0" })).await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()["errors"].as_array().map(Vec::len)),
        (422, Some(2)),
        "{}",
        refused.text()
    );
    assert_eq!(world.state().await, before, "nothing was written");

    let choices = json!({ "branding.tagline": "client", "store.currency": "template" });
    let done = world.post(Who::Manager, &path, &json!({ "to": "2.0.0", "choices": choices })).await;
    assert_eq!(
        (done.status.as_u16(), &done.json()["id"]),
        (200, &json!(id)),
        "a draft is changed itself: {}",
        done.text()
    );
    let now =
        format!("SELECT template_version || customization_config::text FROM client_customizations WHERE id = '{id}'");
    assert_eq!(world.value(&now).await, r#"2.0.0{"store": {"currency": "CHF"}, "branding": {"tagline": "Mine"}}"#);

    // What was reviewed doesn't change: there is a new draft instead.
    let served =
        world.value(&format!("SELECT id FROM client_customizations WHERE client_id = '{ACME}' AND is_active")).await;
    let done =
        world.post(Who::Manager, &format!("/api/v1/customizations/{served}/upgrade"), &json!({ "to": "2.0.0" })).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text());
    let made = done.json()["id"].as_str().expect("an id").to_owned();
    assert_ne!(made, served);
    let state = format!(
        "SELECT concat_ws(' ', status, template_version, version) FROM client_customizations WHERE id = '{made}'"
    );
    assert_eq!(world.value(&state).await, "draft 2.0.0 3");
    for (to, status) in [("2.0.0", 422), ("7.0.0", 404)] {
        let body = json!({ "to": to });
        assert_eq!(
            world.post(Who::Manager, &format!("/api/v1/customizations/{made}/upgrade"), &body).await.status.as_u16(),
            status
        );
    }
}
