use std::time::Duration;

use serde::Serialize;

use super::{Content, Faults, Migration, Progress, Runner, Step, ledger, lock, migrations, preconditions};
use crate::db::admin::Admin;
use crate::db::adopt::mending::{self, Mended};
use crate::db::adopt::{restore, unwall};
use crate::db::catalog::Table;
use crate::{Error, Result};

/// The functions that partitions need: adopted tables are plain again before it goes.
const PARTITIONS: u16 = 22;

/// The first migration of a table: when it is taken back, every adopted table is as it was, and what keeps mends is there.
const FIRST_TABLE: u16 = 3;

/// How `migrate down` goes about it.
#[derive(Clone, Debug)]
pub struct DownOptions {
    /// The last migration that stays; 0 takes everything back.
    pub to: u16,
    /// Whether what people made since may be lost.
    pub lose_data: bool,
    /// Whether mended values are put back, where they are still the mended ones.
    pub unmend: bool,
    /// How long each step may wait for locks.
    pub patience: Duration,
    /// Where a test stops the work.
    pub faults: Faults,
}

impl Default for DownOptions {
    fn default() -> Self {
        Self { to: 0, lose_data: false, unmend: false, patience: Duration::from_mins(15), faults: Faults::default() }
    }
}

/// What `migrate down` did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Undone {
    /// Migrations that were taken back, by name.
    pub taken_back: Vec<&'static str>,
    /// Mended values that were put back.
    pub unmended: Vec<Mended>,
}

/// Takes back every migration after `options.to`, the newest first.
pub async fn down(admin: &mut Admin, options: &DownOptions, progress: &mut dyn Progress) -> Result<Undone> {
    if options.unmend && options.to >= FIRST_TABLE {
        return Err(Error::usage("--unmend puts back what only the tables as they were can hold")
            .mend(format!("leave --to out, or give it less than {FIRST_TABLE}")));
    }
    preconditions::check(admin).await?;
    lock::take(admin, options.patience).await?;
    let mut runner = Runner::new(admin, options.patience, progress);
    runner.faults = options.faults.clone();
    let taken_back = take_back(&mut runner, options).await;
    // Where the connection broke, what broke it says more than that the lock can't be given back.
    let released = lock::release(admin).await;
    taken_back.and_then(|names| released.map(|()| names))
}

async fn take_back(runner: &mut Runner<'_>, options: &DownOptions) -> Result<Undone> {
    if !ledger::exists(runner.admin).await? {
        return Ok(Undone::default());
    }
    let shapes = restore::shapes(runner).await?;
    if !options.lose_data {
        refuse_losses(&restore::losses(runner, &shapes, options.to).await?)?;
    }
    let started = ledger::started(runner.admin).await?;
    if options.to < PARTITIONS {
        restore::unpartition(runner, &shapes).await?;
    }
    let mut undone = Undone::default();
    for migration in migrations().iter().rev().filter(|migration| migration.number() > options.to) {
        if options.unmend && migration.number() < FIRST_TABLE && undone.unmended.is_empty() {
            undone.unmended = mending::unmend(runner).await?;
        }
        if started.contains(migration.name) {
            take_one_back(runner, migration, &shapes).await?;
            undone.taken_back.push(migration.name);
        }
    }
    Ok(undone)
}

async fn take_one_back(runner: &mut Runner<'_>, migration: &Migration, shapes: &[Table]) -> Result<()> {
    let whole = ledger::has(runner.admin, migration.name, "whole").await?;
    match migration.content {
        Content::Roles { down, .. } => {
            // The ledger goes with the schema, so both go at once: killed in between, nobody would know of the roles.
            let sql = format!("DROP SCHEMA IF EXISTS tenantry CASCADE;\n{down}");
            return runner.run(migration.name, &Step::transaction(ledger::TAKEN_BACK, sql).as_migrator()).await;
        }
        Content::Table { table, .. } if shapes.iter().any(|shape| shape.name == table) => {
            for shape in shapes.iter().filter(|shape| shape.name == table) {
                restore::restore(runner, shape).await?;
            }
        }
        // What was begun and not finished left nothing behind; a table that isn't ours is never dropped.
        Content::Table { .. } | Content::Sql { .. } if !whole => {}
        Content::Sql { down, .. } if migration.name == "0024_views" => {
            unwall(runner).await?;
            if !restore::restore_views(runner, shapes, migration.name, down).await? {
                runner.run(migration.name, &taken_back(migration)).await?;
            }
        }
        _ => runner.run(migration.name, &taken_back(migration)).await?,
    }
    ledger::forget(runner.admin, migration.name).await
}

/// Takes a migration back and out of the ledger in one transaction: killed after it, the next run doesn't repeat it.
fn taken_back(migration: &Migration) -> Step {
    let forget = ledger::forgotten(migration.name);
    Step::transaction(ledger::TAKEN_BACK, format!("{}\n{forget}", migration.down()))
}

fn refuse_losses(losses: &[String]) -> Result<()> {
    if losses.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = losses.iter().map(|loss| format!("\n  - {loss}")).collect();
    Err(Error::failure(format!("going back would lose what people made; nothing was changed:{}", list.concat()))
        .mend("take a backup and pass --lose-data, or go back less far with --to"))
}
