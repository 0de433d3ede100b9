//! What goes on besides requests, for as long as the program runs.
//!
//! Several servers beside each other all do it: an advisory lock lets one seal at a time, and a month that is there isn't
//! made again.

use std::time::Duration;

use tokio_postgres::Config;

use crate::audit::folder::Folder;
use crate::audit::sealer;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::partitions;

/// How often months are made ahead; 24 of them leave time.
const A_DAY: Duration = Duration::from_hours(24);

/// How long to wait for the database to come back.
const PAUSE: Duration = Duration::from_secs(5);

/// Whose jobs they are.
pub struct Jobs {
    /// How to connect.
    pub config: Config,
    /// Who makes months: the operator, or the server's own role.
    pub caller: Caller,
    /// Where the key is that seals.
    pub folder: Folder,
}

/// Does the jobs until `shutdown` ends, and seals once more then.
pub async fn run(jobs: Jobs, shutdown: impl Future<Output = ()>) {
    let mut shutdown = std::pin::pin!(shutdown);
    let (sealing, monthly) = tokio::select! {
        both = async { (connected(&jobs.config).await, connected(&jobs.config).await) } => both,
        () = &mut shutdown => return,
    };
    tokio::select! {
        () = sealer::run(sealing, jobs.folder, shutdown) => {}
        () = make_months(monthly, &jobs.caller) => {}
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

/// Sees to it that months are there before they are needed.
async fn make_months(mut admin: Admin, caller: &Caller) {
    loop {
        if admin.is_closed()
            && let Ok(again) = admin.again().await
        {
            admin = again;
        }
        if let Err(error) = partitions::make(&mut admin, caller).await {
            tracing::error!(%error, "the partitions weren't looked after");
        }
        tokio::time::sleep(A_DAY).await;
    }
}
