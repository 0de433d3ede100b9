use std::process::ExitCode;

use super::progress::Shown;
use super::{invocation, output, signals};
use crate::Result;
use crate::db::admin::{self, Admin};
use crate::db::cluster::{Cluster, Purpose};
use crate::db::migrate::{UpOptions, up};
use crate::settings::Settings;

/// Options of `tenantry up`.
#[derive(Debug, clap::Args)]
pub struct Up {
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
    listen: Option<String>,
    try_next: Vec<String>,
}

/// Brings everything up, says so, and keeps it running until a signal comes.
pub async fn run(command: &Up, settings: &Settings) -> Result<ExitCode> {
    let mut shown = Shown::new();
    if let Some(url) = settings.admin_url() {
        return tokio::select! {
            ended = on_server(url, command, settings, &mut shown) => ended.map(|()| ExitCode::SUCCESS),
            signal = signals::asked_to_end() => Ok(ended_by(signal)),
        };
    }
    let say = |said: &str| shown.say(said);
    let cluster = tokio::select! {
        started = Cluster::start(settings, Purpose::Up, &say) => started.inspect_err(|_| shown.done())?,
        signal = signals::asked_to_end() => {
            shown.done();
            Cluster::interrupted(settings).await?;
            return Ok(ended_by(signal));
        }
    };
    let ended = tokio::select! {
        ended = on_cluster(&cluster, command, settings, &mut shown) => ended,
        signal = signals::asked_to_end() => Ok(ended_by(signal)),
        gone = cluster.gone() => Err(gone),
    };
    shown.done();
    cluster.stop().await?;
    ended
}

async fn on_cluster(cluster: &Cluster, command: &Up, settings: &Settings, shown: &mut Shown) -> Result<ExitCode> {
    if cluster.was_running() {
        shown.say("PostgreSQL was still running, left by a `tenantry up` that was killed");
    }
    let mut admin = Admin::connect_with(cluster.config()).await?;
    bring_up(&mut admin, command, settings, shown).await?;
    std::future::pending().await
}

async fn on_server(url: &str, command: &Up, settings: &Settings, shown: &mut Shown) -> Result<()> {
    let mut admin = Admin::connect(url).await?;
    bring_up(&mut admin, command, settings, shown).await?;
    std::future::pending().await
}

async fn bring_up(admin: &mut Admin, command: &Up, settings: &Settings, shown: &mut Shown) -> Result<()> {
    let migrations_applied = up(admin, &UpOptions::default(), shown).await?;
    let postgresql = admin.query_one("SELECT current_setting('server_version')", &[]).await?.get(0);
    let data_dir = settings.admin_url().is_none().then(|| settings.data_dir.display().to_string());
    let ready = Ready {
        database: admin::describe(admin.config()),
        postgresql,
        data_dir,
        migrations_applied,
        listen: command.listen.clone(),
        try_next: try_next(settings),
    };
    shown.done();
    output::answer(settings.format, &ready, || summary(&ready, settings));
    Ok(())
}

fn try_next(settings: &Settings) -> Vec<String> {
    ["migrate status"].iter().map(|arguments| invocation::command(settings, arguments)).collect()
}

fn summary(ready: &Ready, settings: &Settings) -> String {
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
    if let Some(listen) = &ready.listen {
        lines.push(format!("  listen      {listen}: nothing listens there, since this version has no server yet"));
    }
    let beforehand = invocation::beforehand(settings).map_or_else(String::new, |what| format!(" ({what})"));
    lines.push(format!("\nTry next, from this directory in another terminal{beforehand}:"));
    lines.extend(ready.try_next.iter().map(|line| format!("  {line}")));
    lines.push("\nRunning until you press Ctrl-C.".to_owned());
    lines.join("\n")
}

fn ended_by(signal: &str) -> ExitCode {
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
