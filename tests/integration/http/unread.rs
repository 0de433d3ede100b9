//! What can't be read as a request, and what nobody reads: both are answered, in full.

use std::time::Duration;

use serde_json::Value;
use tenantry::settings::Server as Settings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Database, Server};

/// Longer than anything here takes.
const FOREVER: Duration = Duration::from_mins(1);

async fn server() -> Server {
    Server::on(Database::empty().await, Settings::default()).await
}

/// An answer as it came over the wire.
struct Raw {
    head: String,
    body: String,
}

impl Raw {
    fn status(&self) -> u16 {
        self.head.get(9..12).and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{}", self.head))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.body))
    }

    #[track_caller]
    fn assert_whole(&self) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("cache-control", "no-store"),
            ("connection", "close"),
        ] {
            assert_eq!(self.header(name), Some(value), "{}", self.head);
        }
        assert!(self.header("date").is_some() && self.header("x-request-id").is_some(), "{}", self.head);
        assert_eq!(self.header("content-length"), Some(self.body.len().to_string().as_str()), "{}", self.head);
    }
}

/// Sends bytes while it reads, until the server ends the connection; the last answer of it.
async fn last_answer(server: &Server, said: &[u8]) -> Raw {
    let stream = TcpStream::connect(server.address).await.expect("it listens");
    let (mut reading, mut writing) = stream.into_split();
    let said = said.to_vec();
    let sending = tokio::spawn(async move {
        // The server may have enough before it has everything.
        let _ = writing.write_all(&said).await;
        let _ = writing.shutdown().await;
    });
    let mut answers = Vec::new();
    tokio::time::timeout(FOREVER, reading.read_to_end(&mut answers)).await.expect("an end").expect("no reset");
    sending.await.expect("no panic");
    let answers = String::from_utf8(answers).expect("text");
    let last = answers.rfind("HTTP/1.1 ").unwrap_or_else(|| panic!("an answer: {answers}"));
    let (head, body) = answers[last..].split_once("\r\n\r\n").expect("a head");
    Raw { head: head.to_owned(), body: body.to_owned() }
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_a_body_and_the_headers_of_every_answer() {
    let server = server().await;
    let long_header = format!("GET /healthz HTTP/1.1\r\nhost: a\r\nx-long: {}\r\n\r\n", "a".repeat(1_000_000));
    let many_headers = format!("GET /healthz HTTP/1.1\r\nhost: a\r\n{}\r\n", "x-many: a\r\n".repeat(200));
    let of_url = |length| format!("GET /healthz?{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(length));
    for (said, status) in [
        ("hello\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nhost a\r\n\r\n", 400),
        ("GET /healthz HTTP/3.0\r\nhost: a\r\n\r\n", 400),
        ("GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("POST /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: many\r\n\r\n", 400),
        ("POST /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n12", 400),
        ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400),
        (long_header.as_str(), 431),
        (many_headers.as_str(), 431),
        (of_url(65_100).as_str(), 414),
        (of_url(100_000).as_str(), 414),
        (of_url(1_000_000).as_str(), 414),
    ] {
        let answer = last_answer(&server, said.as_bytes()).await;
        let first = said.chars().take(60).collect::<String>();
        assert_eq!(answer.status(), status, "{first}: {}", answer.head);
        if answer.header("connection").is_some() {
            answer.assert_whole();
        }
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{first}: {problem}");
        assert_eq!(problem["request_id"].as_str(), answer.header("x-request-id"));
        assert!(problem["mend"].is_string(), "{first}: {problem}");
    }
    let figures = server.get("/metrics").await;
    assert!(figures.text().contains(r#"method="GET",route="none",status="431"} 2"#), "{}", figures.text());
}

#[tokio::test]
async fn each_entrance_refuses_in_its_own_words() {
    let server = server().await;
    let to = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\nx-long: {}\r\n\r\n", "a".repeat(150_000));
    let answer = last_answer(&server, to("/rest/v1/clients_enhanced?select=*").as_bytes()).await;
    answer.assert_whole();
    assert_eq!(answer.json()["code"], "TN431", "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = last_answer(&server, to("/auth/v1/user").as_bytes()).await;
    assert_eq!(answer.json()["error_code"], "TN431", "{}", answer.body);
    let answer = last_answer(&server, to("/api/v1/changes").as_bytes()).await;
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let of_nothing = to("/healthz").replacen("GET", "HEAD", 1);
    let answer = last_answer(&server, of_nothing.as_bytes()).await;
    assert_eq!((answer.status(), answer.body.as_str()), (431, ""), "an answer to HEAD has no body");
}

#[tokio::test]
async fn what_follows_a_request_is_refused_after_its_answer() {
    let server = server().await;
    let good = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    let answer = last_answer(&server, format!("{good}{good}nonsense\r\n\r\n").as_bytes()).await;
    assert_eq!(answer.status(), 400, "{}", answer.head);
    answer.assert_whole();
}

#[tokio::test]
async fn who_still_sends_a_body_gets_the_answer_to_it() {
    let server = server().await;
    let length = 50 << 20;
    for (path, status) in [("/rest/v1/clients_enhanced", 413), ("/auth/v1/token", 413), ("/nowhere", 413)] {
        let mut said = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n").into_bytes();
        said.resize(said.len() + length, b' ');
        let answer = last_answer(&server, &said).await;
        assert_eq!(answer.status(), status, "{path}: {}", answer.head);
        assert!(answer.json().is_object());
    }
    // Nobody is signed in, so that the body isn't looked at.
    let mut said = b"POST /rest/v1/clients_enhanced HTTP/1.1\r\nhost: a\r\ncontent-length: 10000000\r\n\r\n".to_vec();
    said.resize(said.len() + 10_000_000, b' ');
    assert_eq!(last_answer(&server, &said).await.status(), 401);
}
