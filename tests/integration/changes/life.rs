use serde_json::json;

use super::world::{ACME, CRYPT, Who, World, set, with};

#[tokio::test]
async fn a_change_is_previewed_applied_and_reverted() {
    let world = World::new().await;
    let edits = json!([with(set("branding.tagline", "Breathe out."), json!({ "client_id": ACME }))]);
    let answer = world.propose(Who::Manager, &edits).await;
    let id = World::proposed(&answer);
    let told = answer.json();
    assert_eq!(told["preview"]["counts"], json!({ "changed": 3 }), "{told}");
    assert_eq!(told["preview"]["groups"][0]["keys"][0]["pointer"], "/branding", "{told}");
    assert_eq!(world.document(ACME, "production").await["branding"], json!(null));

    let applied = world.act(Who::Manager, &id, "apply").await;
    assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
    assert_eq!(applied.json()["state"], "applied");
    assert_eq!(world.document(ACME, "production").await["branding"]["tagline"], "Breathe out.");
    let revision = world.value("SELECT revision FROM tenantry.installation_revision").await;
    assert_eq!(applied.json()["revision"].to_string(), revision);
    let author =
        "SELECT concat(updated_by, version) FROM system_configurations WHERE configuration_key = 'branding.tagline'";
    assert_eq!(world.value(author).await, "a0000000-0000-4000-8000-0000000000031");

    let back = World::proposed(&world.act(Who::Manager, &id, "revert").await);
    let reverted = world.act(Who::Manager, &back, "apply").await;
    assert_eq!(reverted.status.as_u16(), 200, "{}", reverted.text());
    assert_eq!(world.document(ACME, "production").await["branding"], json!(null));
    assert_eq!(world.act(Who::Manager, &id, "revert").await.status.as_u16(), 422);
    assert_eq!(world.act(Who::Manager, &id, "apply").await.status.as_u16(), 422);
}

#[tokio::test]
async fn people_see_and_write_what_is_theirs() {
    let world = World::new().await;
    let at = |client: &str| json!([with(set("branding.tagline", "x"), json!({ "client_id": client }))]);
    // Of a client that they don't see, nobody learns that there is one.
    for who in [Who::Manager, Who::Staff] {
        let answer = world.propose(who, &at(CRYPT)).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
        assert_eq!(answer.json()["errors"][0]["rule"], "client");
    }
    assert_eq!(world.propose(Who::Client, &at(ACME)).await.status.as_u16(), 403);
    // Staff propose; somebody who may write applies.
    let id = World::proposed(&world.propose(Who::Staff, &at(ACME)).await);
    let refused = world.act(Who::Staff, &id, "apply").await;
    assert_eq!(refused.status.as_u16(), 403, "{}", refused.text());
    assert_eq!(world.act(Who::Manager, &id, "apply").await.status.as_u16(), 200);
    // Rows of no client are an admin's.
    let shared = world.propose(Who::Manager, &json!([set("branding.tagline", "y")])).await;
    assert_eq!(shared.status.as_u16(), 403, "{}", shared.text());
    let global = World::proposed(&world.propose(Who::Admin, &json!([set("branding.tagline", "y")])).await);
    for who in [Who::Manager, Who::Staff] {
        assert_eq!(world.get(who, &format!("/api/v1/changes/{global}")).await.status.as_u16(), 404);
        assert_eq!(world.act(who, &global, "approve").await.status.as_u16(), 404);
    }
    let list = world.get(Who::Staff, "/api/v1/changes").await.json();
    assert_eq!(list["changes"].as_array().map(Vec::len), Some(1), "{list}");
}
