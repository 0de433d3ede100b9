use std::pin::pin;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::connection::converse;
use super::{metrics, routes};
use crate::app::Shared;

/// How long to wait before the next connection where the machine can't open one, for want of descriptors perhaps.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers on a listener until `shutdown` ends, then finishes what is under way, for as long as the settings allow.
pub async fn serve(listener: TcpListener, app: Shared, shutdown: impl Future<Output = ()>) {
    let limits = app.settings.limits.clone();
    metrics::keep_up();
    let snapshots = app.snapshots.clone();
    let (over, is_over) = oneshot::channel::<()>();
    let keeping = tokio::spawn({
        let snapshots = snapshots.clone();
        async move {
            snapshots.keep(async { drop(is_over.await) }).await;
        }
    });
    let router = routes::all(app);
    let connections = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    let mut upkeep = tokio::time::interval(metrics::UPKEEP);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = upkeep.tick() => metrics::keep_up(),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    tokio::spawn(converse(stream, peer, router.clone(), &limits, &connections));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection wasn't accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    snapshots.close();
    if tokio::time::timeout(limits.grace(), connections.shutdown()).await.is_err() {
        tracing::warn!("some requests took longer than {} s to finish and were ended", limits.grace);
    }
    // After the last answer, so that what was read last is written down as well.
    drop(over);
    if let Err(error) = keeping.await {
        tracing::error!(%error, "what keeps configuration in memory ended before its time");
    }
}
