use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::roles::with_statements;
use super::verify::{Severity, verify};
use super::{
    Content, Faults, Migration, Progress, Quiet, Record, Role, Runner, Step, ledger, lock, migrations, preconditions,
};
use crate::db::admin::Admin;
use crate::db::adopt::mending::{self, Mended};
use crate::db::adopt::pending::{self, Pending};
use crate::db::adopt::people::{self, AdoptedRoles};
use crate::db::adopt::{self, Adoption, Assumed, keep};
use crate::db::caller::Caller;
use crate::{Error, Result};

/// How `migrate up` goes about it.
#[derive(Clone, Debug)]
pub struct UpOptions {
    /// How long each step may wait for locks.
    pub patience: Duration,
    /// Roles of the site's that keep their grants on adopted tables, each with a policy of its own.
    pub keep_roles: Vec<String>,
    /// Whether rows that break rules are mended, where one value alone can have been meant.
    pub mend: bool,
    /// Whether roles are copied that people had in metadata which they can edit.
    pub adopt_roles: bool,
    /// What is known of the rows, for a rehearsal on a copy that has none.
    pub assumed: Option<Assumed>,
    /// Where a test stops the work.
    pub faults: Faults,
}

impl Default for UpOptions {
    fn default() -> Self {
        Self {
            patience: Duration::from_mins(15),
            keep_roles: Vec::new(),
            mend: false,
            adopt_roles: false,
            assumed: None,
            faults: Faults::default(),
        }
    }
}

/// An index that three processes build is there sooner, and meanwhile the application waits for a processor.
const ONE_PROCESS: &str = "SET max_parallel_maintenance_workers = 0; SET max_parallel_workers_per_gather = 0";

/// What `migrate up` did, and what is left.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// Migrations that were applied, by name.
    pub applied: Vec<&'static str>,
    /// Values that were mended.
    pub mended: Vec<Mended>,
    /// What became of roles in metadata, where somebody asked for it.
    pub roles: Option<AdoptedRoles>,
    /// Rules that rows still break.
    pub pending: Vec<Pending>,
}

/// Applies every migration that the database lacks.
pub async fn up(admin: &mut Admin, options: &UpOptions, progress: &mut dyn Progress) -> Result<Outcome> {
    let mut runner = Runner::new(admin, options.patience, progress);
    runner.faults = options.faults.clone();
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

async fn up_with(runner: &mut Runner<'_>, options: &UpOptions) -> Result<Outcome> {
    preconditions::check(runner.admin).await?;
    keep::check(runner.admin, &options.keep_roles).await?;
    lock::take(runner.admin, options.patience).await?;
    runner.admin.batch_execute(ONE_PROCESS).await?;
    let actor = Caller::operator().actor();
    runner.admin.execute("SELECT set_config('tenantry.actor', $1, false)", &[&actor]).await?;
    let outcome = apply(runner, options).await;
    // Where the connection broke, what broke it says more than that the lock can't be given back.
    let released = lock::release(runner.admin).await;
    outcome.and_then(|outcome| released.map(|()| outcome))
}

async fn apply(runner: &mut Runner<'_>, options: &UpOptions) -> Result<Outcome> {
    let closed = ledger::closed(runner.admin).await?;
    let migrations = migrations();
    refuse_changed_ones(&closed)?;
    let mut adoption = Adoption::look(runner, &options.keep_roles).await?;
    adoption.assumed.clone_from(&options.assumed);
    if !closed.contains_key(BILLING) && runner.records.is_none() {
        adopt::space::check(runner.admin, &adoption).await?;
    }
    let mut outcome = Outcome::default();
    for migration in migrations.iter().filter(|migration| !closed.contains_key(migration.name)) {
        if migration.name == BILLING && options.mend {
            outcome.mended = mending::mend_all(runner, &adoption).await?;
        }
        apply_one(runner, migration, &adoption).await?;
        outcome.applied.push(migration.name);
    }
    if options.mend && closed.contains_key(BILLING) {
        outcome.mended = mending::mend_all(runner, &adoption).await?;
    }
    keep::keep_from_now_on(runner, &options.keep_roles).await?;
    if options.adopt_roles {
        outcome.roles = Some(people::adopt_roles(runner).await?);
    }
    adopt::settle(runner, &adoption).await?;
    adopt::tidy(runner, &adoption).await?;
    outcome.pending = pending::read(runner.admin).await?;
    if !outcome.applied.is_empty() {
        log(runner, &outcome.applied).await?;
        verified(runner).await?;
    }
    Ok(outcome)
}

/// Writes to the audit log what was applied; who did it is a setting of the session.
async fn log(runner: &Runner<'_>, applied: &[&str]) -> Result<()> {
    let details = serde_json::json!({ "applied": applied, "version": env!("CARGO_PKG_VERSION") });
    runner.admin.batch_execute("SET ROLE tenantry_owner").await?;
    let logged = runner.admin.execute("SELECT tenantry.audit_event('migration', $1)", &[&details]).await;
    runner.admin.batch_execute("RESET ROLE").await?;
    logged?;
    Ok(())
}

/// Holds what was applied against what was meant; a copy without rows has nothing to show.
async fn verified(runner: &Runner<'_>) -> Result<()> {
    if runner.records.is_some() {
        return Ok(());
    }
    let findings = verify(runner.admin).await?;
    let wrong: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Wrong)
        .map(|finding| format!("{}: {}", finding.place, finding.what))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::failure(format!("everything was applied, but it isn't what it should be: {}", wrong.join("; ")))
        .mend("see `tenantry migrate verify`, which says what to do about each"))
}

/// The migration that gives each client what it is billed: what is mended is mended before it, so that a mended tier
/// counts.
const BILLING: &str = "0027_adopted_rows";

async fn apply_one(runner: &mut Runner<'_>, migration: &Migration, adoption: &Adoption) -> Result<()> {
    let whole = Step::transaction("whole", migration.up());
    match migration.content {
        Content::Roles { .. } => {
            runner.run(migration.name, &whole.clone().as_migrator()).await.map_err(with_statements)?;
            let ledger = Step::transaction("ledger", ledger::CREATE);
            runner.run(migration.name, &Step { role: Role::Migrator, ..ledger }).await?;
            ledger::note(runner.admin, migration.name, &whole).await?;
        }
        Content::Rendered { up, .. } => {
            let done = ledger::read(runner.admin).await?;
            for step in up().into_iter().map(|(name, sql)| Step::transaction(name, sql)) {
                let is_this = |entry: &&ledger::Entry| entry.migration == migration.name && entry.step == step.name;
                // Done before the run was killed, and as it would be done now.
                if done.iter().find(is_this).is_none_or(|entry| entry.checksum != step.checksum()) {
                    runner.run(migration.name, &step).await?;
                }
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

/// Refuses a database of which a migration was applied with another content.
pub(super) fn refuse_changed_ones(closed: &BTreeMap<String, String>) -> Result<()> {
    let applied = |migration: &Migration| closed.get(migration.name).cloned();
    migrations().iter().try_for_each(|migration| match applied(migration) {
        Some(applied) => refuse_changed(migration, &applied),
        None => Ok(()),
    })
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
