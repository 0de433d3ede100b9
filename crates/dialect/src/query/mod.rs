//! What stands behind the `?`: which columns and embeds ([`select`]), of which rows ([`filter`]), in which
//! order ([`order`]), how many of them, and what a write needs to know.

pub mod filter;
pub mod order;
pub mod select;

use std::collections::BTreeMap;

use filter::Condition;
use order::OrderTerm;
use select::Item;

/// A whole query string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// `select=`: what each row of the answer holds. `None` where it wasn't given, which asks for what `*` does;
    /// an empty list (`select=`) asks for rows without columns, as a count needs them.
    pub select: Option<Vec<Item>>,
    /// What was asked of the table itself.
    pub root: Level,
    /// What was asked of embeds, by their path (`rel.order=…`, `a.b.id=eq.1`). Whether `select` holds such an embed
    /// isn't checked here: its name may be an alias, a relation or a column.
    pub embedded: BTreeMap<Path, Level>,
    /// `columns=`: the columns that a write takes from its body; other keys of the body are passed over.
    pub columns: Option<Vec<String>>,
    /// `on_conflict=`: the columns by which an upsert finds its rows.
    pub on_conflict: Option<Vec<String>>,
}

/// The names that lead from the table to an embed, outermost first; never empty.
pub type Path = Vec<String>;

/// What can be asked of the table and of each of its embeds alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    /// What a row must fulfil: all of them. In the order in which they were sent.
    pub conditions: Vec<Condition>,
    /// The order of the rows; empty where none was asked for.
    pub order: Vec<OrderTerm>,
    /// How many rows at most.
    pub limit: Option<u64>,
    /// How many rows to pass over first.
    pub offset: Option<u64>,
}

impl Level {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.order.is_empty() && self.limit.is_none() && self.offset.is_none()
    }
}

/// A column, and perhaps the way to a value within it: `settings->colours->>primary`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// The column's name. In filters with `is`, an embed's name may stand here too (`client=not.is.null`).
    pub name: String,
    /// The way into it; empty for the column itself.
    pub path: Vec<JsonStep>,
}

/// One step into a JSON value. Only the last step of a path has [`Arrow::Text`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JsonStep {
    /// What comes out.
    pub arrow: Arrow,
    /// Where to.
    pub operand: Operand,
}

/// What a step into a JSON value gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arrow {
    /// `->`: JSON.
    Json,
    /// `->>`: text.
    Text,
}

/// Where a step into a JSON value leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operand {
    /// To the value under a key.
    Key(String),
    /// To the value at a place of an array, from 0; below zero it counts from the end. In an object it finds
    /// nothing, not even the key of these digits: that is `->"1"`.
    Index(i32),
}
