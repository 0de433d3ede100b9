//! What the program logs: one JSON object a line, with the request's number, and nothing that is secret.

use hyper::Method;
use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Database, Serving};

#[tokio::test]
async fn each_request_is_a_line_without_secrets() {
    let database = Database::migrated().await;
    let serving = Serving::start(&database.server_url(), &[]);
    serving
        .call(Method::GET, "/rest/v1/clients_enhanced?email=eq.hidden-in-the-query&apikey=tnt_svc_hidden")
        .header("authorization", "Bearer hidden-in-a-header")
        .header("apikey", "tnt_pub_hidden")
        .header("cookie", "session=hidden")
        .header("x-request-id", "the-one")
        .send()
        .await;
    serving
        .call(Method::POST, "/auth/v1/token?grant_type=password")
        .json(&serde_json::json!({ "email": "hidden@example.com", "password": "hidden-in-a-body" }))
        .send()
        .await;
    let (code, log) = tokio::task::spawn_blocking(move || serving.end(Signal::TERM)).await.expect("it ends");
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("hidden"), "{log}");
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let line = lines.iter().find(|line| line["request_id"] == "the-one").unwrap_or_else(|| panic!("it is in {log}"));
    assert_eq!(line["path"], "/rest/v1/clients_enhanced");
    assert_eq!(line["route"], "/rest/v1/{table}");
    assert_eq!((&line["method"], &line["status"]), (&Value::from("GET"), &Value::from(401)));
    assert!(line["ms"].as_f64().is_some_and(|ms| ms > 0.0), "{line}");
    assert_eq!(line["address"], "127.0.0.1");
}
