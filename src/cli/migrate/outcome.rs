use std::path::PathBuf;

use serde::Serialize;

use crate::Result;
use crate::cli::output;
use crate::db::admin::Admin;
use crate::db::adopt::keep::{self, Kept};
use crate::db::adopt::mending::Mended;
use crate::db::adopt::pending::{self, Pending};
use crate::db::migrate::{Outcome, Undone, ledger};

/// What `migrate up` did, and where the database is backed up as it was before.
#[derive(Debug, Serialize)]
pub(super) struct Done {
    pub backup: Option<PathBuf>,
    /// The statement that lets the server log in, where nobody has run it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_run: Option<&'static str>,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The same for a person.
pub(super) fn text(done: &Done) -> String {
    let outcome = &done.outcome;
    let mut lines = Vec::new();
    lines.extend(done.backup.iter().map(|backup| format!("backed up into {}", backup.display())));
    lines.push(format!("applied {} migrations", outcome.applied.len()));
    if !outcome.mended.is_empty() {
        lines.push("mended:".to_owned());
        lines.extend(
            outcome
                .mended
                .iter()
                .map(|mended| format!("  {}: {} ({})", mended.table, mended.change, rows(mended.rows))),
        );
    }
    if let Some(roles) = &outcome.roles {
        lines.push(format!("copied the roles of {} people", roles.copied));
        lines.extend(roles.left.iter().map(|left| format!("  not {} of {}: {}", left.role, left.person, left.why)));
    }
    lines.extend(pending_text(&outcome.pending));
    lines.extend(done.to_run.iter().map(|statement| {
        format!(
            "the server will log in as tenantry_server: run {statement}, or set TENANTRY_SERVER_PASSWORD and run it again"
        )
    }));
    lines.join("\n")
}

/// What `migrate down` did, for a person.
pub(super) fn undone(undone: &Undone) -> String {
    let mut lines = vec![format!("took back {} migrations", undone.taken_back.len())];
    let line =
        |mended: &Mended| format!("  {}.{}: {} {}", mended.table, mended.column, rows(mended.rows), mended.change);
    lines.extend(undone.unmended.iter().map(line));
    lines.join("\n")
}

/// The ledger, and what is not as it shall be yet.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    steps: Vec<ledger::Entry>,
    pending: Vec<Pending>,
    kept_roles: Vec<Kept>,
}

impl Status {
    pub(super) async fn read(admin: &Admin) -> Result<Self> {
        let steps = ledger::read(admin).await?;
        Ok(Self { steps, pending: pending::read(admin).await?, kept_roles: keep::kept(admin).await? })
    }

    pub(super) fn text(&self) -> String {
        let applied =
            |entry: &ledger::Entry| entry.applied_at.map_or_else(|| "not done".to_owned(), |at| at.to_string());
        let row = |entry: &ledger::Entry| [entry.migration.clone(), entry.step.clone(), applied(entry)];
        let mut lines = vec![output::table(["migration", "step", "applied at"], self.steps.iter().map(row))];
        if !self.kept_roles.is_empty() {
            lines.push("\nroles of the site's that keep their rights:".to_owned());
            let row = |kept: &Kept| [kept.role.clone(), kept.table.clone(), kept.privileges.join(", ")];
            lines.push(output::table(["role", "table", "may"], self.kept_roles.iter().map(row)));
        }
        lines.extend(pending_text(&self.pending));
        lines.join("\n")
    }
}

fn pending_text(pending: &[Pending]) -> Vec<String> {
    if pending.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!(
        "\n{} rules are pending: rows that were there break them; new writes don't. Mend the rows, then run migrate up again.",
        pending.len()
    )];
    for rule in pending {
        lines.push(format!("\n  {}.{}: {}", rule.table, rule.rule, rows(rule.rows)));
        lines.push(format!("    held meanwhile by {}", rule.stand_in));
        lines.push(format!("    {}", rule.suggested_mend));
    }
    lines
}

/// A count of rows in words.
pub(super) fn rows(count: i64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}
