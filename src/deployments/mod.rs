//! Where clients' apps run: deployments, what happened to them, and how they are set up.
//!
//! A *deployment* is a row of `client_deployments`: one place where a client's app runs, ran or was to run, with its status
//! and what is known of its health, which is `unknown` until somebody has looked. What happens to it is told by *events*,
//! which are only added to: whoever was wrong adds another. A deployment that has events isn't deleted but cancelled or
//! superseded.
//!
//! Members see the deployments of their clients; managers of a client and administrators tell events and say how one
//! stands. A client's own login sees neither what a build printed nor the variables of the process.

/// What people do with deployments.
pub mod actions;

/// How deployments are set up: host, variables, features, domain.
pub mod configurations;

/// The pages of the console.
pub mod pages;

/// Ready-made ways to deploy.
pub mod templates;

mod store;
mod types;

pub use types::{Deployment, ENVIRONMENTS, Event, Filter, HEALTHS, KINDS, OUTCOMES, STATUSES, Told};
