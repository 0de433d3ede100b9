//! Every operation that is served, with everything that names another client's things: none of its bytes comes back.

use std::collections::BTreeSet;

use hyper::Method;
use serde_json::{Value, json};

use crate::changes::world::{ACME, CRYPT, Who, World, set, with};
use crate::support::tenantry;

/// Stands in whatever is Crypt's.
const MARKER: &str = "crypts-own-5d1f7c";

/// What names something of Crypt's.
struct Names {
    client: String,
    all: Vec<String>,
}

/// Fills Crypt's rows with the marker: values, reasons, secrets' neighbours, history, changes that wait and that are done.
async fn furnish(world: &World) -> Names {
    let of = json!({ "client_id": CRYPT });
    let own = |key: &str| with(set(key, MARKER), of.clone());
    for edits in [
        json!([own("branding.tagline")]),
        json!([with(set("branding.tagline", format!("{MARKER} again")), of.clone())]),
        json!([with(set("api.key", format!("{MARKER}-secret")), json!({ "client_id": CRYPT, "template_id": "shop" }))]),
        json!([{ "operation": "insert", "table": "deployment_configurations",
                 "columns": { "client_id": CRYPT, "environment": "staging", "deployment_name": MARKER, "template_id": "shop",
                              "application_config": { "branding": { "tagline": MARKER } },
                              "environment_variables": { "NAME": MARKER } } }]),
    ] {
        let body = json!({ "reason": format!("for {MARKER}"), "edits": edits });
        let id = World::proposed(&world.post(Who::Admin, "/api/v1/changes", &body).await);
        assert_eq!(world.act(Who::Admin, &id, "apply").await.status.as_u16(), 200);
    }
    let waiting = json!({ "reason": format!("for {MARKER}"), "edits": [own("branding.tagline")] });
    World::proposed(&world.post(Who::Admin, "/api/v1/changes", &waiting).await);
    let billing = json!({ "client_id": CRYPT, "billing_email": format!("{MARKER}@example.com"), "tax_id": format!("{MARKER}-tax") });
    assert_eq!(world.post(Who::Admin, "/rest/v1/client_billing_info", &billing).await.status.as_u16(), 201);
    let sql = format!(
        "UPDATE clients_enhanced SET name = '{MARKER}', email = '{MARKER}@crypt.example' WHERE id = '{CRYPT}';
         INSERT INTO client_deployments (client_id, customization_id, deployment_name, environment_variables)
         SELECT client_id, id, '{MARKER}', '{{\"NAME\": \"{MARKER}\"}}' FROM client_customizations WHERE client_id = '{CRYPT}'"
    );
    world.admin.batch_execute(&sql).await.expect("rows");
    let ids = "SELECT string_agg(DISTINCT i, ' ') FROM (
                 SELECT min(id::text) FROM system_configurations WHERE client_id = '$' UNION ALL SELECT min(id::text) FROM client_customizations WHERE client_id = '$'
                 UNION ALL SELECT min(id::text) FROM deployment_configurations WHERE client_id = '$' UNION ALL SELECT min(id::text) FROM client_billing_info
                 UNION ALL SELECT min(id::text) FROM client_deployments WHERE client_id = '$' UNION ALL SELECT min(id::text) FROM configuration_versions WHERE client_id = '$'
                 UNION ALL SELECT min(id::text) FROM tenantry.changes WHERE client_id = '$' UNION ALL SELECT min(id::text) FROM tenantry.secrets WHERE client_id = '$') n (i)";
    let mut all: Vec<String> = world.value(&ids.replace('$', CRYPT)).await.split(' ').map(ToOwned::to_owned).collect();
    assert!(all.len() == 8, "{all:?}");
    all.extend([CRYPT.to_owned(), "shop".to_owned(), "1..9".to_owned(), "branding.tagline".to_owned(), "3".to_owned()]);
    Names { client: CRYPT.to_owned(), all }
}

/// A path with every parameter in it replaced.
fn filled(path: &str, name: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (_, after) = after.split_once('}').expect("it is closed");
        filled.push_str(before);
        filled.push_str(name);
        rest = after;
    }
    filled + rest
}

/// Every way to ask an operation for what a name names.
fn asked(path: &str, operation: &Value, names: &Names) -> BTreeSet<String> {
    let client = &names.client;
    // One's own place with another's names beside it is as good a try as the other's place.
    let places = if path.contains('{') { vec![filled(path, ACME), filled(path, CRYPT)] } else { vec![path.to_owned()] };
    let mut all: BTreeSet<String> = names.all.iter().map(|name| filled(path, name)).chain(places.clone()).collect();
    let is_table = path.starts_with("/rest/v1");
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let queries = parameters.filter(|parameter| parameter["in"] == "query" && !is_table);
    let queries = queries.filter_map(|parameter| parameter["name"].as_str()).chain(["client", "client_id", "id"]);
    for (place, query) in places.iter().flat_map(|place| queries.clone().map(move |query| (place, query))) {
        let value = if is_table { format!("eq.{client}") } else { client.clone() };
        all.insert(format!("{place}?{query}={value}"));
    }
    if is_table {
        let either = format!("or=(client_id.eq.{client},client_id.not.is.null)");
        all.extend(["select=*,clients_enhanced(*)", &either].map(|query| format!("{path}?{query}")));
    }
    all
}

/// A body that is about Crypt's things: the example of the document, with Crypt's names in it.
fn bodies(operation: &Value, names: &Names) -> Vec<Value> {
    let example = operation["requestBody"]["content"]["application/json"]["example"].clone();
    let mut bodies = vec![json!({ "reason": "mine" }), json!({ "client_id": names.client })];
    if let Value::Object(mut body) = example {
        for (key, name) in [("client_id", CRYPT), ("client", CRYPT), ("template", "shop")] {
            if body.contains_key(key) {
                body.insert(key.to_owned(), json!(name));
            }
        }
        bodies.push(Value::Object(body));
    }
    bodies.push(
        json!({ "reason": "mine", "edits": [with(set("branding.tagline", "x"), json!({ "client_id": CRYPT }))] }),
    );
    bodies.push(json!({ "schema": { "required": ["nothing"] }, "template": "shop" }));
    bodies
}

#[tokio::test]
async fn no_operation_gives_a_byte_of_a_client_to_others_people() {
    let world = World::new().await;
    let names = furnish(&world).await;
    let seen = world.get(Who::Admin, &format!("/api/v1/clients/{CRYPT}/configuration?environment=staging")).await;
    assert!(seen.text().contains(MARKER), "whoever may see it does: {}", seen.text());
    let described = world.server.get("/openapi.json").await.json();
    let (mut answers, mut good) = (0, 0);
    for who in [Who::Client, Who::Manager] {
        for (path, methods) in described["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let method: Method = method.to_uppercase().parse().expect("a method");
                let is_read = method == Method::GET;
                // Sign-in is about oneself, and writes of rows answer with rows, which reads see as well.
                if path.starts_with("/auth/v1") || !is_read && (method != Method::POST || path.starts_with("/rest/v1"))
                {
                    continue;
                }
                let bodies = if is_read { vec![Value::Null] } else { bodies(operation, &names) };
                for asked in asked(path, operation, &names) {
                    if !is_read && asked.contains('?') {
                        continue;
                    }
                    // Bodies that name things say the same under every path.
                    let is_by_name = !asked.contains(CRYPT) && !asked.contains(ACME) && path.contains('{');
                    for body in bodies.iter().take(if is_by_name { 1 } else { bodies.len() }) {
                        let answer = world.call(who, method.clone(), &asked, (!is_read).then_some(body)).await;
                        let said = format!("{:?} {}", answer.headers, answer.text());
                        assert!(!said.contains(MARKER), "{who:?} {method} {asked} {body}: {said}");
                        answers += 1;
                        good += usize::from(answer.status.is_success());
                    }
                }
            }
        }
    }
    assert!(answers > 800 && good > 80, "{answers} answers, {good} of them good");
}

#[tokio::test]
async fn an_apps_token_opens_nothing_but_its_own_document() {
    let world = World::new().await;
    let names = furnish(&world).await;
    let url = world.server.database.url();
    let create = [
        "token",
        "create",
        "--client",
        ACME,
        "--env",
        "staging",
        "--scope",
        "config:read,secret:read",
        "--format",
        "json",
    ];
    let made = tenantry(&[&create[..], &["--database-url", &url]].concat());
    let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|error| panic!("{error}: {}", made.err));
    let bearer = format!("Bearer {}", made["token"].as_str().expect("a token"));
    let described = world.server.get("/openapi.json").await.json();
    let paths = described["paths"].as_object().expect("paths");
    // A stream has no end to wait for.
    for (path, methods) in paths.iter().filter(|(path, _)| !path.ends_with("/stream")) {
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            for asked in [filled(path, CRYPT), format!("{}?client_id={CRYPT}", filled(path, &names.all[0]))] {
                let answer = world.server.call(method.clone(), &asked).header("authorization", &bearer).send().await;
                let said = format!("{:?} {}", answer.headers, answer.text());
                assert!(!said.contains(MARKER), "{method} {asked}: {said}");
                let is_open = ["/config/v1", "/healthz", "/readyz", "/metrics", "/openapi.json", "/auth/v1"];
                let is_open = is_open.iter().any(|open| path.starts_with(open));
                assert!(is_open || answer.status.is_client_error(), "{method} {asked}: {}", answer.status);
            }
        }
    }
}
