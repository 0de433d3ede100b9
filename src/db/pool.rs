use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool::managed::{
    self, Metrics, Object, PoolConfig, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts,
};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::admin;
use super::pipeline;
use super::statements::Statements;
use super::tls;
use crate::settings::{Pooler, Sessions};
use crate::{Error, Result};

/// Connections of the server itself, of which at most so many are open.
pub(super) struct Pool {
    connections: managed::Pool<Connector>,
    wait: Duration,
}

/// How many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStatus {
    /// At most.
    pub most: usize,
    /// Open.
    pub open: usize,
    /// Open and free.
    pub free: usize,
    /// Requests that wait for one.
    pub waiting: usize,
}

impl Pool {
    /// Opens nothing yet.
    pub(super) fn new(config: &Config, sessions: &Sessions, most: usize) -> Result<Self> {
        let mut config = config.clone();
        if config.get_application_name().is_none() {
            config.application_name("tenantry");
        }
        let create = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        config.connect_timeout(create);
        let connector = Connector { place: admin::describe(&config), config, sessions: sessions.clone() };
        let timeouts = Timeouts { wait: Some(sessions.pool_wait()), create: Some(create), recycle: None };
        // The connection that was used last is the one whose caches are warm, and idle ones can be told apart.
        let settings = PoolConfig { max_size: most, timeouts, queue_mode: QueueMode::Lifo };
        let connections = managed::Pool::builder(connector)
            .config(settings)
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| Error::failure("the pool of connections can't be made").caused_by(error))?;
        Ok(Self { connections, wait: sessions.pool_wait() })
    }

    /// A connection for one transaction after another; waits for a free one as long as the settings allow.
    pub(super) async fn get(&self) -> Result<Lease> {
        match self.connections.get().await {
            Ok(connection) => Ok(Lease(Some(connection))),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Timeout(managed::TimeoutType::Wait)) => Err(Error::busy(format!(
                "no connection to the database became free within {} s",
                self.wait.as_secs_f64()
            ))
            .mend("try again; if it lasts, raise --pool-size, or look for slow statements")),
            Err(error) => Err(Error::unavailable("the database can't be reached").caused_by(error)),
        }
    }

    pub(super) fn status(&self) -> PoolStatus {
        let managed::Status { max_size, size, available, waiting, .. } = self.connections.status();
        PoolStatus { most: max_size, open: size, free: available, waiting }
    }
}

/// Whoever could do more gives it up, so that a statement outside a transaction can do nothing either.
pub(super) const HUMBLE: &str = "SELECT set_config('session_authorization', 'tenantry_server', false)
                                  WHERE current_setting('is_superuser')::boolean";

/// How long a connection may take before the server counts as away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

struct Connector {
    config: Config,
    place: String,
    sessions: Sessions,
}

/// One session at the server.
pub(super) struct Connection {
    client: Client,
    task: JoinHandle<()>,
    /// `tenantry.enter` and the role, prepared where statements outlive their transaction.
    pub(super) enter: Option<Statement>,
    /// What was prepared here; none where statements don't outlive their transaction.
    statements: Option<Mutex<Statements>>,
    /// Statements whose answer nobody has seen to the end.
    under_way: AtomicUsize,
}

impl managed::Manager for Connector {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection> {
        let (client, task) = admin::open(&self.config).await.map_err(|error| {
            let cause = Error::from(error);
            tracing::warn!(database = self.place, cause = cause.what(), "can't connect");
            Error::unavailable("the database can't be reached").caused_by(cause)
        })?;
        let connection = Connection {
            client,
            task,
            enter: None,
            statements: self.sessions.pooler.keeps_statements().then(|| Mutex::new(Statements::new(&self.sessions))),
            under_way: AtomicUsize::new(0),
        };
        self.prepare(connection).await
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Error> {
        if connection.is_closed() {
            return Err(RecycleError::message("the connection is closed"));
        }
        Ok(())
    }
}

impl Connector {
    /// Does what a session needs once.
    async fn prepare(&self, mut connection: Connection) -> Result<Connection> {
        if self.sessions.pooler == Pooler::None {
            let settings = self.sessions.limits("SET");
            connection.client.batch_execute(&format!("{}; {settings}; {HUMBLE}", admin::PLAIN)).await?;
        }
        if self.sessions.pooler.keeps_statements() {
            connection.enter = Some(connection.client.prepare(pipeline::ENTER).await?);
        }
        Ok(connection)
    }
}

impl Connection {
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// What was prepared here for a role.
    pub(super) fn prepared(&self, role: &'static str, sql: &str) -> Option<Statement> {
        let found = self.statements()?.get(role, sql);
        let result = if found.is_some() { "hit" } else { "miss" };
        metrics::counter!("tenantry_statements_total", "result" => result).increment(1);
        found
    }

    /// Keeps what was prepared, where that outlives its transaction.
    pub(super) fn keep(&self, role: &'static str, sql: &str, statement: Statement) {
        if let Some(mut statements) = self.statements() {
            statements.keep(role, sql, statement);
        }
    }

    /// Forgets what was prepared where an error says that it no longer fits the schema.
    pub(super) fn reconsider(&self, role: &'static str, sql: &str, error: &tokio_postgres::Error) {
        if pipeline::is_outdated(error)
            && let Some(mut statements) = self.statements()
        {
            statements.forget(role, sql);
        }
    }

    pub(super) fn keeps_statements(&self) -> bool {
        self.statements.is_some()
    }

    fn statements(&self) -> Option<MutexGuard<'_, Statements>> {
        Some(self.statements.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_closed(&self) -> bool {
        self.client.is_closed() || self.under_way.load(Ordering::Relaxed) > 0
    }

    /// Sees something through: if the future is dropped before its end, the connection isn't used again.
    pub(super) async fn see_through<T>(&self, work: impl Future<Output = T>) -> T {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let done = work.await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        done
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A connection on loan. Given back with the value, or ended where something on it is still under way.
pub(super) struct Lease(Option<Object<Connector>>);

impl Deref for Lease {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(object) = self.0.take() else { return };
        if object.under_way.load(Ordering::Relaxed) == 0 {
            return;
        }
        // Whoever asked is gone: what the server still does for them is for nobody, and would hold its locks.
        let connection = Object::take(object);
        let cancel = connection.client.cancel_token();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let asked = match tls::connector() {
                    Ok(tls) => cancel.cancel_query(tls).await,
                    Err(_) => cancel.cancel_query(NoTls).await,
                };
                if let Err(error) = asked {
                    tracing::debug!(%error, "a statement couldn't be cancelled");
                }
                drop(connection);
            });
        }
    }
}
