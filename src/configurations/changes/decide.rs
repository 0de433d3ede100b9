//! What becomes of a change that was proposed.

use axum::http::StatusCode;
use uuid::Uuid;

use super::apply::{self, Ready, Tools};
use super::types::{Change, State};
use super::{propose, store};
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// How often a change is judged anew because others changed what it was judged by.
const TRIES: usize = 3;

/// Applies a change: judged on a snapshot, written in a short transaction.
pub(super) async fn apply(
    database: &Database,
    tools: &Tools,
    caller: &Caller,
    act: &Act,
    id: Uuid,
) -> Result<Change, Problem> {
    for tried in 1.. {
        let tx = database.snapshot(caller, act).await?;
        let change = open(&tx, id).await?;
        let ready = apply::judge_kept(&tx, tools, &change).await?;
        drop(tx);
        let tx = database.begin(caller, act).await?;
        match write(&tx, tools, &change, &ready, tried == TRIES).await {
            Ok(change) => {
                tx.commit().await?;
                return Ok(change);
            }
            Err(problem) if problem.status == StatusCode::CONFLICT && tried < TRIES => {}
            Err(problem) => return Err(problem),
        }
    }
    unreachable!("the last try returns")
}

/// The same in one transaction, for whoever has no other.
pub(super) async fn apply_in(tx: &Tx<'_>, tools: &Tools, id: Uuid) -> Result<Change, Problem> {
    let change = open(tx, id).await?;
    let ready = apply::judge_kept(tx, tools, &change).await?;
    write(tx, tools, &change, &ready, true).await
}

async fn write(tx: &Tx<'_>, tools: &Tools, change: &Change, ready: &Ready, is_last: bool) -> Result<Change, Problem> {
    held(tx, change.id).await?;
    store::give_reason(tx, &change.reason).await?;
    let revision = apply::write(tx, &tools.compiled, &ready.writable(is_last)).await?;
    decided(tx, change.id, State::Applied, None, revision).await
}

/// Approves, rejects or withdraws a change.
pub(super) async fn decide(tx: &Tx<'_>, id: Uuid, state: State, words: Option<&str>) -> Result<Change, Problem> {
    words.map_or(Ok(()), propose::check_words)?;
    found(tx, id).await?;
    held(tx, id).await?;
    decided(tx, id, state, words, None).await
}

async fn decided(
    tx: &Tx<'_>,
    id: Uuid,
    state: State,
    words: Option<&str>,
    revision: Option<i64>,
) -> Result<Change, Problem> {
    if store::decide(tx, id, state, words, revision).await? == 0 {
        return Err(not_yours());
    }
    found(tx, id).await
}

/// A change that the caller sees.
pub(super) async fn found(tx: &Tx<'_>, id: Uuid) -> Result<Change, Problem> {
    store::change(tx, id).await?.ok_or_else(|| {
        Problem::absent(format!("there is no change {id}")).mend("GET /api/v1/changes lists those that you see")
    })
}

/// The same, of which nobody has decided yet.
async fn open(tx: &Tx<'_>, id: Uuid) -> Result<Change, Problem> {
    let change = found(tx, id).await?;
    match change.state {
        State::Proposed | State::Approved => Ok(change),
        state => Err(Problem::invalid(format!("the change is {state}, and is applied no more"))
            .mend(if state == State::Applied { "revert it, which is a change of its own" } else { "propose it anew" })),
    }
}

/// Holds a change until the transaction ends; that the caller may decide about it.
async fn held(tx: &Tx<'_>, id: Uuid) -> Result<(), Problem> {
    store::locked(tx, id).await?.map(|_| ()).ok_or_else(not_yours)
}

fn not_yours() -> Problem {
    Problem::forbidden("this change isn't for you to decide about")
        .mend("somebody who manages every client that it edits, or an admin, may")
}
