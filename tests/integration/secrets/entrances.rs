use hyper::Method;
use serde_json::{Value, json};

use super::world::ACME;

/// A customization of the client's.
pub const DESIGN: &str = "e0000000-0000-4000-8000-00000000000a";

/// A request: what it says, and whether it is taken.
pub struct Entrance {
    pub method: Method,
    pub path: String,
    pub body: Value,
    pub is_taken: bool,
}

impl Entrance {
    /// What goes into the header `Prefer`.
    pub fn prefer(&self) -> &'static str {
        if self.method == Method::GET {
            ""
        } else if self.path.contains("on_conflict") {
            "return=representation,resolution=merge-duplicates"
        } else {
            "return=representation"
        }
    }

    /// Whether the answer is a change that has yet to be applied.
    pub fn proposes(&self) -> bool {
        ["/api/v1/changes", "/api/v1/import"].contains(&self.path.as_str())
    }
}

/// The schema of the template that the world has.
pub fn template() -> Value {
    json!({ "type": "object", "properties": { "mail": { "type": "object", "properties": {
        "key": { "type": "string", "x-secret": true, "maxLength": 200, "x-env-name": "MAIL_KEY" },
        "account": { "type": "object", "x-secret": true, "additionalProperties": false, "properties": { "user": {} } },
        "headers": { "type": "object", "x-secret": true },
    } }, "tokens": { "patternProperties": { "^t_": { "x-secret": true } } } } })
}

/// Every way in that takes secrets, each with the marker as one: good requests, and bad ones that have it beside what is
/// wrong with them, or as what is wrong.
pub fn all(marker: &str) -> Vec<Entrance> {
    let taken = [by_table(marker), by_change(marker)].concat();
    let refused = [refused_by_table(marker), refused_by_change(marker)].concat();
    let entrance =
        |is_taken| move |(method, path, body): (Method, String, Value)| Entrance { method, path, body, is_taken };
    taken.into_iter().map(entrance(true)).chain(refused.into_iter().map(entrance(false))).chain(reads()).collect()
}

type Request = (Method, String, Value);

fn post(path: &str, body: Value) -> Request {
    (Method::POST, path.to_owned(), body)
}

fn patch(path: &str, body: Value) -> Request {
    (Method::PATCH, path.to_owned(), body)
}

fn billing(of: &str) -> String {
    format!("/rest/v1/client_billing_info?client_id=eq.{of}")
}

fn variables(marker: &str) -> Value {
    json!({ "STRIPE_SECRET_KEY": marker, "nested": { "api_key": [marker, { "deep_token": marker }] }, "NAME": "Acme" })
}

fn value(key: &str, marker: &str) -> Value {
    json!({ "client_id": ACME, "configuration_key": key, "configuration_value": marker, "is_encrypted": true })
}

fn by_table(marker: &str) -> Vec<Request> {
    let of_key = |key: &str| format!("/rest/v1/system_configurations?client_id=eq.{ACME}&configuration_key=eq.{key}");
    let scope = "on_conflict=configuration_key,environment,client_id,template_id";
    let design = format!("/rest/v1/client_customizations?id=eq.{DESIGN}");
    vec![
        post("/rest/v1/client_billing_info", json!({ "client_id": ACME, "tax_id": marker })),
        patch(&billing(&ACME.to_string()), json!({ "vat_number": marker })),
        post(
            "/rest/v1/client_billing_info?on_conflict=client_id",
            json!([{ "client_id": ACME, "payment_method_id": marker }]),
        ),
        // What isn't written isn't shown to PostgreSQL either.
        patch(&(billing(&ACME.to_string()) + "&columns=currency"), json!({ "currency": "EUR", "tax_id": marker })),
        patch(&billing("00000000-0000-4000-8000-000000000000"), json!({ "tax_id": marker })),
        post("/rest/v1/system_configurations", value("by.insert", marker)),
        post("/rest/v1/system_configurations", json!([value("by.several", marker), value("by.more", marker)])),
        patch(&of_key("by.insert"), json!({ "configuration_value": { "user": marker, marker: [marker] } })),
        patch(
            &(of_key("by.insert") + "&columns=description"),
            json!({ "description": "d", "configuration_value": marker }),
        ),
        post(&format!("/rest/v1/system_configurations?{scope}"), value("by.upsert", marker)),
        post(&format!("/rest/v1/system_configurations?{scope}"), json!([value("by.upsert", marker)])),
        post(
            "/rest/v1/template_configurations",
            json!({ "template_id": "rest", "template_version": "1.0.0", "template_name": "Rest", "status": "draft",
                    "configuration_schema": template(), "default_configuration": { "mail": { "key": marker } } }),
        ),
        patch(
            "/rest/v1/template_configurations?template_id=eq.rest",
            json!({ "default_configuration": { "mail": { "key": marker, "account": { "user": marker } } } }),
        ),
        post(
            "/rest/v1/client_customizations",
            json!({ "client_id": ACME, "template_id": "shop", "customization_config": { "mail": { "key": marker } } }),
        ),
        patch(&design, json!({ "customization_config": { "mail": { "key": marker } } })),
        // Names within a secret are part of it, and schemas mark places by patterns, too.
        patch(
            &design,
            json!({ "customization_config": { "mail": { "headers": { marker: [marker] } }, "tokens": { "t_a": { marker: marker } } } }),
        ),
        post(
            "/rest/v1/client_deployments",
            json!({ "client_id": ACME, "customization_id": DESIGN, "deployment_name": "d", "environment_variables": variables(marker) }),
        ),
        post(
            "/rest/v1/deployment_configurations",
            json!({ "client_id": ACME, "environment": "staging", "deployment_name": "d", "template_id": "shop",
                    "secret_variables": ["LISTED"], "environment_variables": { "LISTED": marker, "DB_PASSWORD": marker },
                    "application_config": { "mail": { "key": marker } } }),
        ),
        patch(
            "/rest/v1/deployment_configurations?deployment_name=eq.d",
            json!({ "environment_variables": { "LISTED": marker, "more_token": marker } }),
        ),
    ]
}

/// An object with more members.
fn with(mut object: Value, more: Value) -> Value {
    let (Value::Object(members), Value::Object(more)) = (&mut object, more) else { panic!("objects") };
    members.extend(more);
    object
}

fn set(key: &str, value: &Value, more: Value) -> Value {
    with(json!({ "operation": "set", "key": key, "value": value, "client_id": ACME }), more)
}

fn change(edits: &Value) -> Request {
    post("/api/v1/changes", json!({ "reason": "a test", "edits": edits }))
}

fn import(format: &str, content: &str, more: Value) -> Request {
    let body = json!({ "reason": "a test", "format": format, "client_id": ACME, "content": content });
    post("/api/v1/import", with(body, more))
}

fn by_change(marker: &str) -> Vec<Request> {
    let encrypted = json!({ "is_encrypted": true });
    let quoted = json!(marker).to_string();
    vec![
        change(&json!([set("two", &json!(marker), encrypted.clone())])),
        change(&json!([set("three", &json!({ "user": "u", marker: [marker] }), encrypted)])),
        change(&json!([set("mail", &json!({ "key": marker }), json!({ "template_id": "shop" }))])),
        change(&json!([set("mail.headers", &json!({ marker: marker }), json!({ "environment": "production" }))])),
        change(&json!([set("tokens", &json!({ "t_b": [{ marker: marker }] }), json!({}))])),
        change(&json!([
            { "operation": "update", "table": "client_customizations", "id": DESIGN,
              "columns": { "customization_config": { "mail": { "account": { "user": marker } } } } },
            { "operation": "insert", "table": "deployment_configurations",
              "columns": { "client_id": ACME, "environment": "production", "deployment_name": "e",
                           "environment_variables": variables(marker) } },
            { "operation": "insert", "table": "template_configurations",
              "columns": { "template_id": "new", "template_version": "1.0.0", "template_name": "New", "status": "draft",
                           "configuration_schema": template(), "default_configuration": { "mail": { "key": marker } } } },
        ])),
        import("dotenv", &format!("MAIL_PASSWORD='{marker}'\n"), json!({})),
        import("json", &json!({ "kept": { "one": marker } }).to_string(), json!({ "secrets": ["kept.one"] })),
        import("yaml", &format!("kept:\n  two: {quoted}\n"), json!({ "secrets": ["kept.two"] })),
        post(
            "/api/v1/templates/shop/versions",
            json!({ "template_version": "2.0.0", "status": "draft", "default_configuration": { "mail": { "key": marker } } }),
        ),
        upgrade(marker, true),
        upgrade(marker, false),
    ]
}

fn upgrade(marker: &str, is_dry: bool) -> Request {
    let chosen = json!({ "mail.account": { "value": { "user": marker } } });
    let path = format!("/api/v1/customizations/{DESIGN}/upgrade");
    post(&path, json!({ "to": "1.1.0", "choices": chosen, "dry_run": is_dry }))
}

fn refused_by_table(marker: &str) -> Vec<Request> {
    let acme = billing(&ACME.to_string());
    let mut judged = value("by.schema", marker);
    judged["configuration_schema"] = json!({ "enum": ["another"] });
    let mut named = value("by.name", marker);
    named["configuration_value"] = json!({ marker: 1, format!("${marker}"): 2 });
    named["configuration_schema"] = json!({ "additionalProperties": false });
    vec![
        patch(&acme, json!({ "tax_id": marker, "billing_frequency": "never" })),
        patch(&acme, json!({ "tax_id": marker, "no_such_column": 1 })),
        patch(&acme, json!({ "tax_id": { "deep": marker } })),
        patch(&acme, json!({ "tax_id": marker, "client_id": "nobody" })),
        patch(&acme, json!({ "tax_id": format!("secret:{marker}") , "account_balance": "much" })),
        patch(&acme, json!([marker])),
        post("/rest/v1/client_billing_info", json!(marker)),
        post("/rest/v1/client_billing_info", json!([{ "client_id": ACME, "tax_id": marker }])),
        post(
            "/rest/v1/client_deployments",
            json!({ "client_id": ACME, "deployment_name": "e", "environment_variables": variables(marker) }),
        ),
        post(
            "/rest/v1/client_deployments",
            json!({ "client_id": ACME, "customization_id": DESIGN, "deployment_name": "f",
                    "environment_variables": { "A_TOKEN": { "$secret": marker }, "B_TOKEN": { "$secret": { "id": marker } } } }),
        ),
        post("/rest/v1/system_configurations", value("by.insert", marker)),
        post("/rest/v1/system_configurations", judged),
        post("/rest/v1/system_configurations", named),
        post(
            "/rest/v1/client_customizations",
            json!({ "client_id": ACME, "template_id": "shop", "customization_config": { "mail": { "account": { marker: marker } } } }),
        ),
        post(
            "/rest/v1/client_customizations",
            json!({ "client_id": ACME, "template_id": "shop", "customization_config": { "mail": { "key": [marker] } } }),
        ),
        post(
            "/rest/v1/template_configurations",
            json!({ "template_id": "rest", "template_version": "1.0.0", "template_name": "Rest",
                    "configuration_schema": template(), "default_configuration": { "mail": { "key": marker } } }),
        ),
        patch(
            "/rest/v1/deployment_configurations?deployment_name=eq.d",
            json!({ "environment": "nowhere", "environment_variables": { "A_TOKEN": marker } }),
        ),
    ]
}

fn refused_by_change(marker: &str) -> Vec<Request> {
    let encrypted = |schema: Value| json!({ "is_encrypted": true, "configuration_schema": schema });
    let shop = json!({ "template_id": "shop" });
    vec![
        change(&json!([set("four", &json!(marker), json!({ "is_encrypted": true, "environment": "nowhere" }))])),
        change(&json!([set("five", &json!(marker), encrypted(json!({ "const": "another" })))])),
        change(&json!([set("five", &json!(marker), encrypted(json!({ "pattern": "^[0-9]+$", "type": "integer" })))])),
        change(&json!([set("five", &json!({ marker: 1 }), encrypted(json!({ "propertyNames": { "maxLength": 3 } })))])),
        change(&json!([set("five", &json!([marker, marker]), encrypted(json!({ "uniqueItems": true })))])),
        change(&json!([set("five", &json!({ marker: "4111111111111111" }), json!({ "is_encrypted": true }))])),
        change(&json!([set("mail", &json!({ "key": [marker] }), shop.clone())])),
        change(&json!([set("mail.key", &json!(marker.repeat(20)), shop.clone())])),
        change(&json!([set("mail.account", &json!({ marker: marker }), shop)])),
        post(
            "/api/v1/changes",
            json!({ "reason": "a test", "edits": [{ "operation": "set", "is_encrypted": marker }] }),
        ),
        import("dotenv", &format!("MAIL_PASSWORD='{marker}\n=bad\n"), json!({})),
        import("json", &format!("{{\"a\": \"{marker}"), json!({ "secrets": ["a"] })),
        import("yaml", &format!("a: [\"{marker}"), json!({ "secrets": ["a"] })),
    ]
}

fn reads() -> Vec<Entrance> {
    let configuration = format!("/api/v1/clients/{ACME}/configuration");
    [
        "/rest/v1/client_billing_info?select=*".to_owned(),
        "/rest/v1/deployment_configurations?select=*,clients_enhanced(*)".to_owned(),
        "/rest/v1/client_deployments?select=*".to_owned(),
        "/rest/v1/system_configurations?select=*".to_owned(),
        "/rest/v1/template_configurations?select=*".to_owned(),
        "/rest/v1/client_customizations?select=*".to_owned(),
        "/rest/v1/configuration_versions?select=*".to_owned(),
        "/rest/v1/audit_log?select=*".to_owned(),
        "/api/v1/changes".to_owned(),
        format!("{configuration}?environment=staging"),
        format!("{configuration}?environment=staging&as_of=2"),
        format!("{configuration}/explain?environment=staging&key=two"),
        format!("{configuration}/explain?environment=staging&key=mail.key&template=shop"),
        format!("/api/v1/revisions/1..5/diff?client={ACME}"),
        "/metrics".to_owned(),
        "/readyz".to_owned(),
        "/openapi.json".to_owned(),
    ]
    .map(|path| Entrance { method: Method::GET, path, body: Value::Null, is_taken: true })
    .into()
}
