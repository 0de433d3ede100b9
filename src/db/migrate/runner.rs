use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;

use super::{Action, Faults, Record, Role, Step, ledger};
use crate::db::admin::Admin;
use crate::db::catalog::{Table, read};
use crate::{Error, Result};

/// Always below PostgreSQL's `deadlock_timeout` (1 s), so that the migrator gives way and never the application.
const LOCK_TIMEOUT: &str = "100ms";

/// Transactions older than this are waited for rather than queued behind.
const OLD_TRANSACTION: &str = "5 seconds";

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Who wants to know how the work goes on.
pub trait Progress: Send {
    /// A step begins.
    fn begun(&mut self, migration: &str, step: &Step);
    /// A batch of a repeated step was done; `rows` counts all of the step so far.
    fn batch(&mut self, rows: i64);
    /// The step waits for a lock that somebody else holds.
    fn waiting(&mut self, holder: &str);
}

/// Nobody wants to know.
pub struct Quiet;

impl Progress for Quiet {
    fn begun(&mut self, _: &str, _: &Step) {}
    fn batch(&mut self, _: i64) {}
    fn waiting(&mut self, _: &str) {}
}

/// Runs steps on one connection.
pub struct Runner<'a> {
    /// The migrator's connection.
    pub admin: &'a mut Admin,
    /// How long to wait for locks altogether, for each step.
    pub patience: Duration,
    /// Who wants to know.
    pub progress: &'a mut dyn Progress,
    /// Where a test stops the work.
    pub faults: Faults,
    /// What was done, with locks, where somebody asked for it.
    pub records: Option<Vec<Record>>,
    /// The shapes of tables as they were read since the last step.
    shapes: BTreeMap<String, Option<Table>>,
}

impl<'a> Runner<'a> {
    /// A runner that stops at no point and records nothing.
    pub fn new(admin: &'a mut Admin, patience: Duration, progress: &'a mut dyn Progress) -> Self {
        Self { admin, patience, progress, faults: Faults::default(), records: None, shapes: BTreeMap::new() }
    }

    /// The shape of a table in `public`, read once between two steps.
    pub async fn table(&mut self, name: &str) -> Result<Option<Table>> {
        if let Some(shape) = self.shapes.get(name) {
            return Ok(shape.clone());
        }
        let shape = read::table(self.admin, name).await?;
        self.shapes.insert(name.to_owned(), shape.clone());
        Ok(shape)
    }

    /// Runs one step and writes it to the ledger.
    pub async fn run(&mut self, migration: &str, step: &Step) -> Result<()> {
        self.shapes.clear();
        self.progress.begun(migration, step);
        let done = match &step.action {
            Action::Transaction { locks, sql, after_old_transactions } => {
                self.transaction(migration, step, locks, sql, *after_old_transactions).await
            }
            Action::Outside { clear, sql } => self.outside(migration, step, clear, sql).await,
            Action::Batch { sql } => self.batch(migration, step, sql).await,
        };
        done.map_err(|error| error.within(&format!("migration {migration}, step \"{}\"", step.name)))?;
        self.faults.point("after", migration, &step.name)
    }

    async fn transaction(
        &mut self,
        migration: &str,
        step: &Step,
        locks: &[(String, &'static str)],
        sql: &str,
        after_old_transactions: bool,
    ) -> Result<()> {
        let mut waiting = Waiting::new(self.patience);
        loop {
            if after_old_transactions {
                self.wait_for_old_transactions(&mut waiting).await?;
            }
            match self.try_transaction(migration, step, locks, sql).await {
                Err(error) if gave_way(&error) => {
                    self.admin.batch_execute("ROLLBACK").await?;
                    self.pause(&mut waiting, error).await?;
                }
                Err(error) => {
                    // The connection may be gone; what failed is then said by the first error.
                    let _ = self.admin.batch_execute("ROLLBACK").await;
                    return Err(error);
                }
                Ok(()) => return Ok(()),
            }
        }
    }

    async fn try_transaction(
        &mut self,
        migration: &str,
        step: &Step,
        locks: &[(String, &'static str)],
        sql: &str,
    ) -> Result<()> {
        let begin = format!(
            "BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; SET LOCAL statement_timeout = 0; {}",
            role(step)
        );
        self.admin.batch_execute(&begin).await?;
        for (table, mode) in locks {
            self.admin.batch_execute(&format!("LOCK TABLE {table} IN {mode} MODE")).await?;
        }
        self.admin.batch_execute("SET LOCAL search_path = public; SET LOCAL tenantry.migrating = 'on'").await?;
        let before = self.tables().await?;
        self.admin.batch_execute(sql).await?;
        self.faults.point("inside", migration, &step.name)?;
        self.keep_record(migration, step, &before).await?;
        if ledger::exists(self.admin).await? {
            self.admin.batch_execute(ledger::AS_OWNER).await?;
            ledger::record(self.admin, migration, step).await?;
        }
        self.admin.batch_execute("COMMIT").await?;
        Ok(())
    }

    async fn outside(&mut self, migration: &str, step: &Step, clear: &[String], sql: &str) -> Result<()> {
        let mut waiting = Waiting::new(self.patience);
        ledger::begin(self.admin, migration, step).await?;
        let set_up = match step.role {
            Role::Owner => "SET ROLE tenantry_owner; SET search_path = public",
            Role::Migrator => "SET search_path = public",
        };
        self.admin.batch_execute("SET statement_timeout = 0").await?;
        self.admin.batch_execute(set_up).await?;
        let done = self.try_outside(clear, sql, &mut waiting).await;
        self.admin.batch_execute("RESET lock_timeout; RESET search_path; RESET ROLE").await?;
        done?;
        self.faults.point("inside", migration, &step.name)?;
        if let Some(records) = &mut self.records {
            records.push(Record::new(migration, step, Vec::new()));
        }
        ledger::finish(self.admin, migration, &step.name).await
    }

    async fn try_outside(&mut self, clear: &[String], sql: &str, waiting: &mut Waiting) -> Result<()> {
        loop {
            match self.once_outside(clear, sql).await {
                Err(error) if gave_way(&error) => self.pause(waiting, error).await?,
                other => return other,
            }
        }
    }

    /// Begins with clearing, since a statement that gave way leaves behind what an interrupted one does.
    ///
    /// `CREATE INDEX CONCURRENTLY` has to wait for running transactions, which blocks nobody: it may wait as long as the
    /// patience lasts.
    async fn once_outside(&self, clear: &[String], sql: &str) -> Result<()> {
        let patience = self.patience.as_millis().clamp(1, 2_147_483_647);
        for statement in clear.iter().map(String::as_str).chain([sql]) {
            let concurrently = statement.to_ascii_uppercase().contains("CONCURRENTLY");
            let timeout = if concurrently { format!("{patience}ms") } else { LOCK_TIMEOUT.to_owned() };
            self.admin.batch_execute(&format!("SET lock_timeout = '{timeout}'")).await?;
            self.admin.batch_execute(statement).await?;
        }
        Ok(())
    }

    async fn batch(&mut self, migration: &str, step: &Step, sql: &str) -> Result<()> {
        let mut waiting = Waiting::new(self.patience);
        let (mut cursor, mut rows) = (String::new(), 0_i64);
        loop {
            let tried = self.try_batch(migration, step, sql, &cursor).await;
            match tried {
                Err(error) if gave_way(&error) => {
                    self.admin.batch_execute("ROLLBACK").await?;
                    self.pause(&mut waiting, error).await?;
                }
                Err(error) => {
                    // The connection may be gone; what failed is then said by the first error.
                    let _ = self.admin.batch_execute("ROLLBACK").await;
                    return Err(error);
                }
                Ok((next, done)) => {
                    rows += done;
                    self.progress.batch(rows);
                    let Some(next) = next else { return Ok(()) };
                    cursor = next;
                }
            }
        }
    }

    async fn try_batch(
        &mut self,
        migration: &str,
        step: &Step,
        sql: &str,
        cursor: &str,
    ) -> Result<(Option<String>, i64)> {
        let begin = format!(
            "BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; SET LOCAL statement_timeout = 0; {} \
             SET LOCAL search_path = public; SET LOCAL tenantry.migrating = 'on'",
            role(step)
        );
        self.admin.batch_execute(&begin).await?;
        let before = self.tables().await?;
        let row = self.admin.query_one(sql, &[&cursor]).await?;
        let (next, done): (Option<String>, i64) = (row.get(0), row.get(1));
        let place = if cursor.is_empty() { "inside the first batch of" } else { "inside a later batch of" };
        self.faults.point(place, migration, &step.name)?;
        if next.is_none() {
            self.keep_record(migration, step, &before).await?;
            self.admin.batch_execute(ledger::AS_OWNER).await?;
            ledger::record(self.admin, migration, step).await?;
        }
        self.admin.batch_execute("COMMIT").await?;
        Ok((next, done))
    }

    /// The tables that a step finds, where its locks on them are to be recorded.
    async fn tables(&self) -> Result<Vec<u32>> {
        if self.records.is_none() {
            return Ok(Vec::new());
        }
        let rows = self.admin.query("SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')", &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Reads the locks of the present transaction on tables that were there before it.
    async fn keep_record(&mut self, migration: &str, step: &Step, before: &[u32]) -> Result<()> {
        let Some(records) = &mut self.records else { return Ok(()) };
        let rows = self
            .admin
            .query(
                "SELECT DISTINCT c.oid::regclass::text, l.mode
                   FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE l.pid = pg_backend_pid() AND l.granted AND c.oid = ANY ($1)
                    AND n.nspname NOT IN ('pg_catalog', 'tenantry') AND l.mode <> 'AccessShareLock'
                  ORDER BY 1, 2",
                &[&before],
            )
            .await?;
        let locks = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        records.push(Record::new(migration, step, locks));
        Ok(())
    }

    async fn wait_for_old_transactions(&mut self, waiting: &mut Waiting) -> Result<()> {
        loop {
            let old = self
                .admin
                .query_opt(
                    &format!(
                        "{HOLDER} AND a.pid <> pg_backend_pid() AND a.xact_start < now() - interval '{OLD_TRANSACTION}'
                         ORDER BY a.xact_start LIMIT 1"
                    ),
                    &[],
                )
                .await?;
            let Some(row) = old else { return Ok(()) };
            let holder: String = row.get(0);
            let error = Error::failure("a transaction has been open for more than five seconds");
            self.wait(waiting, &holder, error).await?;
        }
    }

    async fn pause(&mut self, waiting: &mut Waiting, error: Error) -> Result<()> {
        let holder = self
            .admin
            .query_opt(
                &format!(
                    "{HOLDER} AND a.pid <> pg_backend_pid()
                       AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND l.relation > 16383)
                     ORDER BY a.xact_start LIMIT 1"
                ),
                &[],
            )
            .await?
            .map_or_else(|| "a session that has finished since".to_owned(), |row| row.get(0));
        self.wait(waiting, &holder, error).await
    }

    async fn wait(&mut self, waiting: &mut Waiting, holder: &str, error: Error) -> Result<()> {
        let Some(pause) = waiting.next() else {
            return Err(Error::failure(format!(
                "a lock wasn't to be had within the patience: {}; {holder}",
                error.what()
            ))
            .mend("end that session or wait for it, then run the same command again: it goes on where it stopped"));
        };
        self.progress.waiting(holder);
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// One sentence about each session in a transaction of this database.
const HOLDER: &str = "
SELECT format('pid %s (%s, %s) has been in a transaction for %s, its query: %s', a.pid,
              coalesce(nullif(a.application_name, ''), 'unnamed'), coalesce(a.state, 'state hidden'),
              justify_interval(date_trunc('second', now() - a.xact_start)), left(a.query, 120))
  FROM pg_stat_activity a
 WHERE a.datname = current_database() AND a.xact_start IS NOT NULL";

fn role(step: &Step) -> &'static str {
    match step.role {
        Role::Owner => "SET LOCAL ROLE tenantry_owner;",
        Role::Migrator => "",
    }
}

/// Whether the step should be tried again because somebody else was in the way.
fn gave_way(error: &Error) -> bool {
    matches!(error.sql_state(), Some(state) if *state == SqlState::LOCK_NOT_AVAILABLE || *state == SqlState::T_R_DEADLOCK_DETECTED)
}

/// Pauses that grow, with jitter, until the patience is at an end.
struct Waiting {
    ends: Instant,
    pause: Duration,
}

impl Waiting {
    fn new(patience: Duration) -> Self {
        Self { ends: Instant::now() + patience, pause: FIRST_PAUSE }
    }

    fn next(&mut self) -> Option<Duration> {
        let left = self.ends.checked_duration_since(Instant::now())?;
        let jitter = f64::from(uuid::Uuid::new_v4().as_bytes()[0]) / 255.0;
        let pause = self.pause.mul_f64(0.5 + jitter);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Some(pause.min(left).max(Duration::from_millis(1)))
    }
}
