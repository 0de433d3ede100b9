use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{connect, output};
use crate::auth::token::Kind;
use crate::auth::tokens::{self, Filter, Listed, Runtime, Scope, UseFor, Wanted};
use crate::clock::Clock;
use crate::db::tx::Tx;
use crate::members::actions;
use crate::settings::Settings;
use crate::{Error, Result};

/// `tenantry token …`.
#[derive(Debug, clap::Subcommand)]
pub enum Token {
    /// Make a token; it is shown this once
    #[command(after_help = "Examples:\n  tenantry token create publishable --name 'admin app'\n  \
                            tenantry token create service --name 'nightly import' --scope read --scope write --days 90\n  \
                            tenantry token create personal --name laptop --user mia@agency.example\n  \
                            tenantry token create --client hello@shop.example --env production --scope config:read,secret:read")]
    Create(Create),

    /// List tokens: what they are for, what they may, when they were last used; never the tokens themselves
    #[command(after_help = "Example: tenantry token list --format json")]
    List,

    /// Revoke a token: it is refused from the next request on
    #[command(after_help = "Example: tenantry token revoke tnt_svc_ab12")]
    Revoke {
        /// Its id, its first characters as `token list` shows them, or the token itself
        token: String,
    },
}

/// Options of `tenantry token create`.
#[derive(Debug, clap::Args)]
pub struct Create {
    /// publishable for an app's pages, personal for somebody's programs, service for a machine, runtime for a client's app
    /// [default: runtime, where a client is named]
    #[arg(required_unless_present = "client")]
    kind: Option<Kind>,

    /// What it is for [default for runtime: the client and the environment]
    #[arg(long, required_unless_present = "client")]
    name: Option<String>,

    /// What it may do, with commas between [default: read; runtime: config:read]
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<Scope>,

    /// Whose it is (personal)
    #[arg(long, value_name = "EMAIL", required_if_eq("kind", "personal"))]
    user: Option<String>,

    /// Client whose configuration it reads, by id, e-mail or name (runtime)
    #[arg(long, required_if_eq("kind", "runtime"))]
    client: Option<String>,

    /// Environment whose configuration it reads (runtime)
    #[arg(long, visible_alias = "env", required_if_eq("kind", "runtime"), requires = "client", value_parser = ["development", "staging", "production"])]
    environment: Option<String>,

    /// Template whose configuration it reads (runtime) [default: that of the client's active customization]
    #[arg(long, value_name = "TEMPLATE_ID")]
    template: Option<String>,

    /// Days after which it stops by itself [default: never]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=3_650))]
    days: Option<u16>,
}

/// A token as it is printed, once.
#[derive(Serialize)]
struct Made<'a> {
    token: &'a str,
    #[serde(flatten)]
    listed: &'a Listed,
}

/// Runs `tenantry token …`.
pub async fn run(command: &Token, settings: &Settings) -> Result<ExitCode> {
    match command {
        Token::Create(create) => make(create, settings).await?,
        Token::List => {
            let found =
                connect::act(settings, "token list", async |tx| tokens::list(tx, &Filter::default()).await).await?;
            output::answer(settings.format, &found, || list(&found));
        }
        Token::Revoke { token } => {
            let revoked =
                connect::act(settings, "token revoke", async |tx| tokens::revoke_named(tx, token).await).await?;
            output::answer(settings.format, &revoked, || format!("revoked {} ({})", revoked.prefix, revoked.name));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn make(create: &Create, settings: &Settings) -> Result<()> {
    create.fits()?;
    let (token, listed) = connect::act(settings, "token create", async |tx| {
        let wanted = create.wanted(tx, Clock::System.now()).await?;
        Ok(tokens::create(tx, &wanted).await?)
    })
    .await?;
    output::answer(settings.format, &Made { token: token.reveal(), listed: &listed }, || {
        let ends = listed.expires_at.map_or_else(String::new, |at| format!(", until {at:.0}"));
        format!(
            "{} token {:?}{ends}:\n{}\nIt is shown this once and kept as a hash: put it where it is used now.",
            listed.kind,
            listed.name,
            token.reveal()
        )
    });
    Ok(())
}

impl Create {
    /// Where a client is named, nothing else can be meant.
    fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Runtime)
    }

    /// Refuses options that the kind doesn't have, which would be ignored, and scopes that make no sense.
    fn fits(&self) -> Result<()> {
        let kind = self.kind();
        let odd = [
            ("--scope", !self.scopes.is_empty(), [Kind::Personal, Kind::Service, Kind::Runtime].as_slice()),
            ("--user", self.user.is_some(), &[Kind::Personal]),
            ("--client", self.client.is_some(), &[Kind::Runtime]),
            ("--environment", self.environment.is_some(), &[Kind::Runtime]),
            ("--template", self.template.is_some(), &[Kind::Runtime]),
        ];
        if let Some((option, ..)) = odd.into_iter().find(|(_, is_given, kinds)| *is_given && !kinds.contains(&kind)) {
            return Err(Error::usage(format!("a {kind} token has no {option}"))
                .mend("leave it out; `tenantry token create --help` says which kind has which"));
        }
        if let Some(scope) = self.scopes.iter().find(|scope| !scope.is_of(kind)) {
            return Err(Error::usage(format!("a {kind} token has no scope {}", scope.as_str())).mend(
                "read and write are for personal and service tokens, config:read and secret:read for runtime ones",
            ));
        }
        if let Some(fault) = self.name.as_deref().and_then(tokens::check_name) {
            return Err(Error::usage(fault.detail).mend("say what it is for: --name 'nightly import'"));
        }
        if self.scopes == [Scope::SecretRead] {
            return Err(Error::usage("a token with secret:read alone reads nothing")
                .mend("secrets stand in the configuration: --scope config:read,secret:read"));
        }
        if kind == Kind::Runtime && self.environment.is_none() {
            return Err(Error::usage("a runtime token reads the configuration of one environment")
                .mend("name it: --env development, staging or production"));
        }
        Ok(())
    }

    async fn wanted(&self, tx: &Tx<'_>, now: Timestamp) -> Result<Wanted> {
        let scopes = if self.scopes.is_empty() { vec![Scope::Read] } else { self.scopes.clone() };
        let mut name = self.name.clone();
        let use_for = match self.kind() {
            Kind::Publishable => UseFor::App,
            Kind::Service => UseFor::Service(scopes),
            Kind::Personal => {
                let person = actions::find(tx, self.user.as_deref().unwrap_or_default()).await?;
                if person.role.is_none() {
                    return Err(Error::failure(format!("{} has no role in Tenantry yet", person.email))
                        .mend(format!("give them one with `tenantry user role {} ROLE`", person.email)));
                }
                UseFor::Person(person.user_id, scopes)
            }
            Kind::Runtime => {
                let client = actions::the_client(tx, self.client.as_deref().unwrap_or_default()).await?;
                let environment = self.environment.clone().unwrap_or_default();
                name.get_or_insert_with(|| runtime_name(&client.name, &environment));
                UseFor::Runtime(Runtime {
                    client_id: client.id,
                    environment,
                    template_id: self.template.clone(),
                    secrets: scopes.contains(&Scope::SecretRead),
                })
            }
        };
        let expires_at = self.days.map(|days| now + SignedDuration::from_hours(i64::from(days) * 24));
        Ok(Wanted { name: name.unwrap_or_default(), use_for, expires_at })
    }
}

/// What a runtime token is called by itself.
fn runtime_name(client: &str, environment: &str) -> String {
    format!("{}, {environment}", client.chars().filter(|c| !c.is_control()).take(200).collect::<String>())
}

fn list(tokens: &[Listed]) -> String {
    if tokens.is_empty() {
        return "no tokens yet; make one with `tenantry token create`".to_owned();
    }
    let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| format!("{at:.0}"));
    let row = |token: &Listed| {
        [
            token.prefix.clone(),
            token.kind.clone(),
            token.name.clone(),
            token.scopes.join(" "),
            moment(token.last_used_at),
            moment(token.expires_at),
            moment(token.revoked_at),
            token.id.to_string(),
        ]
    };
    let header = ["token", "kind", "for", "scopes", "last used", "expires", "revoked", "id"];
    output::table(header, tokens.iter().map(row))
}
