use dialect::query::JsonStep;
use dialect::query::filter::Operation;
use dialect::query::order::{Direction, Nulls};

/// Rows of one relation, and what is taken of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Its place in the catalog.
    pub relation: usize,
    /// What each row holds, in order; no two have the same key.
    pub items: Vec<Item>,
    /// Related rows that the items, conditions or order speak of.
    pub embeds: Vec<Embed>,
    /// What a row must fulfil: all of them.
    pub conditions: Vec<Condition>,
    /// The order of the rows.
    pub order: Vec<Order>,
    /// How many rows at most.
    pub limit: Option<u64>,
    /// How many rows to pass over first.
    pub offset: Option<u64>,
    /// Whether rows are counted by their other items.
    pub is_grouped: bool,
}

/// One entry of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its key in the answer.
    pub key: String,
    /// What it is.
    pub what: What,
}

/// What an entry of a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A value of the row itself.
    Value {
        /// Which one.
        value: Value,
        /// The type that it is cast to, as SQL.
        cast: Option<String>,
    },
    /// How many rows there are.
    Count {
        /// The type that it is cast to, as SQL.
        cast: Option<String>,
    },
    /// Related rows, by their place among the embeds: an object, or an array.
    Embedded(usize),
    /// The value under the same key of a spread embed, by its place among the embeds.
    Spread(usize),
}

/// A column, or a value within one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its place among the relation's columns.
    pub column: usize,
    /// The way into it; empty for the column itself.
    pub path: Vec<JsonStep>,
}

/// Related rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// By which name conditions and orders call it.
    pub name: String,
    /// The rows.
    pub node: Node,
    /// How they are related.
    pub join: Join,
    /// Whether there may be several.
    pub is_many: bool,
    /// Whether rows that have none are left out.
    pub is_inner: bool,
    /// Whether its entries stand among the outer ones.
    pub is_spread: bool,
}

/// How rows of two relations belong together: pairs of places among the outer and the inner relation's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Join {
    /// By columns that are equal.
    Direct(Vec<(usize, usize)>),
    /// Through a relation between them.
    Through {
        /// Its place in the catalog.
        relation: usize,
        /// Pairs of the outer relation's columns and its own.
        outer: Vec<(usize, usize)>,
        /// Pairs of its own columns and the inner relation's.
        inner: Vec<(usize, usize)>,
    },
}

/// What a row must fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All of them.
    All(Vec<Condition>),
    /// One of them.
    One(Vec<Condition>),
    /// Its contrary, where it isn't NULL.
    Not(Box<Condition>),
    /// A value's relation to another.
    Test {
        /// Which value.
        value: Value,
        /// How it must be.
        operation: Operation,
    },
    /// Whether an embed, by its place, has rows.
    Exists(usize),
}

/// One entry of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: OrderBy,
    /// Which way.
    pub direction: Option<Direction>,
    /// Where NULL stands.
    pub nulls: Option<Nulls>,
}

/// By what rows are ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderBy {
    /// A value of the row.
    Value(Value),
    /// A value of an embed that is one row, by its place.
    Related(usize, Value),
    /// An item of a grouped row, by its place.
    Item(usize),
}
