//! The embedded PostgreSQL: a private cluster in Tenantry's data directory, for whoever names no server.
//!
//! It is the machine's own PostgreSQL, started with settings that [`conf`] gives reasons for. It listens on a socket
//! alone, in a directory that only its user may enter, and knows people by the user they are on the machine (`peer`).
//! A [`lock`] sees to it that one program at a time looks after a data directory. Whatever a `kill -9` leaves behind (a
//! half-made cluster, a running server, a stale `postmaster.pid`) is found and dealt with on the next start.
//!
//! ```text
//! DATA_DIR/lock                who looks after this directory
//! DATA_DIR/postgresql/         PostgreSQL's own data directory
//! DATA_DIR/run/                the socket, unless that path would be too long for one
//! DATA_DIR/log/                what PostgreSQL has to say, a file for each day of the week
//! ```

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;

use crate::db::admin::Admin;
use crate::db::programs::Programs;
use crate::db::quote;
use crate::settings::Settings;
use crate::{Error, Result};

use account::Account;
use home::Home;
use lock::Lock;
pub use lock::Purpose;

/// The user of the machine that PostgreSQL runs as.
mod account;

/// The settings of the cluster, each with its reason.
mod conf;

/// The data directory and where things are in it.
mod home;

/// `initdb`, safe to interrupt.
mod init;

/// One program at a time looks after a data directory.
mod lock;

/// What runs in a data directory: `postmaster.pid` and the processes themselves.
mod postmaster;

/// `pg_ctl`.
mod server;

/// The database that Tenantry lives in.
pub const DATABASE: &str = "tenantry";

/// The superuser of the cluster.
const SUPERUSER: &str = "postgres";

/// How long a start may take: recovery after a crash replays what was written since the last checkpoint.
const START_PATIENCE: Duration = Duration::from_mins(10);

/// A cluster that runs, looked after by this program until it is stopped or left.
pub struct Cluster {
    home: Home,
    account: Account,
    programs: Programs,
    socket: PathBuf,
    started_here: bool,
    /// Held as long as the value lives.
    _lock: Lock,
}

impl Cluster {
    /// Makes the cluster where there is none, and starts it where it doesn't run.
    pub async fn start(settings: &Settings, purpose: Purpose, say: &dyn Fn(&str)) -> Result<Self> {
        let home = Home::prepare(&settings.data_dir)?;
        let lock = Lock::take(&home, purpose).await?;
        let major = home.major()?;
        let programs = Programs::of_server(settings.pg_bindir.as_deref(), major)?;
        let account = Account::choose(&home, settings.pg_user.as_deref())?;
        home.hand_over(&account)?;
        if major.is_none() {
            say(&format!("making a PostgreSQL {} cluster in {}", programs.version, home.postgresql().display()));
            init::run(&home, &account, &programs).await?;
        }
        let (socket, started_here) = if let Some(socket) = postmaster::running(&home) {
            (socket, false)
        } else {
            say(&format!("starting PostgreSQL {}", programs.version));
            (server::start(&home, &account, &programs).await?, true)
        };
        let cluster = Self { home, account, programs, socket, started_here, _lock: lock };
        if let Err(error) = cluster.make_database().await {
            cluster.leave().await?;
            return Err(error);
        }
        Ok(cluster)
    }

    /// How to connect to the cluster that somebody's `tenantry up` keeps running in this data directory, if one does.
    pub async fn running(settings: &Settings) -> Result<Option<Config>> {
        let Some(home) = Home::existing(&settings.data_dir)? else { return Ok(None) };
        if !Lock::is_held_by_up(&home)? {
            return Ok(None);
        }
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            if let Some(socket) = postmaster::running(&home)
                && Admin::connect_with(config(&socket, DATABASE)).await.is_ok()
            {
                return Ok(Some(config(&socket, DATABASE)));
            }
            if !Lock::is_held_by_up(&home)? {
                return Ok(None);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Error::failure(format!("the `tenantry up` on {} doesn't become ready", home.root().display()))
            .mend(format!("see what it says, and {}", home.log().display())))
    }

    /// Whether a cluster was ever made in this data directory.
    pub fn exists(settings: &Settings) -> Result<bool> {
        Ok(Home::existing(&settings.data_dir)?.map(|home| home.major()).transpose()?.flatten().is_some())
    }

    /// Ends whatever a start that was interrupted has started.
    pub async fn interrupted(settings: &Settings) -> Result<()> {
        let Some(home) = Home::existing(&settings.data_dir)? else { return Ok(()) };
        let Some(major) = home.major()? else {
            postmaster::nobody_works_in(&home.unfinished()).await;
            return Ok(());
        };
        let account = Account::choose(&home, settings.pg_user.as_deref())?;
        let programs = Programs::of_server(settings.pg_bindir.as_deref(), Some(major))?;
        // The server may have been forked without having said so in its pid file yet.
        for _ in 0..10 {
            if postmaster::running(&home).is_some() {
                return server::stop(&home, &account, &programs).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// How to connect to it as its superuser.
    pub fn config(&self) -> Config {
        config(&self.socket, DATABASE)
    }

    /// The directory of its socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.programs.version
    }

    /// Whether it was found running, left by a program that was killed.
    pub fn was_running(&self) -> bool {
        !self.started_here
    }

    /// Comes back when the server has gone away by itself.
    pub async fn gone(&self) -> Error {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if postmaster::running(&self.home).is_none() {
                return Error::failure("PostgreSQL has ended by itself")
                    .mend(format!("see {}, then start `tenantry up` again", self.home.log().display()));
            }
        }
    }

    /// Stops it: open transactions are rolled back, everything committed is on disk.
    pub async fn stop(self) -> Result<()> {
        server::stop(&self.home, &self.account, &self.programs).await?;
        if !self.socket.starts_with(self.home.root()) {
            // Empty by now; where it isn't, the next start uses it as it is.
            let _ = std::fs::remove_dir(&self.socket);
        }
        Ok(())
    }

    /// Leaves it as it was found: stops it where this value started it.
    pub async fn leave(self) -> Result<()> {
        if self.started_here { self.stop().await } else { Ok(()) }
    }

    async fn make_database(&self) -> Result<()> {
        let admin = Admin::connect_with(config(&self.socket, "postgres")).await?;
        if admin.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&DATABASE]).await?.is_none() {
            admin.batch_execute(&format!("CREATE DATABASE {}", quote::ident(DATABASE))).await?;
        }
        Ok(())
    }
}

fn config(socket: &Path, database: &str) -> Config {
    let mut config = Config::new();
    config.host_path(socket).user(SUPERUSER).dbname(database);
    config
}
