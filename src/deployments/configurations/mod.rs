//! Deployment configurations: how a client's deployments in an environment are set up.
//!
//! One is written as a draft, validated (the document that it would give is judged), then applied: its content is frozen,
//! and what was in force before for the same client, environment and template isn't any more. An edit makes a draft of it
//! again, and changes nothing that runs until it is applied again.
//!
//! Every write is a change of configuration; validating and applying are [`crate::templates`]' affair.

/// What people do with deployment configurations.
pub mod actions;

/// The pages of the console.
pub mod pages;

mod fields;
mod store;
mod types;
mod variables;

pub use types::{Filter, STATUSES, SetUp};
