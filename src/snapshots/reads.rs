use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use jiff::{Timestamp, Unit};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use uuid::Uuid;

use super::store;
use crate::clock::Clock;
use crate::db::database::Database;

/// How often what was read is written down.
const EVERY: Duration = Duration::from_secs(1);

/// How many entries go into one statement.
const AT_ONCE: usize = 1_000;

/// How often to look for hours that are over.
const CLOSE_EVERY: Duration = Duration::from_mins(1);

/// Secrets that were read, by whom and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// The token.
    pub token_id: Uuid,
    /// The client whose secrets they are.
    pub client_id: Uuid,
    /// Where from.
    pub address: Option<IpAddr>,
}

/// Where reads are told, without waiting.
#[derive(Clone)]
pub struct Teller(UnboundedSender<Read>);

/// Counts reads in memory, and writes the counts down.
pub struct Ledger {
    told: UnboundedReceiver<Read>,
    counts: HashMap<(Read, Timestamp), i64>,
}

impl Teller {
    /// Secrets were read.
    pub fn tell(&self, read: Read) {
        // The ledger ends with the server alone.
        let _ = self.0.send(read);
    }
}

/// A ledger, and who tells it.
pub fn ledger() -> (Teller, Ledger) {
    let (teller, told) = mpsc::unbounded_channel();
    (Teller(teller), Ledger { told, counts: HashMap::new() })
}

impl Ledger {
    /// Counts until `shutdown` ends, and writes down what is left then.
    pub async fn keep(mut self, database: &Database, clock: Clock, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let (mut due, mut over) = (tokio::time::interval(EVERY), tokio::time::interval(CLOSE_EVERY));
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(read) = self.told.recv() => self.count(read, clock.now()),
                _ = due.tick() => self.write(database).await,
                _ = over.tick() => {
                    // What is known of an hour here goes before its end is written down.
                    self.write(database).await;
                    close(database).await;
                }
            }
        }
        while let Ok(read) = self.told.try_recv() {
            self.count(read, clock.now());
        }
        self.write(database).await;
    }

    fn count(&mut self, read: Read, now: Timestamp) {
        *self.counts.entry((read, hour(now))).or_default() += 1;
    }

    /// What can't be written down now is kept for the next time.
    async fn write(&mut self, database: &Database) {
        let all: Vec<_> = self.counts.iter().map(|(of, count)| (*of, *count)).collect();
        for some in all.chunks(AT_ONCE) {
            let mut reads = store::Reads::default();
            for ((read, hour), count) in some {
                reads.tokens.push(read.token_id);
                reads.clients.push(read.client_id);
                reads.addresses.push(read.address.map(|address| address.to_string()).unwrap_or_default());
                reads.hours.push(*hour);
                reads.counts.push(*count);
            }
            if let Err(error) = store::note_reads(database, &reads).await {
                tracing::warn!(%error, "reads of secrets weren't written down yet");
                return;
            }
            for (of, _) in some {
                self.counts.remove(of);
            }
        }
    }
}

/// Has the hours that are over put into the audit log.
async fn close(database: &Database) {
    if let Err(error) = store::close_hours(database).await {
        tracing::warn!(%error, "reads of secrets weren't put into the audit log yet");
    }
}

fn hour(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_counted_by_token_address_and_hour() {
        let (_, mut ledger) = ledger();
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let read = Read { token_id: Uuid::nil(), client_id: Uuid::nil(), address: None };
        let elsewhere = Read { address: Some([10, 0, 0, 1].into()), ..read };
        for (read, time) in [
            (read, "2026-11-23T10:59:59Z"),
            (read, "2026-11-23T10:00:00Z"),
            (elsewhere, "2026-11-23T10:30:00Z"),
            (read, "2026-11-23T11:00:00Z"),
        ] {
            ledger.count(read, at(time));
        }
        let count = |read, time| ledger.counts.get(&(read, at(time))).copied();
        assert_eq!(count(read, "2026-11-23T10:00:00Z"), Some(2));
        assert_eq!(count(elsewhere, "2026-11-23T10:00:00Z"), Some(1));
        assert_eq!(count(read, "2026-11-23T11:00:00Z"), Some(1));
        assert_eq!(ledger.counts.len(), 3);
    }
}
