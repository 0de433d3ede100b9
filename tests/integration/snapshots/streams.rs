//! `/config/v1/stream`: who is told, what, and when it ends.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::json;
use tenantry::settings;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::world::{World, holds, read, read_until};
use crate::support::server::Http;
use crate::support::tenantry;

/// What doesn't come within this never comes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A stream that is open.
struct Stream(BufReader<TcpStream>);

impl Stream {
    async fn open(http: &Http, token: &str, more: &str) -> Self {
        let mut stream = TcpStream::connect(http.address).await.expect("the server listens");
        let request =
            format!("GET /config/v1/stream HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n{more}\r\n");
        stream.write_all(request.as_bytes()).await.expect("the server reads");
        let mut stream = Self(BufReader::with_capacity(512, stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(stream.line(&mut head).await > 0, "{head}");
        }
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
        stream
    }

    async fn line(&mut self, line: &mut String) -> usize {
        tokio::time::timeout(PATIENCE, self.0.read_line(line)).await.expect("something comes").expect("text")
    }

    /// The next event's revision; none where the stream ends. What is no event is passed over.
    async fn revision(&mut self) -> Option<i64> {
        loop {
            let mut line = String::new();
            if self.line(&mut line).await == 0 {
                return None;
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(data.trim().parse().expect("a revision and nothing else"));
            }
        }
    }
}

fn revision(answer: &crate::support::server::Answer) -> i64 {
    answer.header("tenantry-revision").expect("a revision").parse().expect("a number")
}

#[tokio::test]
async fn a_stream_tells_of_changes_of_its_document_alone() {
    let world = World::new().await;
    let (client, other) = (world.client("alder").await, world.client("birch").await);
    let (token, theirs) = (world.token(&client, &[]), world.token(&other, &[]));
    let first = revision(&read(&world.server, &token).await);
    let mut stream = Stream::open(&world.server, &token, "").await;
    assert_eq!(stream.revision().await, Some(first));
    let set = |client: &super::world::Client, value: &str| {
        format!(
            "UPDATE public.system_configurations SET configuration_value = '{value}' WHERE client_id = '{}' AND configuration_key = 'own.all'",
            client.id
        )
    };
    world.sql(&set(&other, "1")).await;
    read_until(&world.server, &theirs, holds("/own/all", &json!(1))).await;
    world.sql(&set(&client, "2")).await;
    let second = stream.revision().await.expect("it is told");
    let answer = read(&world.server, &token).await;
    assert_eq!((answer.json()["own"]["all"].clone(), revision(&answer)), (json!(2), second));
    // Whoever was told of this one before isn't told again.
    let mut later = Stream::open(&world.server, &token, &format!("last-event-id: {second}\r\n")).await;
    world.sql(&set(&client, "3")).await;
    let third = later.revision().await.expect("it is told");
    assert!(third > second);
    assert_eq!(stream.revision().await, Some(third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_streams_are_all_told() {
    let world = World::new().await;
    let clients = [world.client("alder").await, world.client("birch").await];
    let tokens = clients.map(|client| world.token(&client, &[]));
    let mut streams = Vec::new();
    for number in 0..1_000 {
        let mut stream = Stream::open(&world.server, &tokens[number % 2], "").await;
        let first = stream.revision().await.expect("the present revision");
        streams.push((first, stream));
    }
    let standing = world.server.get("/readyz").await.json();
    assert_eq!(standing["snapshots"]["streams"], json!(1_000));
    world
        .sql(
            "INSERT INTO public.system_configurations (configuration_key, configuration_value) VALUES ('told', 'true')",
        )
        .await;
    for (first, stream) in &mut streams {
        let next = stream.revision().await.expect("it is told");
        assert!(next > *first);
    }
    drop(streams);
    loop {
        let standing = world.server.get("/readyz").await.json();
        if standing["snapshots"]["streams"] == json!(0) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_token_and_with_the_server() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let (token, kept) = (world.token(&client, &[]), world.token(&client, &[]));
    let mut stream = Stream::open(&world.server, &token, "").await;
    let mut other = Stream::open(&world.server, &kept, "").await;
    assert!(stream.revision().await.is_some() && other.revision().await.is_some());
    let done = tenantry(&["token", "revoke", &token, "--database-url", &world.server.database.url()]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(stream.revision().await, None);
    world.server.end().await;
    assert_eq!(other.revision().await, None);
}

#[tokio::test]
async fn there_are_so_many_streams_and_no_more() {
    let snapshots = settings::Snapshots { max_streams: 1, ..settings::Snapshots::default() };
    let world = World::told(settings::Server { snapshots, ..settings::Server::default() }).await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let held = Stream::open(&world.server, &token, "").await;
    let call = world.server.call(hyper::Method::GET, "/config/v1/stream");
    let refused = call.header("authorization", &format!("Bearer {token}")).send().await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.header("retry-after").is_some() && refused.text().contains("--max-streams"));
    drop(held);
}
