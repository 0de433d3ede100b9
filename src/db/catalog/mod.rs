//! What the catalog says of a table: its whole shape as values that can be compared, stored and written back as SQL.
//!
//! [`read::tables`] reads it, [`shape`] says what it consists of, [`sql`] writes parts of it as statements.

/// What keeps a table from being swapped or a column from changing its type.
pub mod obstacles;

/// Reading shapes from the catalog.
pub mod read;

/// How PostgreSQL prints what it has read from its own print.
pub mod reread;

/// What a shape consists of.
pub mod shape;

/// The views over a table, and making them again.
pub mod views;

/// Parts of a shape as statements.
pub mod sql;

pub use shape::{
    Column, Constraint, ConstraintKind, Grant, Index, Policy, Publication, Statistics, Table, Target, Trigger,
};
