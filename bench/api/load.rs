use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// As many as `pgbench` opens.
pub const CONNECTIONS: usize = 16;

/// What is sent as the nth request.
pub type Nth = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// One connection to the server, kept open, that does as little as it can: it shares the machine with what is measured.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, read: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a request and gives the body of its answer, which has to be a good one.
    pub async fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.expect("the server reads");
        self.read.clear();
        loop {
            let read = self.stream.read_buf(&mut self.read).await.expect("the server answers");
            assert!(read > 0, "the server ended the connection");
            if let Some(head) = find(&self.read, b"\r\n\r\n") {
                let length = content_length(&self.read[..head]);
                if self.read.len() >= head + 4 + length {
                    let said = String::from_utf8_lossy(&self.read);
                    assert!(self.read.starts_with(b"HTTP/1.1 2"), "{said}");
                    return &self.read[head + 4..];
                }
            }
        }
    }
}

/// Answers a second, over some time.
pub async fn per_second(address: SocketAddr, nth: &Nth, time: Duration) -> f64 {
    let answered = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let all = (0..CONNECTIONS).map(|_| {
        let (nth, answered) = (nth.clone(), answered.clone());
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await;
            while begun.elapsed() < time {
                connection.ask(&nth(answered.fetch_add(1, Ordering::Relaxed))).await;
            }
        })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.expect("every answer is a good one");
    }
    #[expect(clippy::cast_precision_loss, reason = "there are never that many answers")]
    let answered = answered.load(Ordering::Relaxed) as f64;
    answered / begun.elapsed().as_secs_f64()
}

/// A request as it stands on the wire.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}{length}\r\n{body}").into_bytes()
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or_default()
}
