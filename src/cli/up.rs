use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_postgres::Config;
use zeroize::Zeroizing;

use super::progress::Shown;
use super::sample_app::SampleApp;
use super::{before_up, invocation, output, serve, signals};
use crate::app::Shared;
use crate::audit::folder::Folder;
use crate::auth::links;
use crate::clock::Clock;
use crate::db::admin::{self, Admin};
use crate::db::caller::Caller;
use crate::db::cluster::{Cluster, Purpose};
use crate::db::migrate::{UpOptions, up};
use crate::db::partitions;
use crate::db::tx::Tx;
use crate::demo::{self, Credential};
use crate::jobs::Jobs;
use crate::members::actions;
use crate::secrets::Keys;
use crate::settings::{Server, Settings, Told};
use crate::{Error, Result};

/// Options of `tenantry up`.
#[derive(Debug, clap::Args)]
pub struct Up {
    /// Add a sample agency, with people whose passwords are printed once; does nothing where it is there already
    #[arg(long)]
    demo: bool,

    #[command(flatten)]
    server: Server,
}

/// What runs when `up` is ready.
#[derive(serde::Serialize)]
struct Ready {
    database: String,
    postgresql: String,
    data_dir: Option<String>,
    migrations_applied: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    demo_people: Option<Vec<Credential>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample_app: Option<SampleApp>,
    url: String,
    console: String,
    /// By which the first administrator is made, where there is none yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_up: Option<Zeroizing<String>>,
    try_next: Vec<String>,
}

/// Brings everything up, says so, and keeps it running until a signal comes.
pub async fn run(command: &Up, settings: &Settings, told: Vec<Told>) -> Result<ExitCode> {
    let told = Arc::new(told);
    let mut asked = std::pin::pin!(signals::asked_to_end());
    let listener = listen(&command.server).await?;
    let mut shown = Shown::new();
    let ended = match settings.admin_url() {
        Some(url) => {
            let config = admin::config(url)?;
            work(listener, &config, command, settings, &told, &mut shown, asked).await
        }
        None => {
            let say = |said: &str| shown.say(said);
            let cluster = tokio::select! {
                started = Cluster::start(settings, Purpose::Up, &say) => started.inspect_err(|_| shown.done())?,
                signal = &mut asked => {
                    shown.done();
                    Cluster::interrupted(settings).await?;
                    note_end(signal);
                    return Ok(ExitCode::SUCCESS);
                }
            };
            let config = cluster.config();
            let ended = tokio::select! {
                ended = work(listener, &config, command, settings, &told, &mut shown, asked) => ended,
                gone = cluster.gone() => Err(gone),
            };
            cluster.stop().await?;
            ended
        }
    };
    shown.done();
    ended.map(|()| ExitCode::SUCCESS)
}

/// Takes the address that was named. Where none was and the usual one is taken, by another `up` perhaps, any free one will do:
/// the answer says which it is.
async fn listen(server: &Server) -> Result<TcpListener> {
    let usual = serve::listen(server.listen()).await;
    if usual.is_err() && server.listen.is_none() {
        let mut any = Server::DEFAULT_LISTEN;
        any.set_port(0);
        return serve::listen(any).await;
    }
    usual
}

/// Brings the schema up, says that everything is ready, and serves until it is asked to end.
async fn work(
    listener: TcpListener,
    config: &Config,
    command: &Up,
    settings: &Settings,
    told: &Arc<Vec<Told>>,
    shown: &mut Shown,
    mut asked: Pin<&mut impl Future<Output = &'static str>>,
) -> Result<()> {
    let login = serve::login(settings, config)?;
    let url = serve::url(&listener)?;
    let brought = async {
        let keys = Keys::of(settings)?;
        let mut admin = Admin::connect_with(config.clone()).await?;
        let ready = bring_up(&mut admin, command, settings, url, shown).await?;
        serve::settle_keys(&mut admin, &Caller::operator(), &keys).await?;
        serve::check(&login).await?;
        let server = command.server.clone();
        let server = if command.demo { server.for_pages_under_development() } else { server };
        let app = serve::app(&login, &server, settings, Arc::new(keys), told)?;
        if ready.demo_people.is_some() {
            demo::make_changes(&app.database, &app.tools()).await?;
        }
        shown.done();
        output::answer(settings.format, &ready, || summary(&ready, command, settings));
        serve::warn_of_plain_http(&command.server);
        Ok::<Shared, Error>(app)
    };
    let app = tokio::select! {
        app = brought => app?,
        signal = &mut asked => {
            note_end(signal);
            return Ok(());
        }
    };
    let jobs = Jobs {
        config: config.clone(),
        caller: Caller::operator(),
        folder: Folder::new(settings.audit_folder()),
        runs: app.about.runs.clone(),
        compiled: app.compiled.clone(),
    };
    serve::work(listener, app, jobs, async { note_end(asked.await) }).await;
    Ok(())
}

async fn bring_up(
    admin: &mut Admin,
    command: &Up,
    settings: &Settings,
    url: String,
    shown: &mut Shown,
) -> Result<Ready> {
    let options = UpOptions::default();
    before_up::back_up(admin, settings, &options, &|what| shown.say(what)).await?;
    let migrations_applied = up(admin, &options, shown).await?.applied;
    partitions::make(admin, &Caller::operator()).await?;
    let demo_people = if command.demo {
        shown.say("seeing to the sample agency");
        let actor = Caller::operator().actor();
        admin.execute("SELECT set_config('tenantry.actor', $1, false)", &[&actor]).await?;
        demo::load(admin, Clock::System).await?
    } else {
        None
    };
    let sample_app = match demo_people {
        Some(_) => Some(SampleApp::make(admin, &url).await?),
        None => None,
    };
    let console = command.server.sign_in.console_url(&url);
    let set_up = set_up_link(admin, &console).await?;
    let signed_in = sample_app.as_ref().zip(demo_people.as_ref().and_then(|people| manager(people)));
    let try_next = try_next(admin, settings, &url, signed_in).await?;
    let postgresql = admin.query_one("SELECT current_setting('server_version')", &[]).await?.get(0);
    let data_dir = settings.admin_url().is_none().then(|| settings.data_dir.display().to_string());
    Ok(Ready {
        database: admin::describe(admin.config()),
        postgresql,
        data_dir,
        migrations_applied,
        demo_people,
        sample_app,
        try_next,
        url,
        console,
        set_up,
    })
}

/// The link that makes the first administrator, while there is none; a new one each time, since it is kept nowhere.
async fn set_up_link(admin: &mut Admin, console: &str) -> Result<Option<Zeroizing<String>>> {
    let tx = Tx::begin(admin, &Caller::operator(), "up").await?;
    if !links::is_set_up_needed(&tx).await? {
        return Ok(None);
    }
    let link = links::make(&tx, links::For::SetUp).await?;
    tx.commit().await?;
    Ok(Some(link.url(console)))
}

/// Commands that show something on this database as it is.
async fn try_next(
    admin: &mut Admin,
    settings: &Settings,
    url: &str,
    signed_in: Option<(&SampleApp, &Credential)>,
) -> Result<Vec<String>> {
    let tx = Tx::begin(admin, &Caller::operator(), "up").await?;
    let people = actions::list(&tx).await?;
    drop(tx);
    let some = people.iter().any(|person| person.role.is_some());
    let reader = people.iter().find(|person| {
        person.disabled_at.is_none()
            && person.clients > 0
            && ["staff", "manager"].contains(&person.role.as_deref().unwrap_or_default())
    });
    let seen_by = reader.map_or_else(String::new, |person| format!(" --as {}", invocation::shell_word(&person.email)));
    let second = if some { "user list" } else { "user create --email you@agency.example --role super_admin" };
    let third = format!("psql{seen_by} --command 'SELECT * FROM client_configuration_summary'");
    let mut lines: Vec<String> =
        ["status", second, &third].map(|arguments| invocation::command(settings, arguments)).into();
    lines.push(match signed_in {
        Some((app, person)) => app.curl(person),
        None => format!("curl {url}/readyz"),
    });
    Ok(lines)
}

/// Somebody of the sample agency who sees some clients and not others.
fn manager(people: &[Credential]) -> Option<&Credential> {
    people.iter().find(|person| person.role == "manager")
}

fn summary(ready: &Ready, command: &Up, settings: &Settings) -> String {
    let applied = match ready.migrations_applied.len() {
        0 => "current".to_owned(),
        count => format!("{count} migrations applied"),
    };
    let mut lines = vec![
        "Tenantry is up.".to_owned(),
        format!("  console     {}", ready.console),
        format!("  server      {}", ready.url),
        format!("  PostgreSQL  {}", ready.postgresql),
        format!("  database    {}", ready.database),
        format!("  schema      {applied}"),
    ];
    if let Some(people) = &ready.demo_people {
        lines.push("  sample agency, whose passwords are shown this once and kept nowhere:".to_owned());
        let row = |person: &Credential| [person.email.to_owned(), person.role.to_owned(), person.password.clone()];
        let table = output::table(["e-mail", "role", "password"], people.iter().map(row));
        lines.extend(table.lines().map(|line| format!("   {line}")));
        if let Some(SampleApp { url, key }) = &ready.sample_app {
            lines.push("  for an app with supabase-js, its key shown this once as well:".to_owned());
            lines.extend([format!("    SUPABASE_URL={url}"), format!("    SUPABASE_ANON_KEY={key}")]);
        }
    } else if command.demo {
        lines.push("  sample agency as it was; `user password E` gives a person another password".to_owned());
    }
    if let Some(link) = &ready.set_up {
        lines.push(
            "\nNobody is an administrator yet. Whoever opens this link first, within a day, becomes it:".to_owned(),
        );
        lines.push(format!("  {}", **link));
    }
    let beforehand = invocation::beforehand(settings).map_or_else(String::new, |what| format!(" ({what})"));
    lines.push(format!("\nTry next, from this directory in another terminal{beforehand}:"));
    lines.extend(ready.try_next.iter().map(|line| format!("  {line}")));
    lines.push("\nRunning until you press Ctrl-C.".to_owned());
    lines.join("\n")
}

fn note_end(signal: &str) {
    output::note(format!("tenantry: stopping, as {signal} asks"));
}
