use std::process::{ExitCode, Stdio};

use tokio::process::Command;
use tokio_postgres::Config;

use super::connect::Session;
use super::signals;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::libpq;
use crate::db::migrate::ledger;
use crate::db::programs::Programs;
use crate::db::tx::Tx;
use crate::members::{Role, actions};
use crate::settings::Settings;
use crate::{Error, Result};

/// Options of `tenantry psql`.
#[derive(Debug, clap::Args)]
pub struct Psql {
    /// See and do what this person may: their role and claims are set for the session
    ///
    /// It is the operator's tool and no wall: whoever sits there may take the role back with SET ROLE NONE.
    #[arg(long = "as", value_name = "EMAIL")]
    person: Option<String>,

    /// Run this and exit
    #[arg(long, short, value_name = "SQL")]
    command: Option<String>,

    /// Further arguments of psql
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

pub async fn run(command: &Psql, settings: &Settings) -> Result<ExitCode> {
    let session = Session::open(settings).await?;
    let ended = run_in(&session.config, command, settings).await;
    session.close().await?;
    ended
}

async fn run_in(config: &Config, command: &Psql, settings: &Settings) -> Result<ExitCode> {
    // A first connection of our own says in our words what is wrong with the settings.
    let mut admin = Admin::connect_with(config.clone()).await?;
    let programs = Programs::for_server(&admin, settings.pg_bindir.as_deref()).await?;
    let mut psql = libpq::command(&programs.path("psql"), config);
    psql.stdin(Stdio::inherit());
    if let Some(email) = &command.person {
        let options = session_of(&mut admin, email).await?;
        psql.env("PGOPTIONS", [config.get_options().unwrap_or_default(), &options].join(" ").trim());
    }
    drop(admin);
    if let Some(sql) = &command.command {
        psql.arg("--command").arg(sql);
    }
    psql.args(&command.arguments);
    wait_for(psql).await
}

/// The person's role and claims as options of the connection, so that they hold for every transaction of the session.
async fn session_of(admin: &mut Admin, email: &str) -> Result<String> {
    ledger::needs_schema(admin).await?;
    let caller = Caller::operator();
    let tx = Tx::begin(admin, &caller, "psql --as").await?;
    let person = actions::find(&tx, email).await?;
    drop(tx);
    let role: Role = person.role.as_deref().unwrap_or_default().parse().map_err(|_| {
        Error::failure(format!("{} has no role in Tenantry yet", person.email))
            .mend(format!("give them one with `tenantry user role {} ROLE`", person.email))
    })?;
    may_become(admin, role).await?;
    let claims = serde_json::json!({
        "sub": person.user_id, "role": "authenticated", "email": person.email, "app_metadata": { "role": role },
    });
    let settings = [
        ("request.jwt.claims", claims.to_string()),
        ("tenantry.actor", caller.actor()),
        ("tenantry.reason", "psql --as".to_owned()),
        ("role", role.database_role()),
    ];
    Ok(settings.map(|(name, value)| format!("-c {name}={}", escaped(&value))).join(" "))
}

async fn may_become(admin: &Admin, role: Role) -> Result<()> {
    let sql = "SELECT pg_has_role(current_user, $1::text::name, 'MEMBER'), current_user::text";
    let row = admin.query_one(sql, &[&role.database_role()]).await?;
    if row.get(0) {
        return Ok(());
    }
    let who: String = row.get(1);
    Err(Error::failure(format!("{who:?} may not act as {}", role.database_role())).mend(
        "connect as tenantry_server, which may take every role of a request, or as a superuser: --database-url …",
    ))
}

/// A value within PGOPTIONS, where a space ends it unless a backslash stands before.
fn escaped(value: &str) -> String {
    value.chars().flat_map(|c| (c == '\\' || c.is_whitespace()).then_some('\\').into_iter().chain([c])).collect()
}

/// Waits for psql to end. Ctrl-C is psql's own: it ends a query there, not the session.
async fn wait_for(mut psql: Command) -> Result<ExitCode> {
    let mut child = psql.spawn()?;
    let status = tokio::select! {
        status = child.wait() => status?,
        signal = signals::asked_to_end_for_good() => {
            return Err(Error::failure(format!("psql was ended by {signal}")));
        }
    };
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn values_stay_whole_within_options() {
        assert_eq!(escaped(r#"{"a":"b c\d"}"#), r#"{"a":"b\ c\\d"}"#);
    }
}
