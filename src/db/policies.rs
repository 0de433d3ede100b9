//! Who may do what with which rows: one list, and the SQL that makes PostgreSQL hold it.
//!
//! [`rules`] is the list. It reads like the table of the documentation, and is the only place to change. [`render`]
//! gives the statements for one table, so that a table which was adopted, or swapped for a partitioned one, gets its
//! walls in the same transaction; [`up`] gives them all. Every statement may be repeated: what a table had before is
//! cleared first, except policies named `keep_<role>`, which an operator asked for.
//!
//! What holds a wall is never one thing alone: a role needs a grant and a policy, the policy asks whether the claims
//! hold, and every table is under `FORCE` so that not even its owner reads past the policies by accident.

/// The list: tables, roles, commands, rows.
pub mod rules;

mod inner;
mod sql;

pub use sql::{down, render, up};
