use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join;
use futures_util::{FutureExt as _, TryStreamExt as _};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, RowStream, Transaction};
use uuid::Uuid;

use super::admin::Admin;
use super::caller::{Act, Caller};
use super::pipeline::{self, Opening, Words};
use super::pool::Lease;
use super::quote;
use crate::{Error, Result};

/// A transaction with a caller's role and what the audit log wants to know, all of it set for this transaction alone.
///
/// Rolled back unless committed.
pub struct Tx<'a> {
    session: Session<'a>,
    role: &'static str,
    /// Whether it reads and writes as a job does for now.
    is_worker: AtomicBool,
    /// Whether a statement failed: PostgreSQL would answer COMMIT as if nothing were wrong, and roll back.
    failed: AtomicBool,
}

enum Session<'a> {
    /// On the operator's own connection.
    Admin(Transaction<'a>),
    /// On a connection of the server's.
    Server(Box<OnLease>),
}

/// What a transaction on a connection of the server's consists of.
struct OnLease {
    lease: Lease,
    words: Arc<Words>,
    caller: Caller,
    act: Act,
    /// Whether all statements see the database as the first one does.
    is_snapshot: bool,
    /// Whether BEGIN was sent: it goes with the first statement.
    is_begun: AtomicBool,
    /// Whether COMMIT was sent.
    is_over: AtomicBool,
}

impl<'a> Tx<'a> {
    /// Begins one on the operator's connection; `reason` is what the caller says the act is for.
    pub async fn begin(admin: &'a mut Admin, caller: &Caller, reason: &str) -> Result<Self> {
        let transaction = admin.transaction().await?;
        let role = caller.role();
        let set = [
            ("tenantry.actor", caller.actor()),
            ("tenantry.reason", reason.to_owned()),
            ("tenantry.request_id", Uuid::new_v4().to_string()),
        ];
        let set: String = set
            .iter()
            .map(|(name, value)| {
                format!("SELECT set_config({}, {}, true);", quote::literal(name), quote::literal(value))
            })
            .collect();
        transaction.batch_execute(&format!("{set} SET LOCAL ROLE {role}; SET LOCAL search_path = ''")).await?;
        Ok(Self::over(Session::Admin(transaction), role))
    }

    /// One on a connection of the server's.
    pub(super) fn on_lease(lease: Lease, words: Arc<Words>, caller: Caller, act: Act, is_snapshot: bool) -> Self {
        let role = caller.role();
        let (is_begun, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
        let session = OnLease { lease, words, caller, act, is_snapshot, is_begun, is_over };
        Self::over(Session::Server(Box::new(session)), role)
    }

    fn over(session: Session<'a>, role: &'static str) -> Self {
        Self { session, role, is_worker: AtomicBool::new(false), failed: AtomicBool::new(false) }
    }

    /// The database role whose rights the next statement has.
    fn role(&self) -> &'static str {
        if self.is_worker.load(Ordering::Relaxed) { Caller::Worker.role() } else { self.role }
    }

    /// Every row of a query.
    pub async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let rows = match &self.session {
            Session::Admin(transaction) => transaction.query(sql, values).await,
            Session::Server(session) => session.query(self.role(), sql, values).await,
        };
        self.noting(rows)
    }

    /// Hands over the rows of a query one by one, so that many needn't be held at once.
    pub async fn each(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        mut take: impl FnMut(Row) + Send,
    ) -> Result<()> {
        let done = match &self.session {
            Session::Admin(transaction) => {
                let rows = transaction.query_raw(sql, values.iter().copied());
                async { every(rows.await?, &mut take).await }.await
            }
            Session::Server(session) => session.each(self.role(), sql, values, &mut take).await,
        };
        self.noting(done)
    }

    /// The one row of a query.
    pub async fn query_one(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Row> {
        self.query_opt(sql, values).await?.ok_or_else(|| Error::failure("a query that gives a row gave none"))
    }

    /// The only row of a query, if there is one.
    pub async fn query_opt(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>> {
        let mut rows = self.query(sql, values).await?;
        if rows.len() > 1 {
            return Err(Error::failure(format!("a query that gives at most one row gave {}", rows.len())));
        }
        Ok(rows.pop())
    }

    /// How many rows a statement touched.
    pub async fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let count = match &self.session {
            Session::Admin(transaction) => transaction.execute(sql, values).await,
            Session::Server(session) => session.execute(self.role(), sql, values).await,
        };
        self.noting(count)
    }

    /// Runs statements without values, separated by semicolons.
    pub async fn run(&self, sql: &str) -> Result<()> {
        let done = match &self.session {
            Session::Admin(transaction) => transaction.batch_execute(sql).await,
            Session::Server(session) => session.run(sql).await,
        };
        self.noting(done)
    }

    /// Does work with the rights of the connection itself: for a table of the site's that Tenantry doesn't own.
    pub async fn as_connected<T>(&self, work: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        self.run("SET LOCAL ROLE NONE").await?;
        let done = work(self).await?;
        self.run(&format!("SET LOCAL ROLE {}", self.role)).await?;
        Ok(done)
    }

    /// Does work with the rights of a job, which sees every row: only what was asked for under the caller's own policies
    /// first may be looked for there.
    ///
    /// The operator has these rights already. Claims stay as they are, so that the audit log names the caller.
    pub fn as_worker<T, E: From<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, E>> {
        // Work within work makes for large futures, which are kept off the stack.
        let work = Box::pin(work);
        async move {
            let Session::Server(session) = &self.session else { return work.await };
            if self.is_worker.swap(true, Ordering::Relaxed) {
                return work.await;
            }
            // Sent ahead of the work's first statement, which PostgreSQL answers after it.
            let (taken, done) = join(session.run(SET_WORKER), work).await;
            self.is_worker.store(false, Ordering::Relaxed);
            self.noting(taken)?;
            // In a transaction that failed nothing is heard but its end.
            if !self.failed.load(Ordering::Relaxed) {
                session.send(&format!("SET LOCAL ROLE {}", self.role));
            }
            done
        }
    }

    /// Does work with the rights of whoever writes rows for the caller.
    ///
    /// That is the caller, so that policies decide; for the operator it is a job, because triggers take what the owner of
    /// the tables writes for a migration's doing, and don't count it.
    pub fn as_writer<T, E: From<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, E>> {
        let work = Box::pin(work);
        async move {
            if matches!(self.session, Session::Server(_)) {
                return work.await;
            }
            self.run(SET_WORKER).await?;
            let done = work.await;
            if !self.failed.load(Ordering::Relaxed) {
                self.run(&format!("SET LOCAL ROLE {}", self.role)).await?;
            }
            done
        }
    }

    /// Commits; an error where a statement failed, since nothing of the transaction is left then.
    pub async fn commit(self) -> Result<()> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Error::failure("a transaction in which a statement failed can't be committed"));
        }
        match self.session {
            Session::Admin(transaction) => Ok(transaction.commit().await?),
            Session::Server(session) => Ok(session.commit().await?),
        }
    }

    /// Runs the last statement and commits, in one round trip.
    pub async fn finish(self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Error::failure("a transaction in which a statement failed can't be committed"));
        }
        let role = self.role();
        match self.session {
            Session::Admin(transaction) => {
                let rows = transaction.query(sql, values).await?;
                transaction.commit().await?;
                Ok(rows)
            }
            Session::Server(session) => Ok(session.finish(role, sql, values).await?),
        }
    }

    fn noting<T>(&self, answer: std::result::Result<T, tokio_postgres::Error>) -> Result<T> {
        answer.map_err(|error| {
            self.failed.store(true, Ordering::Relaxed);
            error.into()
        })
    }
}

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

const SET_WORKER: &str = "SET LOCAL ROLE tenantry_worker";

async fn every(rows: RowStream, take: &mut (impl FnMut(Row) + Send)) -> Answer<()> {
    let mut rows = std::pin::pin!(rows);
    while let Some(row) = rows.try_next().await? {
        take(row);
    }
    Ok(())
}

impl OnLease {
    /// Sends what opens the transaction before the first statement, without waiting for the answer in between.
    async fn after_opening<T>(&self, work: impl Future<Output = Answer<T>>) -> Answer<T> {
        let all = async {
            if self.is_begun.swap(true, Ordering::Relaxed) {
                return work.await;
            }
            let begin = if self.is_snapshot { &self.words.begin_snapshot } else { &self.words.begin };
            let opening = Opening { begin, caller: &self.caller, act: &self.act };
            let (opened, done) = join(opening.send(&self.lease), work).await;
            opened.and(done)
        };
        self.lease.see_through(all).await
    }

    async fn query(&self, role: &'static str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Answer<Vec<Row>> {
        self.after_opening(async {
            let statement = pipeline::statement(&self.lease, role, sql).await?;
            let rows = self.lease.client().query(&statement, values).await;
            rows.inspect_err(|error| self.lease.reconsider(role, sql, error))
        })
        .await
    }

    async fn each(
        &self,
        role: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        take: &mut (impl FnMut(Row) + Send),
    ) -> Answer<()> {
        self.after_opening(async {
            let statement = pipeline::statement(&self.lease, role, sql).await?;
            let rows = self.lease.client().query_raw(&statement, values.iter().copied()).await;
            every(rows.inspect_err(|error| self.lease.reconsider(role, sql, error))?, take).await
        })
        .await
    }

    async fn execute(&self, role: &'static str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Answer<u64> {
        self.after_opening(async {
            let statement = pipeline::statement(&self.lease, role, sql).await?;
            let count = self.lease.client().execute(&statement, values).await;
            count.inspect_err(|error| self.lease.reconsider(role, sql, error))
        })
        .await
    }

    async fn run(&self, sql: &str) -> Answer<()> {
        self.after_opening(self.lease.client().batch_execute(sql)).await
    }

    /// Sends what can't fail and doesn't wait for the answer: what comes next is answered after it.
    fn send(&self, sql: &str) {
        let _ = self.lease.client().batch_execute(sql).now_or_never();
    }

    async fn commit(self) -> Answer<()> {
        if !self.is_begun.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.is_over.store(true, Ordering::Relaxed);
        self.lease.see_through(pipeline::commit(&self.lease, &self.words)).await
    }

    async fn finish(self, role: &'static str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Answer<Vec<Row>> {
        self.after_opening(async {
            let statement = pipeline::statement(&self.lease, role, sql).await?;
            self.is_over.store(true, Ordering::Relaxed);
            let commit = pipeline::commit(&self.lease, &self.words);
            let (rows, committed) = join(self.lease.client().query(&statement, values), commit).await;
            let rows = rows.inspect_err(|error| self.lease.reconsider(role, sql, error))?;
            committed?;
            Ok(rows)
        })
        .await
    }
}

impl Drop for OnLease {
    /// Sends ROLLBACK and doesn't wait for the answer: whoever has the connection next is answered after it.
    fn drop(&mut self) {
        if *self.is_begun.get_mut() && !*self.is_over.get_mut() {
            self.send(self.words.roll_back);
        }
    }
}
