//! No byte of one client's configuration in any answer to another, whatever the request says.

use std::io::Read as _;

use hyper::Method;

use super::world::{Client, World, document, expected, read};
use crate::support::server::Answer;

/// The body as whoever decompresses it sees it, and the headers.
fn all(answer: &Answer) -> String {
    let mut plain = Vec::new();
    let body = &answer.body[..];
    match answer.header("content-encoding") {
        Some("zstd") => drop(zstd::Decoder::new(body).expect("zstd").read_to_end(&mut plain)),
        Some("br") => drop(brotli::Decompressor::new(body, 4_096).read_to_end(&mut plain)),
        Some("gzip") => drop(flate2::read::GzDecoder::new(body).read_to_end(&mut plain)),
        _ => plain.extend(body),
    }
    format!("{:?}\n{}", answer.headers, String::from_utf8_lossy(&plain))
}

/// Paths and queries that name a client, in every way that somebody might try.
fn paths(other: &Client, token: &str) -> Vec<String> {
    let id = other.id;
    let named = [
        "client",
        "client_id",
        "clientId",
        "id",
        "tenant",
        "subject",
        "token",
        "access_token",
        "template",
        "environment",
    ];
    let mut paths: Vec<String> = named.iter().map(|name| format!("/config/v1?{name}={id}")).collect();
    paths.extend(named.iter().map(|name| format!("/config/v1?{name}={token}")));
    paths.extend([
        "/config/v1".to_owned(),
        "/config/v1?format=env".to_owned(),
        format!("/config/v1?format=env&client_id={id}"),
        format!("/config/v1/{id}"),
        format!("/config/v1/{id}/"),
        format!("/config/v1/../v1/{id}"),
        format!("/config/v1;client_id={id}"),
        format!("/config/v1%2f{id}"),
        format!("//config/v1?client_id={id}"),
        format!("/config/v1#{token}").replace('#', "%23"),
        format!("/config/v2/{id}"),
        format!("/config/{id}"),
        "/readyz".to_owned(),
        "/metrics".to_owned(),
        "/openapi.json".to_owned(),
    ]);
    paths
}

#[tokio::test]
async fn nothing_that_a_request_says_gives_another_clients_bytes() {
    let world = World::new().await;
    let clients = [world.client("alder").await, world.client("birch").await, world.client("cedar").await];
    let tokens = clients.clone().map(|client| world.token(&client, &["--scope", "config:read,secret:read"]));
    let mut etags = Vec::new();
    for (client, token) in clients.iter().zip(&tokens) {
        let answer = read(&world.server, token).await;
        assert_eq!(document(&answer), expected(client));
        etags.push(answer.header("etag").expect("a validator").to_owned());
    }
    for (mine, token) in tokens.iter().enumerate() {
        for (theirs, other) in clients.iter().enumerate().filter(|(theirs, _)| *theirs != mine) {
            let id = other.id.to_string();
            let headers: Vec<(&'static str, String)> = vec![
                ("accept", "*/*".to_owned()),
                ("apikey", tokens[theirs].clone()),
                ("cookie", format!("token={}; client_id={id}", tokens[theirs])),
                ("if-none-match", etags[theirs].clone()),
                ("if-none-match", format!("{}, {}", etags[theirs], etags[mine])),
                ("if-none-match", "*".to_owned()),
                ("if-match", etags[theirs].clone()),
                ("if-range", etags[theirs].clone()),
                ("range", "bytes=0-100000".to_owned()),
                ("x-client-id", id.clone()),
                ("x-tenant-id", id.clone()),
                ("x-original-url", format!("/config/v1/{id}")),
                ("x-rewrite-url", format!("/config/v1?client_id={id}")),
                ("x-forwarded-for", "127.0.0.1".to_owned()),
                ("x-forwarded-host", format!("{id}.example")),
                ("host", format!("{id}.example")),
                ("prefer", format!("client={id}")),
                ("accept-profile", id.clone()),
                ("accept-encoding", "zstd".to_owned()),
                ("accept-encoding", "br, gzip;q=0.5".to_owned()),
                ("x-request-id", id.clone()),
                ("authorization", format!("Bearer {}", tokens[theirs])),
            ];
            for path in paths(other, &tokens[theirs]) {
                let answer = ask(&world, &path, token, None).await;
                assert!(!all(&answer).contains(&other.marker), "{path}: {}", all(&answer));
            }
            for (name, value) in &headers {
                let answer = ask(&world, "/config/v1", token, Some((name, value))).await;
                assert!(!all(&answer).contains(&other.marker), "{name}: {value}: {}", all(&answer));
            }
            let guessed = ask(&world, "/config/v1", token, Some(("if-none-match", &etags[theirs]))).await;
            assert_eq!(document(&guessed), expected(&clients[mine]), "their validator is none of mine");
        }
    }
}

async fn ask(world: &World, path: &str, token: &str, header: Option<(&'static str, &str)>) -> Answer {
    let call = world.server.call(Method::GET, path).header("authorization", &format!("Bearer {token}"));
    match header {
        Some((name, value)) => call.header(name, value).send().await,
        None => call.send().await,
    }
}

#[tokio::test]
async fn environments_are_apart_as_well() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let url = world.server.database.url();
    let staging = super::world::token(&url, &client, "staging", &[]);
    let answer = read(&world.server, &staging).await;
    assert_eq!(answer.body, world.resolved(&client, "staging").await);
    assert!(document(&answer)["own"].get("production").is_none());
}
