//! Writes of configuration through the table API: each is a change, judged as any other, and answers as any other write.

use serde_json::{Value, json};

use super::world::{ACME, CRYPT, Expect as _, Who, World};

const ROWS: &str = "return=representation";

const TITLE: &str =
    "system_configurations?configuration_key=eq.site.title&client_id=eq.c0000000-0000-4000-8000-00000000000a";

/// Gives the shop a schema and Acme a design of it that is served.
async fn judged() -> World {
    let world = World::new().await;
    world
        .admin
        .batch_execute(&format!(
            r#"SET ROLE tenantry_owner;
           UPDATE template_configurations SET configuration_schema = '{{"properties": {{"site": {{"properties": {{
                  "title": {{"type": "string", "maxLength": 20}}, "rows": {{"type": "integer"}},
                  "terms": {{"type": "string", "default": "v1", "x-locked": true}}}}}}}}}}' WHERE template_id = 'shop';
           UPDATE client_customizations SET status = 'deployed', is_active = true WHERE client_id = '{ACME}';
           RESET ROLE"#
        ))
        .await
        .expect("a superuser");
    world
}

#[tokio::test]
async fn a_write_is_a_change_with_its_author_and_reason() {
    let world = judged().await;
    let path = format!("{TITLE}&select=configuration_value,version,client:clients_enhanced(name)");
    let answer =
        world.patch(Who::Manager, &path, &json!({ "configuration_value": "New" })).header("prefer", ROWS).send().await;
    assert_eq!(
        answer.expect(200).json(),
        json!([{ "configuration_value": "New", "version": 2, "client": { "name": "Acme" } }])
    );
    let change = "SELECT concat_ws(' | ', state, reason, author, edits) FROM tenantry.changes";
    let expected = format!("applied | PATCH /rest/v1/system_configurations | {} | 1", Who::Manager.id());
    assert_eq!(world.value(change).await, expected);
    // Of a delegated row a client's own login writes the value.
    world.patch(Who::Client, TITLE, &json!({ "configuration_value": "Ours" })).send().await.expect(204);
    assert_eq!(
        world.value("SELECT count(*) FROM configuration_versions WHERE table_name = 'system_configurations'").await,
        "2"
    );
    world.patch(Who::Staff, TITLE, &json!({ "configuration_value": "x" })).send().await.refused(403, "42501");
}

#[tokio::test]
async fn what_documents_do_not_admit_is_refused_with_everything_at_once() {
    let world = judged().await;
    let state = "SELECT concat((SELECT count(*) FROM tenantry.changes), ' ', (SELECT revision FROM tenantry.installation_revision))";
    let before = world.value(state).await;
    let refused = world.patch(Who::Manager, TITLE, &json!({ "configuration_value": "far longer than twenty letters" }));
    let refused = refused.send().await.refused(422, "TN422");
    let faults: Value = serde_json::from_str(refused["details"].as_str().expect("text")).expect("JSON");
    assert!(
        faults.as_array().is_some_and(|faults| faults.iter().all(|fault| fault["rule"] == "maxLength")),
        "{refused}"
    );
    assert!(
        refused["hint"].as_str().is_some_and(|hint| hint.contains("propose it with POST /api/v1/changes")),
        "{refused}"
    );
    let locked = json!({ "configuration_key": "site.terms", "configuration_value": "v2", "client_id": ACME });
    let refused = world.post(Who::Manager, "system_configurations", &locked).send().await.refused(422, "TN422");
    assert!(refused["details"].as_str().is_some_and(|details| details.contains("x-locked")), "{refused}");
    // What is right is refused with what is wrong: all rows or none.
    let both = json!([
        { "configuration_key": "site.rows", "configuration_value": 3, "client_id": ACME },
        { "configuration_key": "site.rows", "configuration_value": "three", "client_id": ACME, "environment": "staging" },
    ]);
    let both = world.post(Who::Manager, "system_configurations", &both).header("prefer", "missing=default");
    both.send().await.refused(422, "TN422");
    assert_eq!(world.value(state).await, before);
}

#[tokio::test]
async fn a_protected_environment_asks_for_a_proposal() {
    let world = judged().await;
    let protect = "UPDATE system_configurations SET configuration_value = '[\"production\"]' WHERE configuration_key = 'protected_environments'";
    world.admin.batch_execute(protect).await.expect("a superuser");
    let refused =
        world.patch(Who::Manager, TITLE, &json!({ "configuration_value": "New" })).send().await.refused(422, "TN422");
    assert!(refused["hint"].as_str().is_some_and(|hint| hint.contains("POST /api/v1/changes")), "{refused}");
    let staging = json!({ "configuration_key": "site.rows", "configuration_value": 3, "client_id": ACME, "environment": "staging" });
    world.post(Who::Manager, "system_configurations", &staging).send().await.expect(201);
}

#[tokio::test]
async fn upserts_find_rows_by_key_and_scope_defaults_included() {
    let world = judged().await;
    let path = "system_configurations?on_conflict=configuration_key,client_id,template_id,environment&select=configuration_key,configuration_value,version";
    let rows = json!([
        { "configuration_key": "site.title", "configuration_value": "Again", "client_id": ACME },
        { "configuration_key": "site.rows", "configuration_value": 7, "client_id": ACME },
    ]);
    let merge = "return=representation,resolution=merge-duplicates,missing=default,count=exact";
    let answer = world.post(Who::Manager, path, &rows).header("prefer", merge).send().await.expect(201);
    assert_eq!(
        answer.json(),
        json!([{ "configuration_key": "site.title", "configuration_value": "Again", "version": 2 },
               { "configuration_key": "site.rows", "configuration_value": 7, "version": 1 }])
    );
    assert_eq!(answer.header("content-range"), Some("*/2"));
    let ignore = "return=representation,resolution=ignore-duplicates,missing=default";
    let answer = world.post(Who::Manager, path, &rows).header("prefer", ignore).send().await.expect(201);
    assert_eq!(answer.json(), json!([]), "they are there");
    let twice = json!([rows[0], rows[0]]);
    world.post(Who::Manager, path, &twice).header("prefer", merge).send().await.refused(400, "21000");
    world.post(Who::Manager, "system_configurations", &rows[0]).send().await.refused(409, "23505");
    assert_eq!(world.value("SELECT count(*) FROM tenantry.changes").await, "1");
}

#[tokio::test]
async fn deletions_versions_and_bounds_are_as_everywhere() {
    let world = judged().await;
    let stale = world.patch(Who::Manager, TITLE, &json!({ "configuration_value": "x" })).header("if-match", "\"9\"");
    let moved = stale.send().await.refused(412, "TN412");
    assert!(moved["details"].as_str().is_some_and(|row| row.contains("site.title")), "{moved}");
    let hidden = format!("system_configurations?client_id=eq.{CRYPT}");
    let none = world.delete(Who::Manager, &hidden).header("prefer", ROWS).send().await.expect(200);
    assert_eq!(none.json(), json!([]), "nobody removes what they don't see");
    let system =
        world.delete(Who::Admin, "system_configurations?is_system=is.true").header("prefer", ROWS).send().await;
    assert_eq!(system.expect(200).json(), json!([]), "system rows stay");
    let bounded = world.delete(Who::Admin, "system_configurations?client_id=not.is.null");
    bounded.header("prefer", "handling=strict,max-affected=1").send().await.refused(400, "PGRST124");

    let gone = world.delete(Who::Manager, &format!("{TITLE}&select=configuration_value,client:clients_enhanced(name)"));
    let gone = gone.header("prefer", ROWS).header("accept", "text/csv").send().await.expect(200);
    assert!(gone.text().starts_with("configuration_value,client\n"), "{}", gone.text());
    assert_eq!(
        world.value(&format!("SELECT count(*) FROM system_configurations WHERE client_id = '{ACME}'")).await,
        "0"
    );
    let many: Vec<Value> = (0..1_001)
        .map(|number| json!({ "configuration_key": format!("many.k{number}"), "configuration_value": 1 }))
        .collect();
    world.post(Who::Admin, "system_configurations", &Value::Array(many)).send().await.refused(413, "TN413");
}

#[tokio::test]
async fn the_other_three_tables_are_written_the_same_way() {
    let world = judged().await;
    let version =
        json!({ "template_id": "shop", "template_version": "1.1.0", "template_name": "Shop", "status": "draft" });
    let made = world
        .post(Who::Admin, "template_configurations?select=status,usage_count", &version)
        .header("prefer", ROWS)
        .send()
        .await;
    assert_eq!(made.expect(201).json(), json!([{ "status": "draft", "usage_count": 0 }]));
    world.post(Who::Admin, "template_configurations", &version).send().await.refused(409, "23505");
    let design =
        json!({ "client_id": ACME, "template_id": "shop", "customization_config": { "site": { "title": "D" } } });
    let made = world
        .post(Who::Manager, "client_customizations?select=version,status,created_by", &design)
        .header("prefer", ROWS)
        .send()
        .await;
    assert_eq!(made.expect(201).json(), json!([{ "version": 2, "status": "draft", "created_by": Who::Manager.id() }]));
    let deployment = json!({ "client_id": ACME, "environment": "staging", "deployment_name": "web", "environment_variables": { "API_KEY": "x" } });
    let made = world
        .post(Who::Manager, "deployment_configurations?select=environment_variables", &deployment)
        .header("prefer", ROWS)
        .send()
        .await;
    assert!(made.expect(201).json()[0]["environment_variables"]["API_KEY"]["$secret"].is_object());
    assert_eq!(world.value("SELECT count(*) FROM tenantry.changes WHERE state = 'applied'").await, "3");
}
