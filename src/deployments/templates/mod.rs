//! Deployment templates: ready-made ways to deploy, for all clients.
//!
//! One says who hosts, in which environments, with which settings, and which variables have to be given. Administrators
//! write them; those that Tenantry brings along are edited but never removed. What Tenantry counts of their use (how many
//! deployments were made from one, how many of them succeeded, when the last one was) nobody writes.

/// What people do with deployment templates.
pub mod actions;

/// The pages of the console.
pub mod pages;

mod fields;
mod store;
mod types;

pub use types::{Filter, STATUSES, TYPES, Template};
