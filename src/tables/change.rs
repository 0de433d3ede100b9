//! Writes of tables whose rows are layers of configuration: each is a change, judged and applied at once or not at all.
//!
//! Filters and conflict targets find rows under the caller's own policies; what becomes of them is
//! [`changes::apply_now`]'s affair; the answer is read back by the same SELECT as everywhere.

use std::collections::{BTreeMap, HashSet};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::catalog::Relation;
use super::failure;
use super::plan::{Change, Conflict, Insert, Missing, Payload, Returning, Writing};
use super::refusal::Refusal;
use super::response::Done;
use super::run::{Run, Wanted};
use super::seal::{check_count, only, parsed, refuse, text};
use super::sql::{self, Form};
use super::writer;
use crate::configurations::changes::{self, Tools};
use crate::configurations::{ConfigTable, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Problem, unkept};
use crate::secrets::may_be_secret;

/// Columns of a row.
type Columns = Map<String, Value>;

impl Run<'_> {
    /// A write as a change, in one transaction.
    pub(super) async fn write_change(&self, wanted: &Wanted<'_>, table: ConfigTable) -> Result<Done, Refusal> {
        let tx = self.begin().await?;
        let edits = match &wanted.plan.writing {
            Writing::Insert(insert) => self.inserted(&tx, wanted, table, insert).await?,
            Writing::Update(change) => self.updated(&tx, wanted, table, change).await?,
            Writing::Delete(_) => self.deleted(&tx, wanted, table).await?,
        };
        if wanted.if_match.is_some() {
            self.check_version(&tx, wanted, edits.len() as u64).await?;
        }
        Done::affecting(edits.len() as u64).check(wanted.answer, wanted.max_affected)?;
        let done = match &wanted.plan.writing {
            // What goes is shown as it was.
            Writing::Delete(_) => {
                let done = self.answered(&tx, wanted, &edits).await?;
                self.apply(&tx, wanted, edits).await?;
                done
            }
            Writing::Insert(_) | Writing::Update(_) => {
                self.apply(&tx, wanted, edits.clone()).await?;
                self.answered(&tx, wanted, &edits).await?
            }
        };
        done.check(wanted.answer, wanted.max_affected)?;
        tx.commit().await.map_err(|error| self.refusal(&error))?;
        Ok(done)
    }

    async fn apply(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, edits: Vec<RowEdit>) -> Result<(), Refusal> {
        if edits.is_empty() {
            return Ok(());
        }
        let tools: &Tools = self.tables.tools();
        let relation = self.catalog.relation(wanted.plan.relation);
        let reason = self.act.reason.clone().unwrap_or_else(|| reason(wanted, relation));
        // On the heap: what it holds while it waits is large.
        let applied = Box::pin(changes::apply_now(tx, tools, edits, &reason)).await;
        applied.map(drop).map_err(|problem| self.refused(wanted, problem))
    }

    async fn updated(
        &self,
        tx: &Tx<'_>,
        wanted: &Wanted<'_>,
        table: ConfigTable,
        change: &Change,
    ) -> Result<Vec<RowEdit>, Refusal> {
        let held = self.held(tx, wanted, "").await?;
        let as_one = Insert {
            columns: change.columns.clone(),
            payload: Payload::One,
            missing: Missing::Default,
            conflict: None,
        };
        let columns = self.given(tx, wanted, &as_one).await?.pop().unwrap_or_default();
        let edit = |key: &str| Ok(edit(table, parsed_key(key)?, Operation::Update, columns.clone()));
        held.iter().map(|row| edit(&row.key)).collect()
    }

    async fn deleted(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, table: ConfigTable) -> Result<Vec<RowEdit>, Refusal> {
        let only = writer::deletable(&self.catalog.relation(wanted.plan.relation).name, self.caller.role());
        let held = self.held(tx, wanted, &only).await?;
        held.iter().map(|row| Ok(edit(table, parsed_key(&row.key)?, Operation::Delete, Columns::new()))).collect()
    }

    async fn inserted(
        &self,
        tx: &Tx<'_>,
        wanted: &Wanted<'_>,
        table: ConfigTable,
        insert: &Insert,
    ) -> Result<Vec<RowEdit>, Refusal> {
        let relation = self.catalog.relation(wanted.plan.relation);
        let rows = self.given(tx, wanted, insert).await?;
        check_count(rows.len())?;
        let Some(conflict) = wanted.conflict() else {
            if table == ConfigTable::SystemConfigurations {
                self.refuse_known(tx, wanted, relation, &rows).await?;
            }
            return rows.into_iter().map(|row| new_row(relation, table, row)).collect();
        };
        self.lock(tx, wanted).await?;
        let there = if writer::is_numbered(relation, &conflict.on) {
            BTreeMap::new()
        } else {
            self.same(tx, wanted, &conflict.on, &only(relation, &conflict.on, &rows)?).await?
        };
        let mut met = Met::new(relation, conflict);
        let mut edits = Vec::with_capacity(rows.len());
        for (place, row) in rows.into_iter().enumerate() {
            let found = there.get(&place).map(|held| held.key.as_str());
            check_whole(relation, &row)?;
            let is_first = met.is_new(&row, found);
            match (found, conflict.set.is_empty()) {
                (_, true) if !is_first => {}
                (_, false) if !is_first => return Err(twice(relation, conflict)),
                (Some(_), true) => {}
                (Some(key), false) => {
                    let columns = set(relation, conflict, row);
                    edits.push(edit(table, parsed_key(key)?, Operation::Update, columns));
                }
                (None, _) => edits.push(new_row(relation, table, row)?),
            }
        }
        Ok(edits)
    }

    /// Refuses rows that are there already, before anybody judges what two of them would mean.
    async fn refuse_known(
        &self,
        tx: &Tx<'_>,
        wanted: &Wanted<'_>,
        relation: &Relation,
        rows: &[Columns],
    ) -> Result<(), Refusal> {
        for target in relation.conflict_targets.iter().filter(|target| target.is_exact) {
            let body = only(relation, &target.columns, rows)?;
            if !self.same(tx, wanted, &target.columns, &body).await?.is_empty() {
                return Err(known(relation, &target.columns));
            }
        }
        Ok(())
    }

    /// The rows of the body, their values as PostgreSQL reads them.
    ///
    /// What may be secret isn't shown to it, since its log may say what it was asked; those columns hold documents, which it
    /// would read as they are.
    async fn given(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, insert: &Insert) -> Result<Vec<Columns>, Refusal> {
        refuse(&unkept(wanted.body))?;
        let mut sent: Vec<Columns> = match insert.payload {
            Payload::One => vec![parsed(wanted.body)?],
            Payload::Several => parsed(wanted.body)?,
        };
        if insert.columns.is_empty() {
            return Ok(vec![Columns::new(); sent.len()]);
        }
        let relation = self.catalog.relation(wanted.plan.relation);
        let names = insert.columns.iter().map(|column| relation.columns[*column].name.as_str());
        let (held, shown): (Vec<&str>, Vec<&str>) = names.partition(|name| may_be_secret(&relation.name, name));
        let kept: Vec<Columns> = sent.iter_mut().map(|row| taken(row, &held)).collect();
        let shown: Vec<Columns> = sent.iter_mut().map(|row| taken(row, &shown)).collect();
        let body = match insert.payload {
            Payload::One => text(&shown[0])?,
            Payload::Several => text(&shown)?,
        };
        let row = self.query(tx, &sql::given(self.catalog, wanted.plan.relation, insert, &body)).await?;
        let mut rows: Vec<Columns> = row.map_or_else(|| Ok(Vec::new()), |row| parsed(row.get(0)))?;
        for (row, kept) in rows.iter_mut().zip(kept) {
            row.extend(kept);
        }
        Ok(rows)
    }

    /// The answer on the rows of some edits.
    async fn answered(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, edits: &[RowEdit]) -> Result<Done, Refusal> {
        let Returning::Rows(node) = &wanted.plan.returning else { return Ok(Done::affecting(edits.len() as u64)) };
        let keys: Vec<String> = edits.iter().map(|edit| edit.row_id.to_string()).collect();
        let about = self.about(wanted, "")?;
        let statement = sql::kept(self.catalog, &about, node, &keys, Form::Body(wanted.answer));
        Ok(Done::of(&wanted.plan, self.query(tx, &statement).await?).of_so_many(edits.len() as u64))
    }

    /// A change that wasn't made, in the words of the table API.
    fn refused(&self, wanted: &Wanted<'_>, problem: Problem) -> Refusal {
        let is_insert = matches!(wanted.plan.writing, Writing::Insert(_));
        if let Some(refused) = problem.database() {
            return failure::by_state(refused, self.caller.role(), self.catalog);
        }
        match problem.status {
            // Somebody else has put a row there since it was looked for, or one that the caller doesn't see is there.
            StatusCode::PRECONDITION_FAILED if is_insert => known(self.catalog.relation(wanted.plan.relation), &[]),
            StatusCode::PRECONDITION_FAILED => {
                let row = problem.more.get("current").filter(|row| !row.is_null());
                let details = row.map_or_else(|| "there is no such row".to_owned(), Value::to_string);
                Refusal::new(problem.status, "TN412", problem.detail)
                    .details(details)
                    .hint("look at the row in `details`, and send the change again")
            }
            StatusCode::UNPROCESSABLE_ENTITY => unfit(problem),
            StatusCode::FORBIDDEN => {
                let refusal = Refusal::denied(self.caller.role(), problem.detail);
                Refusal { hint: problem.mend, ..refusal }
            }
            status if status.is_server_error() => Refusal { status, ..failure::by_kind(crate::error::Kind::Failure) },
            status => Refusal { hint: problem.mend, ..Refusal::new(status, "PGRST100", problem.detail) },
        }
    }
}

/// How a change that can't be made at once may be made all the same.
const PROPOSE: &str = "propose it with POST /api/v1/changes";

/// A change that documents, locks or schemas don't admit, with everything that stands in its way.
fn unfit(problem: Problem) -> Refusal {
    let hint = match problem.mend {
        Some(mend) if mend.contains("/api/v1/changes") => mend,
        Some(mend) => format!("{mend}, or {PROPOSE}"),
        None => PROPOSE.to_owned(),
    };
    let refusal = Refusal::new(problem.status, "TN422", problem.detail).hint(hint);
    if problem.errors.is_empty() { refusal } else { refusal.details(json!(problem.errors).to_string()) }
}

/// Takes columns out of a row of a body.
fn taken(row: &mut Columns, names: &[&str]) -> Columns {
    names.iter().filter_map(|name| Some(((*name).to_owned(), row.remove(*name)?))).collect()
}

fn reason(wanted: &Wanted<'_>, relation: &Relation) -> String {
    let act = match &wanted.plan.writing {
        Writing::Insert(_) => "POST",
        Writing::Update(_) => "PATCH",
        Writing::Delete(_) => "DELETE",
    };
    format!("{act} /rest/v1/{}", relation.name)
}

fn edit(table: ConfigTable, row_id: Uuid, operation: Operation, columns: Columns) -> RowEdit {
    RowEdit { table, row_id, operation, columns, base: None }
}

/// The edit that adds a row; it has its id from here where the body gives none.
fn new_row(relation: &Relation, table: ConfigTable, mut columns: Columns) -> Result<RowEdit, Refusal> {
    let row_id = match columns.get("id") {
        None => Uuid::new_v4(),
        Some(Value::String(id)) => parsed_key(id)?,
        Some(_) => {
            let message =
                format!("null value in column \"id\" of relation \"{}\" violates not-null constraint", relation.name);
            return Err(Refusal::bad("23502", message).hint("send a value for `id`, or `Prefer: missing=default`"));
        }
    };
    columns.insert("id".to_owned(), json!(row_id));
    Ok(edit(table, row_id, Operation::Insert, columns))
}

/// Refuses a row that lacks what a new one needs: PostgreSQL asks that of every row of an upsert, wherever it ends.
fn check_whole(relation: &Relation, row: &Columns) -> Result<(), Refusal> {
    let lacks = |name: &str| row.get(name).is_none_or(Value::is_null);
    match relation.columns.iter().find(|column| !column.is_optional() && lacks(&column.name)) {
        None => Ok(()),
        Some(column) => {
            let message = format!(
                "null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                column.name, relation.name
            );
            Err(Refusal::bad("23502", message).hint("send a value for it, or change the row with PATCH"))
        }
    }
}

/// What a row that is there gets from the body.
fn set(relation: &Relation, conflict: &Conflict, mut row: Columns) -> Columns {
    let names: HashSet<&str> = conflict.set.iter().map(|column| relation.columns[*column].name.as_str()).collect();
    row.retain(|name, _| names.contains(name.as_str()));
    row
}

/// The keys of a row that were met before, in the body or in the table.
struct Met {
    names: Vec<String>,
    seen: HashSet<String>,
}

impl Met {
    fn new(relation: &Relation, conflict: &Conflict) -> Self {
        let names = conflict.on.iter().map(|column| relation.columns[*column].name.clone()).collect();
        Self { names, seen: HashSet::new() }
    }

    /// Whether no other row of the body was this one.
    fn is_new(&mut self, row: &Columns, found: Option<&str>) -> bool {
        let keys = self.names.iter().map(|name| (name.as_str(), row.get(name))).collect::<BTreeMap<_, _>>();
        // An id that nobody sends is another for each row.
        let is_own = self.names.iter().any(|name| name == "id" && !row.contains_key("id"));
        let said = found.map_or_else(|| json!(keys).to_string(), ToOwned::to_owned);
        is_own && found.is_none() || self.seen.insert(said)
    }
}

/// A row that is there already.
fn known(relation: &Relation, columns: &[usize]) -> Refusal {
    let names: Vec<&str> = columns.iter().map(|column| relation.columns[*column].name.as_str()).collect();
    let message = format!("duplicate key value: {} has this row already", relation.name);
    let refusal = Refusal::new(StatusCode::CONFLICT, "23505", message)
        .hint("change the row that is there (PATCH), or send an upsert");
    if names.is_empty() {
        refusal
    } else {
        refusal.details(format!("a row with the same ({}) is there", names.join(", ")))
    }
}

fn twice(relation: &Relation, conflict: &Conflict) -> Refusal {
    let names: Vec<&str> = conflict.on.iter().map(|column| relation.columns[*column].name.as_str()).collect();
    Refusal::bad("21000", "ON CONFLICT DO UPDATE command cannot affect row a second time")
        .details(format!("two rows of the body have the same {}", names.join(", ")))
        .hint("send each row once")
}

fn parsed_key(key: &str) -> Result<Uuid, Refusal> {
    key.parse().map_err(|_| Refusal::bad("22P02", format!("invalid input syntax for type uuid: \"{key}\"")))
}
