use hyper::Method;
use serde_json::{Value, json};

use crate::changes::world::{ACME, Who, World, set, with};
use crate::support::server::Answer;

/// A deployment configuration of Acme's production; its id.
async fn configuration(world: &World, name: &str, config: &Value) -> String {
    let id = uuid::Uuid::new_v4().to_string();
    let row = json!({ "id": id, "client_id": ACME, "template_id": "shop", "environment": "production", "deployment_name": name,
                      "application_config": config });
    let answer = world.call(Who::Manager, Method::POST, "/rest/v1/deployment_configurations", Some(&row)).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    id
}

async fn act(world: &World, who: Who, id: &str, act: &str) -> Answer {
    world.post(who, &format!("/api/v1/deployment-configurations/{id}/{act}"), &json!({})).await
}

#[tokio::test]
async fn a_deployment_configuration_is_validated_and_applied() {
    let world = World::new().await;
    let odd = configuration(&world, "odd", &json!({})).await;
    let judged = act(&world, Who::Manager, &odd, "validate").await;
    let lacking = judged.json();
    assert_eq!(
        (judged.status.as_u16(), &lacking["is_ready"], &lacking["status"]),
        (200, &json!(false), &json!("draft"))
    );
    assert_eq!(lacking["faults"][0]["rule"], "required", "{lacking}");
    let refused = act(&world, Who::Manager, &odd, "apply").await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    let edits = json!([with(set("store.email", "shop@acme.example"), json!({ "client_id": ACME }))]);
    assert_eq!(world.change(Who::Manager, &edits).await.status.as_u16(), 200);

    let ready = act(&world, Who::Manager, &odd, "validate").await;
    assert_eq!(
        (&ready.json()["is_ready"], &ready.json()["status"]),
        (&json!(true), &json!("validated")),
        "{}",
        ready.text()
    );
    let applied = act(&world, Who::Manager, &odd, "apply").await;
    assert_eq!((applied.status.as_u16(), &applied.json()["replaced"]), (200, &Value::Null), "{}", applied.text());
    assert_eq!(act(&world, Who::Manager, &odd, "apply").await.status.as_u16(), 422, "it is in force already");

    // An edit changes nothing that runs; applying another one puts this one out of force.
    let row = format!("/rest/v1/deployment_configurations?id=eq.{odd}");
    let title = json!({ "application_config": { "branding": { "tagline": "Edited" } } });
    assert_eq!(world.call(Who::Manager, Method::PATCH, &row, Some(&title)).await.status.as_u16(), 204);
    assert_eq!(world.document(ACME, "production").await["branding"], json!(null));
    let next = configuration(&world, "next", &json!({ "branding": { "tagline": "Next" } })).await;
    assert_eq!(act(&world, Who::Manager, &next, "validate").await.json()["is_ready"], true);
    for (who, status) in [(Who::Staff, 403), (Who::Client, 403)] {
        assert_eq!(act(&world, who, &next, "apply").await.status.as_u16(), status, "{who:?}");
    }
    let applied = act(&world, Who::Manager, &next, "apply").await;
    assert_eq!((applied.status.as_u16(), &applied.json()["replaced"]), (200, &json!(odd)), "{}", applied.text());
    assert_eq!(world.document(ACME, "production").await["branding"]["tagline"], "Next");
    let in_force = "SELECT string_agg(deployment_name, ' ') FROM deployment_configurations WHERE applied_configuration IS NOT NULL";
    assert_eq!(world.value(in_force).await, "next");
}
