//! Which existing rows a rule would refuse, found by trying the rule's own expression on them.
//!
//! The survey only reads. `CHECK` and `NOT NULL` of one table take one scan together, uniqueness one `GROUP BY` per key,
//! a foreign key one anti-join; ids are fetched only where something was found. A column that the site's table hasn't
//! got yet is judged by the value that it will have.

mod references;
mod scan;
mod source;
mod uniques;

use std::collections::BTreeMap;

use tokio_postgres::Client;

use super::rule::{Rule, RuleKind, Violation};
use crate::{Error, Result};

pub use source::Source;

pub(super) use scan::{examples, refusal};
pub(super) use uniques::condition;

/// How many rows of a violation are named.
pub const EXAMPLES: usize = 1_000;

/// A table of the site's and the rules that it hasn't got yet.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The table, in `public`.
    pub table: String,
    /// The rules to try.
    pub rules: Vec<Rule>,
    /// Columns that the table lacks, each with the SQL of the value it will have, in which `r` is the row: the default
    /// of the model, or NULL with its type. The `client_id` of events needs no entry: it is the deployment's.
    pub missing: BTreeMap<String, String>,
}

/// Surveys in one read-only snapshot of its own, so that every table is seen at the same moment.
pub async fn in_one_snapshot(client: &Client, subjects: &[Subject]) -> Result<Vec<Violation>> {
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let found = survey(client, subjects).await;
    client.batch_execute("ROLLBACK").await?;
    found
}

/// Sets the caller's transaction up for long reading.
pub(super) async fn prepare(client: &Client) -> Result<()> {
    // A million keys fit; the default would spill every GROUP BY to disk. Compiling would take longer than it saves.
    // No function of the site's is called by a name that it shares with one of PostgreSQL's.
    let settings = "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; \
                    SET LOCAL search_path = pg_catalog, pg_temp";
    client.batch_execute(settings).await?;
    Ok(())
}

/// Surveys in the caller's transaction.
pub async fn survey(client: &Client, subjects: &[Subject]) -> Result<Vec<Violation>> {
    prepare(client).await?;
    let mut violations = Vec::new();
    for subject in subjects {
        violations.extend(one_table(client, subject).await.map_err(|error| error.within(&subject.table))?);
    }
    Ok(violations)
}

async fn one_table(client: &Client, subject: &Subject) -> Result<Vec<Violation>> {
    let source = Source::of(client, &subject.table, &subject.missing).await?;
    let mut violations = scan::refused(client, &source, &subject.rules).await?;
    for rule in &subject.rules {
        let found = match &rule.kind {
            RuleKind::Unique { .. } => uniques::refused(client, &source, rule).await,
            RuleKind::ForeignKey { .. } => references::refused(client, &source, rule).await,
            RuleKind::Check { .. } | RuleKind::NotNull { .. } => Ok(None),
        };
        violations.extend(found.map_err(|error| of_rule(error, rule))?);
    }
    Ok(violations)
}

fn of_rule(error: Error, rule: &Rule) -> Error {
    error.within(&format!("trying the rule {}", rule.name))
}
