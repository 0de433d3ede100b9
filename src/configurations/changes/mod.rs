//! Changes: the one way in which configuration is written.
//!
//! A change is one or more edits of rows of the four configuration tables, with an author and a reason, applied in one
//! transaction or not at all. Whoever proposes one is shown what it would do to every document that it reaches: keys
//! before and after, edits that an override shields or a lock keeps out, what becomes invalid, what is incomplete. Only
//! what the change itself makes invalid stands in its way.
//!
//! *proposed* → *approved* → *applied*, or *rejected*, or *withdrawn*. Where an environment is protected, somebody other
//! than the author has to approve; the database holds that (migration 0030). A change is made for versions of its rows:
//! where one has moved, it isn't applied, and the answer has the row as it is (412).
//!
//! A write through the table API, an import and a command are changes that are applied at once ([`apply_now`]). Taking a
//! change back is a change too.

/// The entrance of `/api/v1/changes`.
pub mod api;

/// What the command line does with changes.
pub mod command;

/// Files of values.
pub mod import;

/// What people look at and do in a browser.
pub mod pages;

mod actions;
mod apply;
mod cell;
mod check;
mod conceal;
mod decide;
mod desk;
mod prepare;
mod preview;
mod propose;
mod reach;
mod references;
mod revert;
mod store;
mod types;
mod wanted;

pub use apply::{Applied, Tools, apply_any, apply_now};
pub use desk::Desk;
pub use preview::{Document, Page, Preview};
pub use store::Filter;
pub use types::{Cell, Change, KeptEdit, Outcome, State, Who};
pub use wanted::{Scope, Verb, Wanted};
