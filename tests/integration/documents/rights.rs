//! Who is shown what.

use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::agency::{ADMIN, Agency, BOSS, MANAGER, MARTA, STAFF, problem};

/// What must never be shown to a client's own login, in any form.
const SECRET: &str = "sk_live_4f9c1b7e2d";

#[tokio::test]
async fn everybody_is_shown_their_part() {
    let agency = Agency::new().await;
    let client = agency.client("lumenyoga").await;
    set_secret(&agency, client).await;
    agency_people_see_masks(&agency, client).await;
    a_clients_own_login_sees_nothing_of_secrets(&agency, client).await;
    its_explanation_shows_its_own_rows(&agency, client).await;
    who_doesnt_see_the_client_finds_nothing(&agency).await;
    nobody_without_a_token_is_answered(&agency, client).await;
}

/// Sets a secret for a client, and a text that refers to it.
async fn set_secret(agency: &Agency, client: Uuid) {
    let edits = json!([
        { "operation": "set", "key": "contact.apiKey", "value": SECRET, "client_id": client, "is_encrypted": true },
        { "operation": "set", "key": "contact.header", "value": "Bearer ${contact.apiKey}", "client_id": client },
    ]);
    let proposed = agency.post(BOSS, "changes", &json!({ "edits": edits, "reason": "a payment provider" })).await;
    assert!(proposed.status.is_success(), "{}", proposed.text());
    let id = proposed.json()["change"]["id"].as_str().or(proposed.json()["id"].as_str()).expect("an id").to_owned();
    let applied = agency.post(BOSS, &format!("changes/{id}/apply"), &json!({})).await;
    assert!(applied.status.is_success(), "{}", applied.text());
}

async fn agency_people_see_masks(agency: &Agency, client: Uuid) {
    for who in [BOSS, ADMIN, MANAGER] {
        let answer = agency.get(who, &format!("clients/{client}/configuration")).await;
        assert!(!answer.text().contains(SECRET), "{who}");
        let resolved = Agency::ok(&answer);
        assert!(resolved["document"]["contact"]["apiKey"]["$secret"]["id"].is_string(), "{who}: {resolved}");
        assert!(resolved["document"]["contact"]["header"]["$secret"].is_object(), "{who}: {resolved}");
        let explained = agency.get(who, &format!("clients/{client}/configuration/explain?key=contact.header")).await;
        assert_eq!(Agency::ok(&explained)["is_secret"], true, "{}", explained.text());
    }
}

async fn a_clients_own_login_sees_nothing_of_secrets(agency: &Agency, client: Uuid) {
    let answer = agency.get(MARTA, &format!("clients/{client}/configuration")).await;
    let resolved = Agency::ok(&answer);
    assert_eq!(resolved["document"]["contact"], json!({ "email": "hello@lumenyoga.example" }), "{resolved}");
    assert!(!answer.text().contains("$secret") && !answer.text().contains(SECRET), "{resolved}");
    assert_eq!(resolved["document"]["branding"]["tagline"], "Breathe out.");
    for key in ["contact", "contact.apiKey", "contact.header"] {
        let answer = agency.get(MARTA, &format!("clients/{client}/configuration/explain?key={key}")).await;
        assert!(!answer.text().contains("fingerprint") && !answer.text().contains("refers_to"), "{}", answer.text());
        assert_eq!(Agency::ok(&answer)["is_secret"], true, "{}", answer.text());
    }
}

async fn its_explanation_shows_its_own_rows(agency: &Agency, client: Uuid) {
    let path = format!("clients/{client}/configuration/explain?key=notifications.reminderHours");
    let explained = Agency::ok(&agency.get(MARTA, &path).await);
    let says: Vec<&Value> = explained["layers"].as_array().unwrap().iter().map(|layer| &layer["says"]).collect();
    let mut expected = vec![json!("inherited"); 12];
    expected[9] = json!("set");
    assert_eq!(says, expected.iter().collect::<Vec<_>>(), "{explained}");
    assert_eq!(explained["layers"][9]["value"], 3, "{explained}");
    assert_eq!(explained["layers"][9]["rows"][0]["set_by"], Value::Null, "{explained}");
    for layer in explained["layers"].as_array().unwrap().iter().filter(|layer| layer["says"] == "inherited") {
        assert!(layer.get("value").is_none() && layer.get("rows").is_none(), "{layer}");
    }
    let staff = Agency::ok(&agency.get(BOSS, &path).await);
    assert_eq!(staff["layers"][4]["value"], 36, "the agency sees what is shielded: {staff}");
}

async fn who_doesnt_see_the_client_finds_nothing(agency: &Agency) {
    for who in [MARTA, MANAGER, STAFF] {
        let mut hidden = 0;
        for slug in ["ateliermarchand", "solbergtours", "novakheating", "diallohair", "fairbairnjoinery"] {
            let client = agency.client(slug).await;
            let resolved = agency.get(who, &format!("clients/{client}/configuration")).await;
            let explained = agency.get(who, &format!("clients/{client}/configuration/explain?key=support")).await;
            assert_eq!(resolved.status, explained.status, "{who} {slug}");
            if resolved.status != 200 {
                hidden += 1;
                let refused = problem(&resolved, 404);
                // The same words as for one that isn't there at all.
                let nobody = Uuid::nil();
                let absent = problem(&agency.get(who, &format!("clients/{nobody}/configuration")).await, 404);
                let words = |body: &Value| {
                    body["detail"].as_str().unwrap().replace(&client.to_string(), "").replace(&nobody.to_string(), "")
                };
                assert_eq!(words(&refused), words(&absent));
            }
        }
        assert!(hidden > 0, "{who} sees some of them at most");
    }
}

async fn nobody_without_a_token_is_answered(agency: &Agency, client: Uuid) {
    for path in [
        format!("clients/{client}/configuration"),
        format!("clients/{client}/configuration/explain?key=a"),
        format!("configurations/{client}/versions"),
        "revisions/1..2/diff".to_owned(),
    ] {
        let refused = problem(&agency.server.get(&format!("/api/v1/{path}")).await, 401);
        assert!(refused["mend"].is_string(), "{refused}");
    }
    let call =
        agency.server.call(Method::POST, "/api/v1/contract").json(&json!({ "schema": {}, "template": "storefront" }));
    problem(&call.send().await, 401);
}
