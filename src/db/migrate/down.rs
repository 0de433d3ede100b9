use std::time::Duration;

use super::{Content, Faults, Progress, Runner, Step, ledger, lock, migrations, preconditions};
use crate::Result;
use crate::db::admin::Admin;

/// How `migrate down` goes about it.
#[derive(Clone, Debug)]
pub struct DownOptions {
    /// The last migration that stays; 0 takes everything back.
    pub to: u16,
    /// How long each step may wait for locks.
    pub patience: Duration,
    /// Where a test stops the work.
    pub faults: Faults,
}

impl Default for DownOptions {
    fn default() -> Self {
        Self { to: 0, patience: Duration::from_mins(15), faults: Faults::default() }
    }
}

/// Takes back every migration after `options.to`, the newest first; returns their names.
pub async fn down(admin: &mut Admin, options: &DownOptions, progress: &mut dyn Progress) -> Result<Vec<&'static str>> {
    preconditions::check(admin).await?;
    lock::take(admin, options.patience).await?;
    let mut runner = Runner::new(admin, options.patience, progress);
    runner.faults = options.faults;
    let taken_back = take_back(&mut runner, options.to).await;
    // Where the connection broke, what broke it says more than that the lock can't be given back.
    let released = lock::release(admin).await;
    taken_back.and_then(|names| released.map(|()| names))
}

async fn take_back(runner: &mut Runner<'_>, to: u16) -> Result<Vec<&'static str>> {
    let closed = ledger::closed(runner.admin).await?;
    let mut taken_back = Vec::new();
    for migration in migrations().iter().rev().filter(|migration| migration.number() > to) {
        if !closed.contains_key(migration.name) {
            continue;
        }
        let step = Step::transaction("taken back", migration.down());
        if matches!(migration.content, Content::Roles { .. }) {
            runner.admin.batch_execute("DROP SCHEMA IF EXISTS tenantry CASCADE").await?;
            runner.run(migration.name, &step.as_migrator()).await?;
        } else {
            runner.run(migration.name, &step).await?;
            ledger::forget(runner.admin, migration.name).await?;
        }
        taken_back.push(migration.name);
    }
    Ok(taken_back)
}
