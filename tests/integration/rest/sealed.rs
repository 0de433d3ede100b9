//! Tables that hold secrets: what is sent in the clear is sealed, what comes back is a mask, everything else is as for any
//! other table.

use serde_json::{Value, json};

use super::world::{ACME, BOLT, CRYPT, DESIGN, Expect as _, LIVE, Who, World};

const ROWS: &str = "return=representation";

const KEY: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

#[tokio::test]
async fn a_secret_goes_in_and_a_mask_comes_out() {
    let world = World::new().await;
    let path = format!(
        "client_deployments?id=eq.{LIVE}&select=environment_variables,deployment_name,client:clients_enhanced(name)"
    );
    let sent =
        json!({ "environment_variables": { "STRIPE_SECRET_KEY": KEY, "MODE": "live" }, "deployment_name": "acme" });
    let answer = world.patch(Who::Manager, &path, &sent).header("prefer", ROWS).send().await.expect(200);
    let row = &answer.json()[0];
    assert_eq!(
        (&row["deployment_name"], &row["client"], &row["environment_variables"]["MODE"]),
        (&json!("acme"), &json!({ "name": "Acme" }), &json!("live"))
    );
    let mask = &row["environment_variables"]["STRIPE_SECRET_KEY"]["$secret"];
    assert!(mask["id"].is_string() && mask["fingerprint"].is_string(), "{row}");

    let anywhere =
        "SELECT count(*) FROM client_deployments d, audit_log a WHERE d::text LIKE '%4eC39%' OR a::text LIKE '%4eC39%'";
    assert_eq!(world.value(anywhere).await, "0");
    assert_eq!(world.value("SELECT count(*) FROM tenantry.secrets").await, "1");

    // Written back as it came, the mask stays; a forged or a copied one is refused.
    let back = json!({ "environment_variables": row["environment_variables"] });
    let same = world.patch(Who::Manager, &path, &back).header("prefer", ROWS).send().await.expect(200);
    assert_eq!(same.json()[0]["environment_variables"], row["environment_variables"]);
    let other = format!("client_deployments?id=eq.d0000000-0000-4000-8000-00000000000b&client_id=eq.{ACME}");
    let mut forged = back.clone();
    forged["environment_variables"]["STRIPE_SECRET_KEY"]["$secret"]["fingerprint"] = json!("0000");
    for (path, body) in [(&path, &forged), (&other, &back)] {
        let bare = path.split("&select").next().expect("a path");
        let refused = world.patch(Who::Manager, bare, body).send().await.refused(422, "TN422");
        let faults: Value = serde_json::from_str(refused["details"].as_str().expect("text")).expect("JSON");
        assert_eq!(faults[0]["pointer"], "/environment_variables/STRIPE_SECRET_KEY", "{refused}");
        assert!(refused["hint"].is_string(), "{refused}");
    }
}

#[tokio::test]
async fn inserts_and_upserts_are_sealed_row_by_row() {
    let world = World::new().await;
    let row = |name: &str, token: &str| {
        json!({ "client_id": ACME, "customization_id": DESIGN, "deployment_name": name,
                "environment_variables": { "GITHUB_TOKEN": token } })
    };
    let both = json!([row("one", "ghp_1111111111111111111111111111111111"), row("two", "plain")]);
    let path = "client_deployments?columns=client_id,customization_id,deployment_name,environment_variables&select=deployment_name,environment_variables";
    let made = world
        .post(Who::Manager, path, &both)
        .header("prefer", "return=representation,missing=default")
        .send()
        .await
        .expect(201);
    let masks: Vec<&str> = made
        .json()
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| if row["environment_variables"]["GITHUB_TOKEN"]["$secret"].is_object() { "mask" } else { "plain" })
        .collect();
    assert_eq!(masks, ["mask", "mask"]);

    let billing = "client_billing_info?on_conflict=client_id&select=tax_id,payment_method_id,account_balance";
    let upsert = |client: &str, body: Value| {
        let mut body = body;
        body["client_id"] = json!(client);
        world
            .post(Who::Admin, billing, &body)
            .header("prefer", "return=representation,resolution=merge-duplicates")
            .header("accept", "application/vnd.pgrst.object+json")
    };
    let first = upsert(ACME, json!({ "tax_id": "DE123456789", "account_balance": 1_234_567_890_123.125 }));
    let first = first.send().await.expect(201);
    let again = upsert(ACME, json!({ "tax_id": first.json()["tax_id"], "payment_method_id": "pm_1MqLiJLkdIwHu7ix" }));
    let again = again.send().await.expect(201);
    assert_eq!(again.json()["tax_id"], first.json()["tax_id"], "a mask that comes back stays");
    assert!(
        again.json()["payment_method_id"].as_str().is_some_and(|text| text.starts_with("secret:")),
        "{}",
        again.text()
    );
    let kept = format!("SELECT account_balance FROM client_billing_info WHERE client_id = '{ACME}'");
    assert_eq!(world.value(&kept).await, "1234567890123.125", "digit by digit");
    let made = upsert(BOLT, json!({ "tax_id": "DE987654321" })).send().await.expect(201);
    assert!(made.json()["tax_id"].as_str().is_some_and(|text| text.starts_with("secret:")), "{}", made.text());
    upsert(CRYPT, json!({ "tax_id": first.json()["tax_id"] })).send().await.refused(422, "TN422");
}

#[tokio::test]
async fn many_rows_at_once_get_secrets_of_their_own() {
    let world = World::new().await;
    let path = format!(
        "client_deployments?client_id=eq.{ACME}&select=deployment_name,environment_variables&order=deployment_name"
    );
    let sent = json!({ "environment_variables": { "DB_PASSWORD": "correct horse" } });
    let answer =
        world.patch(Who::Admin, &path, &sent).header("prefer", "return=representation,count=exact").send().await;
    let answer = answer.expect(200);
    assert_eq!(answer.header("content-range"), Some("0-1/2"));
    let ids: Vec<String> = answer
        .json()
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["environment_variables"]["DB_PASSWORD"]["$secret"]["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    assert_eq!(answer.json()[0]["deployment_name"], "acme-live");

    let at_most =
        world.patch(Who::Admin, &path, &sent).header("prefer", "handling=strict,max-affected=1,return=representation");
    at_most.send().await.refused(400, "PGRST124");
    let one = world
        .patch(Who::Admin, &path, &sent)
        .header("prefer", ROWS)
        .header("accept", "application/vnd.pgrst.object+json");
    one.send().await.refused(406, "PGRST116");
    assert_eq!(world.value("SELECT count(*) FROM tenantry.secrets").await, "2", "what was refused left nothing");
}

#[tokio::test]
async fn rights_versions_and_limits_hold_as_everywhere() {
    let world = World::new().await;
    let path = format!("client_deployments?id=eq.{LIVE}");
    let sent = json!({ "environment_variables": { "API_KEY": "abc" } });
    for (who, status) in [(Who::Staff, 403), (Who::Client, 403), (Who::Anon, 401)] {
        world.patch(who, &path, &sent).send().await.refused(status, "42501");
    }
    let hidden =
        world.patch(Who::Manager, &format!("client_deployments?client_id=eq.{CRYPT}"), &sent).header("prefer", ROWS);
    assert_eq!(hidden.send().await.expect(200).json(), json!([]), "nobody writes what they don't see");
    let stranger = json!({ "client_id": CRYPT, "customization_id": DESIGN, "deployment_name": "x", "environment_variables": { "API_KEY": "abc" } });
    world.post(Who::Manager, "client_deployments", &stranger).send().await.refused(403, "42501");

    let stamp = world
        .value(&format!("SELECT to_json(updated_at) #>> '{{}}' FROM client_deployments WHERE id = '{LIVE}'"))
        .await;
    let stale = world.patch(Who::Manager, &path, &sent).header("if-match", "\"2020-01-01T00:00:00Z\"").send().await;
    let moved = stale.refused(412, "TN412");
    assert!(moved["details"].as_str().is_some_and(|row| row.contains("acme-live")), "{moved}");
    world.patch(Who::Manager, &path, &sent).header("if-match", &format!("\"{stamp}\"")).send().await.expect(204);
    assert_eq!(world.value("SELECT count(*) FROM tenantry.secrets").await, "1");

    let many: Vec<Value> = (0..1_001)
        .map(|number| json!({ "client_id": ACME, "customization_id": DESIGN, "deployment_name": format!("n{number}") }))
        .collect();
    world.post(Who::Admin, "client_deployments", &Value::Array(many)).send().await.refused(413, "TN413");
}
