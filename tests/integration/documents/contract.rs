//! What an app expects, against what its clients' documents are.

use serde_json::{Value, json};

use super::agency::{ADMIN, Agency, MANAGER, MARTA, problem};

#[tokio::test]
async fn a_contract_says_what_is_missing_wrong_and_unknown() {
    let agency = Agency::new().await;
    let clients: Vec<_> = [agency.new_client("whole").await, agency.new_client("lacking").await].into();
    agency.new_version("contract", "1.0.0", &json!({}), &json!({ "store": { "name": "x" } })).await;
    for client in &clients {
        agency.new_customization(*client, "contract", None, &json!({ "extra": 1 })).await;
    }
    let whole = clients[0].to_string();
    agency.set("store.mail", &json!("a@b.example"), &[("client_id", &whole)]).await;
    agency.set("store.pages", &json!("many"), &[("client_id", &whole), ("environment", "staging")]).await;
    let schema = json!({
        "properties": {
            "store": { "required": ["name", "mail"], "properties": { "name": {}, "mail": {}, "pages": { "type": "integer" } } },
            "privacy": {}, "notifications": {}, "features": {}, "support": {}, "branding": {},
        },
    });
    let body = json!({ "schema": schema, "template": "contract" });
    let found = Agency::ok(&agency.post(ADMIN, "contract", &body).await);
    let counts = ["documents", "ready", "missing", "wrong", "unknown"].map(|name| found[name].as_i64().unwrap());
    assert_eq!(counts, [6, 2, 3, 1, 6], "{found}");
    let of = |client: usize, environment: &str| -> &Value {
        let id = clients[client].to_string();
        let results = found["results"].as_array().unwrap();
        results.iter().find(|met| met["client_id"] == id && met["environment"] == environment).expect("a document")
    };
    assert_eq!(of(0, "production")["ready"], true);
    assert_eq!(of(0, "production")["unknown"], json!(["/extra"]));
    assert_eq!(of(0, "staging")["wrong"][0]["pointer"], "/store/pages");
    assert_eq!(of(0, "staging")["wrong"][0]["rule"], "type");
    assert_eq!(of(1, "development")["missing"][0]["pointer"], "/store/mail", "{found}");
    assert_eq!(of(1, "development")["template_version"], "1.0.0");

    page_by_page(&agency, &body).await;
    only_of_clients_that_the_caller_sees(&agency, &body).await;
}

async fn page_by_page(agency: &Agency, body: &Value) {
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut body = body.clone();
        (body["limit"], body["after"]) = (json!(4), after);
        let page = Agency::ok(&agency.post(ADMIN, "contract", &body).await);
        assert_eq!(page["documents"], 6, "counts are of all");
        seen.extend(
            page["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|met| (met["client_id"].clone(), met["environment"].clone())),
        );
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let count = seen.len();
    seen.dedup();
    assert_eq!((count, seen.len()), (6, 6));
}

async fn only_of_clients_that_the_caller_sees(agency: &Agency, body: &Value) {
    let found = Agency::ok(&agency.post(MANAGER, "contract", body).await);
    assert_eq!(found["documents"], 0, "neither client is the manager's: {found}");
    let found =
        Agency::ok(&agency.post(MARTA, "contract", &json!({ "schema": {}, "template": "appointment-booking" })).await);
    assert_eq!(found["documents"], 3, "a client's own login sees its own: {found}");
    problem(&agency.post(MARTA, "contract", &json!({ "schema": {}, "template": "nowhere" })).await, 422);
}
