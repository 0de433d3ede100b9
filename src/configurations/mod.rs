//! Layered configuration: what an app of a client, built from a template, reads in an environment.
//!
//! It is one JSON document, and no row of the database is that document. It is composed of twelve layers, from the
//! defaults in a template's schema to what was applied for one deployment; `crates/layers` says how, without any I/O. What
//! is here reads rows into layers ([`documents`]) and says what comes out of them: the document ([`resolve`]), where each
//! of its values comes from ([`explain`]), what rows held before ([`history`]), what differs between two revisions
//! ([`diff`]), whether documents are what an app expects ([`contract`]), and what is wrong with any of them ([`verify`]).
//!
//! Whoever asks is shown what they may see: their client is looked for under their own policies first, and only then
//! are its layers read as a job reads them, because a global row is part of a document that the client's own staff may
//! read, though not a row that everybody may list. A client's own login gets the document without secrets ([`View`]).
//!
//! Every write of configuration, by whatever entrance, is one or more [`RowEdit`]s.

/// The operations of `/api/v1` that read.
pub mod api;

/// Whether documents are what an app expects.
pub mod contract;

/// What differs between two revisions.
pub mod diff;

/// The read model: rows, layers, and the documents that they give.
pub mod documents;

/// Where a value comes from.
pub mod explain;

/// A document that can be given away.
pub mod export;

/// What a row held before.
pub mod history;

/// What a schema says of one key, as a form needs it.
pub mod kind;

/// The document.
pub mod resolve;

/// The one way in which configuration is written.
pub mod changes;

/// What people look at and do in a browser.
pub mod pages;

/// What is wrong with any document.
pub mod verify;

/// The same of documents, kept for pages.
pub mod findings;

mod asked;
mod outline;
mod store;
mod types;
mod view;

pub use asked::Asked;
pub use types::{AsOf, Base, ConfigTable, Environment, Operation, Rewrite, RowEdit};
pub use view::View;
