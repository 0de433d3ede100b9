use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::{
    Content, Faults, Migration, Progress, Quiet, Record, Role, Runner, Step, ledger, lock, migrations, preconditions,
};
use crate::db::admin::Admin;
use crate::db::adopt::{self, Adoption};
use crate::{Error, Result};

/// How `migrate up` goes about it.
#[derive(Clone, Debug)]
pub struct UpOptions {
    /// How long each step may wait for locks.
    pub patience: Duration,
    /// Roles of the site's that keep their grants on adopted tables, each with a policy of its own.
    pub keep_roles: Vec<String>,
    /// Where a test stops the work.
    pub faults: Faults,
}

impl Default for UpOptions {
    fn default() -> Self {
        Self { patience: Duration::from_mins(15), keep_roles: Vec::new(), faults: Faults::default() }
    }
}

/// Applies every migration that the database lacks; returns their names.
pub async fn up(admin: &mut Admin, options: &UpOptions, progress: &mut dyn Progress) -> Result<Vec<&'static str>> {
    let mut runner = Runner::new(admin, options.patience, progress);
    runner.faults = options.faults;
    up_with(&mut runner, options).await
}

/// Does what [`up`] does and returns what each step did and which locks it held, for a copy that is thrown away.
pub async fn up_recorded(admin: &mut Admin, options: &UpOptions) -> Result<Vec<Record>> {
    let mut quiet = Quiet;
    let mut runner = Runner::new(admin, options.patience, &mut quiet);
    runner.records = Some(Vec::new());
    up_with(&mut runner, options).await?;
    Ok(runner.records.unwrap_or_default())
}

async fn up_with(runner: &mut Runner<'_>, options: &UpOptions) -> Result<Vec<&'static str>> {
    preconditions::check(runner.admin).await?;
    lock::take(runner.admin, options.patience).await?;
    let applied = apply(runner, options).await;
    // Where the connection broke, what broke it says more than that the lock can't be given back.
    let released = lock::release(runner.admin).await;
    applied.and_then(|names| released.map(|()| names))
}

async fn apply(runner: &mut Runner<'_>, options: &UpOptions) -> Result<Vec<&'static str>> {
    let closed = ledger::closed(runner.admin).await?;
    let migrations = migrations();
    for migration in &migrations {
        if let Some(applied) = closed.get(migration.name) {
            refuse_changed(migration, applied)?;
        }
    }
    let adoption = Adoption::look(runner, &options.keep_roles).await?;
    let mut applied = Vec::new();
    for migration in migrations.iter().filter(|migration| !closed.contains_key(migration.name)) {
        apply_one(runner, migration, &adoption).await?;
        applied.push(migration.name);
    }
    adopt::settle(runner, &adoption).await?;
    Ok(applied)
}

async fn apply_one(runner: &mut Runner<'_>, migration: &Migration, adoption: &Adoption) -> Result<()> {
    let whole = Step::transaction("whole", migration.up());
    match migration.content {
        Content::Roles { .. } => {
            runner.run(migration.name, &whole.as_migrator()).await.map_err(with_statements)?;
            let ledger = Step::transaction("ledger", ledger::CREATE);
            runner.run(migration.name, &Step { role: Role::Migrator, ..ledger }).await?;
        }
        Content::Rendered { up, .. } => {
            for (name, sql) in up() {
                runner.run(migration.name, &Step::transaction(name, sql)).await?;
            }
        }
        Content::Table { table, .. } if adoption.concerns(table) => adopt::adopt(runner, adoption, table).await?,
        // Killed between the last step and closing, the statements are done and can't be repeated.
        Content::Sql { .. } | Content::Table { .. }
            if ledger::has(runner.admin, migration.name, &whole.name).await? => {}
        Content::Sql { up, .. } if migration.name == "0024_views" => {
            if !adopt::replace_views(runner, migration.name, up).await? {
                runner.run(migration.name, &whole).await?;
            }
        }
        Content::Sql { .. } | Content::Table { .. } => runner.run(migration.name, &whole).await?,
    }
    ledger::close(runner.admin, migration.name, &migration.checksum()).await
}

/// Where the migrator may not make the roles, the refusal's DETAIL holds the statements for a superuser, and no value.
fn with_statements(error: Error) -> Error {
    let statements = error.database_detail().map(ToOwned::to_owned);
    match (error.sql_state(), statements) {
        (Some(state), Some(statements)) if *state == SqlState::INSUFFICIENT_PRIVILEGE => Error::failure(error.what())
            .mend(format!("have a superuser run these statements in this database, then run it again:\n{statements}"))
            .caused_by(error),
        _ => error,
    }
}

fn refuse_changed(migration: &Migration, applied: &str) -> Result<()> {
    if migration.checksum() == applied {
        return Ok(());
    }
    Err(Error::failure(format!(
        "migration {} differs from the one that was applied (checksum {} now, {applied} then)",
        migration.name,
        migration.checksum()
    ))
    .mend(
        "run the version of tenantry that applied it, or restore the migration's file; changes go into a new migration",
    ))
}
