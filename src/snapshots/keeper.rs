use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::build::{Builder, Made, Outcome};
use super::freshness::Freshness;
use super::shelf::Shelf;
use super::slot::Slot;
use super::snapshot::Snapshot;
use super::store::{self, Touched};
use crate::auth::runtime;
use crate::clock::Clock;
use crate::db::database::Database;
use crate::error::Kind;
use crate::{Error, Result};

/// How long the revision may take, which is one row, before the database counts as away.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// How long everything may take that a newer revision brings: on start that is every token.
const LONG_PATIENCE: Duration = Duration::from_secs(30);

/// Changes of more documents than these wait behind those of fewer.
const FEW: usize = 200;

/// How many clients' documents are made in one transaction.
const CLIENTS_AT_ONCE: usize = 250;

/// How long to leave a document alone that couldn't be made.
const PAUSE: Duration = Duration::from_secs(5);

/// For each stream that is woken, how much longer all of them together take to be told.
const SPREAD: Duration = Duration::from_millis(1);

/// The longest that anybody waits to be told.
const LONGEST_SPREAD: Duration = Duration::from_secs(3);

/// How often to let go of tokens that have expired; until then they are refused by their time.
const PRUNE_EVERY: Duration = Duration::from_mins(1);

/// How many such batches are under way: rows of one are read while documents of another are composed.
const BATCHES_AT_ONCE: usize = 2;

/// A document that somebody waits for.
pub struct Demand {
    /// Whose.
    pub slot: Arc<Slot>,
    /// Told when it is there, or why it isn't.
    pub done: oneshot::Sender<Result<(), Kind>>,
}

/// Keeps what is in memory as it is in the database. There is one, and nobody else changes documents.
pub struct Keeper {
    database: Database,
    builder: Builder,
    shelf: Arc<Shelf>,
    freshness: Arc<Freshness>,
    demands: mpsc::Receiver<Demand>,
    asked: Vec<Demand>,
    /// The newest revision that was looked at; none before the first time.
    revision: Option<i64>,
    /// The newest revision that touched a client's rows, and rows that are no client's.
    touched: HashMap<Option<Uuid>, i64>,
    few: VecDeque<Arc<Slot>>,
    many: VecDeque<Arc<Slot>>,
    /// What couldn't be made together with others, by client.
    alone: VecDeque<Vec<Arc<Slot>>>,
    /// What is under way, or alone, by where it stands in memory.
    making: HashMap<usize, Arc<Slot>>,
    failed: Vec<(Instant, Arc<Slot>)>,
    clock: Clock,
    pruned: Instant,
}

/// What came of making some documents.
struct Batch {
    begun: Instant,
    slots: Vec<Arc<Slot>>,
    made: Result<Made>,
}

impl Batch {
    async fn make(builder: Builder, slots: Vec<Arc<Slot>>) -> Self {
        let begun = Instant::now();
        let made = builder.build(slots.clone()).await;
        Self { begun, slots, made }
    }
}

impl Keeper {
    pub fn new(
        database: Database,
        builder: Builder,
        shelf: Arc<Shelf>,
        freshness: Arc<Freshness>,
        demands: mpsc::Receiver<Demand>,
        clock: Clock,
    ) -> Self {
        Self {
            database,
            builder,
            shelf,
            freshness,
            demands,
            asked: Vec::new(),
            revision: None,
            touched: HashMap::new(),
            few: VecDeque::new(),
            many: VecDeque::new(),
            alone: VecDeque::new(),
            making: HashMap::new(),
            failed: Vec::new(),
            clock,
            pruned: Instant::now(),
        }
    }

    /// Looks at the database, and makes everything that has changed. Whether it could be looked at.
    pub async fn round(&mut self) -> bool {
        self.again();
        if self.pruned.elapsed() > PRUNE_EVERY {
            self.pruned = Instant::now();
            self.shelf.prune(self.clock.now());
        }
        let is_there = self.make_all().await;
        self.answer_all(if is_there { Ok(()) } else { Err(Kind::Unavailable) });
        is_there
    }

    /// Makes everything that stands in line. False where the database is away, and what was under way is in line again.
    async fn make_all(&mut self) -> bool {
        let mut under_way = FuturesUnordered::new();
        let is_there = loop {
            if !self.look().await {
                break false;
            }
            self.hear();
            while under_way.len() < BATCHES_AT_ONCE
                && let Some(batch) = self.batch()
            {
                under_way.push(Batch::make(self.builder.clone(), batch));
            }
            let Some(batch) = under_way.next().await else { break true };
            if !self.settle(batch) {
                break false;
            }
            self.answer();
        };
        drop(under_way);
        self.few.extend(self.making.drain().map(|(_, slot)| slot));
        self.alone.clear();
        is_there
    }

    /// Waits until somebody asks for a document.
    pub async fn asked(&mut self) {
        if let Some(demand) = self.demands.recv().await {
            self.asked.push(demand);
        } else {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the database holds something new, which is then taken note of. False where it can't be asked.
    async fn look(&mut self) -> bool {
        let begun = self.freshness.now();
        let looked = async {
            let newest = within(PATIENCE, store::revision(&self.database)).await?;
            within(LONG_PATIENCE, self.catch_up(newest)).await
        };
        match looked.await {
            Ok(()) => {
                self.freshness.confirm(begun);
                true
            }
            Err(error) => self.lose(&error),
        }
    }

    fn lose(&self, error: &Error) -> bool {
        if !self.freshness.is_away() {
            tracing::warn!(%error, "the database is away; configuration is served from memory");
        }
        self.freshness.lose();
        false
    }

    async fn catch_up(&mut self, newest: i64) -> Result<()> {
        match self.revision {
            Some(known) if known == newest => {}
            Some(known) if known < newest => {
                let changes = runtime::changed_after(&self.database, known).await?;
                let touched = store::touched_after(&self.database, known).await?;
                self.shelf.apply(&changes);
                self.remember(&touched);
                self.touch(&touched);
                self.fill();
            }
            // The first time; or the database was taken back to an earlier state.
            _ => {
                let tokens = runtime::all(&self.database).await?;
                let touched = store::last_touched(&self.database).await?;
                self.shelf.replace(&tokens);
                self.touched.clear();
                self.remember(&touched);
                for slot in self.shelf.slots() {
                    slot.forget();
                }
                self.fill();
            }
        }
        self.revision = Some(newest);
        Ok(())
    }

    fn remember(&mut self, all: &[Touched]) {
        for touched in all {
            let newest = self.touched.entry(touched.client_id).or_default();
            *newest = touched.revision.max(*newest);
        }
    }

    /// Notes of each document that it may have changed.
    fn touch(&self, all: &[Touched]) {
        if all.is_empty() {
            return;
        }
        let (of_all, of_clients): (Vec<&Touched>, Vec<&Touched>) = all.iter().partition(|one| one.client_id.is_none());
        let mut by_client: HashMap<Option<Uuid>, Vec<&Touched>> = HashMap::new();
        for touched in of_clients {
            by_client.entry(touched.client_id).or_default().push(touched);
        }
        for slot in self.shelf.slots() {
            let own = by_client.get(&Some(slot.subject.client_id)).into_iter().flatten();
            let revision = own.chain(&of_all).filter(|touched| reaches(touched, &slot)).map(|touched| touched.revision);
            if let Some(revision) = revision.max() {
                slot.touch(revision, &self.freshness);
            }
        }
    }

    /// Lines up what has to be made. What stands in line twice is made once, since it isn't behind the second time.
    fn fill(&mut self) {
        let failed: HashSet<*const Slot> = self.failed.iter().map(|(_, slot)| Arc::as_ptr(slot)).collect();
        let is_due = |slot: &Arc<Slot>| {
            let is_failed = failed.contains(&Arc::as_ptr(slot));
            slot.is_behind() && !is_failed && !self.making.contains_key(&place(slot))
        };
        let behind: Vec<Arc<Slot>> = self.shelf.slots().into_iter().filter(is_due).collect();
        if behind.len() <= FEW {
            self.few = behind.into();
            return;
        }
        let waiting: HashSet<*const Slot> = self.many.iter().map(Arc::as_ptr).collect();
        let new: Vec<Arc<Slot>> = behind.into_iter().filter(|slot| !waiting.contains(&Arc::as_ptr(slot))).collect();
        let line = if new.len() <= FEW { &mut self.few } else { &mut self.many };
        line.extend(new);
    }

    /// What failed a while ago is tried again.
    fn again(&mut self) {
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.failed).into_iter().partition(|(since, _)| since.elapsed() > PAUSE);
        self.failed = later;
        self.few.extend(due.into_iter().map(|(_, slot)| slot));
    }

    /// Takes what was asked for meanwhile.
    fn hear(&mut self) {
        while let Ok(demand) = self.demands.try_recv() {
            self.asked.push(demand);
        }
        for demand in &self.asked {
            if demand.slot.is_behind() {
                self.few.push_front(demand.slot.clone());
            }
        }
    }

    /// The documents to be made next: all that there are of some clients; none where there are none.
    fn batch(&mut self) -> Option<Vec<Arc<Slot>>> {
        if let Some(batch) = self.alone.pop_front() {
            return Some(batch);
        }
        let mut clients = HashSet::new();
        let mut batch: Vec<Arc<Slot>> = Vec::new();
        for line in [&mut self.few, &mut self.many] {
            while let Some(slot) = line.front() {
                if clients.len() == CLIENTS_AT_ONCE && !clients.contains(&slot.subject.client_id) {
                    return Some(batch);
                }
                let Some(slot) = line.pop_front() else { break };
                if slot.is_behind() && self.making.insert(place(&slot), slot.clone()).is_none() {
                    clients.insert(slot.subject.client_id);
                    batch.push(slot);
                }
            }
            if !batch.is_empty() {
                return Some(batch);
            }
        }
        None
    }

    /// Takes what came of a batch; where it couldn't be made, each client's documents are to be made by themselves. False
    /// where the database is away.
    fn settle(&mut self, Batch { begun, slots, made }: Batch) -> bool {
        match made {
            Ok(made) => {
                self.put(made.revision, made.outcomes);
                metrics::histogram!("tenantry_documents_batch_seconds").record(begun.elapsed().as_secs_f64());
            }
            Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Busy) => {
                tracing::warn!(%error, "documents wait for the database");
                return false;
            }
            Err(error) if slots.iter().all(|slot| slot.subject.client_id == slots[0].subject.client_id) => {
                tracing::error!(%error, client_id = %slots[0].subject.client_id, "a client's configuration can't be served");
                metrics::counter!("tenantry_documents_made_total", "result" => "failed").increment(1);
                self.failed.extend(slots.iter().map(|slot| (begun, slot.clone())));
                self.release(&slots);
                return true;
            }
            Err(_) => {
                let mut by_client: HashMap<Uuid, Vec<Arc<Slot>>> = HashMap::new();
                for slot in slots {
                    by_client.entry(slot.subject.client_id).or_default().push(slot);
                }
                self.alone.extend(by_client.into_values());
                return true;
            }
        }
        self.release(&slots);
        // A newer revision came meanwhile.
        self.few.extend(slots.into_iter().filter(|slot| slot.is_behind()));
        true
    }

    fn release(&mut self, slots: &[Arc<Slot>]) {
        for slot in slots {
            self.making.remove(&place(slot));
        }
    }

    /// Puts documents in their places, and tells whoever listens.
    fn put(&mut self, revision: i64, outcomes: Vec<(Arc<Slot>, Outcome)>) {
        let mut changed = Vec::new();
        for (slot, outcome) in outcomes {
            let result = match outcome {
                Outcome::Document { masked, secret } => {
                    let same = slot.current().as_ref().is_some_and(|held| held.says_the_same(&masked, secret.as_ref()));
                    if !same {
                        let at = self.changed_at(&slot, revision);
                        slot.replace(Arc::new(Snapshot::of(&slot.subject, at, masked, secret)));
                        changed.push(slot.clone());
                    }
                    if same { "unchanged" } else { "changed" }
                }
                Outcome::Refused(problem) => {
                    slot.replace(Arc::new(Snapshot::Refused(problem)));
                    "refused"
                }
            };
            metrics::counter!("tenantry_documents_made_total", "result" => result).increment(1);
            slot.is_of(revision);
        }
        let listeners: usize = changed.iter().map(|slot| slot.listeners()).sum();
        let spread = (SPREAD * u32::try_from(listeners).unwrap_or(u32::MAX)).min(LONGEST_SPREAD);
        for slot in changed {
            slot.wake(spread);
        }
    }

    /// The revision that last changed a document: the newest that touched what it is made of, as far as it shows.
    fn changed_at(&self, slot: &Slot, shown: i64) -> i64 {
        let of = |client: Option<Uuid>| self.touched.get(&client).copied().unwrap_or_default();
        of(Some(slot.subject.client_id)).max(of(None)).clamp(1, shown.max(1))
    }

    /// Tells those whose documents are there, or couldn't be made.
    fn answer(&mut self) {
        let failed: HashSet<*const Slot> = self.failed.iter().map(|(_, slot)| Arc::as_ptr(slot)).collect();
        for demand in std::mem::take(&mut self.asked) {
            if failed.contains(&Arc::as_ptr(&demand.slot)) {
                let _ = demand.done.send(Err(Kind::Failure));
            } else if demand.slot.is_behind() {
                self.asked.push(demand);
            } else {
                let _ = demand.done.send(Ok(()));
            }
        }
    }

    fn answer_all(&mut self, outcome: Result<(), Kind>) {
        self.hear();
        for demand in std::mem::take(&mut self.asked) {
            let _ = demand.done.send(outcome);
        }
    }
}

/// Where a document stands in memory, which is another for each that is there.
fn place(slot: &Arc<Slot>) -> usize {
    Arc::as_ptr(slot).addr()
}

/// What takes longer counts as a database that is away.
async fn within<T>(patience: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(patience, work)
        .await
        .unwrap_or_else(|_| Err(Error::unavailable("the database doesn't answer in time")))
}

/// Whether a document is one of those that were touched.
fn reaches(touched: &Touched, slot: &Slot) -> bool {
    let in_environment = touched.environment.as_deref().is_none_or(|named| named == &*slot.subject.environment);
    // A document whose template the customization says may be of any.
    let of_template = match (&touched.template_id, &slot.subject.template_id) {
        (Some(named), Some(asked)) => **named == **asked,
        _ => true,
    };
    in_environment && of_template
}
