//! `/healthz` says that the server is alive, `/readyz` that it can work, `/metrics` what it did.

use hyper::StatusCode;
use serde_json::json;
use tenantry::settings::Server as Settings;

use crate::support::{Database, Server};

#[tokio::test]
async fn a_server_is_alive_whatever_the_database_is() {
    let server = Server::on(Database::empty().await, Settings::default()).await;
    let answer = server.get("/healthz").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "ok\n"));
    server.end().await;
}

#[tokio::test]
async fn a_migrated_database_is_ready() {
    let server = Server::start().await;
    let answer = server.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.json()["ready"], json!(true));
    assert_eq!(answer.json()["migrations_missing"], json!([]));
    assert_eq!(answer.json()["warnings"], json!([]));
}

#[tokio::test]
async fn a_database_without_the_schema_is_not_ready() {
    let server = Server::on(Database::empty().await, Settings::default()).await;
    let answer = server.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&answer.json()["ready"], &answer.json()["database"]),
        (&json!(false), &json!(true)),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn a_database_with_a_migration_too_few_is_not_ready() {
    let server = Server::start().await;
    let admin = server.database.connect().await;
    admin
        .batch_execute("DELETE FROM tenantry.migration_steps WHERE migration = '0022_partitions'")
        .await
        .expect("a row");
    let answer = server.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["migrations_missing"], json!(["0022_partitions"]), "{}", answer.text());
}

#[tokio::test]
async fn months_that_are_missing_are_said() {
    let server = Server::start().await;
    let admin = server.database.connect().await;
    for (months, status) in [(3, StatusCode::OK), (0, StatusCode::SERVICE_UNAVAILABLE)] {
        let sql = format!(
            "SELECT 'DROP TABLE ' || partition::text FROM tenantry.partitions()
              WHERE parent = 'client_analytics' AND lower_bound > now() + interval '{months} months'"
        );
        let drops = admin.query(&sql, &[]).await.expect("partitions");
        assert!(!drops.is_empty());
        for drop in &drops {
            admin.batch_execute(drop.get(0)).await.expect("it can be dropped");
        }
        // Another server, since one look is good for a second.
        let answer = server.beside().await.get("/readyz").await;
        assert_eq!(answer.status, status, "{}", answer.text());
        let (found, expected) = if months > 0 { ("warnings", 1) } else { ("partitions_missing", 1) };
        assert_eq!(answer.json()[found].as_array().map(Vec::len), Some(expected), "{}", answer.text());
    }
}

#[tokio::test]
async fn what_was_answered_is_counted() {
    let server = Server::start().await;
    server.get("/healthz").await;
    server.get("/readyz").await;
    server.get("/nowhere?apikey=tnt_svc_secret").await;
    let answer = server.get("/metrics").await;
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        r#"tenantry_http_requests_total{method="GET",route="/healthz",status="200"} 1"#,
        r#"tenantry_http_requests_total{method="GET",route="none",status="404"} 1"#,
        r#"tenantry_http_request_seconds_count{method="GET",route="/readyz"} 1"#,
        r#"tenantry_pool_connections{pool="requests",state="most"} 16"#,
        // What keeps configuration in memory asks as well, so of these the number isn't sure.
        r#"tenantry_pool_connections{pool="reserved",state="open"} "#,
        r#"tenantry_statements_total{result="miss"} "#,
        "tenantry_runtime_tokens 0",
        "tenantry_streams 0",
    ] {
        let is_it = |found: &str| found == line || line.ends_with(' ') && found.starts_with(line);
        assert!(answer.text().lines().any(is_it), "{line} in\n{}", answer.text());
    }
    assert!(!answer.text().contains("secret"), "{}", answer.text());
}
