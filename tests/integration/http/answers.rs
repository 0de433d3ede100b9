//! What every answer says, whoever made it.

use hyper::{Method, StatusCode};
use serde_json::json;
use tenantry::settings::Server as Settings;

use crate::support::server::Answer;
use crate::support::{Database, Server};

async fn server(settings: Settings) -> Server {
    Server::on(Database::empty().await, settings).await
}

fn assert_secure(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(answer.header("x-request-id").is_some());
}

#[tokio::test]
async fn every_answer_has_security_headers_and_a_number() {
    let server = server(Settings::default()).await;
    for path in ["/healthz", "/nowhere", "/rest/v1/", "/storage/v1/bucket", "/metrics", "/readyz"] {
        assert_secure(&server.get(path).await);
    }
    assert_secure(&server.call(Method::POST, "/healthz").send().await);
    assert_secure(&server.call(Method::OPTIONS, "/healthz").header("origin", "http://localhost:3000").send().await);
}

#[tokio::test]
async fn a_number_goes_with_the_request_through_everything() {
    let server = server(Settings::default()).await;
    let answer = server.call(Method::GET, "/healthz").header("x-request-id", "one-of-mine").send().await;
    assert_eq!(answer.header("x-request-id"), Some("one-of-mine"));
    let answer = server.call(Method::GET, "/healthz").header("x-request-id", "not one").send().await;
    assert_eq!(answer.header("x-request-id").map(str::len), Some(36));
}

#[tokio::test]
async fn what_supabase_has_and_tenantry_has_not_says_so() {
    let server = server(Settings::default()).await;
    for (path, word) in [
        ("/realtime/v1/websocket?apikey=a", "realtime"),
        ("/storage/v1/object/list/files", "storage"),
        ("/functions/v1/hello", "functions"),
        ("/graphql/v1", "GraphQL"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let said = answer.json();
        assert!(said["message"].as_str().is_some_and(|message| message.contains(word)), "{said}");
        assert!(said["hint"].as_str().is_some_and(|hint| hint.contains("MOVING-FROM-SUPABASE")), "{said}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_refused_in_the_words_of_its_entrance() {
    let server = server(Settings::default()).await;
    let rest = server.get("/rest/v1/a/b/c").await;
    assert_eq!((rest.status, &rest.json()["code"]), (StatusCode::NOT_FOUND, &json!("PGRST125")));
    let other = server.get("/api/v1/nothing").await;
    assert_eq!(other.header("content-type"), Some("application/problem+json"));
    assert_eq!(other.json()["status"], json!(404));
    assert_eq!(other.json()["request_id"].as_str(), other.header("x-request-id"));
    let wrong = server.call(Method::POST, "/healthz").send().await;
    assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("GET,HEAD")));
}

#[tokio::test]
async fn pages_of_known_origins_may_call_and_others_may_not() {
    let server = server(Settings::default()).await;
    let preflight = server
        .call(Method::OPTIONS, "/rest/v1/clients_enhanced")
        .header("origin", "http://localhost:5173")
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "apikey,authorization,prefer,x-client-info")
        .send()
        .await;
    assert_eq!(preflight.status, StatusCode::OK);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("http://localhost:5173"));
    assert!(preflight.header("access-control-allow-methods").is_some_and(|methods| methods.contains("PATCH")));
    assert_eq!(preflight.header("access-control-allow-headers"), Some("apikey,authorization,prefer,x-client-info"));
    let answer = server.call(Method::GET, "/healthz").header("origin", "http://localhost:5173").send().await;
    let exposed = answer.header("access-control-expose-headers").expect("it is there").to_lowercase();
    for name in ["content-range", "content-location", "preference-applied"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    for origin in ["http://localhost:5174", "https://localhost:5173", "null", "http://localhost:5173.evil.example"] {
        let answer = server.call(Method::GET, "/healthz").header("origin", origin).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{origin}");
    }
}

#[tokio::test]
async fn the_origins_that_are_named_are_all_there_are() {
    let settings = Settings { origins: Some(vec!["https://app.example".to_owned()]), ..Settings::default() };
    let server = server(settings).await;
    for (origin, allowed) in [("https://app.example", true), ("http://localhost:3000", false)] {
        let answer = server.call(Method::GET, "/healthz").header("origin", origin).send().await;
        assert_eq!(answer.header("access-control-allow-origin").is_some(), allowed, "{origin}");
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("origin")), "caches are told");
    }
}
