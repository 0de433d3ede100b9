use serde_json::json;

use super::world::{ACME, CRYPT, Who, World, set, with};
use crate::support::tenantry;

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

#[tokio::test]
async fn what_was_deleted_comes_back_as_it_was() {
    let world = World::new().await;
    let content = "SELECT string_agg((to_jsonb(c) - '{created_at,created_by,updated_at,updated_by}'::text[])::text, ',' ORDER BY id)
                     FROM client_customizations c";
    let before = world.value(&format!("({content})")).await;
    let document = world.document(ACME, "production").await;
    let id = world.value(&format!("SELECT id FROM client_customizations WHERE client_id = '{ACME}'")).await;
    // What is deployed and active can't be born so; it can come back so.
    let delete = json!([{ "operation": "delete", "table": "client_customizations", "id": id }]);
    let deletion = World::proposed(&world.propose(Who::Admin, &delete).await);
    assert_eq!(world.act(Who::Admin, &deletion, "apply").await.status.as_u16(), 200);
    assert_ne!(world.document(ACME, "production").await, document);
    let back = World::proposed(&world.act(Who::Admin, &deletion, "revert").await);
    let answer = world.act(Who::Admin, &back, "apply").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    assert_eq!(world.value(&format!("({content})")).await, before);
    assert_eq!(world.document(ACME, "production").await, document);
    // And may go again.
    let again = World::proposed(&world.act(Who::Admin, &back, "revert").await);
    assert_eq!(world.act(Who::Admin, &again, "apply").await.status.as_u16(), 200);
}

#[tokio::test]
async fn what_others_wrote_since_is_not_reverted_away() {
    let world = World::new().await;
    let edit = |value: &str| json!([with(set("branding.tagline", value), json!({ "client_id": ACME }))]);
    let first = World::proposed(&world.propose(Who::Manager, &edit("one")).await);
    assert_eq!(world.act(Who::Manager, &first, "apply").await.status.as_u16(), 200);
    assert_eq!(world.change(Who::Admin, &edit("two")).await.status.as_u16(), 200);
    let answer = world.act(Who::Manager, &first, "revert").await;
    assert_eq!(answer.status.as_u16(), 412, "{}", answer.text());
}

#[tokio::test]
async fn a_secret_is_nowhere_in_a_change() {
    let world = World::new().await;
    let marker = "marker-5f2d9c";
    let edit = |value: &str| json!([with(set("api.key", value), json!({ "client_id": ACME, "template_id": "shop" }))]);
    let answer = world.propose(Who::Manager, &edit(marker)).await;
    let id = World::proposed(&answer);
    let shown = world.get(Who::Manager, &format!("/api/v1/changes/{id}")).await;
    let applied = world.act(Who::Manager, &id, "apply").await;
    assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
    let kept = world.value("SELECT string_agg(e::text, ' ') FROM tenantry.change_edits e").await;
    let groups = world.value("SELECT string_agg(g::text, ' ') FROM tenantry.change_preview_groups g").await;
    for text in [answer.text(), shown.text(), applied.text(), &kept, &groups] {
        assert!(!text.contains(marker), "{text}");
    }
    let first = world.document(ACME, "production").await["api"]["key"].clone();
    assert!(first["$secret"]["id"].is_string(), "{first}");
    // Reverting needs no plaintext: the former mask stands there again, and opens what it did.
    let second = World::proposed(&world.propose(Who::Manager, &edit("another-secret")).await);
    assert_eq!(world.act(Who::Manager, &second, "apply").await.status.as_u16(), 200);
    assert_ne!(world.document(ACME, "production").await["api"]["key"], first);
    let back = World::proposed(&world.act(Who::Manager, &second, "revert").await);
    let answer = world.act(Who::Manager, &back, "apply").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    assert_eq!(world.document(ACME, "production").await["api"]["key"], first);
}

#[tokio::test]
async fn what_is_incomplete_is_not_activated_where_there_is_a_deployment() {
    let world = World::new().await;
    let ids = "SET ROLE tenantry_owner;
        UPDATE client_customizations SET is_active = false, status = 'approved', approved_by = gen_random_uuid(), approved_at = now();
        RESET ROLE";
    world.admin.batch_execute(ids).await.expect("a state");
    let id = world.value(&format!("SELECT id FROM client_customizations WHERE client_id = '{ACME}'")).await;
    let activate = json!([{ "operation": "update", "table": "client_customizations", "id": id, "columns": { "is_active": true } }]);
    let deploy = format!(
        "INSERT INTO client_deployments (client_id, customization_id, deployment_name, deployment_type, status) VALUES ('{ACME}', '{id}', 'live', 'production', 'deployed')"
    );
    world.admin.batch_execute(&deploy).await.expect("a deployment");
    let proposed = World::proposed(&world.propose(Who::Manager, &activate).await);
    let answer = world.act(Who::Manager, &proposed, "apply").await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
    let fault = &answer.json()["errors"][0];
    assert_eq!((&fault["pointer"], &fault["environment"]), (&json!("/store/email"), &json!("production")), "{fault}");
    let complete = json!([
        with(set("store.email", "shop@acme.example"), json!({ "client_id": ACME, "template_id": "shop" })),
        activate[0],
    ]);
    let answer = world.change(Who::Manager, &complete).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
}

#[tokio::test]
async fn files_become_one_change() {
    let world = World::new().await;
    let import = |format: &str, content: &str| json!({ "format": format, "content": content, "client_id": ACME, "template_id": "shop", "reason": "a test" });
    // The schema says which key the variable is.
    let answer =
        world.post(Who::Manager, "/api/v1/import", &import("dotenv", "STORE_EMAIL=shop@acme.example # new\n")).await;
    assert_eq!(world.act(Who::Manager, &World::proposed(&answer), "apply").await.status.as_u16(), 200);
    let yaml = "store: { pageSize: 30, currency: USD }\nbranding:\n  tagline: Hi\n";
    let answer = world.post(Who::Manager, "/api/v1/import", &import("yaml", yaml)).await;
    assert_eq!(answer.json()["edits"], 3, "{}", answer.text());
    assert_eq!(world.act(Who::Manager, &World::proposed(&answer), "apply").await.status.as_u16(), 200);
    let document = world.document(ACME, "staging").await;
    assert_eq!(document["store"], json!({ "currency": "USD", "email": "shop@acme.example", "pageSize": 30 }));
    assert_eq!(document["branding"]["tagline"], "Hi");
}

#[tokio::test]
async fn the_command_line_makes_the_same_changes() {
    let world = World::new().await;
    let folder = world.server.data_dir.0.to_string_lossy().into_owned();
    let url = world.server.database.url();
    let run = |arguments: &[&str]| {
        let all: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(["--database-url", &url, "--data-dir", &folder, "--format", "json"])
            .collect();
        tenantry(&all)
    };
    let done = run(&[
        "config",
        "set",
        "branding.tagline",
        "Breathe out.",
        "--client",
        "acme@example.com",
        "--reason",
        "new slogan",
    ]);
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.err);
    let made: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(made["state"], "applied");
    assert_eq!(world.document(ACME, "production").await["branding"]["tagline"], "Breathe out.");
    assert_eq!(
        world.value("SELECT version FROM system_configurations WHERE configuration_key = 'branding.tagline'").await,
        "1"
    );
    let refused = run(&["config", "set", "store.pageSize", "1000", "--template", "shop", "--reason", "more"]);
    assert_eq!(refused.code, Some(1), "{} {}", refused.out, refused.err);
    assert!(refused.err.contains("maximum") || refused.err.contains("/store/pageSize"), "{}", refused.err);
    let id = made["id"].as_str().expect("an id");
    let done = run(&["change", "revert", id, "--reason", "changed their mind"]);
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.err);
    assert_eq!(world.document(ACME, "production").await["branding"], json!(null));
    let done = run(&["change", "list", "--state", "applied"]);
    let listed: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{}", done.out);
    assert!(listed[0]["author"]["name"].as_str().is_some_and(|name| name.starts_with("operator:")), "{listed}");
}
