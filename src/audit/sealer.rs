use std::time::Duration;

use serde_json::json;
use tokio_postgres::{IsolationLevel, Transaction};

use super::folder::Folder;
use super::hash::Hash;
use super::key::Key;
use super::seal::{Head, Seal, Statement};
use super::store::{self, Position, Unsealed};
use crate::Result;
use crate::db::admin::Admin;

/// How long the sealer sleeps between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// How old the newest seal may grow in seconds before an empty one shows that the sealer is still there.
const EMPTY_SEAL_AFTER: f64 = 60.0;

/// How long to wait for the database to come back.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Seals once a second until `shutdown` ends, and once more then. Several at once are safe: one of them works.
///
/// A failure is logged and tried again, over a new connection where the old one is gone: entries wait unsealed meanwhile.
pub async fn run(mut admin: Admin, folder: Folder, shutdown: impl Future<Output = ()>) {
    let mut shutdown = std::pin::pin!(shutdown);
    let mut stopping = false;
    loop {
        let mut pause = PAUSE;
        if let Err(error) = seal_once(&mut admin, &folder).await {
            tracing::error!(%error, "the audit log wasn't sealed");
            pause = PAUSE_AFTER_FAILURE;
            if admin.is_closed()
                && let Ok(again) = admin.again().await
            {
                admin = again;
            }
        }
        if stopping {
            return;
        }
        tokio::select! {
            () = &mut shutdown => stopping = true,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Seals the visible entries that no seal holds yet; returns the seals it made. None while another sealer is at work.
pub async fn seal_once(admin: &mut Admin, folder: &Folder) -> Result<Vec<Head>> {
    // Each statement with a snapshot of its own: the lock may be had only after another sealer's commit.
    let begin = admin.build_transaction().isolation_level(IsolationLevel::ReadCommitted).read_only(false);
    let tx = begin.start().await?;
    store::take_role(&tx).await?;
    if !store::become_sealer(&tx).await? {
        return Ok(Vec::new());
    }
    let database = store::database(&tx).await?;
    let position = store::position(&tx).await?;
    if position.last.is_some() && !folder.goes_on() {
        return Ok(Vec::new());
    }
    let (snapshot, entries) = store::unsealed(&tx, &position).await?;
    let seals = if entries.is_empty() && position.age < EMPTY_SEAL_AFTER {
        Vec::new()
    } else {
        let restored_through = match &position.last {
            Some(_) if position.restored => store::restored_through(&tx).await?,
            last => last.as_ref().map_or(0, |seal| seal.statement.restored_through),
        };
        let frame = Frame { position: &position, snapshot, restored_through };
        seals(&frame, entries, &folder.key()?)
    };
    for seal in &seals {
        store::add(&tx, seal).await?;
    }
    // After the entries were read: its own entry is for the next seal, whose snapshot shows it.
    let kept = folder.head(&database)?;
    let lost = lost_head(&tx, kept).await?;
    tx.commit().await?;

    if let Some(lost) = lost {
        folder.keep_lost_head(&database, lost)?;
        tracing::error!(head = %lost, "the newest seal that was kept outside the database isn't in it: see tenantry audit verify");
    }
    let newest = seals.last().or(position.last.as_ref()).map(Seal::head);
    if let Some(head) = newest
        && kept != Some(head)
    {
        folder.keep_head(&database, head)?;
    }
    for head in seals.iter().map(Seal::head) {
        tracing::info!(%head, "sealed the audit log");
    }
    Ok(seals.iter().map(Seal::head).collect())
}

/// The head that was kept outside, where the chain doesn't hold it any more; says so in the log itself.
async fn lost_head(tx: &Transaction<'_>, kept: Option<Head>) -> Result<Option<Head>> {
    let Some(head) = kept else { return Ok(None) };
    if store::holds(tx, head).await? {
        return Ok(None);
    }
    store::event(tx, "seals_missing", &json!({ "head": head })).await?;
    Ok(Some(head))
}

/// What the seals of one moment have in common.
struct Frame<'a> {
    position: &'a Position,
    snapshot: String,
    restored_through: i64,
}

/// One seal for each month that has entries; an empty one where there are none.
fn seals(frame: &Frame<'_>, months: Vec<Unsealed>, key: &Key) -> Vec<Seal> {
    let mut seals: Vec<Seal> = Vec::new();
    let months = if months.is_empty() { vec![Unsealed::default()] } else { months };
    for month in months {
        let next = seal(frame, seals.last().or(frame.position.last.as_ref()), month, key);
        seals.push(next);
    }
    seals
}

fn seal(frame: &Frame<'_>, last: Option<&Seal>, entries: Unsealed, key: &Key) -> Seal {
    let Unsealed { month, ids, rows_hash } = entries;
    let statement = Statement {
        number: last.map_or(1, |seal| seal.statement.number + 1),
        sealed_at: frame.position.now,
        month,
        row_count: ids.len(),
        ids: ids.to_string(),
        rows_hash: rows_hash.finish(),
        previous_hash: last.map_or(Hash::ZERO, |seal| seal.hash),
        snapshot: frame.snapshot.clone(),
        restored_through: frame.restored_through,
        key_id: key.id().to_owned(),
    };
    statement.seal(key)
}
