//! Adopting a busy database: what its writers feel of it, alone and with a reader that keeps a transaction open.

use std::time::{Duration, Instant};

use tenantry::db::admin::Admin;
use tenantry::db::migrate::{Progress, Step, UpOptions, up};
use tokio::task::JoinHandle;

use crate::site::{self, WRITER};
use crate::support::{Benchmark, Database, Limit, Report, setting};
use crate::writer::{Seen, Writer};

/// See the module.
pub const BENCHMARK: Benchmark = Benchmark {
    name: "adoption_under_load",
    about: "200 writes a second while a million events and half a million figures are adopted",
    by_default: true,
    run: || Box::pin(run()),
};

/// How long the reader stays idle in its transaction.
const IDLE: Duration = Duration::from_secs(6);

/// How long the writer is alone, before and after.
const ALONE: Duration = Duration::from_secs(5);

async fn run() -> Report {
    let grown = grown().await;
    let report = alone(&grown).await;
    report.and(adopt(&grown, Reader::None).await).and(adopt(&grown, Reader::IdleInTransaction).await)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    None,
    IdleInTransaction,
}

/// The database that each run gets a copy of.
async fn grown() -> Database {
    let (events, figures) = (setting("BENCH_EVENTS", 1_000_000), setting("BENCH_FIGURES", 500_000));
    let database = site::load().await;
    let admin = database.connect().await;
    site::mend(&admin).await;
    site::let_write(&admin).await;
    let begun = Instant::now();
    site::grow(&admin, events, figures).await;
    admin.batch_execute("CHECKPOINT").await.expect("a superuser");
    println!("{events} events and {figures} figures in {:.0} s", begun.elapsed().as_secs_f64());
    database
}

/// The writer without anybody else, to compare with.
async fn alone(grown: &Database) -> Report {
    let copy = site::copy(grown).await;
    let admin = copy.connect().await;
    let writer = Writer::start(&admin).await;
    tokio::time::sleep(ALONE * 2).await;
    figures("nothing else", &writer.stop().await, false)
}

async fn adopt(grown: &Database, reader: Reader) -> Report {
    let copy = site::copy(grown).await;
    let admin = copy.connect().await;
    let title = match reader {
        Reader::None => "adoption",
        Reader::IdleInTransaction => "adoption, idle reader",
    };
    let writer = Writer::start(&admin).await;
    tokio::time::sleep(ALONE).await;
    let reading = (reader == Reader::IdleInTransaction).then(|| read(&admin));
    let steps = migrate(&copy).await;
    let took = steps.last().zip(steps.first()).map_or(Duration::ZERO, |(last, first)| last.at - first.at);
    tokio::time::sleep(ALONE).await;
    let seen = writer.stop().await;
    if let Some(reading) = reading {
        reading.abort();
    }
    blame(title, &seen, &steps);
    Report::default()
        .figure(format!("{title}: took"), took.as_secs_f64(), "s", Limit::None)
        .figure(format!("{title}: tables left plain"), plain(&admin).await, "", Limit::AtMost(0.0))
        .and(figures(title, &seen, true))
}

fn figures(title: &str, seen: &Seen, promised: bool) -> Report {
    let mut kinds: Vec<&String> = seen.errors.iter().collect();
    kinds.sort();
    kinds.dedup();
    for error in kinds {
        println!("{title}: {error}");
    }
    let times = seen.times();
    let limit = |limit| if promised { limit } else { Limit::None };
    let count = |number: usize| f64::from(u32::try_from(number).expect("some thousands"));
    Report::default()
        .figure(format!("{title}: writes"), count(times.count()), "", Limit::None)
        .figure(format!("{title}: longest write"), times.longest(), "ms", limit(Limit::Under(500.0)))
        .figure(format!("{title}: p99"), times.percentile(0.99), "ms", limit(Limit::Under(100.0)))
        .figure(format!("{title}: errors"), count(seen.errors.len()), "", limit(Limit::AtMost(0.0)))
}

/// Runs the migrator and says when each of its steps began.
async fn migrate(database: &Database) -> Vec<Begun> {
    let mut steps = Steps(vec![Begun { at: Instant::now(), step: "looking".to_owned() }]);
    let mut admin = database.connect().await;
    let options = UpOptions { keep_roles: vec![WRITER.to_owned()], ..UpOptions::default() };
    up(&mut admin, &options, &mut steps).await.unwrap_or_else(|error| panic!("{error}"));
    steps.0.push(Begun { at: Instant::now(), step: "nothing".to_owned() });
    steps.0
}

struct Begun {
    at: Instant,
    step: String,
}

struct Steps(Vec<Begun>);

impl Progress for Steps {
    fn begun(&mut self, migration: &str, step: &Step) {
        self.0.push(Begun { at: Instant::now(), step: format!("{migration}: {}", step.name) });
    }

    fn batch(&mut self, _: i64) {}

    fn waiting(&mut self, _: &str) {}
}

/// Says during which steps the slowest writes fell.
fn blame(title: &str, seen: &Seen, steps: &[Begun]) {
    for (due, took) in seen.slowest(5) {
        let during = steps.iter().rev().find(|step| step.at <= due + took / 2).map_or("nothing", |step| &step.step);
        println!("{title}: {:.0} ms for a write during {during}", took.as_secs_f64() * 1_000.0);
    }
}

/// Somebody who opens a transaction, looks at the tables to be swapped, and goes for a coffee; then again after a while.
fn read(admin: &Admin) -> JoinHandle<()> {
    let config = admin.config().clone();
    tokio::spawn(async move {
        let reader = Admin::connect_with(config).await.expect("a reader");
        loop {
            let looked = reader
                .batch_execute(
                    "BEGIN; SELECT count(*) FROM (SELECT FROM deployment_tracking_events LIMIT 10) e;
                     SELECT count(*) FROM (SELECT FROM client_analytics LIMIT 10) a",
                )
                .await;
            looked.expect("the reader may read");
            tokio::time::sleep(IDLE).await;
            reader.batch_execute("COMMIT").await.expect("the reader ends");
            tokio::time::sleep(IDLE / 2).await;
        }
    })
}

async fn plain(admin: &Admin) -> f64 {
    let count: i64 = admin
        .query_one(
            "SELECT 2 - count(*) FROM pg_class
              WHERE oid IN ('public.deployment_tracking_events'::regclass, 'public.client_analytics'::regclass) AND relkind = 'p'",
            &[],
        )
        .await
        .expect("the catalog")
        .get(0);
    f64::from(i32::try_from(count).expect("two at most"))
}
