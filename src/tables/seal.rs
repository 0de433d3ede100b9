//! Writes of tables of which some columns hold secrets: these are sealed, then the statement runs as any other.
//!
//! Values that aren't secret pass as they were sent, digit by digit.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use tokio_postgres::Row;

use super::catalog::Relation;
use super::plan::{Change, Insert, Payload, Writing};
use super::refusal::Refusal;
use super::response::Done;
use super::run::{Run, Wanted};
use super::sql::{self, Form, Statement};
use super::{failure, writer};
use crate::db::tx::Tx;
use crate::problem::{Fault, unkept};
use crate::secrets::{self, Marks, Masks};

/// A row of a body, its values as they were sent.
type Sent = BTreeMap<String, Box<RawValue>>;

/// A row that is there: its key, and its columns that the caller may read.
pub(super) struct Held {
    pub(super) key: String,
    pub(super) row: Map<String, Value>,
}

impl Run<'_> {
    /// A write in one transaction: rows are locked, their secrets sealed, the statement run.
    pub(super) async fn write_sealed(&self, wanted: &Wanted<'_>) -> Result<Done, Refusal> {
        let tx = self.begin().await?;
        let statement = match &wanted.plan.writing {
            Writing::Insert(insert) => self.sealed_insert(&tx, wanted, insert).await?,
            Writing::Update(change) => self.sealed_update(&tx, wanted, change).await?,
            Writing::Delete(_) => {
                self.held(&tx, wanted, "").await?;
                self.statement(wanted)
            }
        };
        self.finish(tx, wanted, &statement).await
    }

    async fn sealed_insert(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, insert: &Insert) -> Result<Statement, Refusal> {
        let mut rows: Vec<Sent> = match insert.payload {
            Payload::One => vec![parsed(wanted.body)?],
            Payload::Several => parsed(wanted.body)?,
        };
        check_count(rows.len())?;
        let there = match wanted.conflict() {
            Some(conflict) => {
                self.lock(tx, wanted).await?;
                let relation = self.catalog.relation(wanted.plan.relation);
                self.same(tx, wanted, &conflict.on, &only(relation, &conflict.on, &rows)?).await?
            }
            None => BTreeMap::new(),
        };
        let mut faults = Vec::new();
        for (place, row) in rows.iter_mut().enumerate() {
            self.leave(wanted, &insert.columns, row);
            let found = self.seal(tx, wanted, &insert.columns, there.get(&place).map(|held| &held.row), row).await?;
            let at = if insert.payload == Payload::One { String::new() } else { format!("/{place}") };
            faults.extend(found.into_iter().map(|fault| Fault { pointer: at.clone() + &fault.pointer, ..fault }));
        }
        refuse(&faults)?;
        let body = match insert.payload {
            Payload::One => text(&rows[0])?,
            Payload::Several => text(&rows)?,
        };
        Ok(sql::write(self.catalog, &wanted.plan, &body, None, Form::Body(wanted.answer)))
    }

    async fn sealed_update(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, change: &Change) -> Result<Statement, Refusal> {
        let held = self.held(tx, wanted, "").await?;
        let mut sent: Sent = parsed(wanted.body)?;
        let (mut rows, mut faults) = (Vec::with_capacity(held.len()), Vec::new());
        let table = &self.catalog.relation(wanted.plan.relation).name;
        // The body as it was sent isn't shown to PostgreSQL, whose log may say what it was asked: not where no row is found
        // either, nor for a column that `columns` leaves out.
        let mut is_sealed = sent.keys().any(|name| secrets::may_be_secret(table, name));
        self.leave(wanted, &change.columns, &mut sent);
        for Held { key, row: old } in &held {
            let mut row = sent.clone();
            for fault in self.seal(tx, wanted, &change.columns, Some(old), &mut row).await? {
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
            is_sealed |= row.iter().any(|(name, value)| sent.get(name).is_none_or(|sent| sent.get() != value.get()));
            row.insert("_key".to_owned(), raw(key)?);
            rows.push(row);
        }
        refuse(&faults)?;
        if !is_sealed {
            return Ok(self.statement(wanted));
        }
        let form = Form::Body(wanted.answer);
        let about = self.about(wanted, "")?;
        Ok(sql::update_each(self.catalog, &about, change, &wanted.plan.returning, &text(&rows)?, form))
    }

    /// Leaves of a row what is written.
    fn leave(&self, wanted: &Wanted<'_>, columns: &[usize], row: &mut Sent) {
        let relation = self.catalog.relation(wanted.plan.relation);
        row.retain(|name, _| columns.iter().any(|column| relation.columns[*column].name == *name));
    }

    /// Puts masks in the places of a row's secrets.
    async fn seal(
        &self,
        tx: &Tx<'_>,
        wanted: &Wanted<'_>,
        columns: &[usize],
        old: Option<&Map<String, Value>>,
        row: &mut Sent,
    ) -> Result<Vec<Fault>, Refusal> {
        let relation = self.catalog.relation(wanted.plan.relation);
        let names = columns.iter().map(|column| &relation.columns[*column].name);
        let value = |name: &String| Some((name.clone(), serde_json::from_str::<Value>(row.get(name)?.get()).ok()?));
        let sent: Map<String, Value> = names.filter_map(value).collect();
        let mut new = sent.clone();
        let keys = self.tables.keys();
        let marks = Marks::default();
        let sealed = secrets::conceal(tx, keys, &relation.name, old, &mut new, Masks::Unchanged, &marks);
        let mut faults = Box::pin(sealed).await.map_err(|error| self.refusal(&error))?;
        for (name, value) in new.iter().filter(|(name, value)| sent.get(*name) != Some(value)) {
            // What passes as it was sent keeps its digits; this column no longer does.
            let lost = row.get(name).map(|sent| unkept(sent.get())).unwrap_or_default();
            faults
                .extend(lost.into_iter().map(|fault| Fault { pointer: format!("/{name}{}", fault.pointer), ..fault }));
            row.insert(name.clone(), raw(value)?);
        }
        Ok(faults)
    }

    /// Locks the rows that a change or a removal is about, and refuses more of them than one write may touch.
    pub(super) async fn held(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, only: &str) -> Result<Vec<Held>, Refusal> {
        let about = self.about(wanted, only)?;
        let rows = self.rows(tx, &sql::held(self.catalog, &about, &self.readable(about.relation))).await?;
        check_count(rows.len())?;
        rows.iter().map(|row| held(row, 0)).collect()
    }

    /// The rows that are there for rows of a body, by the place of these.
    pub(super) async fn same(
        &self,
        tx: &Tx<'_>,
        wanted: &Wanted<'_>,
        on: &[usize],
        body: &str,
    ) -> Result<BTreeMap<usize, Held>, Refusal> {
        let about = self.about(wanted, "")?;
        let rows = self.rows(tx, &sql::same(self.catalog, &about, on, body, &self.readable(about.relation))).await?;
        rows.iter()
            .rev()
            .map(|row| {
                let place = usize::try_from(row.get::<_, i64>(0)).unwrap_or(usize::MAX);
                Ok((place.saturating_sub(1), held(row, 1)?))
            })
            .collect()
    }

    /// The rows of a write, as its statements name them.
    pub(super) fn about<'w>(&self, wanted: &'w Wanted<'_>, only: &'w str) -> Result<sql::Wanted<'w>, Refusal> {
        let relation = wanted.plan.relation;
        let key = self
            .catalog
            .relation(relation)
            .position("id")
            .ok_or_else(|| failure::by_kind(crate::error::Kind::Failure))?;
        let (conditions, if_match) = (wanted.conditions(), wanted.if_match);
        Ok(sql::Wanted { relation, key, conditions, if_match, only, most: writer::MOST_ROWS as u64 })
    }
}

fn held(row: &Row, place: usize) -> Result<Held, Refusal> {
    Ok(Held { key: row.get(place), row: parsed(row.get(place + 1))? })
}

pub(super) fn check_count(rows: usize) -> Result<(), Refusal> {
    if rows <= writer::MOST_ROWS {
        return Ok(());
    }
    let message = format!("a write to this table touches at most {} rows", writer::MOST_ROWS);
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "TN413", message).hint("send it in several requests"))
}

/// Refuses a write of which anything is wrong, with all of it.
pub(super) fn refuse(faults: &[Fault]) -> Result<(), Refusal> {
    Refusal::of_faults(faults).map_or(Ok(()), Err)
}

/// What was parsed before, when the request was read, or written by PostgreSQL.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        tracing::error!(%error, "a row can't be read");
        failure::by_kind(crate::error::Kind::Failure)
    })
}

/// Rows of a body with no more of their columns than it takes to find those that are there already: secrets among the others
/// aren't sealed yet, and PostgreSQL's log may say what it was asked.
pub(super) fn only<'a, R, V>(relation: &Relation, columns: &[usize], rows: &'a [R]) -> Result<String, Refusal>
where
    &'a R: IntoIterator<Item = (&'a String, &'a V)>,
    V: serde::Serialize + 'a,
{
    let is_asked = |name: &str| columns.iter().any(|column| relation.columns[*column].name == name);
    let part =
        |row: &'a R| -> BTreeMap<&'a String, &'a V> { row.into_iter().filter(|(name, _)| is_asked(name)).collect() };
    text(&rows.iter().map(part).collect::<Vec<_>>())
}

pub(super) fn text(value: &impl serde::Serialize) -> Result<String, Refusal> {
    Ok(raw(value)?.get().to_owned())
}

fn raw(value: &(impl serde::Serialize + ?Sized)) -> Result<Box<RawValue>, Refusal> {
    to_raw_value(value).map_err(|error| {
        tracing::error!(%error, "a row can't be written as JSON");
        failure::by_kind(crate::error::Kind::Failure)
    })
}
