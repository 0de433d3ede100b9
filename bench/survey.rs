//! Looking at every row of a busy site before it is adopted, as `migrate plan` and `migrate up` do: it only reads, and it
//! has to end while somebody waits for it.

use std::time::{Duration, Instant};

use tenantry::db::adopt::{Adoption, findings, mending};
use tenantry::db::migrate::{Quiet, Runner};

use crate::site;
use crate::support::{Benchmark, Limit, Report, setting};

/// See the module.
pub const BENCHMARK: Benchmark = Benchmark {
    name: "survey",
    about: "finding every row that a rule would refuse, and every secret, among a million events and half a million figures",
    by_default: true,
    run: || Box::pin(run()),
};

async fn run() -> Report {
    let (events, figures) = (setting("BENCH_EVENTS", 1_000_000), setting("BENCH_FIGURES", 500_000));
    let database = site::load().await;
    let mut admin = database.connect().await;
    site::grow(&admin, events, figures).await;

    let mut quiet = Quiet;
    let runner = Runner::new(&mut admin, Duration::ZERO, &mut quiet);
    let adoption = Adoption::look(&runner, &[]).await.expect("a site that can be adopted");
    let subjects = adoption.subjects(runner.admin).await.expect("its tables");
    let tables: Vec<String> = adoption.tables.iter().cloned().collect();

    let begun = Instant::now();
    let found = mending::look(runner.admin, &subjects).await.expect("a survey");
    let rules = begun.elapsed();
    let begun = Instant::now();
    runner.admin.batch_execute("BEGIN").await.expect("a transaction");
    findings::find(runner.admin, &tables, &[]).await.expect("findings");
    runner.admin.batch_execute("ROLLBACK").await.expect("its end");
    Report::default()
        .figure("rules that rows break", f64::from(u32::try_from(found.len()).expect("few rules")), "", Limit::None)
        .figure("trying every rule on every row", rules.as_secs_f64(), "s", Limit::None)
        .figure("looking for secrets and rights", begun.elapsed().as_secs_f64(), "s", Limit::None)
}
