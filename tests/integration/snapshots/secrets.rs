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

/// Waits until a query gives a text.
async fn until(world: &World, sql: &str, wanted: &str) {
    loop {
        let found: String = world.admin.query_one(sql, &[]).await.expect("a row").get(0);
        if found == wanted {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// What is counted by now, and how much of it the audit log has.
const COUNTED: &str =
    "SELECT concat_ws(' ', count(*), coalesce(sum(reads), 0), coalesce(sum(audited), 0)) FROM tenantry.secret_reads";

/// The entries of the audit log, oldest first: reads, token, client, address.
const AUDITED: &str = "SELECT coalesce(string_agg(concat_ws(' ', l.details ->> 'reads', t.name, l.client_id, l.address, l.details ->> 'hour'), ', ' ORDER BY l.id), '')
                         FROM public.audit_log l JOIN tenantry.tokens t ON t.id = l.token_id WHERE l.action = 'secret_read'";

#[tokio::test]
async fn reads_of_secrets_are_one_entry_for_each_token_address_and_hour() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let [masked, secret] = [world.token(&client, &[]), world.token(&client, &["--scope", SECRET])];
    world.sql("UPDATE tenantry.tokens SET name = 'app' WHERE 'secret:read' = ANY (scopes)").await;
    let read_twice = async |server: &crate::support::server::Http| {
        for _ in 0..2 {
            assert_eq!(read(server, &secret).await.status, StatusCode::OK);
            assert_eq!(read(server, &masked).await.status, StatusCode::OK);
        }
    };
    let beside = world.server.beside().await;
    read_twice(&world.server).await;
    until(&world, COUNTED, "1 2 0").await;
    read_twice(&beside).await;
    until(&world, COUNTED, "1 4 0").await;
    read_twice(&world.server).await;
    until(&world, COUNTED, "1 6 0").await;
    until(&world, AUDITED, "").await;

    // The hour is over, which any server finds: once, however many there are.
    world.sql("UPDATE tenantry.secret_reads SET hour = date_trunc('hour', now(), 'UTC') - interval '2 hours'").await;
    let servers = [world.server.beside().await, world.server.beside().await];
    until(&world, COUNTED, "1 6 6").await;
    let hour = "date_trunc('hour', now(), 'UTC')";
    let then: String = world
        .admin
        .query_one(&format!("SELECT to_jsonb({hour} - interval '2 hours') #>> '{{}}'"), &[])
        .await
        .expect("a time")
        .get(0);
    let entry = format!("6 app {} 127.0.0.1 {then}", client.id);
    until(&world, AUDITED, &entry).await;

    // What is told late of that hour, by a server whose clock is behind, counts in the present one.
    let late = include_str!("../../../src/snapshots/note_reads.sql");
    let sql = "SELECT array_agg(token_id), array_agg(client_id), array_agg(address), array_agg(hour), array_agg(3::bigint) FROM tenantry.secret_reads";
    let row = world.admin.query_one(sql, &[]).await.expect("what is counted");
    let (tokens, clients, hours): (Vec<Uuid>, Vec<Uuid>, Vec<jiff::Timestamp>) = (row.get(0), row.get(1), row.get(3));
    let (addresses, counts): (Vec<String>, Vec<i64>) = (row.get(2), row.get(4));
    world.admin.execute(late, &[&tokens, &clients, &addresses, &hours, &counts]).await.expect("it is counted");
    until(&world, COUNTED, "2 9 6").await;
    until(&world, AUDITED, &entry).await;

    // After a day the hour is forgotten, and the audit log keeps it.
    world.sql("UPDATE tenantry.secret_reads SET hour = hour - interval '2 days' WHERE audited > 0").await;
    let last = world.server.beside().await;
    until(&world, COUNTED, "1 3 0").await;
    until(&world, AUDITED, &entry).await;
    for server in servers.into_iter().chain([beside, last]) {
        server.end().await;
    }
}
