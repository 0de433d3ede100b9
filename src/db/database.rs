use std::sync::Arc;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, Row};

use super::caller::{Act, Caller};
use super::listen::Listener;
use super::pipeline::{self, Failed, Opening, Words};
use super::pool::{Pool, PoolStatus};
use super::tx::Tx;
use crate::settings::{Pooler, Sessions};
use crate::{Error, Result};

/// How often a transaction that PostgreSQL gave up for another's sake, or that a restart took, is begun.
const TRIES: usize = 3;

/// The server's way to PostgreSQL: every statement in a transaction on somebody's behalf.
///
/// Cheap to clone. Connects when there is something to do, so that a database that is away now may be there later.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    /// For requests.
    requests: Pool,
    /// For sign-in, jobs and health, which have to go on where requests have taken every other connection.
    reserved: Pool,
    words: Arc<Words>,
    /// How to connect to a database that tells what happens in it; none where a pooler between would keep that to itself.
    telling: Option<Config>,
}

impl Database {
    /// One that connects as a configuration says.
    pub fn new(config: &Config, sessions: &Sessions) -> Result<Self> {
        let requests = Pool::new(config, sessions, sessions.pool_size)?;
        let reserved = Pool::new(config, sessions, sessions.reserved_pool_size)?;
        let words = Arc::new(Words::new(sessions));
        let telling = (sessions.pooler == Pooler::None).then(|| config.clone());
        Ok(Self { inner: Arc::new(Inner { requests, reserved, words, telling }) })
    }

    /// Begins a transaction on somebody's behalf. What it says is sent together with its first statement, so that
    /// claims which don't hold (`TN401`) are refused there.
    pub async fn begin(&self, caller: &Caller, act: &Act) -> Result<Tx<'static>> {
        let lease = self.pool(caller).get().await?;
        Ok(Tx::on_lease(lease, self.inner.words.clone(), caller.clone(), act.clone(), false))
    }

    /// Begins one that only reads, all of whose statements see the database as the first one does.
    pub async fn snapshot(&self, caller: &Caller, act: &Act) -> Result<Tx<'static>> {
        let lease = self.pool(caller).get().await?;
        Ok(Tx::on_lease(lease, self.inner.words.clone(), caller.clone(), act.clone(), true))
    }

    /// One statement in a transaction of its own, committed, in one round trip.
    ///
    /// Begun again, a few times, where PostgreSQL gave it up for another transaction's sake or ended the session before
    /// it was committed.
    pub async fn once(
        &self,
        caller: &Caller,
        act: &Act,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        self.tries(&self.inner.words.begin, caller, act, sql, values, |failed| !failed.perhaps_done).await
    }

    /// The same for a statement that only reads, which a lost connection is no reason to give up.
    pub async fn read(
        &self,
        caller: &Caller,
        act: &Act,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        self.tries(&self.inner.words.begin_reading, caller, act, sql, values, |_| true).await
    }

    /// Listens to a channel, over a connection of its own; none where a pooler stands between, which has no sessions.
    pub async fn listen(&self, channel: &str) -> Result<Option<Listener>> {
        match &self.inner.telling {
            Some(config) => Listener::connect(config, channel).await.map(Some),
            None => Ok(None),
        }
    }

    /// How many connections there are for requests, and how many are reserved.
    pub fn status(&self) -> (PoolStatus, PoolStatus) {
        (self.inner.requests.status(), self.inner.reserved.status())
    }

    async fn tries(
        &self,
        begin: &str,
        caller: &Caller,
        act: &Act,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        may_repeat: impl Fn(&Failed) -> bool,
    ) -> Result<Vec<Row>> {
        let opening = Opening { begin, caller, act };
        for tried in 1.. {
            let lease = self.pool(caller).get().await?;
            let done = lease.see_through(pipeline::once(&lease, &self.inner.words, &opening, sql, values)).await;
            match done {
                Ok(rows) => return Ok(rows),
                Err(failed) if tried < TRIES && may_repeat(&failed) && is_transient(&failed.error) => {}
                Err(failed) => return Err(Error::from(failed.error)),
            }
        }
        unreachable!("the last try returns")
    }

    fn pool(&self, caller: &Caller) -> &Pool {
        match caller {
            Caller::Auth | Caller::Worker | Caller::Operator(_) => &self.inner.reserved,
            Caller::Anonymous(_) | Caller::Authenticated(_) | Caller::Person(..) | Caller::Service(_) => {
                &self.inner.requests
            }
        }
    }
}

/// Whether the same may well succeed in another try.
fn is_transient(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(state) => {
            [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(state)
                || pipeline::is_outdated(error)
                || [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN].contains(state)
        }
        None => Error::is_lost_connection(error),
    }
}
