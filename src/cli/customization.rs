use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;
use uuid::Uuid;

use super::change::tools;
use super::config::{kept, line};
use super::{connect, output};
use crate::settings::Settings;
use crate::templates::{self, Activated, Brought, Choice, Step, Verdict};
use crate::{Error, Result};

/// `tenantry customization …`.
#[derive(Debug, Subcommand)]
pub enum Customization {
    /// Have an approved customization served, in place of the one that is served now
    #[command(after_help = "Example: tenantry customization activate 7c1d…")]
    Activate {
        /// The customization
        id: Uuid,
        /// What for
        #[arg(long)]
        reason: Option<String>,
    },

    /// Bring a customization to another version of its template, or see what that would do
    ///
    /// A merge of three: the old version's defaults, the new one's, and the client's values. What both changed has to be
    /// chosen.
    #[command(after_help = "Example: tenantry customization upgrade 7c1d… --to 2.0.0 --keep branding.colour --dry-run")]
    Upgrade(Upgrade),
}

/// Options of `tenantry customization upgrade`.
#[derive(Debug, clap::Args)]
pub struct Upgrade {
    /// The customization
    id: Uuid,
    /// The version to bring it to
    #[arg(long, value_name = "VERSION")]
    to: String,
    /// Path whose value stays the client's
    #[arg(long, value_name = "PATH")]
    keep: Vec<String>,
    /// Path whose value is the new version's
    #[arg(long, value_name = "PATH")]
    take: Vec<String>,
    /// Path that gets another value, as JSON
    #[arg(long, value_name = "PATH=JSON", value_parser = pair)]
    set: Vec<(String, Value)>,
    /// Only show what it would do
    #[arg(long)]
    dry_run: bool,
    /// What for
    #[arg(long)]
    reason: Option<String>,
}

fn pair(text: &str) -> Result<(String, Value), String> {
    let (path, value) = text.split_once('=').ok_or("write it as path=value, e.g. branding.colour='\"blue\"'")?;
    let read = serde_json::from_str(value).map_err(|error| format!("{value} is no JSON: {error}"))?;
    kept(value).map_err(|error| error.to_string())?;
    Ok((path.to_owned(), read))
}

/// Runs `tenantry customization …`.
pub async fn run(command: &Customization, settings: &Settings) -> Result<ExitCode> {
    let tools = tools(settings)?;
    match command {
        Customization::Activate { id, reason } => {
            let reason = reason.as_deref();
            let said = reason.unwrap_or("customization activate");
            let work = connect::act(settings, said, async |tx| Ok(templates::activate(tx, &tools, *id, reason).await?));
            let activated = work.await?;
            output::answer(settings.format, &activated, || served(&activated));
        }
        Customization::Upgrade(upgrade) => {
            let asked = upgrade.asked()?;
            let said = upgrade.reason.as_deref().unwrap_or("customization upgrade");
            let work =
                connect::act(settings, said, async |tx| Ok(templates::bring(tx, &tools, upgrade.id, &asked).await?));
            let brought = work.await?;
            output::answer(settings.format, &brought, || told(&brought));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Upgrade {
    fn asked(&self) -> Result<templates::Upgrade> {
        let kept = self.keep.iter().map(|path| (path, Choice::Client));
        let taken = self.take.iter().map(|path| (path, Choice::Template));
        let set = self.set.iter().map(|(path, value)| (path, Choice::Value(value.clone())));
        let mut choices = BTreeMap::new();
        for (path, choice) in kept.chain(taken).chain(set) {
            if choices.insert(path.clone(), choice).is_some() {
                return Err(Error::usage(format!("{path} is chosen twice")).mend("say once what is to stand there"));
            }
        }
        let (to, dry_run, reason) = (self.to.clone(), self.dry_run, self.reason.clone());
        Ok(templates::Upgrade { to, choices, dry_run, reason })
    }
}

fn served(activated: &Activated) -> String {
    let Activated { id, replaced, change_id, .. } = activated;
    let instead: String = replaced.iter().map(|id| format!(", in place of {id}")).collect();
    match change_id {
        Some(change) => format!("{id} is served{instead} (change {change})"),
        None => format!("{id} is served already"),
    }
}

fn told(brought: &Brought) -> String {
    let rows = brought.steps.iter().map(|step| {
        let Step { path, old, new, client, verdict } = step;
        [path.clone(), shown(old.as_ref()), shown(new.as_ref()), shown(client.as_ref()), word(*verdict).to_owned()]
    });
    let table = output::table(["path", &brought.from, &brought.to, "client", ""], rows);
    let lacking = brought.lacking.iter().map(|lacking| {
        let faults: String = lacking.faults.iter().map(|fault| format!("\n{}", line(fault))).collect();
        format!("\nin {}:{faults}", lacking.environment)
    });
    let outcome = match brought.id {
        Some(id) => format!("\ncustomization {id} is at version {}", brought.to),
        None => format!("\nnothing was written; {} to choose about", brought.conflicts),
    };
    format!("{table}{}{outcome}", lacking.collect::<String>())
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "-".to_owned(), ToString::to_string)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "the client's stays",
        Verdict::Taken => "the new one is taken",
        Verdict::Dropped => "left out",
        Verdict::Chosen => "chosen",
        Verdict::Conflict => "conflict: choose with --keep, --take or --set",
    }
}
