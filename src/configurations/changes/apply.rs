//! Writing the rows of a change: judged before, checked at the last moment, all or nothing.
//!
//! Judging takes time and holds nobody up: it goes by a revision that it notes. Then rows are written, and last of all the
//! installation's revision is taken, from which moment until COMMIT nobody else can commit configuration. What others
//! committed between the two revisions is known then, and only the documents that it may have changed are judged again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::propose::check_words;
use super::reach::{self, Findings, Reach};
use super::store::{self, NewChange};
use super::types::{Change, KeptEdit, State};
use super::wanted::Scope;
use super::{check, conceal, preview};
use crate::configurations::documents::{APPLIED, Compiled, Edits};
use crate::configurations::{Base, ConfigTable, Environment, Operation, Rewrite, RowEdit};
use crate::db::tx::Tx;
use crate::problem::Problem;
use crate::secrets::{Keys, Masks};
use crate::{Error, Result};

/// How many documents a write may reach that nobody has looked at a preview of.
pub(super) const MOST_DOCUMENTS: usize = 1_000;

/// How many clients are judged again while everybody else waits.
const MOST_AGAIN: usize = 350;

/// What writing needs besides the transaction. Cheap to clone.
#[derive(Clone)]
pub struct Tools {
    /// Schemas that were compiled before.
    pub compiled: Compiled,
    /// What secrets are sealed with.
    pub keys: Arc<Keys>,
}

/// A change that was applied.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its id.
    pub change_id: Uuid,
    /// The installation's revision that it made; none where nothing was left to change.
    pub revision: Option<i64>,
    /// The rows that it wrote, in the order of its edits.
    pub rows: Vec<(ConfigTable, Uuid)>,
}

/// Writes rows as a change that is applied at once or not at all; of so many documents that nobody needs a preview.
///
/// It does everything but COMMIT, which has to follow at once: every other writer of configuration waits for it. The change
/// is kept under `reason`; the transaction's own stays what the request said, since a rule may ask whether it said one.
pub async fn apply_now(tx: &Tx<'_>, tools: &Tools, edits: Vec<RowEdit>, reason: &str) -> Result<Applied, Problem> {
    Box::pin(at_once(tx, tools, edits, reason, Some(MOST_DOCUMENTS))).await
}

/// The same, however many documents it reaches.
pub async fn apply_any(tx: &Tx<'_>, tools: &Tools, edits: Vec<RowEdit>, reason: &str) -> Result<Applied, Problem> {
    store::give_reason(tx, reason).await?;
    Box::pin(at_once(tx, tools, edits, reason, None)).await
}

async fn at_once(
    tx: &Tx<'_>,
    tools: &Tools,
    edits: Vec<RowEdit>,
    reason: &str,
    limit: Option<usize>,
) -> Result<Applied, Problem> {
    check_words(reason)?;
    let judged = Box::pin(judge(tx, tools, edits, limit)).await?;
    let writable = Writable {
        edits: &judged.edits,
        clients: &judged.clients,
        revision: judged.findings.revision,
        unapproved: &judged.reach.environments,
        reverts: None,
        is_last_try: true,
    };
    let revision = write(tx, &tools.compiled, &writable).await?;
    let id = Uuid::new_v4();
    let change = NewChange { id, state: State::Applied, reason, reach: &judged.reach, reverts: None, revision };
    store::insert(tx, &change, &kept(&judged.edits, judged.read.rewrites())).await?;
    Ok(Applied { change_id: id, revision, rows: judged.edits.iter().map(|edit| (edit.table, edit.row_id)).collect() })
}

/// Edits of which it is known what they do.
pub(super) struct Judged {
    pub(super) edits: Vec<RowEdit>,
    pub(super) read: Arc<Edits>,
    pub(super) reach: Reach,
    pub(super) clients: Vec<Uuid>,
    pub(super) findings: Findings,
}

/// Judges edits by the documents that they reach, and refuses what would break one.
async fn judge(tx: &Tx<'_>, tools: &Tools, edits: Vec<RowEdit>, limit: Option<usize>) -> Result<Judged, Problem> {
    let (edits, read) = judged_edits(tx, tools, edits, Masks::Unchanged).await?;
    tx.as_worker(async {
        let reach = Reach::of(read.rewrites());
        let clients = reach.clients(tx).await?;
        if limit.is_some_and(|limit| clients.len() > limit / Environment::ALL.len()) {
            return Err(too_many(clients.len()));
        }
        let findings = reach::look(tx, &tools.compiled, &read, &clients, &mut |_| {}).await?;
        refuse_broken(&findings, read.rewrites())?;
        Ok(Judged { edits, read, reach, clients, findings })
    })
    .await
}

/// Judges edits in themselves: their versions, their values.
pub(super) async fn judged_edits(
    tx: &Tx<'_>,
    tools: &Tools,
    mut edits: Vec<RowEdit>,
    masks: Masks,
) -> Result<(Vec<RowEdit>, Arc<Edits>), Problem> {
    if masks == Masks::Unchanged {
        // Only what comes back says what is in force; of anybody else it is ignored, as other columns that are kept.
        for edit in &mut edits {
            edit.columns.remove(APPLIED);
        }
    }
    let judged = tx
        .as_worker(async {
            refuse_moved(&edits, &versions(tx, &edits).await?)?;
            let mut read = Edits::read(tx, &edits).await?;
            let mut edits = with_bases(edits, read.rewrites());
            // Schemas judge a secret before it is sealed.
            let marks = conceal::marks(tx, read.rewrites()).await?;
            check::refuse(tx, &tools.compiled, read.rewrites(), &marks).await?;
            if conceal::edits(tx, tools, &mut edits, read.rewrites(), masks, &marks).await? {
                read = Edits::read(tx, &edits).await?;
            }
            Ok::<_, Stop>((edits, Arc::new(read)))
        })
        .await;
    match judged {
        Ok(judged) => Ok(judged),
        Err(stop) => Err(stop.told(tx).await),
    }
}

fn too_many(clients: usize) -> Problem {
    Problem::invalid(format!(
        "this reaches the documents of {clients} clients, and what reaches more than {MOST_DOCUMENTS} isn't done at once"
    ))
    .mend("propose it with POST /api/v1/changes, and apply it when its preview is ready")
}

/// Refuses what would break documents, or remove what isn't there.
pub(super) fn refuse_broken(findings: &Findings, rewrites: &[Rewrite]) -> Result<(), Problem> {
    let mut faults: Vec<_> = findings.pointless().filter_map(|row| check::pointless(row, rewrites)).collect();
    faults.extend(findings.faults());
    if faults.is_empty() {
        return Ok(());
    }
    let clients: BTreeSet<Uuid> = faults.iter().filter_map(|fault| fault.client_id).collect();
    let detail = match clients.len() {
        0 => "the change can't be applied".to_owned(),
        count => format!(
            "the change would break {} of the {} documents that it reaches, of {count} client{}",
            findings.broken(),
            findings.documents.len(),
            if count == 1 { "" } else { "s" }
        ),
    };
    Err(Problem::faults(detail, faults).mend("change the edits, or first mend what they don't fit, in the same change"))
}

/// Gives edits without a version that of the row that they were judged by.
pub(super) fn with_bases(mut edits: Vec<RowEdit>, rewrites: &[Rewrite]) -> Vec<RowEdit> {
    for edit in &mut edits {
        if edit.base.is_none() {
            let row = rewrites.iter().find(|rewrite| rewrite.table == edit.table && rewrite.id == edit.row_id);
            edit.base = row.and_then(|rewrite| base_of(edit.table, rewrite.before.as_ref()?));
        }
    }
    edits
}

/// The version of a whole row.
pub(super) fn base_of(table: ConfigTable, row: &Map<String, Value>) -> Option<Base> {
    if store::counts_versions(table) {
        row.get("version")?.as_i64().map(Base::Version)
    } else {
        row.get("updated_at")?.as_str()?.parse().ok().map(Base::UpdatedAt)
    }
}

/// The edits of a change as they are kept.
pub(super) fn kept(edits: &[RowEdit], rewrites: &[Rewrite]) -> Vec<KeptEdit> {
    edits
        .iter()
        .map(|edit| {
            let rewrite = rewrites.iter().find(|rewrite| rewrite.table == edit.table && rewrite.id == edit.row_id);
            KeptEdit {
                table: edit.table,
                id: edit.row_id,
                operation: edit.operation,
                columns: edit.columns.clone(),
                before: rewrite.and_then(|rewrite| rewrite.before.clone()),
                base: edit.base.as_ref().and_then(|base| serde_json::to_value(base).ok()),
            }
        })
        .collect()
}

/// The versions of the rows that are edited, as they are now.
async fn versions(tx: &Tx<'_>, edits: &[RowEdit]) -> Result<Versions> {
    let mut versions = Versions::new();
    for table in ConfigTable::ALL {
        let ids: Vec<Uuid> = edits.iter().filter(|edit| edit.table == table).map(|edit| edit.row_id).collect();
        if !ids.is_empty() {
            let found = store::visible_rows(tx, table, &ids).await?;
            versions.extend(found.into_iter().map(|(id, base)| ((table, id), base)));
        }
    }
    Ok(versions)
}

type Versions = HashMap<(ConfigTable, Uuid), Base>;
type Rows = HashMap<(ConfigTable, Uuid), Map<String, Value>>;

/// Why a change isn't applied.
pub(super) enum Stop {
    /// Rows have moved since it was made.
    Moved(Vec<(ConfigTable, Uuid)>),
    /// Anything else.
    Refused(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

impl Stop {
    /// What the caller is told: of rows that have moved, how they are now as far as the caller sees them.
    pub(super) async fn told(self, tx: &Tx<'_>) -> Problem {
        match self {
            Self::Refused(problem) => problem,
            Self::Moved(rows) => tell_moved(tx, &rows).await.unwrap_or_else(Problem::from),
        }
    }
}

fn refuse_moved(edits: &[RowEdit], versions: &Versions) -> Result<(), Stop> {
    let is_moved = |edit: &&RowEdit| match (edit.operation, versions.get(&(edit.table, edit.row_id))) {
        (Operation::Insert, version) => version.is_some(),
        (_, None) => true,
        (_, Some(version)) => edit.base.as_ref().is_some_and(|base| base != version),
    };
    let moved: Vec<_> = edits.iter().filter(is_moved).map(|edit| (edit.table, edit.row_id)).collect();
    if moved.is_empty() { Ok(()) } else { Err(Stop::Moved(moved)) }
}

async fn tell_moved(tx: &Tx<'_>, moved: &[(ConfigTable, Uuid)]) -> Result<Problem> {
    let mut rows = Vec::new();
    for (table, id) in moved {
        let row = store::current(tx, *table, *id).await?;
        rows.push(json!({ "table": table, "id": id, "row": row }));
    }
    let first = rows.first().map(|first| first["row"].clone()).unwrap_or_default();
    let detail = match moved {
        [(table, id)] => format!("row {id} of {table} isn't the one any more that the change was made for"),
        _ => format!("{} rows aren't the ones any more that the change was made for", moved.len()),
    };
    Ok(Problem::moved(detail, first)
        .with("rows", rows.into())
        .mend("look at the rows as they are now, and make the change anew"))
}

/// Edits that may be written, since their documents were judged.
pub(super) struct Writable<'a> {
    pub(super) edits: &'a [RowEdit],
    /// The clients whose documents they reach.
    pub(super) clients: &'a [Uuid],
    /// The revision that they were judged at.
    pub(super) revision: i64,
    /// The environments that nobody else has approved them for.
    pub(super) unapproved: &'a [&'static str],
    /// The change that they take back: then what is inserted was deleted.
    pub(super) reverts: Option<Uuid>,
    /// Whether everybody else may have to wait for as long as it takes.
    pub(super) is_last_try: bool,
}

/// A change whose edits may be written.
pub(super) struct Ready {
    edits: Vec<RowEdit>,
    clients: Vec<Uuid>,
    revision: i64,
    unapproved: Vec<&'static str>,
    reverts: Option<Uuid>,
}

impl Ready {
    pub(super) fn writable(&self, is_last_try: bool) -> Writable<'_> {
        let Self { edits, clients, revision, unapproved, reverts } = self;
        Writable { edits, clients, revision: *revision, unapproved, reverts: *reverts, is_last_try }
    }
}

/// Judges a change that was written down, by its preview where that found nothing in its way.
pub(super) async fn judge_kept(tx: &Tx<'_>, tools: &Tools, change: &Change) -> Result<Ready, Problem> {
    let edits = row_edits(store::edits(tx, change.id).await?);
    let ready = tx
        .as_worker(async {
            refuse_moved(&edits, &versions(tx, &edits).await?)?;
            let read = Arc::new(Edits::read(tx, &edits).await?);
            let reach = Reach::of(read.rewrites());
            let clients = reach.clients(tx).await?;
            let revision = match preview::clean_since(tx, change.id).await? {
                Some(revision) => revision,
                None => {
                    let findings = reach::look(tx, &tools.compiled, &read, &clients, &mut |_| {}).await?;
                    refuse_broken(&findings, read.rewrites())?;
                    findings.revision
                }
            };
            Ok::<_, Stop>((clients, revision, reach.environments))
        })
        .await;
    match ready {
        Ok((clients, revision, environments)) => {
            let unapproved = if change.state == State::Approved { Vec::new() } else { environments };
            Ok(Ready { edits, clients, revision, unapproved, reverts: change.reverts })
        }
        Err(stop) => Err(stop.told(tx).await),
    }
}

/// Edits as they are written, from those that were kept.
pub(super) fn row_edits(kept: Vec<KeptEdit>) -> Vec<RowEdit> {
    kept.into_iter()
        .map(|edit| {
            let KeptEdit { table, id, operation, columns, before: _, base } = edit;
            let base = base.and_then(|base| serde_json::from_value(base).ok());
            RowEdit { table, row_id: id, operation, columns, base }
        })
        .collect()
}

/// Writes rows whose documents were judged at a revision, and takes the installation's next one.
pub(super) async fn write(tx: &Tx<'_>, compiled: &Compiled, judged: &Writable<'_>) -> Result<Option<i64>, Problem> {
    // Before the rows are written: one of them may be what says which environments are protected.
    store::refuse_unapproved(tx, judged.unapproved).await?;
    let former = match tx.as_worker(hold(tx, judged.edits)).await {
        Ok(former) => former,
        Err(stop) => return Err(stop.told(tx).await),
    };
    tx.as_writer(async {
        for edit in judged.edits {
            match (edit.operation, judged.reverts) {
                (Operation::Insert, Some(_)) => store::restore(tx, edit.table, edit.row_id).await?,
                (Operation::Update, Some(reverted)) if edit.columns.contains_key(APPLIED) => {
                    store::put_back(tx, edit.row_id, reverted).await?;
                }
                _ => write_one(tx, edit).await?,
            }
        }
        store::take_revision(tx).await.map_err(Problem::from)
    })
    .await?;
    tx.as_worker(async {
        let (revision, is_ours) = store::revision(tx).await?;
        if !is_ours {
            return Ok(None);
        }
        let others = store::changed_between(tx, judged.revision, revision).await?;
        judge_again(tx, compiled, judged, &former, &reached_by_others(&others, judged.clients)).await?;
        Ok(Some(revision))
    })
    .await
}

/// Locks the rows, and the keys of rows that are yet to be made; the rows as they are.
async fn hold(tx: &Tx<'_>, edits: &[RowEdit]) -> Result<Rows, Stop> {
    let made: Vec<(&str, Scope)> = edits.iter().filter_map(made_key).collect();
    let keys: Vec<(&str, &Scope)> = made.iter().map(|(key, scope)| (*key, scope)).collect();
    store::hold_keys(tx, &keys).await?;
    let mut rows = Rows::new();
    for table in ConfigTable::ALL {
        let ids: Vec<Uuid> = edits.iter().filter(|edit| edit.table == table).map(|edit| edit.row_id).collect();
        if !ids.is_empty() {
            let held = store::hold(tx, table, &ids).await?;
            rows.extend(held.into_iter().map(|(id, row)| ((table, id), row)));
        }
    }
    let versions = rows.iter().filter_map(|((table, id), row)| Some(((*table, *id), base_of(*table, row)?)));
    refuse_moved(edits, &versions.collect())?;
    refuse_taken(edits, store::by_key(tx, &keys).await?)?;
    Ok(rows)
}

/// Refuses rows whose key somebody else set meanwhile at the same scope, unless the change takes that away itself.
fn refuse_taken(edits: &[RowEdit], found: Vec<Option<store::Found>>) -> Result<(), Stop> {
    let is_gone = |id: Uuid| edits.iter().any(|edit| edit.row_id == id && edit.operation == Operation::Delete);
    let taken = found.into_iter().flatten().map(|found| found.id).filter(|id| !is_gone(*id));
    let taken: Vec<_> = taken.map(|id| (ConfigTable::SystemConfigurations, id)).collect();
    if taken.is_empty() { Ok(()) } else { Err(Stop::Moved(taken)) }
}

/// The key and scope of a value that is set for the first time.
fn made_key(edit: &RowEdit) -> Option<(&str, Scope)> {
    let is_made = edit.table == ConfigTable::SystemConfigurations && edit.operation == Operation::Insert;
    let key = edit.columns.get("configuration_key").filter(|_| is_made)?.as_str()?;
    Some((key, Scope::of(&edit.columns)))
}

async fn write_one(tx: &Tx<'_>, edit: &RowEdit) -> Result<(), Problem> {
    if edit.operation == Operation::Update && edit.columns.is_empty() {
        return Ok(());
    }
    match store::write(tx, edit).await? {
        0 => Err(Problem::forbidden(format!("row {} of {} isn't for you to write", edit.row_id, edit.table))
            .mend("propose the change with POST /api/v1/changes, and let somebody apply it who may")),
        _ => Ok(()),
    }
}

/// The clients that others' writes may have changed documents of, among those that were judged.
fn reached_by_others(others: &[Option<Uuid>], clients: &[Uuid]) -> Vec<Uuid> {
    if others.contains(&None) {
        return clients.to_vec();
    }
    let others: BTreeSet<&Uuid> = others.iter().flatten().collect();
    clients.iter().filter(|client| others.contains(client)).copied().collect()
}

/// Judges the documents of some clients as they are in this transaction, in which the rows are written already.
async fn judge_again(
    tx: &Tx<'_>,
    compiled: &Compiled,
    judged: &Writable<'_>,
    former: &Rows,
    clients: &[Uuid],
) -> Result<(), Problem> {
    if clients.is_empty() {
        return Ok(());
    }
    if clients.len() > MOST_AGAIN && !judged.is_last_try {
        return Err(
            Problem::new(StatusCode::CONFLICT, "others have changed what the change was judged by").mend("try again")
        );
    }
    let back = Arc::new(Edits::read(tx, &inverse(judged.edits, former)).await?);
    let findings = reach::look_back(tx, compiled, &back, clients).await?;
    refuse_broken(&findings, &turned(back.rewrites()))
}

/// Rewrites from the other side.
pub(super) fn turned(rewrites: &[Rewrite]) -> Vec<Rewrite> {
    let turn =
        |rewrite: &Rewrite| Rewrite { before: rewrite.after.clone(), after: rewrite.before.clone(), ..rewrite.clone() };
    rewrites.iter().map(turn).collect()
}

/// The edits that lead back to rows as they were.
fn inverse(edits: &[RowEdit], former: &Rows) -> Vec<RowEdit> {
    let back = |edit: &RowEdit| {
        let row = former.get(&(edit.table, edit.row_id));
        let (operation, columns) = match edit.operation {
            Operation::Insert => (Operation::Delete, Map::new()),
            Operation::Delete => (Operation::Insert, row.cloned()?),
            Operation::Update => {
                let row = row?;
                let written = edit.columns.keys().map(String::as_str);
                // Applying writes it too.
                let names = written.chain((edit.table == ConfigTable::DeploymentConfigurations).then_some(APPLIED));
                let columns = names.filter_map(|name| Some((name.to_owned(), row.get(name)?.clone())));
                (Operation::Update, columns.collect())
            }
        };
        Some(RowEdit { table: edit.table, row_id: edit.row_id, operation, columns, base: None })
    };
    edits.iter().rev().filter_map(back).collect()
}
