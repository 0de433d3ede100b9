//! `/api/v1/tokens`: who makes which tokens, what is wrong with one, and that nobody sees one twice.

use hyper::Method;
use serde_json::{Value, json};

use crate::changes::world::{ACME, CRYPT, Who, World, with};

const TOKENS: &str = "/api/v1/tokens";

fn runtime(client: &str) -> Value {
    json!({ "kind": "runtime", "name": "an app", "client_id": client, "environment": "production" })
}

fn service() -> Value {
    json!({ "kind": "service", "name": "a pipeline", "scopes": ["read", "write"] })
}

async fn made(world: &World, who: Who, asked: &Value) -> Value {
    let answer = world.post(who, TOKENS, asked).await;
    assert_eq!(answer.status.as_u16(), 201, "{who:?} {asked}: {}", answer.text());
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer.json()
}

async fn listed(world: &World, who: Who, query: &str) -> Vec<Value> {
    let answer = world.get(who, &format!("{TOKENS}?{query}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{who:?}: {}", answer.text());
    answer.json()["tokens"].as_array().expect("tokens").clone()
}

async fn reads(world: &World, path: &str, token: &str) -> u16 {
    let call = world.server.call(Method::GET, path).header("authorization", &format!("Bearer {token}"));
    call.send().await.status.as_u16()
}

#[tokio::test]
async fn a_token_is_made_shown_once_used_and_revoked() {
    let world = World::new().await;
    for (who, asked, path) in [
        (
            Who::Manager,
            with(runtime(ACME), json!({ "template_id": "shop", "scopes": ["config:read", "secret:read"] })),
            "/config/v1",
        ),
        (Who::Super, service(), "/rest/v1/clients_enhanced?select=id"),
    ] {
        let told = made(&world, who, &asked).await;
        let token = told["token"].as_str().expect("the token").to_owned();
        assert_eq!(
            told["created_by"],
            world
                .value(&format!("SELECT created_by FROM tenantry.tokens WHERE id = '{}'", told["id"].as_str().unwrap()))
                .await
        );
        assert_eq!(reads(&world, path, &token).await, 200, "{told}");
        let kept = world.value("SELECT string_agg(t::text, ' ') FROM tenantry.tokens t").await
            + &world.value("SELECT string_agg(a::text, ' ') FROM audit_log a").await
            + &json!(listed(&world, who, "").await).to_string();
        assert!(!kept.contains(&token) && kept.contains(told["prefix"].as_str().expect("its beginning")));
        let path_of = format!("{TOKENS}/{}", told["id"].as_str().expect("an id"));
        let revoked = world.call(who, Method::DELETE, &path_of, None).await;
        assert_eq!(revoked.status.as_u16(), 200, "{}", revoked.text());
        let again = world.call(who, Method::DELETE, &path_of, None).await.json();
        assert_eq!(again["revoked_at"], revoked.json()["revoked_at"], "it stays when it was");
        // Servers hear of a runtime token by the order of commits.
        while reads(&world, path, &token).await != 401 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn each_role_makes_its_kinds_of_tokens_and_sees_those() {
    let world = World::new().await;
    let publishable = json!({ "kind": "publishable", "name": "a page" });
    for (who, of_acme, of_crypt, machine) in [
        (Who::Super, 201, 201, 201),
        (Who::Admin, 201, 201, 403),
        // Of a client that they don't see, nobody learns that there is one.
        (Who::Manager, 201, 422, 403),
        (Who::Staff, 403, 422, 403),
        (Who::Client, 403, 422, 403),
        (Who::Service, 403, 403, 403),
    ] {
        for (asked, status) in
            [(runtime(ACME), of_acme), (runtime(CRYPT), of_crypt), (service(), machine), (publishable.clone(), machine)]
        {
            let answer = world.post(who, TOKENS, &asked).await;
            assert_eq!(answer.status.as_u16(), status, "{who:?} {asked}: {}", answer.text());
            assert!(status == 201 || answer.text().contains("mend"), "{}", answer.text());
        }
    }
    let made = "SELECT count(*) FROM tenantry.tokens WHERE name IN ('an app', 'a pipeline', 'a page')";
    assert_eq!(world.value(made).await, "7");
    assert_eq!(listed(&world, Who::Admin, "").await.len(), 5);
    assert_eq!(listed(&world, Who::Manager, "").await.len(), 3, "those of Acme and Bolt");
    assert_eq!(listed(&world, Who::Super, "kind=runtime").await.len(), 5);
    assert_eq!(listed(&world, Who::Super, &format!("client_id={CRYPT}")).await.len(), 2);
    for who in [Who::Staff, Who::Client, Who::Service] {
        assert_eq!(world.get(who, TOKENS).await.status.as_u16(), 403, "{who:?}");
    }
    // What somebody doesn't see they don't revoke.
    let of_crypt = &listed(&world, Who::Super, &format!("client_id={CRYPT}")).await[0];
    let path = format!("{TOKENS}/{}", of_crypt["id"].as_str().expect("an id"));
    assert_eq!(world.call(Who::Manager, Method::DELETE, &path, None).await.status.as_u16(), 404);
    assert_eq!(world.call(Who::Service, Method::DELETE, &path, None).await.status.as_u16(), 403);
    assert_eq!(world.value("SELECT count(*) FROM tenantry.tokens WHERE revoked_at IS NOT NULL").await, "0");
}

#[tokio::test]
async fn pages_follow_each_other() {
    let world = World::new().await;
    for _ in 0..5 {
        made(&world, Who::Manager, &runtime(ACME)).await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.get(Who::Manager, &format!("{TOKENS}?limit=2{after}")).await.json();
        seen.extend(page["tokens"].as_array().expect("tokens").iter().map(|token| token["id"].clone()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let whole: Vec<Value> = listed(&world, Who::Manager, "").await.iter().map(|token| token["id"].clone()).collect();
    assert_eq!((seen.len(), &seen), (5, &whole));
    for wrong in ["limit=0", "limit=1001", "kind=admin", "colour=red", "after=x"] {
        assert_eq!(world.get(Who::Super, &format!("{TOKENS}?{wrong}")).await.status.as_u16(), 422, "{wrong}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_token_is_said_at_once() {
    let world = World::new().await;
    let nobody = "00000000-0000-4000-8000-000000000009";
    for (asked, expected) in [
        (
            json!({ "kind": "runtime", "name": " ", "environment": "qa", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z" }),
            vec!["/name", "/scopes/0", "/expires_at", "/client_id", "/environment"],
        ),
        (json!({ "kind": "runtime", "name": "x" }), vec!["/client_id", "/environment"]),
        (with(runtime(nobody), json!({ "template_id": "none" })), vec!["/client_id", "/template_id"]),
        (with(runtime(ACME), json!({ "scopes": ["secret:read"] })), vec!["/scopes"]),
        (with(runtime(ACME), json!({ "scopes": [] })), vec!["/scopes"]),
        (with(runtime(ACME), json!({ "scopes": ["config:read", "admin"] })), vec!["/scopes/1"]),
        (
            with(service(), json!({ "client_id": ACME, "environment": "production" })),
            vec!["/client_id", "/environment"],
        ),
        (json!({ "kind": "publishable", "name": "x", "scopes": ["write"] }), vec!["/scopes"]),
        (json!({ "kind": "personal", "name": "x" }), vec!["/kind"]),
        (json!({ "kind": "root", "name": "x" }), vec!["/kind"]),
        (with(service(), json!({ "colour": "red" })), vec!["/colour"]),
        (with(service(), json!({ "name": "x".repeat(256) })), vec!["/name"]),
    ] {
        let answer = world.post(Who::Super, TOKENS, &asked).await;
        assert_eq!(answer.status.as_u16(), 422, "{asked}: {}", answer.text());
        let answer = answer.json();
        let faults = answer["errors"].as_array().expect("faults");
        let pointers: Vec<&str> = faults.iter().filter_map(|fault| fault["pointer"].as_str()).collect();
        assert_eq!(pointers, expected, "{asked}: {answer}");
        assert!(faults.iter().all(|fault| fault["mend"].is_string()), "{answer}");
    }
    assert_eq!(world.value("SELECT count(*) FROM tenantry.tokens WHERE name <> 'test'").await, "0");
}
