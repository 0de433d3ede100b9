//! `select=`: what each row of the answer holds.

use super::Field;

/// One entry of `select`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `*`: every column that the caller may read.
    Star,
    /// A column.
    Column(Column),
    /// `count()`: how many rows there are, grouped by the columns beside it.
    Count(Count),
    /// Rows of a related table.
    Embed(Embed),
}

/// `alias:name->path::cast`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its key in the answer; without one it is the last key of the JSON path, or the column's name.
    pub alias: Option<String>,
    /// Which column, and what of it.
    pub field: Field,
    /// The name of a type as it was sent: letters, digits, `_`, `$` and blanks. Not yet known to be a type.
    pub cast: Option<String>,
}

/// `alias:count()::cast`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Its key in the answer; `count` without one.
    pub alias: Option<String>,
    /// The name of a type, as in [`Column::cast`].
    pub cast: Option<String>,
}

/// `alias:relation!hint!inner(…)` or `...relation!hint!inner(…)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// How it shows in the answer.
    pub shape: Shape,
    /// A table or view, a foreign key's name, or a column that refers to one.
    pub relation: String,
    /// Which relationship, where there are several: a foreign key's name, a column, or the table between.
    pub hint: Option<String>,
    /// What becomes of rows that have nothing to embed.
    pub join: Join,
    /// What it holds. Empty (`rel!inner()`): it takes part in the filters and doesn't show in the answer.
    pub select: Vec<Item>,
}

impl Embed {
    /// The name by which paths in parameters call it: the alias, or the relation.
    pub fn name(&self) -> &str {
        match &self.shape {
            Shape::Nested { alias: Some(alias) } => alias,
            Shape::Nested { alias: None } | Shape::Spread => &self.relation,
        }
    }
}

/// How an embed shows in the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Under a key of its own: an object where it is one row, an array where it may be several.
    Nested {
        /// The key; the relation's name without one.
        alias: Option<String>,
    },
    /// `...rel(…)`: its columns stand among the outer ones.
    Spread,
}

/// What becomes of rows that have nothing to embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Nothing or `!left`: they stay, with null or an empty array.
    Left,
    /// `!inner`: they are left out.
    Inner,
}
