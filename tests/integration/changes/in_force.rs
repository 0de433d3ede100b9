//! Taking back what was put into force: the former frozen content is read again, whatever became of the row.

use hyper::Method;
use serde_json::{Value, json};

use super::world::{ACME, Who, World, set, with};

async fn configuration(world: &World, name: &str, tagline: &str) -> String {
    let id = uuid::Uuid::new_v4().to_string();
    let row = json!({ "id": id, "client_id": ACME, "template_id": "shop", "environment": "production", "deployment_name": name,
                      "application_config": { "branding": { "tagline": tagline } },
                      "environment_variables": { "API_TOKEN": format!("marker-{tagline}") } });
    let answer = world.call(Who::Manager, Method::POST, "/rest/v1/deployment_configurations", Some(&row)).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    id
}

/// Validates and applies one; the change that it was.
async fn applied(world: &World, id: &str) -> String {
    let path = |act: &str| format!("/api/v1/deployment-configurations/{id}/{act}");
    let ready = world.post(Who::Manager, &path("validate"), &json!({})).await;
    assert_eq!(ready.json()["is_ready"], true, "{}", ready.text());
    let answer = world.post(Who::Manager, &path("apply"), &json!({})).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["change_id"].as_str().expect("a change").to_owned()
}

/// Reverts a change; the change that did it.
async fn reverted(world: &World, who: Who, change: &str) -> String {
    let answer = world.act(who, change, "revert").await;
    let id = World::proposed(&answer);
    let before = world.document(ACME, "production").await;
    let applied = world.act(who, &id, "apply").await;
    assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
    let after = world.document(ACME, "production").await;
    // What the preview said is what came.
    let preview = world.get(who, &format!("/api/v1/changes/{id}/preview")).await.json();
    for key in preview["documents"][0]["keys"].as_array().expect("keys") {
        let pointer = key["pointer"].as_str().expect("a pointer");
        assert_eq!(before.pointer(pointer), key.get("before"), "{preview}");
        assert_eq!(after.pointer(pointer), key.get("after"), "{preview}");
    }
    id
}

async fn tagline(world: &World) -> Value {
    world.document(ACME, "production").await["branding"]["tagline"].clone()
}

async fn in_force(world: &World) -> String {
    let sql = "SELECT string_agg(concat_ws(' ', deployment_name, status, applied_revision IS NOT NULL), ', ' ORDER BY deployment_name)
                 FROM deployment_configurations WHERE applied_configuration IS NOT NULL";
    world.value(&format!("({sql})")).await
}

async fn world() -> World {
    let world = World::new().await;
    let email = json!([with(set("store.email", "shop@acme.example"), json!({ "client_id": ACME }))]);
    assert_eq!(world.change(Who::Manager, &email).await.status.as_u16(), 200);
    world
}

#[tokio::test]
async fn what_was_in_force_before_is_in_force_again() {
    let world = world().await;
    let (one, two) = (configuration(&world, "one", "One").await, configuration(&world, "two", "Two").await);
    let first = applied(&world, &one).await;
    let frozen = "SELECT applied_configuration FROM deployment_configurations WHERE deployment_name = 'one'";
    let before = world.value(frozen).await;
    assert!(before.contains("$secret") && !before.contains("marker-"), "{before}");
    let second = applied(&world, &two).await;
    assert_eq!((tagline(&world).await, in_force(&world).await), (json!("Two"), "two applied t".to_owned()));

    let back = reverted(&world, Who::Manager, &second).await;
    assert_eq!((tagline(&world).await, in_force(&world).await), (json!("One"), "one applied t".to_owned()));
    assert_eq!(world.value(frozen).await, before, "the very content, masks and all");
    let states = "SELECT string_agg(status, ' ' ORDER BY deployment_name) FROM deployment_configurations";
    assert_eq!(world.value(states).await, "applied validated");
    // And forth, and then all of it back.
    reverted(&world, Who::Manager, &back).await;
    assert_eq!((tagline(&world).await, in_force(&world).await), (json!("Two"), "two applied t".to_owned()));
    // The first one was put out of force and in again since, and what came later is reverted first.
    assert_eq!(world.act(Who::Manager, &first, "revert").await.status.as_u16(), 412);
}

#[tokio::test]
async fn the_first_to_be_applied_leaves_nothing_in_force() {
    let world = world().await;
    let one = configuration(&world, "one", "One").await;
    let first = applied(&world, &one).await;
    let back = World::proposed(&world.act(Who::Staff, &first, "revert").await);
    assert_eq!(world.act(Who::Staff, &back, "apply").await.status.as_u16(), 403, "staff apply nothing");
    assert_eq!(world.act(Who::Staff, &back, "withdraw").await.status.as_u16(), 200);
    reverted(&world, Who::Manager, &first).await;
    assert_eq!((tagline(&world).await, in_force(&world).await), (Value::Null, "NULL".to_owned()));
    // It can be applied again as it stands.
    let again = world.post(Who::Manager, &format!("/api/v1/deployment-configurations/{one}/apply"), &json!({})).await;
    assert_eq!(again.status.as_u16(), 200, "{}", again.text());
    assert_eq!(tagline(&world).await, "One");
}

#[tokio::test]
async fn a_row_that_was_applied_again_reads_its_former_content() {
    let world = world().await;
    let one = configuration(&world, "one", "One").await;
    applied(&world, &one).await;
    let row = format!("/rest/v1/deployment_configurations?id=eq.{one}");
    let edit = json!({ "application_config": { "branding": { "tagline": "Edited" } },
                       // What is in force nobody writes.
                       "applied_configuration": { "application_config": { "branding": { "tagline": "Forged" } } } });
    let edited = world.call(Who::Manager, Method::PATCH, &row, Some(&edit)).await;
    assert_eq!(edited.status.as_u16(), 204, "{}", edited.text());
    assert_eq!(tagline(&world).await, "One");
    let second = applied(&world, &one).await;
    assert_eq!(tagline(&world).await, "Edited");
    reverted(&world, Who::Manager, &second).await;
    assert_eq!((tagline(&world).await, in_force(&world).await), (json!("One"), "one validated t".to_owned()));
    // Also where what is in force didn't change by it.
    let undo = json!({ "application_config": { "branding": { "tagline": "One" } } });
    assert_eq!(world.call(Who::Manager, Method::PATCH, &row, Some(&undo)).await.status.as_u16(), 204);
    let same = applied(&world, &one).await;
    reverted(&world, Who::Manager, &same).await;
    assert_eq!((tagline(&world).await, in_force(&world).await), (json!("One"), "one validated t".to_owned()));
    let forged = json!([{ "operation": "update", "table": "deployment_configurations", "id": one,
                          "columns": { "applied_configuration": { "application_config": { "branding": { "tagline": "Forged" } } } } }]);
    let answer = world.change(Who::Super, &forged).await;
    assert_eq!((answer.status.as_u16(), tagline(&world).await), (200, json!("One")), "{}", answer.text());
}
