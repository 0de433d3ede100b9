use std::time::Duration;

use uuid::Uuid;

use super::types::{Import, State};
use super::{apply, check, store};
use crate::console::{Console, Visitor};
use crate::db::caller::Act;
use crate::problem::Problem;

/// How long a request waits for the work that it began: most files are done by then, and need no page that says how far
/// they are.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is said of work that ended without a word.
const BROKE_OFF: &str = "the work on the file broke off: the server was ended, or the database went away";

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// A dry run.
    Check,
    /// The import, as the dry run of this number says.
    Apply { check: i32 },
}

/// Begins to work on a file, and waits a while. Somebody who is at it already isn't disturbed, and what was imported isn't
/// imported again.
pub(super) async fn begin(console: &Console, visitor: &Visitor, id: Uuid, work: Work) -> Result<(), Problem> {
    let act = act(visitor, work);
    let tx = console.database().begin(&visitor.caller, &act).await?;
    if !store::claim(&tx, id).await? {
        return Ok(());
    }
    let import = store::find(&tx, id).await?.ok_or_else(absent)?;
    if import.state == State::Applied {
        return Ok(());
    }
    ready(&import, work)?;
    let (console, visitor) = (console.clone(), visitor.clone());
    let job = tokio::spawn(async move {
        let progress = Progress { console, visitor: visitor.clone(), act, id };
        progress.begin().await;
        let done = match work {
            Work::Check => check::run(tx, &visitor, &import, None, &progress).await,
            Work::Apply { .. } => apply::run(tx, &visitor, &import, &progress).await,
        };
        if let Err(problem) = done {
            progress.broke_off(&problem).await;
        }
    });
    // What takes longer goes on without us.
    let _ = tokio::time::timeout(PATIENCE, job).await;
    Ok(())
}

fn ready(import: &Import, work: Work) -> Result<(), Problem> {
    let is_here = import.state != State::Reading && import.is_settled();
    let is_as_seen = match work {
        Work::Check => true,
        Work::Apply { check } => import.state == State::Checked && import.checks == check && import.writes() > 0,
    };
    if is_here && is_as_seen {
        return Ok(());
    }
    let said = "the file isn't as the page showed it, and nothing was done";
    Err(Problem::new(axum::http::StatusCode::CONFLICT, said).mend("look at it as it is now"))
}

/// What the audit log says that writes are for.
fn act(visitor: &Visitor, work: Work) -> Act {
    match work {
        Work::Check => visitor.act.clone(),
        Work::Apply { .. } => visitor.act_for("CSV import of clients"),
    }
}

/// A file that isn't there, or is somebody else's.
pub(super) fn absent() -> Problem {
    Problem::absent("there is no such import: a file is kept for a day, for whoever uploaded it")
        .mend("choose the file again")
}

/// How far the work on a file is, for whoever looks meanwhile.
pub(super) struct Progress {
    console: Console,
    visitor: Visitor,
    act: Act,
    id: Uuid,
}

impl Progress {
    /// Says how many rows are done. The work doesn't depend on it.
    pub(super) async fn tell(&self, done: usize) {
        let done = i32::try_from(done).unwrap_or(i32::MAX);
        self.note(store::PROGRESS, &done).await;
    }

    async fn begin(&self) {
        self.tell(0).await;
        self.note(store::FAILURE, &BROKE_OFF).await;
    }

    /// Says why nothing came of it.
    async fn broke_off(&self, problem: &Problem) {
        tracing::warn!(import = %self.id, problem = problem.detail, "an import of clients broke off");
        let mend = problem.mend.as_ref().map_or_else(String::new, |mend| format!(" ({mend})"));
        self.note(store::FAILURE, &format!("{}{mend}", problem.detail)).await;
    }

    async fn note(&self, sql: &str, value: &(dyn tokio_postgres::types::ToSql + Sync)) {
        let noted = self.console.database().once(&self.visitor.caller, &self.act, sql, &[&self.id, value]).await;
        if let Err(error) = noted {
            tracing::debug!(%error, import = %self.id, "how far an import is wasn't noted");
        }
    }
}
