use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::Samples;

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
                    let is_good = self.read.starts_with(b"HTTP/1.1 2") || self.read.starts_with(b"HTTP/1.1 304");
                    assert!(is_good, "{said}");
                    return &self.read[head + 4..];
                }
            }
        }
    }
}

/// One connection that hears bad answers as well, and the end of the connection.
pub struct Exchange {
    connection: Connection,
    body: usize,
}

impl Exchange {
    pub async fn open(address: SocketAddr) -> Self {
        Self { connection: Connection::open(address).await, body: 0 }
    }

    /// Sends a request; the status of its answer and the lines before the body.
    pub async fn ask(&mut self, request: &[u8]) -> Option<(u16, String)> {
        let Connection { stream, read } = &mut self.connection;
        stream.write_all(request).await.ok()?;
        read.clear();
        loop {
            if stream.read_buf(read).await.ok()? == 0 {
                return None;
            }
            if let Some(head) = find(read, b"\r\n\r\n")
                && read.len() >= head + 4 + content_length(&read[..head])
            {
                self.body = head + 4;
                let head = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
                return Some((head.split(' ').nth(1)?.parse().ok()?, head));
            }
        }
    }

    /// The body of the last answer.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(self.connection.read.get(self.body..).unwrap_or_default()).into_owned()
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

/// How long answers take at so many a second, from when each was due, so that one which is late counts for those that
/// wait behind it.
pub async fn paced(address: SocketAddr, nth: &Nth, rate: f64, time: Duration) -> Samples {
    let turns = u32::try_from(CONNECTIONS).expect("a few");
    let pause = Duration::from_secs_f64(f64::from(turns) / rate);
    let begun = Instant::now();
    let all = (0..turns).map(|turn| {
        let nth = nth.clone();
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await;
            let mut samples = Samples::default();
            let mut due = begun + pause * turn / turns;
            let mut number = u64::from(turn);
            while begun.elapsed() < time {
                tokio::time::sleep_until(due.into()).await;
                connection.ask(&nth(number)).await;
                samples.push(due.elapsed());
                due += pause;
                number += u64::from(turns);
            }
            samples
        })
    });
    let mut samples = Samples::default();
    for one in all.collect::<Vec<_>>() {
        samples.extend(one.await.expect("every answer is a good one"));
    }
    samples
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
