//! `order=`: in which order rows come.

use super::Field;

/// One entry of `order`: `name.desc.nullslast`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderTerm {
    /// By what.
    pub by: OrderBy,
    /// Which way; ascending without one.
    pub direction: Option<Direction>,
    /// Where NULL stands; PostgreSQL's default without one: last ascending, first descending.
    pub nulls: Option<Nulls>,
}

/// By what rows are ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderBy {
    /// A column of the level itself, or a value within it.
    Field(Field),
    /// `client(name)`: a column of an embed that is one row.
    Related {
        /// The embed, as paths call it.
        embed: String,
        /// Its column.
        field: Field,
    },
}

/// Which way rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `asc`.
    Ascending,
    /// `desc`.
    Descending,
}

/// Where NULL stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// `nullsfirst`.
    First,
    /// `nullslast`.
    Last,
}
