//! What can be done about rows that break a rule: the mends of [`super::mends`] where one applies, else a question.
//!
//! [`diagnose`] only reads and serves `migrate plan`; [`mend`] and [`unmend`] change rows, in small transactions.

mod apply;
mod finding;
mod free;
mod questions;
mod words;

use serde::Serialize;
use tokio_postgres::Client;

use super::Adoption;
use super::rule::Violation;
use super::survey::{self, Source, Subject};
use crate::Result;
use crate::db::migrate::Runner;

pub use apply::{Mended, mend, unmend};

/// Values of one column that can be mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// The table, in `public`.
    pub table: String,
    /// The rule that the rows break.
    pub rule: String,
    /// The column that gets a value.
    pub column: String,
    /// What becomes of what, for a person.
    pub change: String,
    /// Why this and no other.
    pub reason: String,
    /// How many rows.
    pub rows: i64,
    /// Ids of up to a thousand of them.
    pub examples: Vec<String>,
    /// SQL of the rows, in which `r` is the row.
    #[serde(skip)]
    pub condition: String,
    /// SQL of the value.
    #[serde(skip)]
    pub value: String,
}

/// What a person has to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// What there is to decide.
    pub question: String,
    /// How many rows wait for it.
    pub rows: i64,
    /// Ids of up to a thousand of them; rows that stand against each other are neighbours.
    pub examples: Vec<String>,
    /// A statement as an answer could look.
    pub example: String,
}

/// A rule that rows break, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The rule and its rows.
    pub violation: Violation,
    /// What `--mend` would do.
    pub mends: Vec<Mend>,
    /// What is left to a person.
    pub question: Option<Question>,
}

impl Diagnosis {
    /// In one line, what to do about it.
    pub fn suggestion(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.mends.is_empty() {
            let changes: Vec<String> =
                self.mends.iter().map(|mend| format!("{} ({})", mend.change, in_words(mend.rows))).collect();
            parts.push(format!("migrate up --mend: {}", changes.join("; ")));
        }
        if let Some(question) = &self.question {
            parts.push(format!("{} For example: {}", question.question, question.example));
        }
        parts.join(". ")
    }
}

/// A count of rows in words.
fn in_words(rows: i64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// Surveys and diagnoses in one read-only snapshot, so that every table is seen at the same moment.
pub async fn look(client: &Client, subjects: &[Subject]) -> Result<Vec<Diagnosis>> {
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let seen = survey_and_diagnose(client, subjects).await;
    client.batch_execute("ROLLBACK").await?;
    seen
}

/// The same in the caller's transaction.
pub async fn survey_and_diagnose(client: &Client, subjects: &[Subject]) -> Result<Vec<Diagnosis>> {
    let violations = survey::survey(client, subjects).await?;
    diagnose(client, subjects, violations).await
}

/// Mends whatever can be mended in the adopted tables, until nothing more can be.
pub async fn mend_all(runner: &mut Runner<'_>, adoption: &Adoption) -> Result<Vec<Mended>> {
    let mut mended = Vec::new();
    // A mended word may bring to light what was hidden behind it: an "Hourly" without an hour is "hourly" first.
    for _ in 0..ROUNDS {
        let subjects = adoption.subjects(runner.admin).await?;
        let done = mend(runner, &look(runner.admin, &subjects).await?).await?;
        if done.is_empty() {
            break;
        }
        mended.extend(done);
    }
    Ok(mended)
}

/// More rounds than any row can need.
const ROUNDS: usize = 4;

/// Finds, in the caller's transaction, what can be done about what a survey found.
async fn diagnose(client: &Client, subjects: &[Subject], violations: Vec<Violation>) -> Result<Vec<Diagnosis>> {
    let mut diagnoses = Vec::new();
    for violation in violations {
        let Some(subject) = subjects.iter().find(|subject| subject.table == violation.rule.table) else { continue };
        let source = Source::of(client, &subject.table, &subject.missing).await?;
        let place = format!("{}: what to do about {}", subject.table, violation.rule.name);
        let mends = finding::mends(client, &source, subject, &violation).await.map_err(|error| error.within(&place))?;
        let question =
            questions::question(client, &source, &violation, &mends).await.map_err(|error| error.within(&place))?;
        diagnoses.push(Diagnosis { violation, mends, question });
    }
    Ok(diagnoses)
}
