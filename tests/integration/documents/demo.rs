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
    a_key_that_the_template_locks(&agency).await;
    an_override_that_shields(&agency).await;
    an_incomplete_document(&agency).await;
    a_removed_key(&agency).await;
    a_reference(&agency).await;
    what_was_applied(&agency).await;
    nothing_else_is_wrong(&agency).await;
}

async fn a_locked_key(agency: &Agency) {
    let client = agency.client("adeyemidental").await;
    let explained = agency.explained(client, "key=privacy.cookieBanner").await;
    assert_eq!(
        story(&explained),
        ["global, all environments: set true → won", "client, all environments: set false → locked out by global"],
        "{explained}"
    );
    assert_eq!((&explained["value"], &explained["lock"]["scope"]), (&json!(true), &json!("global")));
    let resolved = agency.resolved(client, "").await;
    assert_eq!(resolved["document"]["privacy"]["cookieBanner"], true);
    let problem = &resolved["problems"][0];
    assert_eq!((&problem["pointer"], &problem["rule"]), (&json!("/privacy/cookieBanner"), &json!("x-locked")));
    assert!(problem["mend"].as_str().is_some_and(|mend| mend.contains("global")), "{problem}");
    assert_eq!(resolved["complete"], true, "what is ignored lacks nothing");
}

async fn a_key_that_the_template_locks(agency: &Agency) {
    let client = agency.client("shimadatea").await;
    let explained = agency.explained(client, "key=checkout.returnDays").await;
    assert_eq!(explained["value"], 30, "{explained}");
    assert_eq!(explained["lock"]["key"], "checkout.returnDays", "{explained}");
}

async fn an_override_that_shields(agency: &Agency) {
    let client = agency.client("lumenyoga").await;
    let explained = agency.explained(client, "key=notifications.reminderHours").await;
    let by = "shielded by client and template, all environments";
    let story = story(&explained);
    assert!(story.contains(&format!("global, all environments: set 24 → {by}")), "{explained}");
    assert!(story.contains(&format!("template, all environments: set 36 → {by}")), "{explained}");
    assert_eq!(story.last().map(String::as_str), Some("client and template, all environments: set 3 → won"));
    let other = agency.client("brandtphysio").await;
    assert_eq!(
        agency.resolved(other, "").await["document"]["notifications"]["reminderHours"],
        36,
        "raised for everybody else"
    );
}

async fn an_incomplete_document(agency: &Agency) {
    let client = agency.client("stoneandfern").await;
    for environment in ["development", "staging", "production"] {
        let resolved = agency.resolved(client, &format!("environment={environment}")).await;
        assert_eq!(resolved["complete"], false, "{resolved}");
        let rules: Vec<_> = resolved["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|problem| (problem["pointer"].clone(), problem["rule"].clone()))
            .collect();
        assert_eq!(rules, [(json!("/store/supportEmail"), json!("required"))], "{resolved}");
    }
    let schema = json!({ "properties": { "store": { "required": ["supportEmail"] } } });
    let found =
        Agency::ok(&agency.post(BOSS, "contract", &json!({ "schema": schema, "template": "storefront" })).await);
    let lacking: Vec<&Value> =
        found["results"].as_array().unwrap().iter().filter(|met| met["ready"] == false).collect();
    assert_eq!((lacking.len(), &found["missing"]), (3, &json!(3)), "{found}");
    assert!(
        lacking
            .iter()
            .all(|met| met["client_id"] == client.to_string() && met["missing"][0]["pointer"] == "/store/supportEmail")
    );
}

async fn a_removed_key(agency: &Agency) {
    let client = agency.client("fairbairnjoinery").await;
    let explained = agency.explained(client, "key=branding.poweredBy").await;
    assert_eq!(explained["is_set"], false, "{explained}");
    assert!(story(&explained).contains(&"client, all environments: removed → won".to_owned()), "{explained}");
    assert_eq!(agency.resolved(client, "").await["document"]["branding"].get("poweredBy"), None);
}

async fn a_reference(agency: &Agency) {
    let client = agency.client("fairbairnjoinery").await;
    let document = agency.resolved(client, "").await["document"].clone();
    assert_eq!(document["form"]["answerDays"], 2);
    assert_eq!(document["form"]["thankYou"], "Thanks! Owen rings back within 2 days.");
}

async fn what_was_applied(agency: &Agency) {
    let client = agency.client("adeyemidental").await;
    let explained = agency.explained(client, "key=support.hours").await;
    assert_eq!(
        story(&explained).last().map(String::as_str),
        Some("deployment configuration: set \"every day, around the clock\" → won")
    );
    let development = agency.resolved(client, "environment=development").await;
    assert_eq!(
        development["document"]["support"]["hours"], "Mon-Fri 9:00-17:00 CET",
        "a draft changes nothing that runs"
    );
}

/// The rest of the agency is in order: every document of every client is valid.
async fn nothing_else_is_wrong(agency: &Agency) {
    let clients = agency.admin.query("SELECT id FROM clients_enhanced", &[]).await.expect("forty");
    let mut told = Vec::new();
    for row in &clients {
        for environment in ["development", "staging", "production"] {
            let resolved = agency.resolved(row.get(0), &format!("environment={environment}")).await;
            let problems = resolved["problems"].as_array().unwrap().iter();
            told.extend(problems.map(|problem| {
                format!("{} {}", problem["pointer"].as_str().unwrap(), problem["rule"].as_str().unwrap())
            }));
        }
    }
    told.sort();
    told.dedup();
    assert_eq!(told, ["/privacy/cookieBanner x-locked", "/store/supportEmail required"]);
}
