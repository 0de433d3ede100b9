//! What a change does to many documents.

use serde_json::{Value, json};

use super::world::{Who, World, set, with};

/// Adds clients with a shop whose version they leave open; every seventieth still does something the old way.
async fn crowd(world: &World, count: usize) {
    let sql = format!(
        "SET ROLE tenantry_owner;
         INSERT INTO clients_enhanced (id, name, email)
         SELECT ('c1000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Client ' || n, 'c' || n || '@example.com'
           FROM generate_series(1, {count}) n;
         INSERT INTO client_customizations (client_id, template_id, template_version, customization_config, status, is_active)
         SELECT id, 'shop', NULL, '{{}}', 'deployed', true FROM clients_enhanced WHERE name LIKE 'Client %';
         INSERT INTO system_configurations (configuration_key, configuration_value, client_id, template_id)
         SELECT 'legacy', 'true', id, 'shop' FROM clients_enhanced WHERE name IN ('Client 7', 'Client 77', 'Client 177');
         DELETE FROM client_customizations WHERE client_id IN (SELECT id FROM clients_enhanced WHERE name IN ('Acme', 'Bolt', 'Crypt'));
         RESET ROLE"
    );
    world.admin.batch_execute(&sql).await.expect("a crowd");
}

/// A shop that can't do something the new way and the old way.
fn schema() -> Value {
    json!({
        "type": "object",
        "properties": { "legacy": { "type": "boolean" }, "mode": { "type": "string" } },
        "not": { "properties": { "mode": { "const": "new" }, "legacy": { "const": true } }, "required": ["mode", "legacy"] }
    })
}

/// A change that would break three of two hundred clients: the preview shows all, and it is refused naming them.
async fn breaks_three(world: &World, edits: &Value) {
    let answer = world.propose(Who::Admin, edits).await;
    let id = World::proposed(&answer);
    let told = answer.json();
    assert_eq!(told["preview"]["documents"], 600, "{told}");
    assert_eq!(told["preview"]["counts"]["invalid"], 9, "{told}");
    let mut shown = 0;
    let mut after = 0;
    loop {
        let page = world.get(Who::Admin, &format!("/api/v1/changes/{id}/preview?after={after}&limit=250")).await.json();
        shown += page["documents"].as_array().expect("documents").len();
        match page["next"].as_i64() {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(shown, 600);
    let before = world.state().await;
    let refused = world.act(Who::Admin, &id, "apply").await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    let body = refused.json();
    let mut clients: Vec<&str> =
        body["errors"].as_array().expect("faults").iter().filter_map(|fault| fault["client_id"].as_str()).collect();
    clients.sort_unstable();
    clients.dedup();
    let expected = ["000000000007", "000000000077", "000000000177"].map(|end| format!("c1000000-0000-4000-8000-{end}"));
    assert_eq!(clients, expected);
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn a_change_of_template_rows_that_would_break_some_is_refused_naming_them() {
    let world = World::with(&schema()).await;
    crowd(&world, 200).await;
    breaks_three(&world, &json!([with(set("mode", "new"), json!({ "template_id": "shop" }))])).await;
}

#[tokio::test]
async fn a_new_version_that_would_break_some_is_refused_naming_them() {
    let world = World::with(&schema()).await;
    crowd(&world, 200).await;
    let version = json!([{ "operation": "insert", "table": "template_configurations", "columns": {
        "template_id": "shop", "template_version": "2.0.0", "template_name": "Shop", "status": "active",
        "configuration_schema": { "type": "object", "properties": { "legacy": { "const": false }, "mode": { "default": "new" } } },
        "default_configuration": {} } }]);
    breaks_three(&world, &version).await;
}

#[tokio::test]
async fn a_change_that_reaches_thousands_is_looked_at_beside_the_request() {
    let world = World::with(&schema()).await;
    crowd(&world, 400).await;
    let edits = json!([with(set("mode", "quick"), json!({ "template_id": "shop", "environment": "staging" }))]);
    let answer = world.propose(Who::Admin, &edits).await;
    assert_eq!(answer.status.as_u16(), 202, "{}", answer.text());
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    let preview = loop {
        let answer = world.get(Who::Admin, &format!("/api/v1/changes/{id}/preview?outcome=changed&limit=1")).await;
        match answer.status.as_u16() {
            200 => break answer.json(),
            202 => tokio::task::yield_now().await,
            status => panic!("{status}: {}", answer.text()),
        }
    };
    assert_eq!(preview["preview"]["documents"], 400, "{preview}");
    assert_eq!(preview["preview"]["counts"], json!({ "changed": 400 }), "{preview}");
    assert_eq!(preview["documents"][0]["keys"][0]["after"], "quick", "{preview}");
    assert_eq!(world.act(Who::Admin, &id, "apply").await.status.as_u16(), 200);
    assert_eq!(world.document("c1000000-0000-4000-8000-000000000001", "staging").await["mode"], "quick");
}
