//! The cases that the sample agency's own guide names.

use serde_json::{Value, json};

use super::agency::{Agency, BOSS};

/// The layers of an explanation that say anything, each as `name: says value → outcome`.
fn story(explained: &Value) -> Vec<String> {
    let layers = explained["layers"].as_array().expect("twelve layers");
    assert_eq!(layers.len(), 12, "{explained}");
    let says = |layer: &Value| {
        let value = layer.get("value").map_or_else(String::new, |value| format!(" {value}"));
        let outcome = layer["outcome"].as_str().unwrap_or("-");
        let by = layer.get("by").and_then(Value::as_str).map_or_else(String::new, |by| format!(" by {by}"));
        format!("{}: {}{value} → {outcome}{by}", layer["layer"].as_str().unwrap(), layer["says"].as_str().unwrap())
    };
    layers.iter().filter(|layer| layer["says"] != "inherited").map(says).collect()
}

#[tokio::test]
async fn every_case_of_the_guide_is_told() {
    let agency = Agency::new().await;
    a_locked_key(&agency).await;
}

async fn a_locked_key(agency: &Agency) {
    let client = agency.client("adeyemidental").await;
    let path = format!("clients/{client}/configuration/explain?key=privacy.cookieBanner");
    let explained = Agency::ok(&agency.get(BOSS, &path).await);
    assert_eq!(
        story(&explained),
        ["global, all environments: set true → won", "client, all environments: set false → locked out by global"],
        "{explained}"
    );
    assert_eq!(explained["value"], json!(true));
}
