//! PostgreSQL stops for a minute while apps read and somebody writes: what they get meanwhile, and how soon everything is
//! as before once it is back.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tenantry::db::admin::Admin;
use tokio::task::JoinHandle;

use super::served::{Agency, token};
use crate::api::load::{CONNECTIONS, Exchange, request};
use crate::api::served::Program;
use crate::support::{Benchmark, Cluster, Limit, Report, Samples, psql, setting};

pub const BENCHMARK: Benchmark = Benchmark {
    name: "away",
    about: "PostgreSQL stopped for a minute under read load: failed reads, staleness, writes, time until fresh",
    by_default: true,
    run: || Box::pin(run()) as Pin<Box<dyn Future<Output = Report>>>,
};

/// How many reads a second there are.
const READS: f64 = 2_000.0;

/// How many writes a second are tried.
const WRITES: u64 = 10;

async fn run() -> Report {
    let clients: usize = setting("BENCH_AWAY_CLIENTS", 1_000);
    let away = Duration::from_secs(setting("BENCH_AWAY_SECONDS", 60));
    let cluster = Cluster::migrated().await;
    let url = cluster.url("postgres");
    psql(&url, "configuration.sql", &[("clients", clients.to_string())]);
    let program = Program::serving(&cluster.url("tenantry_server"));
    Agency::settled_at(program.address, clients).await;
    let bearer = service_token(&program, &url);
    let is_over = Arc::new(AtomicBool::new(false));
    let readers = readers(program.address, clients, &is_over);
    tokio::time::sleep(Duration::from_secs(5)).await;

    cluster.stop();
    let stopped = Instant::now();
    let writer = writer(program.address, &bearer, away.saturating_sub(Duration::from_secs(1)));
    let told = first_stale(program.address).await;
    tokio::time::sleep(away.saturating_sub(stopped.elapsed())).await;
    let writes = writer.await.expect("the writer ends");
    cluster.go_on();

    let back = Instant::now();
    let fresh = fresh_since(program.address, back).await;
    let changed = Instant::now();
    let admin = Admin::connect(&url).await.expect("it is back");
    let change = "UPDATE public.system_configurations SET configuration_value = '\"back\"' WHERE configuration_key = 'support.email'";
    admin.batch_execute(change).await.expect("a superuser's connection");
    let seen = seen_since(program.address, changed).await;
    is_over.store(true, Ordering::Relaxed);
    let mut reads = Reads::default();
    for reader in readers {
        reads.add(reader.await.expect("a reader ends"));
    }
    report(&reads, &writes, away, told, fresh, seen)
}

#[expect(clippy::cast_precision_loss, reason = "there are never that many")]
fn report(reads: &Reads, writes: &Writes, away: Duration, told: Duration, fresh: Duration, seen: Duration) -> Report {
    Report::default()
        .figure("PostgreSQL was away", away.as_secs_f64(), "s", Limit::None)
        .figure("reads", reads.samples.count() as f64, "", Limit::None)
        .figure("failed reads", reads.failed as f64, "", Limit::AtMost(0.0))
        .figure("reads: p99", reads.samples.percentile(0.99), "ms", Limit::None)
        .figure("until staleness was told", told.as_secs_f64(), "s", Limit::None)
        .figure("the greatest staleness told", reads.stalest as f64, "s", Limit::AtLeast(away.as_secs_f64() - 5.0))
        .figure("writes refused with 503 and Retry-After", writes.refused as f64, "", Limit::AtLeast(1.0))
        .figure("writes answered otherwise", writes.others as f64, "", Limit::AtMost(0.0))
        .figure("fresh again after its return", fresh.as_secs_f64(), "s", Limit::Under(2.0))
        .figure("a change made then: visible after", seen.as_secs_f64(), "s", Limit::Under(2.0))
}

fn service_token(program: &Program, url: &str) -> String {
    let create = ["token", "create", "service", "--name", "bench", "--scope", "read", "--scope", "write"];
    let made = program.tenantry(url, &create);
    format!("Bearer {}", made["token"].as_str().expect("a token"))
}

/// What readers got.
#[derive(Default)]
struct Reads {
    samples: Samples,
    failed: usize,
    stalest: u64,
}

impl Reads {
    fn add(&mut self, other: Self) {
        self.samples.extend(other.samples);
        self.failed += other.failed;
        self.stalest = self.stalest.max(other.stalest);
    }
}

/// Apps that read at a steady pace until it is over.
fn readers(address: SocketAddr, clients: usize, is_over: &Arc<AtomicBool>) -> Vec<JoinHandle<Reads>> {
    let turns = u32::try_from(CONNECTIONS).expect("a few");
    let pause = Duration::from_secs_f64(f64::from(turns) / READS);
    let begun = Instant::now();
    (0..CONNECTIONS)
        .map(|turn| {
            let is_over = is_over.clone();
            tokio::spawn(async move {
                let (mut reads, mut number) = (Reads::default(), turn);
                let mut due = begun + pause * u32::try_from(turn).expect("a few") / turns;
                let mut exchange = Exchange::open(address).await;
                while !is_over.load(Ordering::Relaxed) {
                    tokio::time::sleep_until(due.into()).await;
                    let asked = Instant::now();
                    match exchange.ask(&read_of(number % clients)).await {
                        Some((200, head)) => reads.stalest = reads.stalest.max(stale(&head).unwrap_or_default()),
                        _ => {
                            reads.failed += 1;
                            exchange = Exchange::open(address).await;
                        }
                    }
                    reads.samples.push(asked.elapsed());
                    (due, number) = (due + pause, number + CONNECTIONS);
                }
                reads
            })
        })
        .collect()
}

fn read_of(document: usize) -> Vec<u8> {
    let bearer = format!("Bearer {}", token(document, usize::MAX));
    request("GET", "/config/v1", &[("authorization", &bearer)], "")
}

fn stale(head: &str) -> Option<u64> {
    head.lines().find_map(|line| line.strip_prefix("tenantry-stale-seconds: "))?.trim().parse().ok()
}

/// What a writer got.
#[derive(Default)]
struct Writes {
    refused: usize,
    others: usize,
}

/// Somebody who tries to write while PostgreSQL is away.
fn writer(address: SocketAddr, bearer: &str, time: Duration) -> JoinHandle<Writes> {
    let row = json!({ "name": "refused", "email": "refused@example.com" }).to_string();
    let headers = [("authorization", bearer), ("content-type", "application/json")];
    let asked = request("POST", "/rest/v1/clients_enhanced", &headers, &row);
    tokio::spawn(async move {
        let (begun, mut writes) = (Instant::now(), Writes::default());
        let mut exchange = Exchange::open(address).await;
        while begun.elapsed() < time {
            match exchange.ask(&asked).await {
                Some((503, head)) if head.contains("retry-after: ") => writes.refused += 1,
                _ => {
                    writes.others += 1;
                    exchange = Exchange::open(address).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(1_000 / WRITES)).await;
        }
        writes
    })
}

/// How long until a read tells of staleness.
async fn first_stale(address: SocketAddr) -> Duration {
    until(address, Instant::now(), |head, _| stale(head).is_some()).await
}

async fn fresh_since(address: SocketAddr, back: Instant) -> Duration {
    until(address, back, |head, _| stale(head).is_none()).await
}

async fn seen_since(address: SocketAddr, changed: Instant) -> Duration {
    until(address, changed, |_, body| body.contains("\"email\":\"back\"")).await
}

/// Reads again and again until an answer is the one that is waited for; how long that was.
async fn until(address: SocketAddr, begun: Instant, is_it: impl Fn(&str, &str) -> bool) -> Duration {
    let mut exchange = Exchange::open(address).await;
    let asked = read_of(0);
    loop {
        let (status, head) = exchange.ask(&asked).await.expect("no read fails");
        assert_eq!(status, 200, "{head}");
        if is_it(&head, &exchange.body()) {
            return begun.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
