//! Secrets: who reads them, who doesn't, and what is written down of it.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Client, World, document, read, read_until};
use crate::support::server::Answer;
use crate::support::tenantry;

const SECRET: &str = "config:read,secret:read";

/// Sets values of a client's by one change, as an agency's program does.
async fn set(world: &World, client: &Client, edits: Value) {
    let url = world.server.database.url();
    let create = [
        "token",
        "create",
        "service",
        "--name",
        "x",
        "--scope",
        "read,write",
        "--format",
        "json",
        "--database-url",
        &url,
    ];
    let made: Value = serde_json::from_str(&tenantry(&create).out).expect("JSON");
    let token = made["token"].as_str().expect("a token").to_owned();
    let edits: Vec<Value> = edits
        .as_array()
        .expect("edits")
        .iter()
        .map(|edit| {
            let mut edit = edit.clone();
            edit["operation"] = json!("set");
            edit["client_id"] = json!(client.id);
            edit
        })
        .collect();
    let post = async |path: &str, body: Value| -> Answer {
        let call = world.server.call(Method::POST, path).header("authorization", &format!("Bearer {token}"));
        call.json(&body).send().await
    };
    let proposed = post("/api/v1/changes", json!({ "reason": "a test", "edits": edits })).await;
    assert!(proposed.status.is_success(), "{}", proposed.text());
    let id = proposed.json()["id"].as_str().expect("an id").to_owned();
    let applied = post(&format!("/api/v1/changes/{id}/apply"), json!({})).await;
    assert!(applied.status.is_success(), "{}", applied.text());
}

#[tokio::test]
async fn secrets_are_read_by_tokens_that_may_and_by_no_other() {
    let world = World::new().await;
    let (client, other) = (world.client("alder").await, world.client("birch").await);
    let [masked, secret] = [world.token(&client, &[]), world.token(&client, &["--scope", SECRET])];
    let theirs = world.token(&other, &["--scope", SECRET]);
    let marker = format!("secret-{}", Uuid::new_v4().simple());
    set(
        &world,
        &client,
        json!([
            { "key": "db.password", "value": marker, "is_encrypted": true },
            { "key": "db.url", "value": "postgres://app:${db.password}@db.example" },
        ]),
    )
    .await;
    let arrived = |answer: &Answer| answer.status == StatusCode::OK && answer.json().get("db").is_some();
    let (with, without) =
        (read_until(&world.server, &secret, arrived).await, read_until(&world.server, &masked, arrived).await);
    assert_eq!(document(&with)["db"]["password"], json!(marker));
    assert_eq!(document(&with)["db"]["url"], json!(format!("postgres://app:{marker}@db.example")));
    assert!(!without.text().contains(&marker), "{}", without.text());
    assert!(document(&without)["db"]["password"]["$secret"]["id"].is_string(), "{}", without.text());
    assert!(
        document(&without)["db"]["url"]["$secret"].is_object(),
        "what refers to a secret is one: {}",
        without.text()
    );
    assert_ne!(with.header("etag"), without.header("etag"), "two views, two validators");
    let guessed = world.server.call(Method::GET, "/config/v1").header("authorization", &format!("Bearer {masked}"));
    let guessed = guessed.header("if-none-match", with.header("etag").expect("a validator")).send().await;
    assert_eq!((guessed.status, guessed.body == without.body), (StatusCode::OK, true));
    assert!(!read(&world.server, &theirs).await.text().contains(&marker));
    for path in ["/metrics", "/readyz", "/openapi.json"] {
        assert!(!world.server.get(path).await.text().contains(&marker), "{path}");
    }
    // Another token that reads secrets makes the view where there was none.
    let late = world.server.beside().await;
    assert_eq!(document(&read(&late, &masked).await), document(&without));
    assert_eq!(document(&read(&late, &secret).await), document(&with));
}

#[tokio::test]
async fn reads_of_secrets_are_counted_and_written_down() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let [masked, secret] = [world.token(&client, &[]), world.token(&client, &["--scope", SECRET])];
    for _ in 0..5 {
        assert_eq!(read(&world.server, &secret).await.status, StatusCode::OK);
        assert_eq!(read(&world.server, &masked).await.status, StatusCode::OK);
    }
    let until = async |sql: &str, wanted: &str| {
        loop {
            let found: String = world.admin.query_one(sql, &[]).await.expect("a row").get(0);
            if found == wanted {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    until("SELECT coalesce(sum(reads), 0)::text FROM tenantry.secret_reads", "5").await;
    // The hour is over, which the next server that starts finds.
    world.sql("UPDATE tenantry.secret_reads SET hour = hour - interval '2 hours'").await;
    let other = world.server.beside().await;
    until("SELECT count(*)::text FROM tenantry.secret_reads", "0").await;
    let audited = format!(
        "SELECT concat_ws(' ', sum((l.details ->> 'reads')::int), count(DISTINCT l.token_id), bool_and(l.client_id = '{}'),
                          bool_and(l.address = '127.0.0.1'), bool_and(t.scopes = '{{config:read,secret:read}}'), count(*) <= 2)
           FROM public.audit_log l JOIN tenantry.tokens t ON t.id = l.token_id
          WHERE l.action = 'secret_read'",
        client.id
    );
    until(&audited, "5 1 t t t t").await;
    other.end().await;
}
