use dialect::Query;
use dialect::headers::prefer::{self, Prefer, Resolution};

use super::columns::column;
use super::read::{Levels, selected};
use super::types::{Condition, Node};
use super::{Asker, nested};
use crate::tables::body::{Body, Shape};
use crate::tables::catalog::{ConflictTarget, Relation};
use crate::tables::refusal::Refusal;
use crate::tables::writer;

/// A change of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The relation's place in the catalog.
    pub relation: usize,
    /// What is done.
    pub writing: Writing,
    /// What comes back.
    pub returning: Returning,
}

/// What is done to rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Rows are added.
    Insert(Insert),
    /// Rows are changed.
    Update(Change),
    /// The rows that fulfil all of these are removed.
    Delete(Vec<Condition>),
}

/// Rows to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// The columns that the body gives.
    pub columns: Vec<usize>,
    /// Whether it gives one row or several.
    pub payload: Payload,
    /// What a row of several gets for a column that it leaves out.
    pub missing: Missing,
    /// What becomes of rows that are there already; without it they are an error.
    pub conflict: Option<Conflict>,
}

/// How many rows a body gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// One: the body is an object.
    One,
    /// Several: the body is an array.
    Several,
}

/// What a row gets for a column that it leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// NULL.
    Null,
    /// The column's default.
    Default,
}

/// What becomes of rows that are there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// How such rows are found.
    pub target: Found,
    /// The columns that are the same in them.
    pub on: Vec<usize>,
    /// The columns that they get from the body; empty where they stay as they are.
    pub set: Vec<usize>,
}

/// How rows are found that are there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// By an index, which `ON CONFLICT` infers from these words of the catalog.
    ByIndex(String),
    /// By columns that no index holds unique any more: looked for under a lock.
    ByLooking(Vec<usize>),
    /// By these columns to the letter where there is such a row, else by an index.
    ByEither(Vec<usize>, String),
}

/// A change of rows that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The columns that the body gives.
    pub columns: Vec<usize>,
    /// What rows must fulfil to be changed: all of these.
    pub conditions: Vec<Condition>,
}

/// What comes back of written rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returning {
    /// Nothing.
    Nothing,
    /// How many they are.
    Count,
    /// The rows as they are afterwards.
    Rows(Node),
}

/// Plans a POST.
pub fn insert(
    asker: &Asker<'_>,
    relation: usize,
    query: &Query,
    prefer: &Prefer,
    body: &Body<'_>,
) -> Result<Write, Refusal> {
    if !query.root.conditions.is_empty() {
        return Err(Refusal::bad("PGRST100", "rows that are added aren't filtered")
            .hint("leave the filters out; PATCH changes rows that are there"));
    }
    let of = asker.relation(relation);
    let columns = asker.insertable(of, query.columns.as_deref(), body)?;
    let conflict = asker.conflict(of, query.on_conflict.as_deref(), prefer.resolution, &columns)?;
    if let Some(Conflict { target: Found::ByLooking(keys), .. }) = &conflict {
        let names: Vec<&str> = keys.iter().map(|key| of.columns[*key].name.as_str()).collect();
        if body.has_twice(&names) {
            return Err(Refusal::bad("21000", "ON CONFLICT command cannot affect row a second time")
                .details(format!("two rows of the body have the same {}", names.join(", ")))
                .hint("send each row once"));
        }
    }
    let (payload, missing) = match (body.shape, prefer.missing) {
        (Shape::Object, _) => (Payload::One, Missing::Default),
        (Shape::Array, Some(prefer::Missing::Default)) => (Payload::Several, Missing::Default),
        (Shape::Array, _) => (Payload::Several, Missing::Null),
    };
    let writing = Writing::Insert(Insert { columns, payload, missing, conflict });
    Ok(Write { relation, writing, returning: asker.returning(relation, query, prefer)? })
}

/// Plans a PATCH.
pub fn update(
    asker: &Asker<'_>,
    relation: usize,
    query: &Query,
    prefer: &Prefer,
    body: &Body<'_>,
) -> Result<Write, Refusal> {
    no_upsert(query, prefer)?;
    if body.shape == Shape::Array {
        return Err(Refusal::bad("PGRST102", "a change of rows is one object, and this body is an array")
            .hint("send the object alone; rows of different values are an upsert (POST)"));
    }
    let of = asker.relation(relation);
    let columns = asker.given(of, query.columns.as_deref(), body, |column| column.update.contain(asker.role))?;
    if columns.is_empty() {
        return Err(Refusal::bad("PGRST102", "the body names no column to change").hint("send the columns that change"));
    }
    let change = Change { columns, conditions: asker.filtered("UPDATE", of, query, prefer)? };
    Ok(Write { relation, writing: Writing::Update(change), returning: asker.returning(relation, query, prefer)? })
}

/// Plans a DELETE.
pub fn delete(asker: &Asker<'_>, relation: usize, query: &Query, prefer: &Prefer) -> Result<Write, Refusal> {
    no_upsert(query, prefer)?;
    if query.columns.is_some() {
        return Err(Refusal::bad("PGRST100", "`columns` has no meaning where rows are removed").hint("leave it out"));
    }
    let of = asker.relation(relation);
    if !of.delete.contain(asker.role) {
        return Err(Refusal::denied(asker.role, format!("permission denied for table {}", of.name)));
    }
    let writing = Writing::Delete(asker.filtered("DELETE", of, query, prefer)?);
    Ok(Write { relation, writing, returning: asker.returning(relation, query, prefer)? })
}

fn no_upsert(query: &Query, prefer: &Prefer) -> Result<(), Refusal> {
    if query.on_conflict.is_some() || prefer.resolution.is_some() || prefer.missing.is_some() {
        return Err(Refusal::bad("PGRST122", "on_conflict, resolution and missing belong to POST")
            .hint("send an upsert with POST, or leave them out"));
    }
    Ok(())
}

impl Asker<'_> {
    /// The columns that a body gives, each known and allowed.
    fn given(
        &self,
        relation: &Relation,
        named: Option<&[String]>,
        body: &Body<'_>,
        may: impl Fn(&crate::tables::catalog::Column) -> bool,
    ) -> Result<Vec<usize>, Refusal> {
        let is_wanted = |key: &&String| body.shape == Shape::Array || body.has(key);
        let names: Vec<&String> = match named {
            Some(named) => named.iter().filter(is_wanted).collect(),
            None => body.keys.iter().collect(),
        };
        // Names that the body lacks are checked too.
        for name in named.unwrap_or_default() {
            column(relation, name)?;
        }
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let place = column(relation, name)?;
            if !may(&relation.columns[place]) {
                let message = format!("permission denied for column {name} of table {}", relation.name);
                return Err(Refusal::denied(self.role, message).hint("leave it out: this role may not write it"));
            }
            if columns.contains(&place) {
                return Err(Refusal::bad("PGRST100", format!("`columns` names '{name}' twice")));
            }
            nested::check(relation, &relation.columns[place], body.given(name))?;
            columns.push(place);
        }
        Ok(columns)
    }

    fn insertable(
        &self,
        relation: &Relation,
        named: Option<&[String]>,
        body: &Body<'_>,
    ) -> Result<Vec<usize>, Refusal> {
        if !relation.columns.iter().any(|column| column.insert.contain(self.role)) {
            return Err(Refusal::denied(self.role, format!("permission denied for table {}", relation.name)));
        }
        self.given(relation, named, body, |column| column.insert.contain(self.role))
    }

    /// Which rows are meant; all of them only where the request says how many that may be.
    fn filtered(
        &self,
        command: &str,
        relation: &Relation,
        query: &Query,
        prefer: &Prefer,
    ) -> Result<Vec<Condition>, Refusal> {
        if query.root.conditions.is_empty() && prefer.max_affected.is_none() {
            return Err(Refusal::bad("21000", format!("{command} requires a WHERE clause"))
                .hint("filter the rows, or say with `Prefer: max-affected=n` how many there may be"));
        }
        self.conditions(relation, &[], &query.root.conditions)
    }

    /// What comes back, and nothing said about it that would have no effect.
    fn returning(&self, relation: usize, query: &Query, prefer: &Prefer) -> Result<Returning, Refusal> {
        if query.root.limit.is_some() || query.root.offset.is_some() {
            return Err(Refusal::bad("PGRST100", "a write has no limit and no offset")
                .hint("filter the rows, and say with `Prefer: max-affected=n` how many there may be"));
        }
        if prefer.returning != Some(prefer::Return::Representation) {
            let is_plain = query.select.is_none() && query.root.order.is_empty() && query.embedded.is_empty();
            return if is_plain {
                Ok(Returning::Nothing)
            } else {
                Err(Refusal::bad("PGRST100", "select and order have no meaning where no rows come back")
                    .hint("send `Prefer: return=representation`, or leave them out"))
            };
        }
        let mut levels = Levels::of(query);
        let level = dialect::query::Level { order: query.root.order.clone(), ..Default::default() };
        let node = self.node(relation, selected(query), &level, &[], &mut levels)?;
        levels.finish()?;
        Ok(Returning::Rows(node))
    }

    /// What becomes of rows that are there already.
    fn conflict(
        &self,
        relation: &Relation,
        on_conflict: Option<&[String]>,
        resolution: Option<Resolution>,
        columns: &[usize],
    ) -> Result<Option<Conflict>, Refusal> {
        let Some(resolution) = resolution else {
            return match on_conflict {
                Some(_) => Err(Refusal::bad("PGRST100", "`on_conflict` needs a resolution")
                    .hint("send `Prefer: resolution=merge-duplicates` or `resolution=ignore-duplicates`")),
                None => Ok(None),
            };
        };
        let asked = match on_conflict {
            Some(names) => names.iter().map(|name| column(relation, name)).collect::<Result<Vec<_>, _>>()?,
            None => writer::default_target(relation),
        };
        let Known { target, on, same } = found(relation, &asked)?;
        let set = match resolution {
            Resolution::IgnoreDuplicates => Vec::new(),
            Resolution::MergeDuplicates => self.merged(relation, columns, &same, &asked)?,
        };
        Ok(Some(Conflict { target, on, set }))
    }

    /// What a row that is there gets: all that the body gives but what made it the same row.
    fn merged(
        &self,
        relation: &Relation,
        columns: &[usize],
        same: &[usize],
        asked: &[usize],
    ) -> Result<Vec<usize>, Refusal> {
        let mut set: Vec<usize> = columns.iter().copied().filter(|column| !same.contains(column)).collect();
        if set.is_empty() {
            // Something has to be set, or the row wouldn't come back.
            set.extend(asked.first());
        }
        match set.iter().find(|column| !relation.columns[**column].update.contain(self.role)) {
            Some(column) => {
                let name = &relation.columns[*column].name;
                Err(Refusal::denied(
                    self.role,
                    format!("permission denied for column {name} of table {}", relation.name),
                )
                .hint("this role may not change it in rows that are there already"))
            }
            None => Ok(set),
        }
    }
}

/// How rows are found that are there already.
struct Known {
    target: Found,
    on: Vec<usize>,
    /// Which columns are then the same for certain.
    same: Vec<usize>,
}

/// How rows with these columns are found.
fn found(relation: &Relation, asked: &[usize]) -> Result<Known, Refusal> {
    let by_index = |target: &ConflictTarget| {
        let same = if target.is_exact { target.columns.clone() } else { Vec::new() };
        Known { target: Found::ByIndex(target.sql.clone()), on: target.columns.clone(), same }
    };
    let by_looking =
        |columns: Vec<usize>| Known { target: Found::ByLooking(columns.clone()), on: columns.clone(), same: columns };
    let other = writer::other_target(relation, asked);
    // A site may still have its own narrower key beside ours, which finds fewer of the rows that ours refuses.
    if let Some(writer::OtherTarget::Wider(columns)) = &other
        && let Some(target) = inferred(relation, columns)
    {
        return Ok(by_index(target));
    }
    if let Some(target) = inferred(relation, asked) {
        let known = by_index(target);
        // What stands in for a rule leaves rows out that are as good as any, and that a key of the site's still finds.
        return Ok(match exact(relation, target) {
            Some(columns) => Known { target: Found::ByEither(columns, target.sql.clone()), ..known },
            None => known,
        });
    }
    match other {
        Some(writer::OtherTarget::Wider(columns)) => Ok(by_looking(columns)),
        Some(writer::OtherTarget::Itself) => Ok(by_looking(asked.to_vec())),
        None => {
            let names = |columns: &[usize]| {
                columns.iter().map(|column| relation.columns[*column].name.as_str()).collect::<Vec<_>>().join(",")
            };
            let known: Vec<String> = relation
                .conflict_targets
                .iter()
                .map(|target| format!("on_conflict={}", names(&target.columns)))
                .collect();
            Err(Refusal::bad(
                "42P10",
                "there is no unique or exclusion constraint matching the ON CONFLICT specification",
            )
            .details(format!("no rule keeps ({}) of {} unique", names(asked), relation.name))
            .hint(format!("one of: {}", known.join(", "))))
        }
    }
}

/// The index over these columns; of several one that finds rows in any letter case, since it refuses these too.
fn inferred<'a>(relation: &'a Relation, asked: &[usize]) -> Option<&'a ConflictTarget> {
    let mut asked = asked.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let is_over_these = |target: &&ConflictTarget| {
        let mut columns = target.columns.clone();
        columns.sort_unstable();
        columns == asked
    };
    relation.conflict_targets.iter().filter(is_over_these).min_by_key(|target| target.is_exact)
}

/// The columns that find a row to the letter which this target, in any letter case, may leave out.
fn exact(relation: &Relation, target: &ConflictTarget) -> Option<Vec<usize>> {
    let same = |other: &&ConflictTarget| other.is_exact && other.columns == target.columns;
    let never_null = target.columns.iter().all(|column| relation.columns[*column].not_null);
    let leaves_out = !target.is_exact && target.sql.contains("<> ALL");
    (leaves_out && never_null && relation.conflict_targets.iter().any(|other| same(&other)))
        .then(|| target.columns.clone())
}
