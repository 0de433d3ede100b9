//! Which documents a change reaches, and what it does to each.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tokio::task::{JoinError, JoinHandle};
use uuid::Uuid;

use super::apply::turned;
use super::cell::{self, Looked, Written};
use super::store;
use super::types::{Cell, Outcome};
use crate::configurations::documents::{Compiled, Edits, Inputs, Target, Wanted};
use crate::configurations::{ConfigTable, Environment, Rewrite};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::{Error, Result};

/// How many clients are looked at together: enough that reading by layer pays, few enough for memory.
const CLIENTS_AT_ONCE: usize = 500;

/// How many faults an answer lists; the preview has all of them.
const MOST_FAULTS: usize = 500;

/// Whose rows a change edits, and where they belong.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    /// The clients whose rows it edits.
    pub(super) client_ids: Vec<Uuid>,
    /// Whether it edits rows of no client.
    pub(super) is_shared: bool,
    /// The environments that its rows belong to.
    pub(super) environments: Vec<&'static str>,
    /// The templates that its rows of no client are about; none where some are about all.
    templates: Option<Vec<String>>,
}

impl Reach {
    /// That of rows before and after.
    pub(super) fn of(rewrites: &[Rewrite]) -> Self {
        let rows = || {
            rewrites
                .iter()
                .flat_map(|rewrite| rewrite.before.iter().chain(&rewrite.after).map(move |row| (rewrite.table, row)))
        };
        let text = |row: &serde_json::Map<String, serde_json::Value>, name: &str| {
            row.get(name).and_then(serde_json::Value::as_str).map(ToOwned::to_owned)
        };
        let clients = rows().filter_map(|(_, row)| text(row, "client_id")?.parse::<Uuid>().ok());
        let client_ids: BTreeSet<Uuid> = clients.collect();
        let shared: Vec<Option<String>> = rows()
            .filter(|(_, row)| text(row, "client_id").is_none())
            .map(|(_, row)| text(row, "template_id"))
            .collect();
        let mut environments = BTreeSet::new();
        for (table, row) in rows() {
            environments.extend(environments_of(table, row));
        }
        let names = Environment::ALL.into_iter().filter(|environment| environments.contains(environment));
        Self {
            client_ids: client_ids.into_iter().collect(),
            is_shared: !shared.is_empty(),
            environments: names.map(Environment::as_str).collect(),
            templates: shared.into_iter().collect(),
        }
    }

    /// The clients whose documents it may reach, in their order. As a job.
    pub(super) async fn clients(&self, tx: &Tx<'_>) -> Result<Vec<Uuid>> {
        if !self.is_shared {
            return Ok(self.client_ids.clone());
        }
        let templates: Option<Vec<&str>> =
            self.templates.as_ref().map(|templates| templates.iter().map(String::as_str).collect());
        let shared = store::clients_of(tx, templates.as_deref()).await?;
        let all: BTreeSet<Uuid> = shared.into_iter().chain(self.client_ids.iter().copied()).collect();
        Ok(all.into_iter().collect())
    }
}

/// The environments of the documents that a row is part of, as it says itself. Drafts are part of none.
fn environments_of(table: ConfigTable, row: &serde_json::Map<String, serde_json::Value>) -> Vec<Environment> {
    let named = row.get("environment").and_then(serde_json::Value::as_str).and_then(|name| name.parse().ok());
    let is = |name: &str| row.get(name).is_some_and(|value| value.as_bool() == Some(true));
    match table {
        // A row that steers Tenantry itself steers it everywhere: who lifts a protection needs the second person too.
        ConfigTable::SystemConfigurations => named.map_or_else(|| Environment::ALL.to_vec(), |one| vec![one]),
        ConfigTable::TemplateConfigurations => match row.get("status").and_then(serde_json::Value::as_str) {
            Some("draft") => Vec::new(),
            _ => Environment::ALL.to_vec(),
        },
        ConfigTable::ClientCustomizations if !is("is_active") => Vec::new(),
        ConfigTable::ClientCustomizations => Environment::ALL.to_vec(),
        ConfigTable::DeploymentConfigurations => {
            let is_applied = row.get("applied_configuration").is_some_and(|applied| !applied.is_null())
                || row.get("status").and_then(serde_json::Value::as_str) == Some("applied");
            named.filter(|_| is_applied).into_iter().collect()
        }
    }
}

/// Documents to which a change does the same.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) cell: Cell,
    pub(super) documents: usize,
}

/// What a change does to every document that it reaches.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The revision that all of it is as of, or the oldest of them.
    pub(super) revision: i64,
    pub(super) groups: Vec<Group>,
    /// Each document with the number of its group, in the order of documents.
    pub(super) documents: Vec<(Target, usize)>,
    numbers: HashMap<String, usize>,
    applied: HashSet<Uuid>,
    useful: HashSet<Uuid>,
}

impl Findings {
    fn add(&mut self, target: Target, looked: &Looked) {
        let said = serde_json::to_string(&looked.cell).unwrap_or_default();
        let next = self.groups.len();
        let number = *self.numbers.entry(said).or_insert(next);
        if number == next {
            self.groups.push(Group { cell: looked.cell.clone(), documents: 0 });
        }
        self.groups[number].documents += 1;
        self.documents.push((target, number));
        self.applied.extend(&looked.applies);
        self.useful.extend(looked.applies.iter().filter(|row| !looked.pointless.contains(row)));
    }

    /// Rows that remove what isn't there, in no document that they are part of.
    pub(super) fn pointless(&self) -> impl Iterator<Item = Uuid> {
        self.applied.difference(&self.useful).copied()
    }

    /// How many documents there are by outcome.
    pub(super) fn counts(&self) -> Vec<(Outcome, usize)> {
        let count = |outcome: Outcome| -> usize {
            self.groups.iter().filter(|group| group.cell.outcome == outcome).map(|group| group.documents).sum()
        };
        Outcome::ALL.into_iter().map(|outcome| (outcome, count(outcome))).filter(|(_, count)| *count > 0).collect()
    }

    /// How many documents would break a rule that they don't break now.
    pub(super) fn broken(&self) -> usize {
        self.groups.iter().filter(|group| !group.cell.invalid.is_empty()).map(|group| group.documents).sum()
    }

    /// What they would break, for each client and environment.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let faults = self.documents.iter().flat_map(|(target, number)| {
            let cell = &self.groups[*number].cell;
            let (client_id, environment) = (Some(target.client_id), Some(target.environment.to_string()));
            cell.invalid.iter().map(move |fault| Fault { client_id, environment: environment.clone(), ..fault.clone() })
        });
        faults.take(MOST_FAULTS).collect()
    }
}

/// Looks at every document of some clients that a change reaches; `done` hears how many there were so far. As a job.
pub(super) async fn look(
    tx: &Tx<'_>,
    compiled: &Compiled,
    edits: &Arc<Edits>,
    clients: &[Uuid],
    done: &mut (dyn FnMut(usize) + Send),
) -> Result<Findings, Problem> {
    walk(tx, compiled, edits, clients, Side::Before, done).await
}

/// The same where the rows are written already, and the edits lead back. As a job.
pub(super) async fn look_back(
    tx: &Tx<'_>,
    compiled: &Compiled,
    back: &Arc<Edits>,
    clients: &[Uuid],
) -> Result<Findings, Problem> {
    walk(tx, compiled, back, clients, Side::After, &mut |_| {}).await
}

/// On which side of a change the database is.
#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

async fn walk(
    tx: &Tx<'_>,
    compiled: &Compiled,
    edits: &Arc<Edits>,
    clients: &[Uuid],
    side: Side,
    done: &mut (dyn FnMut(usize) + Send),
) -> Result<Findings, Problem> {
    let mut findings = Findings { revision: i64::MAX, ..Findings::default() };
    let comparison = Comparison::new(edits, activated(tx, edits.rewrites(), side).await?, compiled, side);
    let templates = templates_of(edits.rewrites());
    let asked: Vec<&str> = templates.iter().map(String::as_str).collect();
    let mut batches = clients.chunks(CLIENTS_AT_ONCE).map(|some| Wanted::clients(some).asked(&asked));
    let mut under_way: Option<JoinHandle<Compared>> = None;
    loop {
        let loaded = match batches.next() {
            Some(wanted) => Some(Inputs::load(tx, compiled, wanted).await?),
            None => None,
        };
        if let Some(compared) = under_way.take() {
            for (target, looked) in compared.await.map_err(broken_off)? {
                findings.add(target, &looked);
            }
            done(findings.documents.len());
        }
        let Some(loaded) = loaded else { break };
        findings.revision = findings.revision.min(loaded.revision());
        under_way = Some(comparison.begin(loaded));
    }
    if clients.is_empty() {
        findings.revision = store::revision(tx).await?.0;
    }
    Ok(findings)
}

/// What becomes of documents, one after the other.
type Compared = Vec<(Target, Arc<Looked>)>;

fn broken_off(error: JoinError) -> Error {
    Error::failure("a comparison broke off").caused_by(error)
}

/// How documents are compared. Cheap to clone.
#[derive(Clone)]
struct Comparison {
    edits: Arc<Edits>,
    written: Arc<[Written]>,
    /// The documents that have to be complete.
    strict: Arc<HashSet<Target>>,
    compiled: Compiled,
    side: Side,
}

impl Comparison {
    fn new(edits: &Arc<Edits>, strict: HashSet<Target>, compiled: &Compiled, side: Side) -> Self {
        let written = match side {
            Side::Before => Written::of(edits.rewrites()),
            Side::After => Written::of(&turned(edits.rewrites())),
        };
        let (edits, compiled) = (edits.clone(), compiled.clone());
        Self { edits, written: written.into(), strict: Arc::new(strict), compiled, side }
    }

    /// Composing and judging are the processor's work: others are answered meanwhile, and the next rows are read.
    fn begin(&self, loaded: Inputs) -> JoinHandle<Compared> {
        let how = self.clone();
        tokio::task::spawn_blocking(move || {
            let other = loaded.with(&how.edits, &how.compiled);
            let (before, after) = match how.side {
                Side::Before => (&loaded, &other),
                Side::After => (&other, &loaded),
            };
            compare(before, after, &how.edits, &how.written, &how.strict)
        })
    }
}

/// The documents that begin to be served by a change, or to be served otherwise: of a customization that becomes active,
/// of a deployment configuration that is applied. Where the client has a deployment, they have to be complete.
async fn activated(tx: &Tx<'_>, rewrites: &[Rewrite], side: Side) -> Result<HashSet<Target>> {
    let rows = rewrites.iter().filter_map(|rewrite| {
        let (before, after) = match side {
            Side::Before => (&rewrite.before, &rewrite.after),
            Side::After => (&rewrite.after, &rewrite.before),
        };
        let is_served = |row: &serde_json::Map<String, serde_json::Value>| match rewrite.table {
            ConfigTable::ClientCustomizations => {
                row.get("is_active").and_then(serde_json::Value::as_bool) == Some(true)
            }
            ConfigTable::DeploymentConfigurations => {
                row.get("status").and_then(serde_json::Value::as_str) == Some("applied")
            }
            ConfigTable::SystemConfigurations | ConfigTable::TemplateConfigurations => false,
        };
        let row = after.as_ref().filter(|row| is_served(row))?;
        if before.as_ref().is_some_and(is_served) {
            return None;
        }
        let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str);
        let client_id: Uuid = text("client_id")?.parse().ok()?;
        Some((client_id, text("template_id").map(Arc::from), text("environment").and_then(|name| name.parse().ok())))
    });
    let rows: Vec<(Uuid, Option<Arc<str>>, Option<Environment>)> = rows.collect();
    let clients: Vec<Uuid> = rows.iter().map(|(client_id, ..)| *client_id).collect();
    if clients.is_empty() {
        return Ok(HashSet::new());
    }
    let deployed = store::deployed(tx, &clients).await?;
    let targets = rows.into_iter().flat_map(|(client_id, template_id, only)| {
        Environment::ALL
            .into_iter()
            .filter(move |environment| only.is_none_or(|only| only == *environment))
            .map(move |environment| Target { client_id, template_id: template_id.clone(), environment })
    });
    Ok(targets
        .filter(|target| deployed.contains(&(target.client_id, target.environment.as_str().to_owned())))
        .collect())
}

fn templates_of(rewrites: &[Rewrite]) -> Vec<String> {
    let rows = rewrites.iter().flat_map(|rewrite| rewrite.before.iter().chain(&rewrite.after));
    let named = rows.filter_map(|row| row.get("template_id")?.as_str().map(ToOwned::to_owned));
    named.collect::<BTreeSet<String>>().into_iter().collect()
}

/// Compares every document that is reached; documents of the same layers once.
fn compare(before: &Inputs, after: &Inputs, edits: &Edits, written: &[Written], strict: &HashSet<Target>) -> Compared {
    let reached: BTreeSet<Target> = before.reached_by(edits).into_iter().chain(after.reached_by(edits)).collect();
    #[expect(clippy::mutable_key_type, reason = "an identity is compared by pointers, which nothing changes")]
    let mut known = HashMap::new();
    let mut looked = Vec::with_capacity(reached.len());
    for target in reached {
        let same = match (before.sources(&target), after.sources(&target)) {
            (Ok(before), Ok(after)) => Some((before.identity(), after.identity(), strict.contains(&target))),
            _ => None,
        };
        let found = match same.as_ref().and_then(|same| known.get(same)) {
            Some(found) => Arc::clone(found),
            None => Arc::new(cell::look(before, after, &target, written, strict.contains(&target))),
        };
        if let Some(same) = same {
            known.insert(same, found.clone());
        }
        looked.push((target, found));
    }
    looked
}
