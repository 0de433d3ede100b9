//! Clients who take their time, many of them: others are answered meanwhile.

use hyper::StatusCode;
use tenantry::settings::{Limits, Server as Settings, Sessions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Database, Server};

const CLIENTS: usize = 200;

/// A server with fewer connections to PostgreSQL than there are slow clients, by far.
async fn server(limits: Limits) -> Server {
    let sessions = Sessions { pool_size: 2, reserved_pool_size: 1, pool_wait: 1_000, ..Sessions::default() };
    Server::on(Database::migrated().await, Settings { limits, sessions, ..Settings::default() }).await
}

/// Clients who say something and then nothing more.
async fn dawdlers(server: &Server, said: &str) -> Vec<TcpStream> {
    let mut all = Vec::new();
    for _ in 0..CLIENTS {
        let mut stream = TcpStream::connect(server.address).await.expect("it listens");
        stream.write_all(said.as_bytes()).await.expect("it reads");
        all.push(stream);
    }
    all
}

async fn assert_answers(server: &Server) {
    for path in ["/readyz", "/healthz"] {
        assert_eq!(server.get(path).await.status, StatusCode::OK, "{path}");
    }
    let refused = server.get("/rest/v1/clients_enhanced").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
}

#[tokio::test]
async fn whoever_never_ends_their_headers_keeps_nobody_waiting() {
    let server = server(Limits::default()).await;
    let waiting = dawdlers(&server, "GET /rest/v1/clients_enhanced HTTP/1.1\r\nhost: a\r\n").await;
    assert_answers(&server).await;
    drop(waiting);
}

#[tokio::test]
async fn whoever_never_ends_their_body_keeps_nobody_waiting_and_is_cut_off() {
    let server = server(Limits { request_timeout: 2, ..Limits::default() }).await;
    let said = "POST /auth/v1/token?grant_type=password HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{";
    let waiting = dawdlers(&server, said).await;
    assert_answers(&server).await;
    for mut stream in waiting {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 408");
    }
}

#[tokio::test]
async fn whoever_never_reads_keeps_nobody_waiting() {
    let server = server(Limits::default()).await;
    let waiting = dawdlers(&server, &"GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n".repeat(10)).await;
    assert_answers(&server).await;
    drop(waiting);
}
