use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::served::Agency;
use crate::api::load::request;
use crate::support::{Limit, Report, setting};

/// Opens streams, each another document's, and sees what they take.
pub async fn run(agency: &Agency) -> Report {
    let before = agency.resident();
    let count: usize = setting("BENCH_STREAMS", 5_000);
    let mut streams = Vec::with_capacity(count);
    for number in 0..count {
        streams.push(open(agency, number).await);
    }
    let more = agency.resident() - before;
    Report::default().figure(format!("{count} open streams: memory"), more, "MiB", Limit::Under(100.0))
}

/// One, once its first event is there.
async fn open(agency: &Agency, number: usize) -> TcpStream {
    let bearer = format!("Bearer {}", agency.token(number));
    let mut stream = TcpStream::connect(agency.served.address).await.expect("the server listens");
    stream.write_all(&request("GET", "/config/v1/stream", &[("authorization", &bearer)], "")).await.expect("it reads");
    let mut read = Vec::new();
    while !read.windows(6).any(|window| window == b"data: ") {
        assert!(stream.read_buf(&mut read).await.expect("it answers") > 0, "{}", String::from_utf8_lossy(&read));
    }
    stream
}
