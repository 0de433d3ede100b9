//! Which documents don't validate, kept so that a page tells of them without composing all of them.
//!
//! The server looks at every document again and again, some clients at a time with pauses between, and writes down what it
//! found with the time at which it began. Where no revision was taken since the last look there is nothing to look at,
//! but once an hour it looks all the same: clients come without a revision. Several servers that look at once find the same.

/// The list of what was found.
pub(super) mod page;

mod store;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use layers::Weight;
use uuid::Uuid;

use super::documents::{Compiled, Inputs, Target, Wanted};
use super::store::clients;
use crate::Result;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::tx::Tx;
use crate::problem::Fault;

/// How many clients are judged in one transaction. Few, so that the database's work comes in small pieces.
const AT_ONCE: usize = 5;

/// How many times as long as judging them took is rested then: requests come first.
const RESTS: u32 = 19;

/// After how long it is looked again though nothing was changed.
const AT_LEAST: Duration = Duration::from_hours(1);

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    client_id: Uuid,
    /// Empty where there is none.
    template_id: String,
    environment: &'static str,
    is_invalid: bool,
    faults: i32,
    detail: String,
}

/// Looks at every document, if there is reason to; how many there are, and how many of them have faults.
pub async fn keep(
    admin: &mut Admin,
    caller: &Caller,
    compiled: &Compiled,
    now: Timestamp,
) -> Result<Option<(i64, usize)>> {
    let tx = Tx::begin(admin, caller, "look at documents").await?;
    let begun = tx.as_worker(async { begin(&tx, now).await }).await?;
    tx.commit().await?;
    let Some((revision, all)) = begun else { return Ok(None) };
    let (mut found, mut documents) = (Vec::new(), 0);
    for some in all.chunks(AT_ONCE) {
        let instant = Instant::now();
        let tx = Tx::begin(admin, caller, "look at documents").await?;
        let inputs = tx.as_worker(async { Inputs::load(&tx, compiled, Wanted::clients(some)).await }).await?;
        tx.commit().await?;
        documents += judge(&inputs, &mut found).await;
        tokio::time::sleep(instant.elapsed() * RESTS).await;
    }
    let tx = Tx::begin(admin, caller, "look at documents").await?;
    tx.as_worker(async { store::write(&tx, &found, revision, documents, now).await }).await?;
    tx.commit().await?;
    Ok(Some((documents, found.len())))
}

/// The revision, and every client; none where what was found still holds.
async fn begin(tx: &Tx<'_>, now: Timestamp) -> Result<Option<(i64, Vec<Uuid>)>> {
    let (revision, last) = store::standing(tx).await?;
    let holds = |(seen, at): &(i64, Timestamp)| *seen == revision && now.duration_since(*at).unsigned_abs() < AT_LEAST;
    if last.as_ref().is_some_and(holds) {
        return Ok(None);
    }
    Ok(Some((revision, clients(tx).await?.iter().map(|client| client.id).collect())))
}

/// Judges documents one by one, so that whoever ends this waits for no more than one of them.
async fn judge(inputs: &Inputs, found: &mut Vec<Finding>) -> i64 {
    let mut documents = 0;
    for target in inputs.targets() {
        documents += 1;
        found.extend(finding(inputs, &target));
        tokio::task::yield_now().await;
    }
    found.extend(inputs.undecided().into_iter().map(|(client_id, problem)| Finding {
        client_id,
        template_id: String::new(),
        environment: "all",
        is_invalid: true,
        faults: 1,
        detail: problem.detail,
    }));
    documents
}

fn finding(inputs: &Inputs, target: &Target) -> Option<Finding> {
    let judged = inputs.judge(target).ok()?;
    let told = judged.problems.iter().filter(|problem| problem.weight() != Weight::Ignored);
    let worst = told.clone().max_by_key(|problem| problem.weight())?;
    let fault = Fault::from(worst);
    Some(Finding {
        client_id: target.client_id,
        template_id: target.template_id.as_deref().unwrap_or_default().to_owned(),
        environment: target.environment.as_str(),
        is_invalid: worst.weight() == Weight::Invalid,
        faults: i32::try_from(told.count()).unwrap_or(i32::MAX),
        detail: format!("{} {}", fault.pointer, fault.detail).trim().to_owned(),
    })
}
