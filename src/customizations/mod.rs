//! How clients' apps depart from their templates: drafts, their review, and what is served.
//!
//! A *customization* is one version of a client's design. It is written as a draft, looked at (*in review*), approved, and
//! deployed; from review it may go back to draft, with a reason. Only a draft's content is written: what was reviewed is
//! what is served, so that a change to it is a new version, which begins as a draft. One version for each client and
//! template is *served*: its values are a layer of what the client's apps read.
//!
//! Every write is a change of configuration ([`crate::configurations::changes`]), as it is under `/api/v1` and through the
//! table API; activating and bringing to another template version are [`crate::templates`]' affair.

/// What people do with customizations.
pub mod actions;

/// The pages of the console.
pub mod pages;

mod draft;
mod store;
mod types;

pub use types::{Customization, Filter, STATUSES, Step};
