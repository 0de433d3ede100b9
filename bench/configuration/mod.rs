//! Configuration at full size: reads from memory beside `/healthz` on the same server, resolving from PostgreSQL, a global
//! change that reaches every document, memory, streams, and documents with secrets.

mod away;
mod change;
mod secrets;
pub mod served;
mod streams;

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::api::load::{self, Connection, Nth, request};
use crate::support::{Benchmark, Limit, Report, Samples, setting};
use served::Agency;

pub use away::BENCHMARK as AWAY;

pub const BENCHMARK: Benchmark = Benchmark {
    name: "configuration",
    about: "reads from memory beside /healthz, 304, p99 at half load, resolve from PostgreSQL, a global change, memory, streams, secrets",
    by_default: true,
    run,
};

/// How often each side is measured, in turn.
pub const ROUNDS: usize = 3;

/// How many documents are compared with what PostgreSQL gives.
const COMPARED: usize = 200;

/// How many clients the manager has who resolves.
const MANAGED: usize = 20;

pub const MIB: f64 = 1024.0 * 1024.0;

fn run() -> Pin<Box<dyn Future<Output = Report>>> {
    Box::pin(async {
        let agency = Agency::start(setting("BENCH_CLIENTS", 10_000)).await;
        let report = agency.made.clone();
        agency.compare(COMPARED).await;
        let report = report.and(reads(&agency).await);
        let report = report.and(resolve(&agency).await);
        let report = report.and(change::run(&agency).await);
        agency.compare(COMPARED).await;
        let memory = agency.resident();
        let report = report.figure("resident with all documents", memory, "MiB", Limit::Under(600.0));
        let report = report.and(streams::run(&agency).await);
        report.and(secrets::run(&agency).await)
    })
}

pub fn time() -> Duration {
    Duration::from_secs(setting("BENCH_SECONDS", 10))
}

/// Reads of one app after the other.
pub fn reading(agency: &Agency, more: impl Fn(usize) -> Vec<(&'static str, String)>) -> Nth {
    let all: Vec<Vec<u8>> = (0..agency.documents().min(3_000))
        .map(|number| {
            let more = more(number);
            let bearer = format!("Bearer {}", agency.token(number));
            let mut headers = vec![("authorization", bearer.as_str())];
            headers.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
            request("GET", "/config/v1", &headers, "")
        })
        .collect();
    Arc::new(move |n| all[usize::try_from(n).unwrap_or_default() % all.len()].clone())
}

async fn reads(agency: &Agency) -> Report {
    let address = agency.served.address;
    let healthz: Nth = Arc::new(|_| request("GET", "/healthz", &[], ""));
    let document = reading(agency, |_| Vec::new());
    let etags = agency.etags(3_000).await;
    let held = reading(agency, move |number| vec![("if-none-match", etags[number % etags.len()].clone())]);
    let (mut alive, mut whole, mut unchanged) = (0.0_f64, 0.0_f64, 0.0_f64);
    load::per_second(address, &document, Duration::from_secs(1)).await;
    for _ in 0..ROUNDS {
        alive = alive.max(load::per_second(address, &healthz, time()).await);
        whole = whole.max(load::per_second(address, &document, time()).await);
        unchanged = unchanged.max(load::per_second(address, &held, time()).await);
    }
    let half = load::paced(address, &document, whole / 2.0, time()).await;
    Report::default()
        .figure("/healthz", alive, "/s", Limit::None)
        .figure("/config/v1 from memory", whole, "/s", Limit::None)
        .figure("/config/v1 that the app has (304)", unchanged, "/s", Limit::None)
        .figure("/config/v1: share of /healthz", whole / alive, "×", Limit::AtLeast(0.8))
        .figure("304: share of /healthz", unchanged / alive, "×", Limit::AtLeast(0.9))
        .figure("/config/v1 at half that load: p99", half.percentile(0.99), "ms", Limit::Under(5.0))
}

async fn resolve(agency: &Agency) -> Report {
    let token = agency.service_token();
    let all = resolved(agency, &token, &token, agency.clients()).await;
    let manager = agency.manager(MANAGED).await;
    let managed = resolved(agency, &manager.token, &manager.key, MANAGED).await;
    Report::default()
        .figure("resolve from PostgreSQL: median", all.median(), "ms", Limit::Under(3.0))
        .figure("resolve from PostgreSQL: p99", all.percentile(0.99), "ms", Limit::None)
        .figure("the same for a manager of 20 clients: median", managed.median(), "ms", Limit::Under(3.0))
}

/// One after the other, each another client's, so that nothing of it was there before.
async fn resolved(agency: &Agency, token: &str, key: &str, clients: usize) -> Samples {
    let bearer = format!("Bearer {token}");
    let mut connection = Connection::open(agency.served.address).await;
    let mut samples = Samples::default();
    for number in 0..setting("BENCH_RESOLVES", 1_000) {
        let path = format!("/api/v1/clients/{}/configuration?environment=production", agency.client(number % clients));
        let asked = request("GET", &path, &[("authorization", &bearer), ("apikey", key)], "");
        let begun = Instant::now();
        connection.ask(&asked).await;
        samples.push(begun.elapsed());
    }
    samples
}
