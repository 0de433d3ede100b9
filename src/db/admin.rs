use std::ops::{Deref, DerefMut};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, config::SslMode};

use super::tls;
use crate::{Error, Result};

/// How long a connection may take before the server counts as unreachable.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a URL without a host leads, as with PostgreSQL's own programs: the socket of this machine's server.
const DEFAULT_HOST: &str = "/var/run/postgresql";

/// Settings of a session that a site may have set otherwise for its database or a role, and that statements of ours, or
/// what the catalog prints, depend on.
pub(super) const PLAIN: &str = "
SELECT pg_catalog.set_config(name, value, false)
  FROM (VALUES ('row_security', 'on'), ('quote_all_identifiers', 'off'), ('transform_null_equals', 'off'),
               ('standard_conforming_strings', 'on'), ('array_nulls', 'on'), ('DateStyle', 'ISO, MDY'),
               ('IntervalStyle', 'postgres'), ('extra_float_digits', '1'), ('default_transaction_isolation', 'read committed'),
               ('plpgsql.extra_errors', 'none'), ('plpgsql.extra_warnings', 'none')) s (name, value)";

/// A connection for migrations, backups and the operator's own commands.
///
/// Dereferences to [`tokio_postgres::Client`]. Ends with the value: an open transaction is then rolled back.
pub struct Admin {
    client: Client,
    config: Config,
    connection: JoinHandle<()>,
}

impl Admin {
    /// Connects to the database that a URL or a `key=value` string names.
    ///
    /// The error names host, port, database and user, never the password.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_with(config(url)?).await
    }

    /// Connects as a configuration says.
    pub async fn connect_with(mut config: Config) -> Result<Self> {
        if config.get_application_name().is_none() {
            config.application_name("tenantry");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        let (client, connection) = open(&config).await.map_err(|error| unreachable(&config, error))?;
        let admin = Self { client, config, connection };
        // Months are those of UTC, and what the catalog prints of a moment is compared.
        let settings = format!("{PLAIN} UNION ALL SELECT pg_catalog.set_config('TimeZone', 'UTC', false)");
        admin.query(&settings, &[]).await?;
        Ok(admin)
    }

    /// A second connection to the same database, as the same role.
    pub async fn again(&self) -> Result<Self> {
        Self::connect_with(self.config.clone()).await
    }

    /// A connection to another database of the same server, as the same role.
    pub async fn to_database(&self, name: &str) -> Result<Self> {
        let mut config = self.config.clone();
        config.dbname(name);
        Self::connect_with(config).await
    }

    /// How this connection was made.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

impl Deref for Admin {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Admin {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

/// What a URL or a `key=value` string says.
pub fn config(url: &str) -> Result<Config> {
    let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
        Error::usage("the database URL can't be read")
            .mend("write it as postgres://user:password@host:port/database or host=… dbname=…")
            .caused_by(error)
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        config.host(DEFAULT_HOST);
    }
    Ok(config)
}

pub(super) async fn open(config: &Config) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
    open_hearing(config, || {}).await
}

/// The same, and says when there was a notification.
pub(super) async fn open_hearing(
    config: &Config,
    notified: impl FnMut() + Send + 'static,
) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
    if config.get_ssl_mode() == SslMode::Disable {
        let (client, connection) = config.connect(NoTls).await?;
        return Ok((client, tokio::spawn(serve(connection, notified))));
    }
    let Ok(tls) = tls::connector() else {
        let (client, connection) = config.connect(NoTls).await?;
        return Ok((client, tokio::spawn(serve(connection, notified))));
    };
    let (client, connection) = config.connect(tls).await?;
    Ok((client, tokio::spawn(serve(connection, notified))))
}

/// Moves messages between the client and the socket until either ends; notices go to the log.
async fn serve<S, T>(mut connection: tokio_postgres::Connection<S, T>, mut notified: impl FnMut())
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(message) = std::future::poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) => tracing::debug!(message = notice.message(), "notice"),
            Ok(AsyncMessage::Notification(_)) => notified(),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "the connection ended");
                return;
            }
        }
    }
}

fn unreachable(config: &Config, error: tokio_postgres::Error) -> Error {
    use tokio_postgres::error::SqlState;

    let place = describe(config);
    let mend = match error.code() {
        Some(code) if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            "check the user and the password in the database URL"
        }
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => "create the database, or name one that exists",
        Some(code) if *code == SqlState::TOO_MANY_CONNECTIONS => "raise max_connections, or end idle sessions",
        Some(_) => "see the server's log",
        None => "check that the server runs and that host, port and firewall let this machine reach it",
    };
    let cause = Error::from(error);
    Error::failure(format!("can't connect to {place}: {}", cause.what())).mend(mend).caused_by(cause)
}

/// Host, port, database and user of a configuration: what an error may show of it.
pub fn describe(config: &Config) -> String {
    use tokio_postgres::config::Host;

    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or("(the system's user)");
    let database = config.get_dbname().unwrap_or(user);
    format!("database {database:?} on {host} port {port} as {user:?}")
}
