use std::pin::pin;

use futures_util::StreamExt as _;
use serde::Serialize;
use tokio_postgres::{IsolationLevel, Transaction};

use super::chain::{Chain, Contents, Excused};
use super::finding::Finding;
use super::folder::Folder;
use super::ids::Ids;
use super::seal::{Head, Seal};
use super::store;
use crate::db::admin::Admin;
use crate::{Error, Result};

/// How many seals are checked together, so that their entries are read in one go.
const SEALS_AT_ONCE: i64 = 500;

/// What `tenantry audit verify` has to say.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How many seals the chain has.
    pub seals: i64,
    /// How many entries they hold.
    pub sealed_entries: i64,
    /// How many of those were dropped by retention.
    pub dropped_entries: i64,
    /// How many of those were erased.
    pub erased_entries: i64,
    /// How many entries are younger than the newest seal, or were uncommitted then.
    pub waiting_entries: i64,
    /// When the newest seal was made.
    pub sealed_at: Option<jiff::Timestamp>,
    /// The newest seal: keep it somewhere else and give it to `--head` one day.
    pub head: Option<Head>,
    /// What is wrong; empty where all is well.
    pub findings: Vec<Finding>,
}

/// Checks the whole chain and every entry, in one snapshot and without a write. Nothing is believed that the database
/// says about itself: hashes are computed here, and keys and heads come from the folder and the caller.
pub async fn verify(admin: &mut Admin, folder: &Folder, head: Option<Head>) -> Result<Report> {
    let trusted = folder.trusted()?;
    let tx = admin.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start().await?;
    store::take_role(&tx).await?;
    store::needs_tables(&tx).await?;
    let database = store::database(&tx).await?;
    let mut wanted = folder.lost_heads(&database)?;
    wanted.extend(folder.head(&database)?.into_iter().chain(head));
    wanted.sort_by_key(|head| head.number);
    wanted.dedup();
    let excused = Excused { dropped: store::dropped(&tx).await?, erased: store::erased(&tx).await? };
    let mut chain = Chain::new(&trusted, &excused, wanted);
    loop {
        let after = chain.last().map_or(0, |seal| seal.statement.number);
        let seals = store::seals_after(&tx, after, SEALS_AT_ONCE).await?;
        if seals.is_empty() {
            break;
        }
        check_seals(&tx, &mut chain, seals, &excused).await?;
    }
    let waiting_entries = check_unsealed(&tx, &mut chain).await?;
    tx.rollback().await?;

    let sealed_at = chain.last().and_then(|seal| jiff::Timestamp::from_microsecond(seal.statement.sealed_at).ok());
    Ok(Report {
        seals: chain.last().map_or(0, |seal| seal.statement.number),
        sealed_entries: chain.sealed.len(),
        dropped_entries: chain.dropped,
        erased_entries: chain.sealed.intersection(&excused.erased).len(),
        waiting_entries,
        sealed_at,
        head: chain.last().map(Seal::head),
        findings: chain.finish(),
    })
}

/// Checks some seals and their entries. The entries come in the order of ids, which is almost that of the seals; each
/// goes to the seal that holds it.
async fn check_seals(tx: &Transaction<'_>, chain: &mut Chain<'_>, seals: Vec<Seal>, excused: &Excused) -> Result<()> {
    let mut contents: Vec<Contents> = seals.into_iter().map(|seal| chain.seal(seal)).collect();
    let mut ids = Ids::default();
    let mut owners = std::collections::BTreeMap::new();
    for (place, seal) in contents.iter().enumerate() {
        ids.insert_all(seal.ids());
        owners.extend(seal.ids().ranges().map(|(start, _)| (start, place)));
    }
    if !ids.is_empty() {
        let mut entries = pin!(store::entries_in(tx, &ids).await?);
        while let Some(entry) = entries.next().await.transpose()? {
            if let Some((_, place)) = owners.range(..=entry.id).next_back() {
                contents[*place].entry(&entry, excused);
            }
        }
    }
    for seal in contents {
        chain.contents(seal);
    }
    Ok(())
}

/// Checks the entries that no seal holds; returns how many are merely too young.
async fn check_unsealed(tx: &Transaction<'_>, chain: &mut Chain<'_>) -> Result<i64> {
    let now = store::snapshot(tx).await?.parse().map_err(|wrong: &str| Error::failure(wrong))?;
    let sealed = chain.sealed.clone();
    let mut entries = pin!(store::entries_outside(tx, &sealed).await?);
    let mut young = 0;
    while let Some(entry) = entries.next().await.transpose()? {
        young += i64::from(chain.unsealed(&entry, &now));
    }
    Ok(young)
}
