//! What goes on besides requests, for as long as the program runs.
//!
//! Several servers beside each other all do it: an advisory lock lets one seal at a time, a month that is there isn't
//! made again, a figure that is right isn't written, and a secret is swept once.

/// Work that gives way to requests.
mod aside;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio_postgres::Config;

use crate::Result;
use crate::audit::folder::Folder;
use crate::audit::sealer;
use crate::clients::imports;
use crate::clock::Clock;
use crate::configurations::documents::Compiled;
use crate::configurations::findings;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::partitions;
use crate::runs::{Run, Runs};
use crate::secrets::sweep;
use crate::templates::figures;
use aside::Aside;

/// How often files that nobody imported are swept.
const AN_HOUR: Duration = Duration::from_hours(1);

/// How many of those pass before months are made ahead, of which 24 leave time, and secrets swept.
const HOURS_OF_A_DAY: u64 = 24;

/// How often figures are computed where that takes no time.
const A_MOMENT: Duration = Duration::from_secs(5);

/// How many times as long as computing them took the pause after it is: of a busy server it costs a fiftieth.
const PAUSES: u32 = 50;

/// How long to wait for the database to come back.
const PAUSE: Duration = Duration::from_secs(5);

/// Whose jobs they are.
pub struct Jobs {
    /// How to connect.
    pub config: Config,
    /// Who makes months, computes figures and sweeps: the operator, or the server's own role.
    pub caller: Caller,
    /// Where the key is that seals.
    pub folder: Folder,
    /// Where it is written down what they did.
    pub runs: Runs,
    /// What was compiled of templates.
    pub compiled: Compiled,
}

/// Does the jobs until `shutdown` ends, and seals once more then.
pub async fn run(jobs: Jobs, shutdown: impl Future<Output = ()>) {
    let mut shutdown = std::pin::pin!(shutdown);
    let one = || connected(&jobs.config);
    let (sealing, daily, counting) = tokio::select! {
        all = async { (one().await, one().await, one().await) } => all,
        () = &mut shutdown => return,
    };
    let _looking = looking(&jobs);
    tokio::select! {
        () = sealer::run(sealing, jobs.folder.clone(), shutdown) => {}
        () = look_after(daily, &jobs.caller, &jobs.runs) => {}
        () = keep_figures(counting, &jobs.caller, &jobs.runs) => {}
    }
}

/// A connection, once there is one to be had.
async fn connected(config: &Config) -> Admin {
    loop {
        match Admin::connect_with(config.clone()).await {
            Ok(admin) => return admin,
            Err(error) => tracing::warn!(%error, "jobs wait for the database"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sees to it that months are there before they are needed, and that nothing stays that nobody needs.
async fn look_after(mut admin: Admin, caller: &Caller, runs: &Runs) {
    for hour in 0_u64.. {
        reconnect(&mut admin).await;
        if hour.is_multiple_of(HOURS_OF_A_DAY) {
            let begun = Begun::now();
            let made = partitions::make(&mut admin, caller).await;
            begun.over(runs, "Partitions", made.map(|made| format!("{} made", made.len())));
            let begun = Begun::now();
            let swept = sweep::sweep(&mut admin, caller).await;
            begun.over(runs, "Secrets that nothing refers to", swept.map(|swept| format!("{swept} removed")));
        }
        let begun = Begun::now();
        let swept = imports::sweep::sweep(&mut admin, caller).await;
        begun.over(runs, "Files that nobody imported", swept.map(|swept| format!("{swept} removed")));
        tokio::time::sleep(AN_HOUR).await;
    }
}

/// Has figures of templates say what the last ninety days say.
async fn keep_figures(mut admin: Admin, caller: &Caller, runs: &Runs) {
    loop {
        reconnect(&mut admin).await;
        let begun = Begun::now();
        let kept = figures::keep(&mut admin, caller).await;
        let took = begun.over(runs, "Figures of templates", kept.map(|()| "up to date".to_owned()));
        tokio::time::sleep(A_MOMENT.max(took * PAUSES)).await;
    }
}

/// Has it known which documents don't validate, aside: composing documents is work, and requests come first.
fn looking(jobs: &Jobs) -> Option<Aside> {
    let Jobs { config, caller, runs, compiled, .. } = jobs;
    let (config, caller, runs, compiled) = (config.clone(), caller.clone(), runs.clone(), compiled.clone());
    let aside = Aside::begin("documents", move || async move {
        look_at_documents(connected(&config).await, &caller, &runs, &compiled).await;
    });
    aside.inspect_err(|error| tracing::error!(%error, "documents aren't looked at")).ok()
}

/// Looks at documents whenever there is reason to.
async fn look_at_documents(mut admin: Admin, caller: &Caller, runs: &Runs, compiled: &Compiled) {
    loop {
        reconnect(&mut admin).await;
        let begun = Begun::now();
        let found = findings::keep(&mut admin, caller, compiled, begun.at).await;
        // Where nothing was changed there is nothing to tell.
        if let Some(found) = found.transpose() {
            let done = found.map(|(documents, faulty)| format!("{documents} looked at, {faulty} with faults"));
            begun.over(runs, "Documents that don't validate", done);
        }
        // It has rested in between.
        tokio::time::sleep(A_MOMENT).await;
    }
}

/// A job that has begun.
struct Begun {
    at: Timestamp,
    instant: Instant,
}

impl Begun {
    fn now() -> Self {
        Self { at: Clock::System.now(), instant: Instant::now() }
    }

    /// Writes down how it went, and says how long it took.
    fn over(self, runs: &Runs, job: &'static str, outcome: Result<String>) -> Duration {
        let took = self.instant.elapsed();
        if let Err(error) = &outcome {
            tracing::error!(%error, job, "a job failed");
        }
        runs.note(job, Run { at: self.at, took, outcome: outcome.map_err(|error| error.to_string()) });
        took
    }
}

/// Connects anew where the connection is gone and the database is there.
async fn reconnect(admin: &mut Admin) {
    if admin.is_closed()
        && let Ok(again) = admin.again().await
    {
        *admin = again;
    }
}
