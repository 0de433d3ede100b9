//! What a change does to many documents.

use hyper::Method;
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
async fn breaks_three(world: &World, edits: &Value, documents: usize) {
    let answer = world.propose(Who::Admin, edits).await;
    let id = World::proposed(&answer);
    let told = answer.json();
    assert_eq!(told["preview"]["documents"], documents, "{told}");
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
    assert_eq!(shown, documents);
    let before = world.state().await;
    let refused = world.act(Who::Admin, &id, "apply").await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    names_three(&refused.json()["errors"]);
    assert_eq!(world.state().await, before);
}

/// That faults name those three clients and nobody else.
fn names_three(faults: &Value) {
    let faults = faults.as_array().expect("faults");
    let mut clients: Vec<&str> = faults.iter().filter_map(|fault| fault["client_id"].as_str()).collect();
    clients.sort_unstable();
    clients.dedup();
    let expected = ["000000000007", "000000000077", "000000000177"].map(|end| format!("c1000000-0000-4000-8000-{end}"));
    assert_eq!(clients, expected);
}

#[tokio::test]
async fn a_change_of_template_rows_that_would_break_some_is_refused_naming_them() {
    let world = World::with(&schema()).await;
    crowd(&world, 200).await;
    breaks_three(&world, &json!([with(set("mode", "new"), json!({ "template_id": "shop" }))]), 600).await;
}

#[tokio::test]
async fn a_new_version_that_would_break_some_is_refused_naming_them() {
    let world = World::with(&schema()).await;
    crowd(&world, 200).await;
    let version = json!([{ "operation": "insert", "table": "template_configurations", "columns": {
        "template_id": "shop", "template_version": "2.0.0", "template_name": "Shop", "status": "active",
        "configuration_schema": { "type": "object", "properties": { "legacy": { "const": false }, "mode": { "default": "new" } } },
        "default_configuration": {} } }]);
    breaks_three(&world, &version, 600).await;
}

#[tokio::test]
async fn so_is_one_of_global_rows_and_one_of_many_rows_of_clients() {
    let world = World::with(&schema()).await;
    crowd(&world, 200).await;
    // And three clients without a template.
    breaks_three(&world, &json!([set("mode", "new")]), 609).await;
    let each = |edit: &dyn Fn(String) -> Value| -> Value {
        (1..=200).map(|number| edit(format!("c1000000-0000-4000-8000-{number:012}"))).collect()
    };
    breaks_three(&world, &each(&|client| with(set("mode", "new"), json!({ "client_id": client }))), 600).await;
    // Of deployment configurations each puts the mode into one environment.
    let sql = "SET ROLE tenantry_owner;
        INSERT INTO deployment_configurations (id, client_id, template_id, environment, deployment_name, application_config, status)
        SELECT ('d' || substr(id::text, 2))::uuid, id, 'shop', 'production', 'main', '{\"mode\": \"new\"}', 'validated' FROM clients_enhanced WHERE name LIKE 'Client %';
        RESET ROLE";
    world.admin.batch_execute(sql).await.expect("configurations");
    let apply = each(
        &|client| json!({ "operation": "update", "table": "deployment_configurations", "id": client.replacen('c', "d", 1), "columns": { "status": "applied" } }),
    );
    let id = World::proposed(&world.propose(Who::Admin, &apply).await);
    let before = world.state().await;
    let refused = world.act(Who::Admin, &id, "apply").await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    names_three(&refused.json()["errors"]);
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn so_it_is_through_the_table_api_and_by_publishing() {
    let world = World::with(&schema()).await;
    crowd(&world, 200).await;
    let before = world.state().await;
    let row = json!({ "configuration_key": "mode", "configuration_value": "new", "template_id": "shop" });
    let version = json!({ "template_id": "shop", "template_version": "2.0.0", "template_name": "Shop",
                          "configuration_schema": schema(), "default_configuration": { "mode": "new" } });
    for (table, row) in [("system_configurations", &row), ("template_configurations", &version)] {
        let refused = world.call(Who::Admin, Method::POST, &format!("/rest/v1/{table}"), Some(row)).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
        let details = refused.json()["details"].as_str().map(ToOwned::to_owned).expect("details");
        names_three(&serde_json::from_str(&details).expect("faults"));
    }
    let publish = json!({ "template_version": "2.0.0", "default_configuration": { "mode": "new" } });
    let refused = world.post(Who::Admin, "/api/v1/templates/shop/versions", &publish).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    names_three(&refused.json()["errors"]);
    assert_eq!(world.state().await, before);
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
