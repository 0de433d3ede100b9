//! A marker in every entrance that takes secrets: it is in no answer, log, table, trail or dump, in no form.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hyper::Method;
use rustix::process::Signal;
use serde_json::{Value, json};
use tenantry::auth::token::{Kind, Token};
use tenantry::db::admin::Admin;
use uuid::Uuid;

use super::world::ACME;
use crate::support::Database;
use crate::support::program::tenantry;
use crate::support::serving::Serving;

const TEMPLATE: &str = r#"{"type": "object", "properties": {"mail": {"type": "object", "properties": {"key": {"type": "string", "x-secret": true, "maxLength": 200}}}}}"#;

/// A secret that looks otherwise in every form, and by which nothing else is found.
struct Marker {
    value: String,
    forms: Vec<(&'static str, String)>,
}

impl Marker {
    fn new() -> Self {
        // A quote, a backslash, a slash, a plus, a blank and two letters beyond ASCII.
        let value = format!("mk\"{}\\/+ é漢", Uuid::new_v4().simple());
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        let percent = |keep: &dyn Fn(u8) -> bool| -> String {
            value
                .bytes()
                .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
                .collect()
        };
        let json = Value::String(value.clone()).to_string();
        let json = json[1..json.len() - 1].to_owned();
        let unicode: String = value
            .encode_utf16()
            .map(|unit| match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("\\u{unit:04x}"),
            })
            .collect();
        let twice = Value::String(json.clone()).to_string();
        let mut forms = vec![
            ("plain", value.clone()),
            ("its core", value[3..35].to_owned()),
            ("URL", percent(&|byte| byte.is_ascii_alphanumeric())),
            ("URL of a form", percent(&|byte| byte.is_ascii_alphanumeric() || byte == b'/').replace("%20", "+")),
            ("JSON", json),
            ("JSON in JSON", twice[1..twice.len() - 1].to_owned()),
            ("JSON in ASCII", unicode),
            ("hex", hex.clone()),
            ("HEX", hex.to_uppercase()),
        ];
        // Base64 of a text that the marker is part of depends on where it begins; its ends hang on what is beside it.
        for engine in [&STANDARD, &URL_SAFE] {
            for before in 0..3 {
                let encoded = engine.encode([&vec![b'x'; before], value.as_bytes()].concat());
                forms.push(("base64", encoded.trim_end_matches('=')[4..encoded.len() - 8].to_owned()));
            }
        }
        Self { value, forms }
    }

    /// Nothing of it is in there.
    #[track_caller]
    fn is_not_in(&self, what: &str, said: &[u8]) {
        for (form, text) in &self.forms {
            let found = said.windows(text.len()).position(|window| window == text.as_bytes());
            if let Some(place) = found {
                let around = &said[place.saturating_sub(200)..(place + 20).min(said.len())];
                panic!("{what} says it ({form}): …{}", String::from_utf8_lossy(around));
            }
        }
    }
}

async fn token(admin: &Admin, kind: Kind, owner: Option<&str>) -> Token {
    let token = Token::generated(kind).expect("random words");
    let insert = "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                  VALUES ('test', $1, $2, $3, '{read,write}', $4::text::uuid)";
    admin.execute(insert, &[&kind.as_str(), &token.shown(), &token.hash().to_vec(), &owner]).await.expect("a token");
    token
}

/// What is sent: method, path, body. Some of it is fine, some is not. Configuration goes by `/api/v1`.
fn requests(marker: &str) -> Vec<(Method, String, Value)> {
    let (post, patch, get) = (Method::POST, Method::PATCH, Method::GET);
    let set = |key: &str, value: Value, more: Value| {
        let mut edit = json!({ "operation": "set", "key": key, "value": value, "client_id": ACME });
        edit.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        edit
    };
    let change = |edits: Value| json!({ "reason": "a test", "edits": edits });
    let variables = json!({ "STRIPE_SECRET_KEY": marker, "nested": { "api_key": [marker] } });
    vec![
        // Taken.
        (post.clone(), "/rest/v1/client_billing_info".into(), json!({ "client_id": ACME, "tax_id": marker })),
        (patch.clone(), format!("/rest/v1/client_billing_info?client_id=eq.{ACME}"), json!({ "vat_number": marker })),
        (
            post.clone(),
            "/api/v1/changes".into(),
            change(json!([set("two", json!(marker), json!({ "is_encrypted": true }))])),
        ),
        (
            post.clone(),
            "/api/v1/changes".into(),
            change(json!([set("mail", json!({ "key": marker }), json!({ "template_id": "shop" }))])),
        ),
        (
            post.clone(),
            "/api/v1/import".into(),
            json!({ "reason": "a test", "format": "dotenv", "client_id": ACME, "content": format!("MAIL_PASSWORD='{marker}'\n") }),
        ),
        // Refused: each in another way, with the secret beside what is wrong.
        (
            patch.clone(),
            format!("/rest/v1/client_billing_info?client_id=eq.{ACME}"),
            json!({ "tax_id": marker, "billing_frequency": "never" }),
        ),
        (
            patch.clone(),
            format!("/rest/v1/client_billing_info?client_id=eq.{ACME}"),
            json!({ "tax_id": marker, "no_such_column": 1 }),
        ),
        (
            patch.clone(),
            format!("/rest/v1/client_billing_info?client_id=eq.{ACME}"),
            json!({ "tax_id": { "deep": marker } }),
        ),
        (post.clone(), "/rest/v1/client_billing_info".into(), json!([{ "client_id": ACME, "tax_id": marker }])),
        (
            post.clone(),
            "/rest/v1/client_deployments".into(),
            json!({ "client_id": ACME, "deployment_name": "e", "environment_variables": variables }),
        ),
        (
            post.clone(),
            "/api/v1/changes".into(),
            change(json!([set("three", json!(marker), json!({ "is_encrypted": true, "environment": "nowhere" }))])),
        ),
        (
            post.clone(),
            "/api/v1/changes".into(),
            change(json!([set("mail", json!({ "key": [marker] }), json!({ "template_id": "shop" }))])),
        ),
        (
            post.clone(),
            "/api/v1/changes".into(),
            change(json!([set("mail.key", json!(marker.repeat(20)), json!({ "template_id": "shop" }))])),
        ),
        (
            post.clone(),
            "/api/v1/import".into(),
            json!({ "reason": "a test", "format": "dotenv", "client_id": ACME, "content": format!("MAIL_PASSWORD='{marker}\n=bad\n") }),
        ),
        // Read again.
        (get.clone(), "/rest/v1/client_billing_info?select=*".into(), Value::Null),
        (get.clone(), "/rest/v1/deployment_configurations?select=*,clients_enhanced(*)".into(), Value::Null),
        (get.clone(), "/rest/v1/system_configurations?select=*".into(), Value::Null),
        (get.clone(), "/rest/v1/configuration_versions?select=*".into(), Value::Null),
        (get.clone(), "/rest/v1/audit_log?select=*".into(), Value::Null),
        (get.clone(), "/api/v1/changes".into(), Value::Null),
        (get, format!("/api/v1/clients/{ACME}/configuration?environment=staging"), Value::Null),
    ]
}

#[tokio::test]
async fn it_is_nowhere_but_in_the_answer_to_a_reveal() {
    let marker = Marker::new();
    let database = Database::migrated().await;
    let admin = database.connect().await;
    admin
        .batch_execute(&format!(
            "ALTER DATABASE {} SET log_statement = 'all';
             INSERT INTO tenantry.people (user_id, role) VALUES ('{OWNER}', 'super_admin');
             INSERT INTO clients_enhanced (id, name, email) VALUES ('{ACME}', 'Acme', 'acme@example.com');
             INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema) VALUES ('shop', '1.0.0', 'Shop', '{TEMPLATE}')",
            database.name
        ))
        .await
        .expect("an agency");
    let person = token(&admin, Kind::Personal, Some(OWNER)).await;
    let server = Serving::logging(&database.server_url(), &[], "trace");
    let call = |method: Method, path: &str| {
        server
            .call(method, path)
            .header("authorization", &format!("Bearer {}", person.reveal()))
            .header("apikey", person.reveal())
    };

    let mut taken = 0;
    for (method, path, body) in requests(&marker.value) {
        let call = call(method, &path).header("prefer", "return=representation");
        let answer = if body.is_null() { call.send().await } else { call.json(&body).send().await };
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
        taken += usize::from(answer.status.is_success() && !body.is_null());
        marker.is_not_in(&format!("the answer to {path}, {}", answer.status), answer.text().as_bytes());
        marker.is_not_in(&path, format!("{:?}", answer.headers).as_bytes());
        let id = if ["/api/v1/changes", "/api/v1/import"].contains(&path.as_str()) && answer.status.is_success() {
            answer.json()["id"].as_str().map(str::to_owned)
        } else {
            None
        };
        if let Some(id) = id {
            let applied = self::apply(&server, &person, &id).await;
            marker.is_not_in("the answer to apply", applied.as_bytes());
        }
    }
    assert!(taken >= 5, "{taken} of them were taken");
    let sealed: i64 = admin.query_one("SELECT count(*) FROM tenantry.secrets", &[]).await.expect("a count").get(0);
    assert!(sealed >= 5, "{sealed} secrets were sealed");

    // The one way out for people; the trail of it says everything but the secret.
    let row =
        admin.query_one("SELECT id::text FROM client_billing_info", &[]).await.expect("a row").get::<_, String>(0);
    let reveal = call(Method::POST, &format!("/api/v1/configurations/{row}/reveal"));
    let revealed = reveal.json(&json!({ "reason": "the marker test" })).send().await;
    assert_eq!(revealed.json()["secrets"][0]["value"], json!(marker.value), "{}", revealed.text());

    let url = database.url();
    let data_dir = server.data_dir().display().to_string();
    commands(&marker, &url, &data_dir);
    apps(&marker, &server, &url, &data_dir).await;

    let (_, log) = server.end(Signal::TERM);
    assert!(log.contains("/rest/v1/client_billing_info"), "requests are logged: {log}");
    marker.is_not_in("the server's log", log.as_bytes());
    let home: String = admin.query_one("SHOW unix_socket_directories", &[]).await.expect("a setting").get(0);
    let log = std::fs::read(format!("{home}/log")).expect("PostgreSQL's log");
    assert!(String::from_utf8_lossy(&log).contains("INSERT INTO tenantry.secrets"), "every statement is in it");
    marker.is_not_in("PostgreSQL's log", &log);
}

const OWNER: &str = "a0000000-0000-4000-8000-000000000001";

async fn apply(server: &Serving, person: &Token, id: &str) -> String {
    let call = server.call(Method::POST, &format!("/api/v1/changes/{id}/apply"));
    let answer = call.header("authorization", &format!("Bearer {}", person.reveal())).send().await;
    assert!(answer.status.as_u16() < 500, "{}", answer.text());
    answer.text().to_owned()
}

/// What an operator's commands print, and what a dump holds.
fn commands(marker: &Marker, url: &str, data_dir: &str) {
    let shelf = format!("{data_dir}/backup");
    for command in [
        &["keys", "verify"][..],
        &["keys", "list"],
        &["keys", "rotate"],
        &["migrate", "verify"],
        &["audit", "export"],
        &["config", "resolve", "acme@example.com", "--env", "staging"],
        &[
            "config",
            "set",
            "four",
            &json!(marker.value).to_string(),
            "--client",
            "acme@example.com",
            "--env",
            "nowhere",
            "--reason",
            "x",
        ],
        &["backup", &shelf],
        &["doctor"],
    ] {
        let done = tenantry(&[&["--database-url", url, "--data-dir", data_dir], command].concat());
        marker.is_not_in(&format!("{command:?}"), format!("{}{}", done.out, done.err).as_bytes());
    }
    let dump =
        std::path::Path::new(&std::env::var("TENANTRY_TEST_PG_BINDIR").expect("where pg_dump is")).join("pg_dump");
    let dump = Command::new(dump).args(["--inserts", url]).output().expect("pg_dump runs");
    assert!(dump.status.success() && dump.stdout.len() > 100_000, "{}", String::from_utf8_lossy(&dump.stderr));
    marker.is_not_in("a dump", &dump.stdout);
}

/// What apps read: with the right to secrets, the other way out.
async fn apps(marker: &Marker, server: &Serving, url: &str, data_dir: &str) {
    for scope in ["config:read", "config:read,secret:read"] {
        let made = [
            "token",
            "create",
            "--client",
            "acme@example.com",
            "--env",
            "staging",
            "--scope",
            scope,
            "--format",
            "json",
        ];
        let made = tenantry(&[&["--database-url", url, "--data-dir", data_dir], &made[..]].concat());
        assert_eq!(made.code, Some(0), "{}", made.err);
        let made: Value = serde_json::from_str(&made.out).expect("JSON");
        let bearer = format!("Bearer {}", made["token"].as_str().expect("a token"));
        let read = server.call(Method::GET, "/config/v1").header("authorization", &bearer).send().await;
        assert_eq!(read.status.as_u16(), 200, "{scope}: {}", read.text());
        if scope == "config:read" {
            marker.is_not_in("what an app without the right to secrets reads", read.text().as_bytes());
        } else {
            assert_eq!(read.json()["two"], json!(marker.value), "the other way out: {}", read.text());
        }
    }
}
