use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_postgres::Config;

use super::connect::Session;
use super::{output, signals};
use crate::app::{App, Shared};
use crate::audit::folder::Folder;
use crate::auth::Gate;
use crate::clock::Clock;
use crate::db::admin::{self, Admin};
use crate::db::caller::Caller;
use crate::db::database::Database;
use crate::db::tx::Tx;
use crate::error::Kind;
use crate::http::server;
use crate::jobs::{self, Jobs};
use crate::runs::Runs;
use crate::secrets::{Keys, start};
use crate::settings::{Server, Settings, Told};
use crate::system::About;
use crate::{Error, Result};

/// Options of `tenantry serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    server: Server,
}

/// What runs when `serve` is ready.
#[derive(serde::Serialize)]
struct Ready {
    url: String,
    database: String,
}

/// Answers HTTP until a signal comes; a database that is away now may come back.
pub async fn run(command: &Serve, settings: &Settings, told: Vec<Told>) -> Result<ExitCode> {
    let asked = signals::asked_to_end();
    let listener = listen(command.server.listen()).await?;
    let session = Session::open(settings).await?;
    let config = login(settings, &session.config)?;
    let keys = Keys::of(settings)?;
    begin(&config, &keys).await?;
    let app = app(&config, &command.server, settings, Arc::new(keys), &Arc::new(told))?;
    let ready = Ready { url: url(&listener)?, database: admin::describe(&config) };
    output::answer(settings.format, &ready, || {
        format!("Tenantry answers at {}\n  database    {}", ready.url, ready.database)
    });
    warn_of_plain_http(&command.server);
    let jobs = Jobs {
        config: config.clone(),
        caller: Caller::Worker,
        folder: Folder::of_one_of_several(settings.audit_folder()),
        runs: app.about.runs.clone(),
        compiled: app.compiled.clone(),
    };
    let asked = async { output::note(format!("tenantry: stopping, as {} asks", asked.await)) };
    work(listener, app, jobs, asked).await;
    session.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves and does the jobs until it is asked to end.
pub(super) async fn work(listener: TcpListener, app: Shared, jobs: Jobs, asked: impl Future<Output = ()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let (over, is_over) = oneshot::channel::<()>();
    let serving = async {
        let answered = server::serve(listener, app, async {
            let _ = stopped.await;
        });
        let signalled = async {
            asked.await;
            drop(stop);
        };
        tokio::join!(signalled, answered);
        drop(over);
    };
    // Jobs end after requests, so that what was done last is sealed as well.
    let jobs = jobs::run(jobs, async {
        let _ = is_over.await;
    });
    tokio::join!(serving, jobs);
}

/// Refuses to begin with a wrong login or without a key that the database needs; a database that is away, or has no schema
/// yet, is waited for.
async fn begin(config: &Config, keys: &Keys) -> Result<()> {
    let later = |error: Error| {
        tracing::warn!(%error, "the database isn't there yet");
        Ok(())
    };
    match check(config).await {
        Err(error) if error.kind() == Kind::Usage => return Err(error),
        Err(error) => return later(error),
        Ok(()) => {}
    }
    let mut admin = match Admin::connect_with(config.clone()).await {
        Err(error) => return later(error),
        Ok(admin) => admin,
    };
    match settle_keys(&mut admin, &Caller::Worker, keys).await {
        Err(error) if error.sql_state().is_some() || error.kind() == Kind::Unavailable => later(error),
        settled => settled,
    }
}

/// Refuses to start without a key that the database needs; makes the first one where it needs none yet.
pub(super) async fn settle_keys(admin: &mut Admin, caller: &Caller, keys: &Keys) -> Result<()> {
    let tx = Tx::begin(admin, caller, "start").await?;
    start::settle(&tx, keys).await?;
    tx.commit().await
}

/// What requests need, on a database that the server connects to as `config` says.
pub(super) fn app(
    config: &Config,
    server: &Server,
    settings: &Settings,
    keys: Arc<Keys>,
    told: &Arc<Vec<Told>>,
) -> Result<Shared> {
    let database = Database::new(config, &server.sessions)?;
    let gate = Gate::new(database.clone(), Clock::System, &settings.keys_folder(), &server.sign_in)?;
    let about = About { settings: Arc::clone(told), runs: Runs::default() };
    Ok(App::knowing(about, database, gate, keys, server.clone(), Clock::System))
}

/// Says so where nobody elsewhere could sign in to the console.
pub(super) fn warn_of_plain_http(server: &Server) {
    if server.sign_in.is_plain() {
        tracing::warn!(
            public_url = server.sign_in.public_url,
            "the console is to be found over plain http, where browsers keep nobody signed in: put TLS in front of it and \
             name its https address in TENANTRY_PUBLIC_URL (docs/OPERATIONS.md)"
        );
    }
}

/// Refuses a login that can't take the roles of requests.
pub(super) async fn check(config: &Config) -> Result<()> {
    let admin = Admin::connect_with(config.clone()).await?;
    let may = "SELECT session_user::text, pg_has_role('tenantry_worker', 'MEMBER')";
    let row = admin.query_one(may, &[]).await?;
    if row.get(1) {
        return Ok(());
    }
    Err(Error::usage(format!("{} can't take the roles of requests", row.get::<_, &str>(0)))
        .mend("connect as tenantry_server in DATABASE_URL, and give this role in DATABASE_ADMIN_URL"))
}

/// How the server itself connects: as `DATABASE_URL` says, and to the cluster in the data directory with the login that
/// has no rights of its own.
pub(super) fn login(settings: &Settings, cluster: &Config) -> Result<Config> {
    if let Some(url) = settings.database_url.as_deref().or(settings.admin_url()) {
        return admin::config(url);
    }
    let mut config = cluster.clone();
    config.user("tenantry_server");
    Ok(config)
}

/// Takes an address; the error names it.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Error::failure(format!("can't listen on {address}: {error}"))
            .mend("end what listens there, or name another address with --listen")
            .caused_by(error)
    })
}

/// Where a listener answers, for somebody on this machine.
pub(super) fn url(listener: &TcpListener) -> Result<String> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    Ok(format!("http://{address}"))
}
