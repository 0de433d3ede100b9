//! What is too much, and what too slow.

use std::time::Duration;

use hyper::{Method, StatusCode};
use tenantry::settings::{Limits, Server as Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Database, Server};

async fn server(limits: Limits) -> Server {
    Server::on(Database::empty().await, Settings { limits, ..Settings::default() }).await
}

/// Sends bytes and reads until the server closes the connection.
async fn converse(server: &Server, said: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.expect("it listens");
    stream.write_all(said).await.expect("it takes that much");
    let mut answer = Vec::new();
    // A reset is an end as well.
    let _ = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused() {
    let server = server(Limits::default()).await;
    let body = vec![b' '; 50 * 1024 * 1024];
    for path in ["/rest/v1/clients_enhanced", "/auth/v1/token", "/api/v1/nothing"] {
        let answer = converse(
            &server,
            format!("POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len())
                .as_bytes(),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
        assert!(
            answer.contains("--body-limit") || answer.contains("larger than this server takes"),
            "{path}: {answer}"
        );
        assert!(answer.contains("x-content-type-options: nosniff"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_long_url_is_refused() {
    let server = server(Limits::default()).await;
    let answer = server.get(&format!("/rest/v1/clients_enhanced?id=in.({})", "a".repeat(65_100))).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::URI_TOO_LONG, Some("TN414")));
    let answer = server.get(&format!("/healthz?{}", "a".repeat(60_000))).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn many_or_long_headers_are_refused() {
    let server = server(Limits::default()).await;
    let long = server.call(Method::GET, "/healthz").header("x-long", &"a".repeat(150_000)).send().await;
    assert_eq!(long.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let mut many = server.call(Method::GET, "/healthz");
    for _ in 0..200 {
        many = many.header("x-many", "a");
    }
    assert_eq!(many.send().await.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn a_client_that_dawdles_with_its_headers_is_cut_off() {
    let server = server(Limits { header_timeout: 1, ..Limits::default() }).await;
    let answer = converse(&server, b"GET /healthz HTTP/1.1\r\nhost: a\r\nx-slow: ").await;
    assert!(!answer.contains("200 OK"), "{answer}");
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK, "others are answered");
}

#[tokio::test]
async fn what_is_under_way_is_finished_when_the_server_ends() {
    let server = server(Limits::default()).await;
    let mut stream = TcpStream::connect(server.address).await.expect("it listens");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("it reads");
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.expect("an answer");
    let address = server.address;
    server.end().await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.expect("the rest, and an end");
    assert!(rest.contains("ok\n"), "{rest}");
}
