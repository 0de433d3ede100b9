use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use tokio_postgres::Config;

use super::progress::Shown;
use super::{before_up, invocation, output, signals};
use crate::audit::folder::Folder;
use crate::audit::sealer;
use crate::clock::Clock;
use crate::db::admin::{self, Admin};
use crate::db::caller::Caller;
use crate::db::cluster::{Cluster, Purpose};
use crate::db::migrate::{UpOptions, up};
use crate::db::partitions;
use crate::db::tx::Tx;
use crate::demo::{self, Credential};
use crate::members::actions;
use crate::settings::Settings;
use crate::{Error, Result};

/// How often months are made ahead; 24 of them leave time.
const A_DAY: Duration = Duration::from_hours(24);

/// Options of `tenantry up`.
#[derive(Debug, clap::Args)]
pub struct Up {
    /// Add a sample agency, with people whose passwords are printed once; does nothing where it is there already
    #[arg(long)]
    demo: bool,

    /// Address that the server will listen on; this version has no server yet, so nothing listens
    #[arg(long, env = "TENANTRY_LISTEN", value_name = "ADDRESS:PORT", value_parser = address)]
    listen: Option<String>,
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
    listen: Option<String>,
    try_next: Vec<String>,
}

/// Brings everything up, says so, and keeps it running until a signal comes.
pub async fn run(command: &Up, settings: &Settings) -> Result<ExitCode> {
    let mut asked = std::pin::pin!(signals::asked_to_end());
    let mut shown = Shown::new();
    let ended = match settings.admin_url() {
        Some(url) => {
            let config = admin::config(url)?;
            work(&config, command, settings, &mut shown, asked).await
        }
        None => {
            let say = |said: &str| shown.say(said);
            let cluster = tokio::select! {
                started = Cluster::start(settings, Purpose::Up, &say) => started.inspect_err(|_| shown.done())?,
                signal = &mut asked => {
                    shown.done();
                    Cluster::interrupted(settings).await?;
                    return Ok(ended_by(signal));
                }
            };
            let config = cluster.config();
            let ended = tokio::select! {
                ended = work(&config, command, settings, &mut shown, asked) => ended,
                gone = cluster.gone() => Err(gone),
            };
            cluster.stop().await?;
            ended
        }
    };
    shown.done();
    ended.map(ended_by)
}

/// Brings the schema up, says that everything is ready, and looks after it until it is asked to end, by which signal it
/// says.
async fn work(
    config: &Config,
    command: &Up,
    settings: &Settings,
    shown: &mut Shown,
    mut asked: Pin<&mut impl Future<Output = &'static str>>,
) -> Result<&'static str> {
    let brought = async {
        let mut admin = Admin::connect_with(config.clone()).await?;
        bring_up(&mut admin, command, settings, shown).await?;
        Ok::<Admin, Error>(admin)
    };
    let admin = tokio::select! {
        admin = brought => admin?,
        signal = &mut asked => return Ok(signal),
    };
    let (monthly, mut signal) = (admin.again().await?, "a signal");
    let sealing = sealer::run(admin, Folder::new(settings.audit_folder()), async { signal = asked.await });
    tokio::select! {
        () = sealing => {}
        () = make_months(monthly) => {}
    }
    Ok(signal)
}

async fn bring_up(admin: &mut Admin, command: &Up, settings: &Settings, shown: &mut Shown) -> Result<()> {
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
    let postgresql = admin.query_one("SELECT current_setting('server_version')", &[]).await?.get(0);
    let data_dir = settings.admin_url().is_none().then(|| settings.data_dir.display().to_string());
    let ready = Ready {
        database: admin::describe(admin.config()),
        postgresql,
        data_dir,
        migrations_applied,
        demo_people,
        listen: command.listen.clone(),
        try_next: try_next(admin, settings).await?,
    };
    shown.done();
    output::answer(settings.format, &ready, || summary(&ready, command, settings));
    Ok(())
}

/// Sees to it that months are there before they are needed, for as long as the program runs.
async fn make_months(mut admin: Admin) {
    loop {
        tokio::time::sleep(A_DAY).await;
        if admin.is_closed()
            && let Ok(again) = admin.again().await
        {
            admin = again;
        }
        if let Err(error) = partitions::make(&mut admin, &Caller::operator()).await {
            tracing::error!(%error, "the partitions weren't looked after");
        }
    }
}

/// Three commands that show something on this database as it is.
async fn try_next(admin: &mut Admin, settings: &Settings) -> Result<Vec<String>> {
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
    Ok(["status", second, &third].map(|arguments| invocation::command(settings, arguments)).into())
}

fn summary(ready: &Ready, command: &Up, settings: &Settings) -> String {
    let applied = match ready.migrations_applied.len() {
        0 => "current".to_owned(),
        count => format!("{count} migrations applied"),
    };
    let mut lines = vec![
        "Tenantry is up.".to_owned(),
        format!("  PostgreSQL  {}", ready.postgresql),
        format!("  database    {}", ready.database),
        format!("  schema      {applied}"),
    ];
    if let Some(people) = &ready.demo_people {
        lines.push("  sample agency, whose passwords are shown this once and kept nowhere:".to_owned());
        let row = |person: &Credential| [person.email.to_owned(), person.role.to_owned(), person.password.clone()];
        let table = output::table(["e-mail", "role", "password"], people.iter().map(row));
        lines.extend(table.lines().map(|line| format!("   {line}")));
    } else if command.demo {
        lines.push("  sample agency as it was; `user password E` gives a person another password".to_owned());
    }
    if let Some(listen) = &ready.listen {
        lines.push(format!("  listen      {listen}: nothing listens there, since this version has no server yet"));
    }
    let beforehand = invocation::beforehand(settings).map_or_else(String::new, |what| format!(" ({what})"));
    lines.push(format!("\nTry next, from this directory in another terminal{beforehand}:"));
    lines.extend(ready.try_next.iter().map(|line| format!("  {line}")));
    lines.push("\nRunning until you press Ctrl-C.".to_owned());
    lines.join("\n")
}

fn ended_by(signal: &'static str) -> ExitCode {
    output::note(format!("tenantry: stopping, as {signal} asks"));
    ExitCode::SUCCESS
}

/// An address and a port to listen on.
fn address(text: &str) -> Result<String, String> {
    let (host, port) = text.rsplit_once(':').ok_or("write it as ADDRESS:PORT, such as 127.0.0.1:8080")?;
    let port_fits = port.parse::<u16>().is_ok_and(|port| port > 0);
    let host_fits = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)),
    };
    if port_fits && host_fits {
        Ok(text.to_owned())
    } else {
        Err("write it as ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
    }
}
