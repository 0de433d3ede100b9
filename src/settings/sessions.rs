use std::time::Duration;

/// The server's sessions at PostgreSQL.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Sessions at PostgreSQL")]
pub struct Sessions {
    /// Connections for requests, at most
    #[arg(long, env = "TENANTRY_POOL_SIZE", value_name = "COUNT", default_value_t = Self::default().pool_size,
          value_parser = at_least_one, hide_short_help = true)]
    pub pool_size: usize,

    /// Connections kept for sign-in, jobs and health, besides those for requests
    #[arg(long, env = "TENANTRY_RESERVED_POOL_SIZE", value_name = "COUNT", default_value_t = Self::default().reserved_pool_size,
          value_parser = at_least_one, hide_short_help = true)]
    pub reserved_pool_size: usize,

    /// Milliseconds that a request waits for a connection before it is refused (504)
    #[arg(long, env = "TENANTRY_POOL_WAIT", value_name = "MS", default_value_t = Self::default().pool_wait, hide_short_help = true)]
    pub pool_wait: u64,

    /// Milliseconds that a statement may take (`statement_timeout`)
    #[arg(long, env = "TENANTRY_STATEMENT_TIMEOUT", value_name = "MS", default_value_t = Self::default().statement_timeout,
          hide_short_help = true)]
    pub statement_timeout: u64,

    /// Milliseconds that a transaction may wait for us (`idle_in_transaction_session_timeout`)
    #[arg(long, env = "TENANTRY_IDLE_IN_TRANSACTION_TIMEOUT", value_name = "MS",
          default_value_t = Self::default().idle_in_transaction_timeout, hide_short_help = true)]
    pub idle_in_transaction_timeout: u64,

    /// Prepared statements that each connection keeps
    #[arg(long, env = "TENANTRY_STATEMENT_CACHE", value_name = "COUNT", default_value_t = Self::default().statement_cache,
          value_parser = at_least_one, hide_short_help = true)]
    pub statement_cache: usize,

    /// What stands between this server and PostgreSQL
    #[arg(long, env = "TENANTRY_POOLER", value_name = "KIND", value_enum, default_value_t, hide_short_help = true)]
    pub pooler: Pooler,
}

/// What stands between this server and PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Pooler {
    /// Nothing, or a pooler that keeps sessions apart
    #[default]
    None,
    /// A pooler in transaction mode that knows prepared statements (`PgBouncer` from 1.21 with `max_prepared_statements`)
    Prepared,
    /// A pooler in transaction mode that doesn't know prepared statements
    Unprepared,
}

impl Pooler {
    /// Whether what is prepared outlives its transaction.
    pub fn keeps_statements(self) -> bool {
        self != Self::Unprepared
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            pool_size: 16,
            reserved_pool_size: 4,
            pool_wait: 5_000,
            statement_timeout: 30_000,
            idle_in_transaction_timeout: 10_000,
            statement_cache: 100,
            pooler: Pooler::None,
        }
    }
}

impl Sessions {
    /// How long a request waits for a connection.
    pub fn pool_wait(&self) -> Duration {
        Duration::from_millis(self.pool_wait)
    }

    /// What a session or a transaction is told first, with `SET` or `SET LOCAL`.
    pub fn limits(&self, set: &str) -> String {
        // Compiling what reads many clients' rows takes longer than reading them.
        format!(
            "{set} jit = off; {set} statement_timeout = {}; {set} idle_in_transaction_session_timeout = {}",
            self.statement_timeout, self.idle_in_transaction_timeout
        )
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "write a number from 1 on".to_owned())
}
