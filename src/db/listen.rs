use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config};

use super::{admin, pool, quote};
use crate::Result;

/// A session that hears notifications; ended with the value.
pub struct Listener {
    /// Its end would be the session's.
    _client: Client,
    connection: JoinHandle<()>,
    heard: Receiver<()>,
}

impl Listener {
    /// Listens to a channel.
    pub(super) async fn connect(config: &Config, channel: &str) -> Result<Self> {
        // One is enough: whoever hears it looks for themselves what there is.
        let (say, heard) = mpsc::channel(1);
        let notified = move || {
            let _ = say.try_send(());
        };
        let (client, connection) = admin::open_hearing(config, notified).await?;
        client.batch_execute(&format!("{}; LISTEN {}", pool::HUMBLE, quote::ident(channel))).await?;
        Ok(Self { _client: client, connection, heard })
    }

    /// Waits for the next notification; false where there will be none any more.
    pub async fn hear(&mut self) -> bool {
        self.heard.recv().await.is_some()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
