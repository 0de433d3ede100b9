//! What client apps read: `/config/v1`, answered from memory.
//!
//! A runtime token reads one document, its [`Subject`](subject::Subject). For each subject with a live token there is a
//! [`Slot`](slot::Slot) with a [`Snapshot`](snapshot::Snapshot) in it: the document in its views, with masks and with
//! secrets, as bytes that are ready to be sent. A read finds the token by its hash, loads the pointer behind it, and
//! sends what is there. It takes no lock and asks no database.
//!
//! One [`Keeper`](keeper::Keeper) keeps what is in memory as it is in the database. It looks at the installation's
//! revision when PostgreSQL notifies, and once a second because notifications can be lost; that is sound because the order
//! of revisions is the order of commits. Behind a newer one it finds what was touched, configuration and tokens alike,
//! and makes those documents anew, some hundred clients' in one transaction, those of small changes before those of
//! large ones. A document that comes out the same stays what it was, with the revision that it had.
//!
//! While PostgreSQL is away, documents that were made go on being read, for as long as the settings say, and each answer
//! says how old it is. What isn't in memory is 503. There is no other fallback: nothing is ever made up.
//!
//! Reads of secrets are told to a [`Ledger`](reads::Ledger), which counts them and writes the counts down, so that the
//! audit log has an entry per token, address and hour rather than one per read.

/// `/config/v1`.
pub mod api;

/// Keys with `x-env-name` as environment variables.
pub mod variables;

mod build;
mod encoding;
mod etag;
mod freshness;
mod keeper;
mod reads;
mod shelf;
mod slot;
mod snapshot;
mod store;
mod stream;
mod subject;

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::Stream;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::auth::runtime;
use crate::auth::token::{Kind as TokenKind, Token};
use crate::auth::{Denial, Refusal};
use crate::clock::Clock;
use crate::configurations::documents::Compiled;
use crate::db::caller::Act;
use crate::db::database::Database;
use crate::problem::Problem;
use crate::secrets::Keys;
use crate::settings;

use build::Builder;
use etag::Sight;
use freshness::Freshness;
use keeper::{Demand, Keeper};
use reads::{Ledger, Read, Teller, ledger};
use shelf::{Known, Shelf};
use snapshot::{Snapshot, not_yet};
use stream::Streams;

/// The channel on which the database tells of revisions.
const CHANNEL: &str = "tenantry_revision";

/// How often to look at the database when it tells nothing.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often to look while it is away.
const LOOK_FOR_IT_EVERY: Duration = Duration::from_millis(250);

/// How long after hearing of a revision to look, so that many at once are one.
const GATHER: Duration = Duration::from_millis(10);

/// How long a read waits for a document that isn't there yet.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many may wait.
const DEMANDS: usize = 1_024;

/// Configuration in memory. Cheap to clone.
#[derive(Clone)]
pub struct Snapshots {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    clock: Clock,
    settings: settings::Snapshots,
    shelf: Arc<Shelf>,
    freshness: Arc<Freshness>,
    demands: mpsc::Sender<Demand>,
    teller: Teller,
    streams: Streams,
    closing: watch::Sender<bool>,
    /// What [`Snapshots::keep`] does, taken by whoever does it.
    work: Mutex<Option<(Keeper, Ledger)>>,
}

/// How what is in memory stands.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Standing {
    /// Runtime tokens that are known.
    pub tokens: usize,
    /// Documents that they read.
    pub documents: usize,
    /// Documents that a change isn't in yet.
    pub waiting: usize,
    /// Streams that are open.
    pub streams: usize,
    /// Since when, in seconds, nobody knows whether it still is what the database holds; absent while that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_seconds: Option<u64>,
}

impl Snapshots {
    /// Nothing yet: [`Snapshots::keep`] fills it.
    pub fn new(
        database: Database,
        compiled: Compiled,
        keys: Arc<Keys>,
        clock: Clock,
        settings: settings::Snapshots,
    ) -> Self {
        let (shelf, freshness) = (Arc::<Shelf>::default(), Arc::new(Freshness::new()));
        let (demands, asked) = mpsc::channel(DEMANDS);
        let (teller, ledger) = ledger();
        let builder = Builder::new(database.clone(), compiled, keys);
        let keeper = Keeper::new(database.clone(), builder, shelf.clone(), freshness.clone(), asked, clock);
        let inner = Inner {
            database,
            clock,
            settings,
            shelf,
            freshness,
            demands,
            teller,
            streams: Streams::default(),
            closing: watch::Sender::new(false),
            work: Mutex::new(Some((keeper, ledger))),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Keeps what is in memory as it is in the database, until `shutdown` ends.
    pub async fn keep(&self, shutdown: impl Future<Output = ()>) {
        let taken = self.inner.work.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((keeper, ledger)) = taken else { return };
        let ledger = ledger.keep(&self.inner.database, self.inner.clock, shutdown);
        let told = Notify::new();
        tokio::select! {
            () = ledger => {}
            () = look(keeper, &told) => {}
            () = listen(&self.inner.database, &told) => {}
        }
    }

    /// Ends the streams, which would otherwise go on for as long as their clients like.
    pub fn close(&self) {
        self.inner.closing.send_replace(true);
    }

    /// Whether the database, which was there before, is away.
    pub fn is_away(&self) -> bool {
        self.inner.freshness.is_away() && self.inner.freshness.was_confirmed()
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        let (tokens, documents) = self.inner.shelf.counts();
        Standing {
            tokens,
            documents,
            waiting: self.inner.shelf.slots().iter().filter(|slot| slot.is_behind()).count(),
            streams: self.inner.streams.count(),
            stale_seconds: self.inner.freshness.age(0).map(|age| age.as_secs()),
        }
    }

    /// The token that a request carries, if it counts.
    async fn known(&self, request: &Parts) -> Result<Arc<Known>, Problem> {
        let bearer = runtime::bearer(&request.headers).map_err(denied)?;
        let hash = runtime::hash(bearer);
        let known = match self.inner.shelf.find(&hash) {
            Some(known) => known,
            // What is rare is kept off the stack of what isn't: a future is as large as the largest that it may wait for, and
            // is moved around for every request.
            None => Box::pin(self.find(bearer, &hash, request)).await?,
        };
        if !known.is_alive(|| self.inner.clock.now()) {
            return Err(denied(unknown()));
        }
        if !known.reads {
            let refusal =
                Refusal::forbidden("the token's scopes don't hold config:read", "Make a token with that scope.");
            return Err(denied(refusal));
        }
        Ok(known)
    }

    /// A token that this server hasn't heard of yet: one that was made a moment ago, or none.
    async fn find(&self, bearer: &str, hash: &[u8; 32], request: &Parts) -> Result<Arc<Known>, Problem> {
        let token = Token::parse(bearer).ok_or_else(|| denied(malformed()))?;
        if token.kind() != TokenKind::Runtime {
            return Err(denied(Refusal::forbidden(
                "/config/v1 is read with a runtime token (tnt_rt_…)",
                "Make one with `tenantry token create --client C --env E --scope config:read`.",
            )));
        }
        let act = request.extensions.get::<Act>().cloned().unwrap_or_default();
        let found = runtime::by_hash(&self.inner.database, &act, hash).await.map_err(Denial::from)?;
        let found = found.ok_or_else(|| denied(unknown()))?;
        self.inner.shelf.introduce(&found).ok_or_else(|| denied(unknown()))
    }

    /// What a token reads; made first where it isn't there yet.
    async fn snapshot(&self, known: &Arc<Known>) -> Result<Arc<Snapshot>, Problem> {
        let held = || known.slot.current().as_ref().filter(|held| held.has(known.sight)).cloned();
        if let Some(held) = held() {
            return Ok(held);
        }
        Box::pin(self.demand(known)).await?;
        held().ok_or_else(not_yet)
    }

    /// Waits until a document was made, as long as there is hope.
    async fn demand(&self, known: &Known) -> Result<(), Problem> {
        if self.is_away() {
            return Err(not_yet());
        }
        let (done, made) = oneshot::channel();
        let demand = Demand { slot: known.slot.clone(), done };
        self.inner.demands.try_send(demand).map_err(|_| not_yet())?;
        let _ = tokio::time::timeout(PATIENCE, made).await;
        Ok(())
    }

    /// How old what a token reads is, where that has to be said; refused where it is too old.
    fn age(&self, known: &Known) -> Result<Option<Duration>, Problem> {
        let age = self.inner.freshness.age(known.slot.behind_since());
        let limit = Duration::from_secs(self.inner.settings.stale_limit);
        if age.is_some_and(|age| age > limit) {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the database has been away for longer than configuration may be served from memory",
            )
            .mend("bring it back, or raise --stale-limit"));
        }
        Ok(age)
    }

    /// Has it written down that secrets were read.
    fn note_read(&self, known: &Known, request: &Parts) {
        if known.sight == Sight::Secret {
            let address = request.extensions.get::<Act>().and_then(|act| act.address);
            self.inner.teller.tell(Read { token_id: known.id, client_id: known.slot.subject.client_id, address });
        }
    }

    fn stream(
        &self,
        known: Arc<Known>,
        held: Option<i64>,
    ) -> Option<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
        let Inner { settings, streams, closing, clock, .. } = &*self.inner;
        streams.open(settings.max_streams, known, held, closing.subscribe(), *clock)
    }
}

/// Looks at the database when it is told to, when somebody asks for a document, and now and then.
async fn look(mut keeper: Keeper, told: &Notify) {
    loop {
        let is_there = keeper.round().await;
        let pause = if is_there { LOOK_EVERY } else { LOOK_FOR_IT_EVERY };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = told.notified() => tokio::time::sleep(GATHER).await,
            () = keeper.asked() => {}
        }
    }
}

/// Hears of revisions, for as long as there is a connection; then makes another. Behind a pooler that has no sessions
/// nothing is heard, and looking now and then has to do.
async fn listen(database: &Database, told: &Notify) {
    loop {
        match database.listen(CHANNEL).await {
            Ok(Some(mut listener)) => {
                // What came before it listened.
                told.notify_one();
                while listener.hear().await {
                    told.notify_one();
                }
            }
            Ok(None) => std::future::pending().await,
            Err(error) => tracing::debug!(%error, "nothing is heard of the database"),
        }
        tokio::time::sleep(LOOK_FOR_IT_EVERY).await;
    }
}

fn denied(refusal: Refusal) -> Problem {
    Denial::from(refusal).into()
}

fn unknown() -> Refusal {
    Refusal::over("the token is unknown, expired or revoked")
}

fn malformed() -> Refusal {
    Refusal::invalid("the bearer is no token of Tenantry's: it was cut off, or mistyped")
        .hint("Send the runtime token as it was shown when it was made: Authorization: Bearer tnt_rt_…")
}
