use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::{connect, output};
use crate::configurations::changes::command::{self, Made, Then};
use crate::configurations::changes::{Cell, Change as Kept, Document, Filter, Outcome, Page, Preview, State, Tools};
use crate::configurations::documents::Compiled;
use crate::secrets::Keys;
use crate::settings::Settings;
use crate::{Error, Result};

/// `tenantry change …`.
#[derive(Debug, Subcommand)]
pub enum Change {
    /// List changes, newest first
    #[command(after_help = "Example: tenantry change list --state proposed")]
    List {
        /// Those in this state
        #[arg(long, value_parser = state)]
        state: Option<State>,
        /// Those that edit rows of this client, by its id, and of no other
        #[arg(long, value_name = "ID")]
        client: Option<Uuid>,
        /// How many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1_000))]
        limit: i64,
    },
    /// Show a change: who, why, which rows, and what it does
    #[command(after_help = "Example: tenantry change show 6f1c… --format json")]
    Show {
        /// The change
        id: Uuid,
    },
    /// Show what a change would do to each client's document
    #[command(after_help = "Example: tenantry change preview 6f1c… --outcome invalid")]
    Preview {
        /// The change
        id: Uuid,
        /// Documents to which this happens
        #[arg(long, value_parser = outcome)]
        outcome: Option<Outcome>,
        /// Documents of this client, by its id
        #[arg(long, value_name = "ID")]
        client: Option<Uuid>,
        /// Documents after this place
        #[arg(long, default_value_t = 0)]
        after: i32,
        /// How many
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=1_000))]
        limit: i64,
    },
    /// Apply a change: all of its edits, or none
    #[command(after_help = "Example: tenantry change apply 6f1c…")]
    Apply {
        /// The change
        id: Uuid,
    },
    /// Approve a change of somebody else's
    #[command(after_help = "Example: tenantry change approve 6f1c… --reason 'checked with the client'")]
    Approve(Decision),
    /// Reject a change
    #[command(after_help = "Example: tenantry change reject 6f1c… --reason 'not before the holidays'")]
    Reject(Decision),
    /// Withdraw a change that you proposed
    #[command(after_help = "Example: tenantry change withdraw 6f1c…")]
    Withdraw(Decision),
    /// Take a change back, deletions included, by another one
    #[command(after_help = "Example: tenantry change revert 6f1c… --reason 'the client changed their mind'")]
    Revert {
        /// The change to take back
        id: Uuid,
        /// What for
        #[arg(long)]
        reason: String,
        /// Only propose it
        #[arg(long)]
        propose: bool,
    },
}

/// A change, and what to say to it.
#[derive(Debug, clap::Args)]
pub struct Decision {
    /// The change
    id: Uuid,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

fn state(word: &str) -> Result<State, String> {
    State::by_word(word).ok_or_else(|| format!("it is one of {}", State::ALL.map(State::as_str).join(", ")))
}

fn outcome(word: &str) -> Result<Outcome, String> {
    Outcome::by_word(word).ok_or_else(|| format!("it is one of {}", Outcome::ALL.map(Outcome::as_str).join(", ")))
}

/// What commands write changes with.
pub(super) fn tools(settings: &Settings) -> Result<Tools> {
    Ok(Tools { compiled: Compiled::default(), keys: Keys::of(settings)?.into() })
}

/// Runs `tenantry change …`.
pub async fn run(change: &Change, settings: &Settings) -> Result<ExitCode> {
    match change {
        Change::List { state, client, limit } => {
            let filter = Filter { client_id: *client, state: *state, after: None, limit: *limit };
            let listed =
                connect::act(settings, "change list", async |tx| Ok(command::list(tx, &filter).await?)).await?;
            output::answer(settings.format, &listed, || list(&listed));
        }
        Change::Show { id } => {
            let shown = connect::act(settings, "change show", async |tx| Ok(command::show(tx, *id).await?)).await?;
            output::answer(settings.format, &shown, || {
                let rows = shown.rows.iter().map(|row| format!("\n  {:?} {} of {}", row.operation, row.id, row.table));
                format!("{}{}{}", one(&shown.change), rows.collect::<String>(), told(shown.preview.as_ref()))
            });
        }
        Change::Preview { id, outcome, client, after, limit } => {
            let page = Page { outcome: *outcome, group: None, client_id: *client, after: *after, limit: *limit };
            let work =
                connect::act(settings, "change preview", async |tx| Ok(command::documents(tx, *id, &page).await?));
            let documents = work.await?;
            output::answer(settings.format, &documents, || cells(&documents));
        }
        Change::Apply { id } => {
            let tools = tools(settings)?;
            let work = connect::act(settings, "change apply", async |tx| Ok(command::apply(tx, &tools, *id).await?));
            print(settings, &work.await?);
        }
        Change::Approve(decision) => decide(settings, decision, State::Approved).await?,
        Change::Reject(decision) => decide(settings, decision, State::Rejected).await?,
        Change::Withdraw(decision) => decide(settings, decision, State::Withdrawn).await?,
        Change::Revert { id, reason, propose } => {
            let tools = tools(settings)?;
            let then = if *propose { Then::Propose } else { Then::Apply };
            let work =
                connect::act(settings, reason, async |tx| Ok(command::revert(tx, &tools, *id, reason, then).await?));
            print_made(settings, &work.await?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn decide(settings: &Settings, decision: &Decision, state: State) -> Result<()> {
    let Decision { id, reason } = decision;
    let said = reason.as_deref();
    let work = connect::act(settings, said.unwrap_or("change decided"), async |tx| {
        command::decide(tx, *id, state, said).await.map_err(Error::from)
    });
    print(settings, &work.await?);
    Ok(())
}

fn print(settings: &Settings, change: &Kept) {
    output::answer(settings.format, change, || one(change));
}

/// Prints what a command made.
pub(super) fn print_made(settings: &Settings, made: &Made) {
    output::answer(settings.format, made, || format!("{}{}", one(&made.change), told(made.preview.as_ref())));
}

fn one(change: &Kept) -> String {
    let revision = change.revision.map_or_else(String::new, |revision| format!(", revision {revision}"));
    let rows = if change.edits == 1 { "row" } else { "rows" };
    format!("change {} is {}{revision}: {} {rows}, {:?}", change.id, change.state, change.edits, change.reason)
}

fn told(preview: Option<&Preview>) -> String {
    let Some(preview) = preview else { return String::new() };
    let counts: Vec<String> = preview.counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let groups = preview.groups.iter().map(|group| format!("\n  {} documents: {}", group.documents, said(&group.cell)));
    format!("\n{} documents: {}{}", preview.documents, counts.join(", "), groups.collect::<String>())
}

fn said(cell: &Cell) -> String {
    let keys = cell.keys.iter().map(|key| key.pointer.clone());
    let faults = cell.invalid.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail));
    let hidden = cell.without_effect.iter().map(|hidden| format!("{} is {}", hidden.pointer, hidden.why.as_str()));
    let all: Vec<String> = faults.chain(keys).chain(hidden).collect();
    format!("{} {}", cell.outcome.as_str(), all.join("; ")).trim_end().to_owned()
}

fn cells(documents: &[Document]) -> String {
    if documents.is_empty() {
        return "no documents".to_owned();
    }
    let row = |document: &Document| {
        [
            document.place.to_string(),
            document.client_id.to_string(),
            document.template_id.clone().unwrap_or_default(),
            document.environment.clone(),
            said(&document.cell),
        ]
    };
    output::table(["", "client", "template", "environment", "outcome"], documents.iter().map(row))
}

fn list(changes: &[Kept]) -> String {
    if changes.is_empty() {
        return "no changes yet; make one with `tenantry config set`".to_owned();
    }
    let row = |change: &Kept| {
        [
            change.id.to_string(),
            change.state.to_string(),
            format!("{:.0}", change.proposed_at),
            change.revision.map_or_else(String::new, |revision| revision.to_string()),
            change.edits.to_string(),
            change.reason.clone(),
        ]
    };
    output::table(["change", "state", "proposed", "revision", "rows", "reason"], changes.iter().map(row))
}
