use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use layers::Sources;
use serde_json::Value;
use tokio::sync::Semaphore;
use uuid::Uuid;
use zeroize::{Zeroize as _, Zeroizing};

use super::slot::Slot;
use super::snapshot::Written;
use super::variables;
use crate::configurations::documents::{Compiled, Inputs, Wanted};
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;
use crate::problem::Problem;
use crate::secrets::{self, Keys, Plaintext};
use crate::{Error, Result};

/// How long the database may take over a batch.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes documents from rows. Cheap to clone.
#[derive(Clone)]
pub struct Builder {
    database: Database,
    /// Templates that were compiled already.
    compiled: Compiled,
    /// What opens secrets.
    keys: Arc<Keys>,
    /// Documents are composed on one core at a time: the others answer.
    turn: Arc<Semaphore>,
}

/// Documents as of a revision.
pub struct Made {
    /// The revision.
    pub revision: i64,
    /// What became of each.
    pub outcomes: Vec<(Arc<Slot>, Outcome)>,
}

/// What became of a document.
pub enum Outcome {
    /// It is there; with secrets where a live token reads them.
    Document {
        /// With masks in the places of secrets.
        masked: Written,
        /// With secrets.
        secret: Option<Written>,
    },
    /// The client's configuration doesn't say which document it is.
    Refused(Problem),
}

/// A document whose secrets are still to be put in.
struct Draft {
    slot: Arc<Slot>,
    sources: Arc<Sources>,
    masked: Written,
    wanted: Option<Vec<Uuid>>,
}

type Opened = HashMap<Uuid, HashMap<Uuid, Plaintext>>;

impl Builder {
    /// One that reads rows where they are.
    pub fn new(database: Database, compiled: Compiled, keys: Arc<Keys>) -> Self {
        Self { database, compiled, keys, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Makes documents, all as of one moment.
    pub async fn build(&self, slots: Vec<Arc<Slot>>) -> Result<Made> {
        tokio::time::timeout(PATIENCE, self.build_all(slots))
            .await
            .unwrap_or_else(|_| Err(Error::unavailable("the database takes too long over the rows of documents")))
    }

    async fn build_all(&self, slots: Vec<Arc<Slot>>) -> Result<Made> {
        let clients: HashSet<Uuid> = slots.iter().map(|slot| slot.subject.client_id).collect();
        let clients: Vec<Uuid> = clients.into_iter().collect();
        let templates: HashSet<&str> = slots.iter().filter_map(|slot| slot.subject.template_id.as_deref()).collect();
        let templates: Vec<&str> = templates.into_iter().collect();
        // Secrets are opened in the snapshot that shows their masks.
        let tx = self.database.snapshot(&Caller::Worker, &Act::new("snapshots")).await?;
        let inputs = Inputs::load(&tx, &self.compiled, Wanted::clients(&clients).asked(&templates)).await?;
        let revision = inputs.revision();
        let (drafts, refused) = self.thinking(move || draft(&inputs, slots)).await?;
        let opened = secrets::open_each(&tx, &self.keys, &wanted(&drafts)).await?;
        tx.commit().await?;
        let finished = self.thinking(move || drafts.into_iter().map(|draft| draft.finish(&opened)).collect::<Vec<_>>());
        let outcomes = finished.await?.into_iter().chain(refused).collect();
        Ok(Made { revision, outcomes })
    }

    /// Does work that takes a while beside those who answer requests.
    async fn thinking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        // Nothing closes it.
        let turn = self.turn.clone().acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| Error::failure("making documents was broken off").caused_by(error))
    }
}

/// Resolves documents with masks.
fn draft(inputs: &Inputs, slots: Vec<Arc<Slot>>) -> (Vec<Draft>, Vec<(Arc<Slot>, Outcome)>) {
    let (mut drafts, mut refused) = (Vec::new(), Vec::new());
    for slot in slots {
        match sources(inputs, &slot) {
            Ok(sources) => drafts.push(Draft::new(slot, sources)),
            Err(problem) => refused.push((slot, Outcome::Refused(problem))),
        }
    }
    (drafts, refused)
}

fn sources(inputs: &Inputs, slot: &Slot) -> Result<Arc<Sources>, Problem> {
    let subject = &slot.subject;
    let environment = subject.environment.parse().map_err(Problem::invalid)?;
    inputs.sources(&inputs.target(subject.client_id, subject.template_id.as_deref(), environment)?)
}

impl Draft {
    fn new(slot: Arc<Slot>, sources: Arc<Sources>) -> Self {
        let resolved = layers::resolve(&sources, &layers::closed);
        let ids = || resolved.secret_ids().into_iter().filter_map(|id| Uuid::try_parse(id).ok()).collect();
        let wanted = slot.reads_secrets().then(ids);
        let masked = written(&sources, resolved.document);
        Self { slot, sources, masked, wanted }
    }

    /// Puts in the secrets, where they are wanted.
    fn finish(self, opened: &Opened) -> (Arc<Slot>, Outcome) {
        let Self { slot, sources, masked, wanted } = self;
        let secret = match wanted {
            None => None,
            Some(ids) if ids.is_empty() => Some(Written::new(masked.json.clone(), masked.env.clone())),
            Some(_) => {
                let of_client = opened.get(&slot.subject.client_id);
                let open = |id: &str| of_client?.get(&Uuid::try_parse(id).ok()?)?.value().ok();
                Some(written(&sources, layers::resolve(&sources, &open).document))
            }
        };
        (slot, Outcome::Document { masked, secret })
    }
}

/// A document as it is sent. What may have been secret in it is overwritten.
fn written(sources: &Sources, mut document: Value) -> Written {
    let found = variables::of(&document, &|path| sources.env_name(path).map(Into::into));
    let env = Zeroizing::new(variables::render(&found).into_bytes());
    for mut value in found.into_values() {
        value.zeroize();
    }
    let json = Zeroizing::new(Plaintext::take(&mut document).bytes().to_vec());
    Written::new(json, env)
}

/// The secrets that have to be opened, by client.
fn wanted(drafts: &[Draft]) -> Vec<(Uuid, Vec<Uuid>)> {
    let mut wanted: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for draft in drafts {
        let ids = draft.wanted.iter().flatten().copied().peekable();
        for id in ids {
            wanted.entry(draft.slot.subject.client_id).or_default().push(id);
        }
    }
    for ids in wanted.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    wanted.into_iter().collect()
}
