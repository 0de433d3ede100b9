//! The checks themselves: pure, fed with seals in their order and with entries in the order of their ids.

use std::collections::BTreeSet;

use super::entry::Entry;
use super::finding::{Finding, entries};
use super::hash::{Hash, RowsHash};
use super::ids::Ids;
use super::key::{Signature, Trusted};
use super::seal::{Head, Seal, Statement};
use super::snapshot::Snapshot;

/// What the log says about itself: which entries are gone or emptied for a reason.
#[derive(Clone, Debug, Default)]
pub struct Excused {
    /// What retention dropped.
    pub dropped: Vec<Dropped>,
    /// Entries whose contents were erased.
    pub erased: Ids,
}

/// Entries whose month was dropped by retention.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Which.
    pub ids: Ids,
}

impl Excused {
    /// The entries of a month that retention may have dropped: only a month that was over has been.
    fn dropped_of(&self, of: Option<&str>) -> Ids {
        let mut dropped = Ids::default();
        let over = |gone: &&Dropped| of.is_some_and(|of| *of < *month(gone.at));
        self.dropped.iter().filter(over).for_each(|gone| dropped.insert_all(&gone.ids));
        dropped
    }
}

/// The chain as far as it has been read.
pub struct Chain<'a> {
    trusted: &'a Trusted,
    excused: &'a Excused,
    wanted: Vec<Head>,
    last: Option<(Seal, Option<Snapshot>)>,
    unknown_keys: BTreeSet<String>,
    /// Months of which entries are there.
    months_kept: BTreeSet<String>,
    /// Seals whose entries retention dropped: month, number, entries.
    months_dropped: Vec<(String, i64, Ids)>,
    /// How many entries retention dropped.
    pub dropped: i64,
    /// Entries that seals hold.
    pub sealed: Ids,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl<'a> Chain<'a> {
    /// An empty chain; `wanted` are heads that were seen before and have to be in it.
    pub fn new(trusted: &'a Trusted, excused: &'a Excused, wanted: Vec<Head>) -> Self {
        let (last, unknown_keys, months_kept, months_dropped, dropped, sealed, findings) = Default::default();
        Self { trusted, excused, wanted, last, unknown_keys, months_kept, months_dropped, dropped, sealed, findings }
    }

    /// Checks a seal by itself and against the one before it; its entries are checked by what this returns.
    pub fn seal(&mut self, seal: Seal) -> Contents {
        let number = seal.statement.number;
        self.link(&seal);
        let canonical = seal.statement.canonical();
        if Hash::of(&canonical) == seal.hash {
            self.signature(&seal.statement, &canonical, &seal.signature);
        } else {
            self.findings.push(Finding::SealEdited { seal: number });
        }
        let ids = seal.statement.ids.parse().unwrap_or_else(|_| {
            self.findings.push(Finding::SealEdited { seal: number });
            Ids::default()
        });
        let twice = ids.intersection(&self.sealed);
        if !twice.is_empty() {
            self.findings.push(Finding::SealedTwice { seal: number, entries: entries(&twice) });
        }
        self.sealed.insert_all(&ids);
        self.wanted.retain(|head| *head != seal.head());
        let contents = Contents::new(&seal.statement, ids);
        let snapshot = seal.statement.snapshot.parse().ok();
        self.last = Some((seal, snapshot));
        contents
    }

    /// Says what a seal's entries gave.
    pub fn contents(&mut self, contents: Contents) {
        let (seal, month) = (contents.seal, contents.month.clone());
        let kept = !contents.seen.is_empty();
        let dropped = contents.finish(self.excused, &mut self.findings);
        if let Some(month) = month {
            if !dropped.is_empty() {
                self.dropped += dropped.len();
                self.months_dropped.push((month, seal, dropped));
            } else if kept {
                self.months_kept.insert(month);
            }
        }
    }

    /// Checks an entry that no seal holds; `now` is what was visible to the reader. True where it is merely too young.
    pub fn unsealed(&mut self, entry: &Entry, now: &Snapshot) -> bool {
        if let Some(finding) = contents_of(entry, None, self.excused) {
            self.findings.push(finding);
        }
        let why = match &self.last {
            // Restored where transactions count from further back, and not sealed there yet: their ids say nothing.
            Some((_, Some(snapshot))) if snapshot.is_ahead_of(now) => return true,
            Some((seal, Some(snapshot))) => why_not_sealed(entry, &seal.statement, snapshot),
            _ => None,
        };
        let why = why.or_else(|| {
            now.precedes(entry.transaction_id)
                .then(|| format!("its transaction {} hasn't been yet", entry.transaction_id))
        });
        let young = why.is_none();
        self.findings.extend(why.map(|why| Finding::Unsealed { entry: entry.id, why }));
        young
    }

    /// The newest seal that was read.
    pub fn last(&self) -> Option<&Seal> {
        self.last.as_ref().map(|(seal, _)| seal)
    }

    /// Everything that was found, with the heads that the chain doesn't hold.
    pub fn finish(mut self) -> Vec<Finding> {
        // Retention takes a month whole: where some of it is left, somebody else took the rest.
        for (_, seal, gone) in self.months_dropped.iter().filter(|(month, ..)| self.months_kept.contains(month)) {
            self.findings.push(Finding::Removed { seal: *seal, entries: entries(gone) });
        }
        let chain_ends = self.last().map_or(0, |seal| seal.statement.number);
        let lost = self.wanted.iter().map(|head| Finding::CutOff { head: *head, chain_ends });
        self.findings.extend(lost);
        self.findings
    }

    fn link(&mut self, seal: &Seal) {
        let (before, hash) = self.last.as_ref().map_or((0, Hash::ZERO), |(last, _)| (last.statement.number, last.hash));
        let number = seal.statement.number;
        if number > before + 1 {
            self.findings.push(Finding::SealsRemoved { first: before + 1, last: number - 1 });
        } else if number != before + 1 || seal.statement.previous_hash != hash {
            self.findings.push(Finding::ChainBroken { seal: number });
        }
    }

    fn signature(&mut self, statement: &Statement, canonical: &[u8], signature: &[u8]) {
        let (seal, key) = (statement.number, statement.key_id.clone());
        match self.trusted.check(&key, canonical, signature) {
            Signature::Good => {}
            Signature::Bad => self.findings.push(Finding::Forged { seal, key }),
            // Said once for each key and not for each of its thousands of seals.
            Signature::UnknownKey => {
                if self.unknown_keys.insert(key.clone()) {
                    self.findings.push(Finding::UnknownKey { seal, key });
                }
            }
        }
    }
}

/// The entries of one seal as they come by.
pub struct Contents {
    seal: i64,
    ids: Ids,
    row_count: i64,
    rows_hash: Hash,
    month: Option<String>,
    hash: RowsHash,
    seen: Ids,
    findings: Vec<Finding>,
}

impl Contents {
    fn new(statement: &Statement, ids: Ids) -> Self {
        Self {
            seal: statement.number,
            ids,
            row_count: statement.row_count,
            rows_hash: statement.rows_hash,
            month: statement.month.clone(),
            hash: RowsHash::default(),
            seen: Ids::default(),
            findings: Vec::new(),
        }
    }

    /// The ids of its entries.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Checks the next of its entries.
    pub fn entry(&mut self, entry: &Entry, excused: &Excused) {
        let seal = self.seal;
        if self.seen.contains(entry.id) {
            self.findings.push(Finding::Repeated { seal, entry: entry.id });
            return;
        }
        self.seen.insert(entry.id);
        self.hash.add(entry.id, &entry.row_hash);
        self.findings.extend(contents_of(entry, Some(seal), excused));
        if self.month.as_deref() != Some(&month(entry.at)) {
            self.findings.push(Finding::Redated { seal, entry: entry.id });
        }
    }

    /// Adds what was found; gives the entries that retention dropped.
    fn finish(mut self, excused: &Excused, findings: &mut Vec<Finding>) -> Ids {
        let missing = self.ids.difference(&self.seen);
        let dropped = if self.seen.is_empty() {
            missing.intersection(&excused.dropped_of(self.month.as_deref()))
        } else {
            // A seal never spans two months: a part of one is never gone by retention.
            Ids::default()
        };
        let removed = missing.difference(&dropped);
        if !removed.is_empty() {
            self.findings.push(Finding::Removed { seal: self.seal, entries: entries(&removed) });
        }
        // With entries missing the hash can't come out; with all of them there, it has to.
        if missing.is_empty() && (self.hash.finish() != self.rows_hash || self.ids.len() != self.row_count) {
            self.findings.push(Finding::Rehashed { seal: self.seal, entries: entries(&self.ids) });
        }
        findings.append(&mut self.findings);
        dropped
    }
}

/// Whether an entry still says what was hashed.
fn contents_of(entry: &Entry, seal: Option<i64>, excused: &Excused) -> Option<Finding> {
    let id = entry.id;
    if entry.erased {
        let fine = entry.is_empty() && excused.erased.contains(id);
        return (!fine).then_some(Finding::Emptied { seal, entry: id });
    }
    (entry.hash().as_bytes() != entry.row_hash).then_some(Finding::Edited { seal, entry: id })
}

/// Why the newest seal should have held an entry, or an earlier one; none where it is younger or was uncommitted then.
fn why_not_sealed(entry: &Entry, last: &Statement, snapshot: &Snapshot) -> Option<String> {
    /// An entry's time is taken a moment after its transaction got its number.
    const MICROSECONDS_BETWEEN: i64 = 1_000_000;

    let (transaction, number) = (entry.transaction_id, last.number);
    if entry.id <= last.restored_through {
        return Some(format!("it came with a restore that seal {number} followed"));
    }
    if snapshot.shows(transaction) {
        return Some(format!("its transaction {transaction} had ended when seal {number} was made"));
    }
    let backdated = snapshot.precedes(transaction) && entry.at < last.sealed_at - MICROSECONDS_BETWEEN;
    backdated.then(|| format!("it is dated before seal {number}, its transaction {transaction} began after it"))
}

/// The first day of the month (UTC) of a moment in microseconds since 1970, as PostgreSQL prints the date.
pub(super) fn month(at: i64) -> String {
    let Ok(at) = jiff::Timestamp::from_microsecond(at) else { return "out of range".to_owned() };
    at.to_zoned(jiff::tz::TimeZone::UTC).date().first_of_month().to_string()
}

#[cfg(test)]
mod tests;
