use serde_json::{Value, json};

use crate::changes::world::{CRYPT, Who, World, schema, set, with};

const VERSIONS: &str = "/api/v1/templates/shop/versions";

/// The shop's schema with a page of at most so many rows.
fn paged(most: u64) -> Value {
    let mut schema = schema();
    schema["properties"]["store"]["properties"]["pageSize"]["maximum"] = json!(most);
    schema["properties"]["store"]["properties"]["pageSize"]["default"] = json!(5);
    schema
}

#[tokio::test]
async fn a_version_is_published_and_retired() {
    let world = World::new().await;
    let new = json!({ "template_version": "1.1.0", "default_configuration": { "store": { "currency": "USD" } }, "status": "draft",
                      "reason": "dollars" });
    let answer = world.post(Who::Admin, VERSIONS, &new).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    let made = "SELECT concat_ws(' ', status, template_name, configuration_schema = (SELECT configuration_schema FROM template_configurations WHERE template_version = '1.0.0'))
                  FROM template_configurations WHERE template_version = '1.1.0'";
    assert_eq!(world.value(made).await, "draft Shop t", "it starts from the newest version");
    let reason = "SELECT reason FROM tenantry.changes ORDER BY proposed_at DESC LIMIT 1";
    assert_eq!(world.value(reason).await, "dollars");

    for (act, stage) in [("publish", "active"), ("deprecate", "deprecated"), ("archive", "archived")] {
        let answer = world.post(Who::Admin, &format!("{VERSIONS}/1.1.0/{act}"), &json!({})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["status"]), (200, &json!(stage)), "{}", answer.text());
    }
    for (path, status) in [("1.1.0/publish", 422), ("1.0.0/archive", 422), ("9.9.9/publish", 404)] {
        let answer = world.post(Who::Admin, &format!("{VERSIONS}/{path}"), &json!({})).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        assert!(answer.json()["mend"].is_string(), "{}", answer.text());
    }
    let faulty = json!({ "template_version": "1.0.0", "based_on": "0.1.0" });
    let refused = world.post(Who::Admin, VERSIONS, &faulty).await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()["errors"].as_array().map(Vec::len)),
        (422, Some(2)),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn a_version_that_would_break_documents_is_refused_naming_them() {
    let world = World::new().await;
    // Crypt pins no version, so it follows the newest.
    world.admin.batch_execute(&format!(
        "SET ROLE tenantry_owner; UPDATE client_customizations SET template_version = NULL WHERE client_id = '{CRYPT}'; RESET ROLE"
    )).await.expect("a superuser");
    let edits = json!([with(set("store.pageSize", 50), json!({ "client_id": CRYPT }))]);
    assert_eq!(world.change(Who::Admin, &edits).await.status.as_u16(), 200);

    let before = world.state().await;
    let new = json!({ "template_version": "2.0.0", "configuration_schema": paged(10) });
    let refused = world.post(Who::Admin, VERSIONS, &new).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    let faults = refused.json()["errors"].as_array().cloned().expect("faults");
    assert_eq!(faults.len(), 3, "one for each environment: {faults:?}");
    assert!(faults.iter().all(|fault| fault["client_id"] == CRYPT && fault["rule"] == "maximum"), "{faults:?}");
    assert_eq!(world.state().await, before, "nothing is left behind");

    let fits = json!({ "template_version": "2.0.0", "configuration_schema": paged(60) });
    assert_eq!(world.post(Who::Admin, VERSIONS, &fits).await.status.as_u16(), 201);
    assert_eq!(world.document(CRYPT, "production").await["store"]["pageSize"], 50);
}

#[tokio::test]
async fn versions_are_an_admins() {
    let world = World::new().await;
    let new = json!({ "template_version": "1.1.0" });
    for who in [Who::Manager, Who::Staff, Who::Client] {
        assert_eq!(world.post(who, VERSIONS, &new).await.status.as_u16(), 403, "{who:?}");
    }
    assert_eq!(world.value("SELECT count(*) FROM template_configurations").await, "1");
    for who in [Who::Admin, Who::Service, Who::Super] {
        let new = json!({ "template_version": format!("1.{}.0", who as usize + 1) });
        let answer = world.post(who, VERSIONS, &new).await;
        assert_eq!(answer.status.as_u16(), 201, "{who:?}: {}", answer.text());
    }
}
