use super::{output, signals};
use crate::db::admin::Admin;
use crate::db::cluster::{Cluster, Purpose};
use crate::settings::Settings;
use crate::{Error, Result};

/// Does a command's work on the database that the settings name.
///
/// That is the server named in `DATABASE_ADMIN_URL` or `DATABASE_URL`; else the cluster in the data directory: the one
/// that `tenantry up` keeps running, or, where none runs, started for the duration of the work.
pub async fn with<T>(settings: &Settings, work: impl AsyncFnOnce(&mut Admin) -> Result<T>) -> Result<T> {
    if let Some(url) = settings.admin_url() {
        let mut admin = Admin::connect(url).await?;
        return interruptible(work(&mut admin)).await;
    }
    if let Some(config) = Cluster::running(settings).await? {
        let mut admin = Admin::connect_with(config).await?;
        return interruptible(work(&mut admin)).await;
    }
    if !Cluster::exists(settings)? {
        return Err(Error::failure(format!("there is no database in {} yet", settings.data_dir.display())).mend(
            "make one with `tenantry up`, name its directory with --data-dir, or name a server in DATABASE_URL",
        ));
    }
    let cluster =
        match interruptible(Cluster::start(settings, Purpose::Command, &|said| tracing::info!("{said}"))).await {
            Ok(cluster) => cluster,
            Err(error) => {
                Cluster::interrupted(settings).await?;
                return Err(error);
            }
        };
    let done = interruptible(async {
        let mut admin = Admin::connect_with(cluster.config()).await?;
        work(&mut admin).await
    })
    .await;
    let left = cluster.leave().await;
    let answer = done?;
    left?;
    Ok(answer)
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
