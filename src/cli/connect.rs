use tokio_postgres::Config;

use super::{output, signals};
use crate::db::admin::{self, Admin};
use crate::db::caller::Caller;
use crate::db::cluster::{Cluster, Purpose};
use crate::db::migrate::ledger;
use crate::db::tx::Tx;
use crate::settings::Settings;
use crate::{Error, Result};

/// The database that the settings name, for as long as a command works on it.
///
/// That is the server named in `DATABASE_ADMIN_URL` or `DATABASE_URL`; else the cluster in the data directory: the one
/// that `tenantry up` keeps running, or, where none runs, started for the duration of the work.
pub struct Session {
    /// How to connect.
    pub config: Config,
    /// What has to be left as it was found.
    cluster: Option<Cluster>,
}

impl Session {
    /// Finds the database, and starts the cluster where it has to be started.
    pub async fn open(settings: &Settings) -> Result<Self> {
        if let Some(url) = settings.admin_url() {
            return Ok(Self { config: admin::config(url)?, cluster: None });
        }
        if let Some(config) = Cluster::running(settings).await? {
            return Ok(Self { config, cluster: None });
        }
        if !Cluster::exists(settings)? {
            return Err(Error::failure(format!("there is no database in {} yet", settings.data_dir.display())).mend(
                "make one with `tenantry up`, name its directory with --data-dir, or name a server in DATABASE_URL",
            ));
        }
        Self::start(settings, &|said| tracing::info!("{said}")).await
    }

    /// The same, and makes the cluster where there is none yet.
    async fn open_or_make(settings: &Settings, say: &dyn Fn(&str)) -> Result<Self> {
        if settings.admin_url().is_some() || Cluster::exists(settings)? {
            return Self::open(settings).await;
        }
        Self::start(settings, say).await
    }

    async fn start(settings: &Settings, say: &dyn Fn(&str)) -> Result<Self> {
        match interruptible(Cluster::start(settings, Purpose::Command, say)).await {
            Ok(cluster) => Ok(Self { config: cluster.config(), cluster: Some(cluster) }),
            Err(error) => {
                Cluster::interrupted(settings).await?;
                Err(error)
            }
        }
    }

    /// Leaves everything as it was found.
    pub async fn close(self) -> Result<()> {
        match self.cluster {
            Some(cluster) => cluster.leave().await,
            None => Ok(()),
        }
    }
}

/// Does a command's work on the database that the settings name.
pub async fn with<T>(settings: &Settings, work: impl AsyncFnOnce(&mut Admin) -> Result<T>) -> Result<T> {
    let session = Session::open(settings).await?;
    let done = interruptible(async {
        let mut admin = Admin::connect_with(session.config.clone()).await?;
        work(&mut admin).await
    })
    .await;
    let closed = session.close().await;
    let answer = done?;
    closed?;
    Ok(answer)
}

/// Does a command's work on the server that the settings name, without a connection of its own; makes the cluster first
/// where there is none yet.
pub async fn with_new<T>(
    settings: &Settings,
    say: &dyn Fn(&str),
    work: impl AsyncFnOnce(&Config) -> Result<T>,
) -> Result<T> {
    let session = Session::open_or_make(settings, say).await?;
    let done = interruptible(work(&session.config)).await;
    let closed = session.close().await;
    let answer = done?;
    closed?;
    Ok(answer)
}

/// Does an operator's act in one transaction, which the audit log knows them by.
pub async fn act<T>(settings: &Settings, reason: &str, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
    with(settings, async |admin| {
        ledger::needs_schema(admin).await?;
        let tx = Tx::begin(admin, &Caller::operator(), reason).await?;
        let answer = work(&tx).await?;
        tx.commit().await?;
        Ok(answer)
    })
    .await
}

/// Gives up work when a signal asks for it, so that what was started for it can be ended.
async fn interruptible<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = work => done,
        signal = signals::asked_to_end() => Err(interrupted(signal)),
    }
}

/// The error of a command that a signal ended.
fn interrupted(signal: &str) -> Error {
    output::note("");
    Error::failure(format!("interrupted by {signal}"))
        .mend("run the command again: what was done is kept, the rest was rolled back")
}
