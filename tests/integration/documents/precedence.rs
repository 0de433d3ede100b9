//! The twelve layers on rows of the database, with worked numbers.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::agency::Agency;

/// A key for each of the twelve layers: layer `n` sets its own and those of all higher ones to `n`.
fn from(layer: usize) -> Value {
    Value::Object((layer..=12).map(|key| (format!("k{key:02}"), json!(layer))).collect::<Map<String, Value>>())
}

fn numbers(document: &Value) -> Vec<i64> {
    (1..=12).map(|key| document[format!("k{key:02}")].as_i64().unwrap_or_default()).collect()
}

/// Each layer has set its keys; rows one by one, whole documents at once.
async fn ladder(agency: &Agency) -> Uuid {
    let client = agency.new_client("ladder").await;
    let defaults: Map<String, Value> = (1..=12).map(|key| (format!("k{key:02}"), json!({ "default": 1 }))).collect();
    agency.new_version("ladder", "1.0.0", &json!({ "type": "object", "properties": defaults }), &from(2)).await;
    agency.new_customization(client, "ladder", None, &from(7)).await;
    let id = client.to_string();
    let scopes: [(usize, &[(&str, &str)]); 8] = [
        (3, &[]),
        (4, &[("environment", "production")]),
        (5, &[("template_id", "ladder")]),
        (6, &[("template_id", "ladder"), ("environment", "production")]),
        (8, &[("client_id", &id)]),
        (9, &[("client_id", &id), ("environment", "production")]),
        (10, &[("client_id", &id), ("template_id", "ladder")]),
        (11, &[("client_id", &id), ("template_id", "ladder"), ("environment", "production")]),
    ];
    for (layer, scope) in scopes {
        for key in layer..=12 {
            agency.set(&format!("k{key:02}"), &json!(layer), scope).await;
        }
    }
    apply(agency, client, Some("ladder"), &from(12)).await;
    client
}

/// Applies a deployment configuration in production.
async fn apply(agency: &Agency, client: Uuid, template: Option<&str>, config: &Value) {
    let sql = "INSERT INTO deployment_configurations (client_id, template_id, environment, deployment_name, application_config, feature_flags)
               VALUES ($1, $2, 'production', 'live', $3, '{\"beta\": true}') RETURNING id";
    let id: Uuid = agency.admin.query_one(sql, &[&client, &template, config]).await.expect("a draft").get(0);
    for status in ["validated", "applied"] {
        agency.sql(&format!("UPDATE deployment_configurations SET status = '{status}' WHERE id = '{id}'")).await;
    }
}

#[tokio::test]
async fn each_layer_wins_over_those_beneath_it() {
    let agency = Agency::new().await;
    let client = ladder(&agency).await;
    let production = agency.resolved(client, "environment=production").await;
    assert_eq!(numbers(&production["document"]), (1..=12).collect::<Vec<_>>(), "{production}");
    assert_eq!(production["document"]["features"]["beta"], json!(true), "feature flags stand under features");
    // What is set for production alone isn't there.
    let staging = agency.resolved(client, "environment=staging").await;
    assert_eq!(numbers(&staging["document"]), [1, 2, 3, 3, 5, 5, 7, 8, 8, 10, 10, 10], "{staging}");

    let explained = agency.explained(client, "key=k12&environment=production").await;
    let layers = explained["layers"].as_array().expect("twelve layers");
    for (number, layer) in (1..).zip(layers) {
        assert_eq!((&layer["number"], &layer["value"]), (&json!(number), &json!(number)), "{layer}");
        assert_eq!(layer["outcome"], if number == 12 { "won" } else { "shielded" }, "{layer}");
    }

    a_document_without_a_template(&agency).await;
    a_closed_template_takes_what_it_names(&agency).await;
    a_row_that_is_off_or_tenantrys_own_is_no_layer(&agency, client).await;
    objects_merge_and_removals_seal(&agency).await;
}

async fn a_document_without_a_template(agency: &Agency) {
    let client = agency.new_client("plain").await;
    agency.set("k12", &json!(99), &[("client_id", &client.to_string()), ("template_id", "ladder")]).await;
    apply(agency, client, None, &json!({ "own": "applied" })).await;
    let resolved = agency.resolved(client, "environment=production").await;
    assert_eq!(resolved["template_id"], Value::Null);
    assert_eq!(resolved["document"]["k12"], json!(4), "global rows alone, this environment over all");
    assert_eq!(resolved["document"]["own"], "applied");
    let of_template = agency.resolved(client, "environment=production&template=ladder").await;
    assert_eq!(of_template["document"]["k12"], json!(99));
    assert_eq!(of_template["document"].get("own"), None, "what serves clients without a template serves no other");
}

async fn a_closed_template_takes_what_it_names(agency: &Agency) {
    let client = agency.new_client("closed").await;
    let schema = json!({ "additionalProperties": false, "properties": { "k01": {}, "k03": {}, "mine": {} } });
    agency.new_version("closed", "1.0.0", &schema, &json!({})).await;
    agency.new_customization(client, "closed", None, &json!({ "mine": 1 })).await;
    agency.set("elsewhere", &json!(1), &[("client_id", &client.to_string())]).await;
    let document = agency.resolved(client, "environment=production").await["document"].clone();
    assert_eq!(document, json!({ "k03": 3, "mine": 1 }));
    for key in ["k04", "elsewhere"] {
        let explained = agency.explained(client, &format!("key={key}")).await;
        let outcomes: Vec<&Value> =
            explained["layers"].as_array().unwrap().iter().map(|layer| &layer["outcome"]).collect();
        assert!(outcomes.contains(&&json!("not part of this template")), "{explained}");
        assert_eq!(explained["is_set"], json!(false), "{explained}");
    }
}

async fn a_row_that_is_off_or_tenantrys_own_is_no_layer(agency: &Agency, client: Uuid) {
    let id = client.to_string();
    agency.set("off", &json!(1), &[("client_id", &id), ("is_active", "false")]).await;
    agency.set("null", &Value::Null, &[("client_id", &id)]).await;
    let document = agency.resolved(client, "").await["document"].clone();
    for key in ["off", "default_deployment_provider", "protected_environments"] {
        assert_eq!(document.get(key), None, "{key}");
    }
    assert_eq!(document.get("null"), Some(&Value::Null), "null is a value");
}

async fn objects_merge_and_removals_seal(agency: &Agency) {
    let client = agency.new_client("merge").await;
    let id = client.to_string();
    agency.set("shape", &json!({ "x": 1, "y": { "z": 1 } }), &[]).await;
    agency.set("shape.y", &json!({ "$removed": true }), &[("environment", "staging")]).await;
    agency.set("shape.y.w", &json!(2), &[("client_id", &id)]).await;
    let shape = async |environment: &str| {
        agency.resolved(client, &format!("environment={environment}")).await["document"]["shape"].clone()
    };
    assert_eq!(shape("production").await, json!({ "x": 1, "y": { "w": 2, "z": 1 } }));
    assert_eq!(shape("staging").await, json!({ "x": 1, "y": { "w": 2 } }));
}
