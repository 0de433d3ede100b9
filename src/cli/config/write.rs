use std::io::Read as _;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::Value;
use uuid::Uuid;

use crate::cli::change::{print_made, tools};
use crate::cli::connect;
use crate::configurations::changes::command::{self, Then};
use crate::configurations::changes::import::{Format, Import};
use crate::configurations::changes::{Verb, Wanted};
use crate::db::tx::Tx;
use crate::members::actions::the_client;
use crate::problem::{Fault, unkept};
use crate::settings::Settings;
use crate::{Error, Result};

/// What `tenantry config …` writes.
#[derive(Debug, Subcommand)]
pub enum Write {
    /// Give a key a value, for a client, a template or all
    #[command(
        after_help = "Examples:\n  tenantry config set branding.tagline '\"Breathe out.\"' --client acme@example.com --reason 'new slogan'\n  \
                            tenantry config set features.statusPage false --env development --reason 'nobody watches it'"
    )]
    Set {
        /// The key, as a dotted path
        key: String,
        /// The value as JSON; what isn't JSON is text
        #[arg(required_unless_present = "secret", allow_negative_numbers = true)]
        value: Option<String>,
        /// Take the value from standard input and keep it as a secret
        #[arg(long, conflicts_with = "value")]
        secret: bool,
        #[command(flatten)]
        at: At,
    },
    /// Take the value away that stands at a scope: the layers below show again
    #[command(
        after_help = "Example: tenantry config unset branding.tagline --client acme@example.com --reason 'back to the template'"
    )]
    Unset {
        /// The key, as a dotted path
        key: String,
        #[command(flatten)]
        at: At,
    },
    /// Hide a key at a scope: nothing of the layers below shows
    #[command(
        after_help = "Example: tenantry config remove branding.poweredBy --client acme@example.com --reason 'white label'"
    )]
    Remove {
        /// The key, as a dotted path
        key: String,
        #[command(flatten)]
        at: At,
    },
    /// Set the values of a file, all in one change
    #[command(
        after_help = "Example: tenantry config import .env --as dotenv --client acme@example.com --env staging --reason 'from the old host'"
    )]
    Import {
        /// The file; - for standard input
        file: PathBuf,
        /// How it is written
        #[arg(long = "as", value_enum)]
        written: Format,
        /// The key beneath which the values stand
        #[arg(long, value_name = "KEY")]
        beneath: Option<String>,
        /// A name of the file whose value is a secret
        #[arg(long = "secret", value_name = "NAME")]
        secrets: Vec<String>,
        #[command(flatten)]
        at: At,
    },
}

/// Where a value stands, and what the change is for.
#[derive(Debug, clap::Args)]
pub struct At {
    /// The client, by id, e-mail or name; left out, it is for all
    #[arg(long)]
    client: Option<String>,
    /// The template that it is for
    #[arg(long, value_name = "TEMPLATE_ID")]
    template: Option<String>,
    /// The environment
    #[arg(long = "env", default_value = "all", value_parser = ["all", "development", "staging", "production"])]
    environment: String,
    /// What the change is for
    #[arg(long)]
    reason: String,
    /// Only propose it, and show what it would do
    #[arg(long)]
    propose: bool,
}

/// Runs it.
pub async fn run(write: &Write, settings: &Settings) -> Result<()> {
    let tools = tools(settings)?;
    let (Write::Set { at, .. } | Write::Unset { at, .. } | Write::Remove { at, .. } | Write::Import { at, .. }) = write;
    let then = if at.propose { Then::Propose } else { Then::Apply };
    let input = input(write)?;
    let work = connect::act(settings, &at.reason, async |tx| {
        let made = match write {
            Write::Set { key, value, secret, at } => {
                let text = value.as_deref().unwrap_or(&input);
                let edit = Wanted {
                    value: Some(meant(text)?),
                    is_encrypted: secret.then_some(true),
                    ..at.edit(tx, Verb::Set, key).await?
                };
                command::write(tx, &tools, vec![edit], &at.reason, then).await
            }
            Write::Unset { key, at } => {
                command::write(tx, &tools, vec![at.edit(tx, Verb::Unset, key).await?], &at.reason, then).await
            }
            Write::Remove { key, at } => {
                command::write(tx, &tools, vec![at.edit(tx, Verb::Remove, key).await?], &at.reason, then).await
            }
            Write::Import { written, beneath, secrets, at, .. } => {
                let import = Import {
                    format: *written,
                    content: input.clone(),
                    client_id: at.client(tx).await?,
                    template_id: at.template.clone(),
                    environment: Some(at.environment.clone()),
                    beneath: beneath.clone(),
                    secrets: secrets.clone(),
                    reason: at.reason.clone(),
                };
                command::import(tx, &tools, &import, then).await
            }
        };
        made.map_err(Error::from)
    });
    print_made(settings, &work.await?);
    Ok(())
}

/// The value that a text means: JSON, else itself.
fn meant(text: &str) -> Result<Value> {
    match serde_json::from_str(text) {
        Ok(value) => kept(text).map(|()| value),
        Err(error) if error.to_string().starts_with("recursion limit") => {
            Err(Error::usage("the value is nested deeper than 127 levels").mend("flatten it"))
        }
        Err(_) => Ok(Value::String(text.to_owned())),
    }
}

/// Refuses JSON of which something would be lost.
pub(in crate::cli) fn kept(json: &str) -> Result<()> {
    match unkept(json).into_iter().next() {
        None => Ok(()),
        Some(Fault { pointer, detail, mend, .. }) => {
            let place = if pointer.is_empty() { "the value" } else { pointer.as_str() };
            Err(Error::usage(format!("{place}: {detail}")).mend(mend.unwrap_or_default()))
        }
    }
}

/// What is read from a file or standard input.
fn input(write: &Write) -> Result<String> {
    let from_stdin = || {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    };
    let read = match write {
        Write::Set { secret: true, .. } => from_stdin().map(|text| text.trim_end_matches(['\n', '\r']).to_owned()),
        Write::Import { file, .. } if file.as_os_str() == "-" => from_stdin(),
        Write::Import { file, .. } => std::fs::read_to_string(file),
        _ => Ok(String::new()),
    };
    read.map_err(|error| Error::usage(format!("the input can't be read: {error}")).mend("give a file of UTF-8 text"))
}

impl At {
    async fn client(&self, tx: &Tx<'_>) -> Result<Option<Uuid>> {
        match &self.client {
            Some(named) => Ok(Some(the_client(tx, named).await?.id)),
            None => Ok(None),
        }
    }

    async fn edit(&self, tx: &Tx<'_>, operation: Verb, key: &str) -> Result<Wanted> {
        Ok(Wanted {
            client_id: self.client(tx).await?,
            template_id: self.template.clone(),
            environment: Some(self.environment.clone()),
            ..Wanted::new(operation, key)
        })
    }
}
