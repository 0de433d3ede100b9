//! Which template a document is built from, and which version of it.

use serde_json::json;
use uuid::Uuid;

use super::agency::{Agency, BOSS, problem};

#[tokio::test]
async fn the_template_and_its_version_follow_the_rules() {
    let agency = Agency::new().await;
    several_active_ones_have_to_be_named(&agency).await;
    the_newest_active_version_serves_who_pins_none(&agency).await;
    a_pinned_version_serves_also_when_archived(&agency).await;
    what_isnt_there_is_refused(&agency).await;
}

async fn version_of(agency: &Agency, client: Uuid, query: &str) -> String {
    let resolved = agency.resolved(client, query).await;
    resolved["template_version"].as_str().unwrap_or("none").to_owned()
}

async fn several_active_ones_have_to_be_named(agency: &Agency) {
    let client = agency.new_client("two apps").await;
    for template in ["app-one", "app-two"] {
        agency.new_version(template, "1.0.0", &json!({}), &json!({ "app": template })).await;
    }
    agency.new_customization(client, "app-one", None, &json!({})).await;
    assert_eq!(agency.resolved(client, "").await["document"]["app"], "app-one");
    agency.new_customization(client, "app-two", None, &json!({})).await;
    let refused = problem(&agency.get(BOSS, &format!("clients/{client}/configuration")).await, 422);
    assert_eq!(refused["templates"], json!(["app-one", "app-two"]), "{refused}");
    assert_eq!(agency.resolved(client, "template=app-two").await["document"]["app"], "app-two");
}

async fn the_newest_active_version_serves_who_pins_none(agency: &Agency) {
    let client = agency.new_client("versions").await;
    agency.new_version("ages", "latest", &json!({}), &json!({})).await;
    agency.new_customization(client, "ages", None, &json!({})).await;
    assert_eq!(version_of(agency, client, "").await, "latest");
    // A word is older than every number, and numbers aren't compared as text.
    for (published, served) in [
        ("1.2.0", "1.2.0"),
        ("1.10.0", "1.10.0"),
        ("1.9.0", "1.10.0"),
        ("1.2", "1.10.0"),
        ("2.0.0-rc.1", "2.0.0-rc.1"),
        ("2.0.0", "2.0.0"),
    ] {
        agency.new_version("ages", published, &json!({}), &json!({})).await;
        assert_eq!(version_of(agency, client, "").await, served, "after {published}");
    }
    agency.sql("UPDATE template_configurations SET status = 'deprecated' WHERE template_id = 'ages' AND template_version = '2.0.0'").await;
    assert_eq!(version_of(agency, client, "").await, "2.0.0-rc.1", "deprecated ones serve those who pin them");
    agency.sql("INSERT INTO template_configurations (template_id, template_version, template_name, status) VALUES ('ages', '9.0.0', 'Ages', 'draft')").await;
    assert_eq!(version_of(agency, client, "").await, "2.0.0-rc.1", "a draft serves nobody");
}

async fn a_pinned_version_serves_also_when_archived(agency: &Agency) {
    let client = agency.new_client("pinned").await;
    agency.new_version("pins", "1.0.0", &json!({}), &json!({ "is": "old" })).await;
    agency.new_version("pins", "2.0.0", &json!({}), &json!({ "is": "new" })).await;
    agency.new_customization(client, "pins", Some("1.0.0"), &json!({})).await;
    for status in ["active", "deprecated", "archived"] {
        if status != "active" {
            agency.sql(&format!("UPDATE template_configurations SET status = '{status}' WHERE template_id = 'pins' AND template_version = '1.0.0'")).await;
        }
        assert_eq!(agency.resolved(client, "").await["document"]["is"], "old", "{status}");
    }
    let other = agency.new_client("unpinned").await;
    assert_eq!(agency.resolved(other, "template=pins").await["document"]["is"], "new");
}

async fn what_isnt_there_is_refused(agency: &Agency) {
    let client = agency.new_client("asking").await;
    let path = format!("clients/{client}/configuration?template=nowhere");
    let refused = problem(&agency.get(BOSS, &path).await, 422);
    assert!(refused["detail"].as_str().unwrap().contains("nowhere"), "{refused}");
    agency.new_version("resting", "1.0.0", &json!({}), &json!({})).await;
    agency.sql("UPDATE template_configurations SET status = 'deprecated' WHERE template_id = 'resting'").await;
    problem(&agency.get(BOSS, &format!("clients/{client}/configuration?template=resting")).await, 422);
}
