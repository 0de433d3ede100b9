//! Tenantry: the self-hosted back office for agencies and software vendors who run one app per client.
//!
//! Read the modules in this order.

/// What can go wrong, said once: the place, the rule and the mend.
pub mod error;

/// Why an operation of `/api/v1` wasn't done, with every fault at once.
pub mod problem;

/// What tells a client that it has an answer already.
pub mod validator;

/// Time, passed in so that tests can choose it.
pub mod clock;

/// When jobs ran last, and how that went.
pub mod runs;

/// Files that are there whole or not at all.
pub mod files;

/// TLS towards others.
pub mod tls;

/// Every setting with its variable, default and meaning; read once.
pub mod settings;

/// The one way to PostgreSQL: connections, the embedded cluster, the catalog, migrations, backups.
pub mod db;

/// Who did what to which row, and the proof that nobody rewrote it.
pub mod audit;

/// Who calls: passwords, sessions, tokens, and the entrance of sign-in.
pub mod auth;

/// The console's shell: what every page of the agency's staff shares.
pub mod console;

/// Values that nobody reads in the database: sealed on their way in, masked wherever they stand.
pub mod secrets;

/// People, their roles, and which clients they see.
pub mod members;

/// The layers of configuration, the documents that they give, and where each value comes from.
pub mod configurations;

/// The agency's clients.
pub mod clients;

/// Templates, their versions and what clients make of them.
pub mod templates;

/// How clients' apps depart from their templates: drafts, their review, what is served.
pub mod customizations;

/// Where clients' apps run, what happened there, how they are set up, and ready-made ways to deploy.
pub mod deployments;
/// The audit log as people read it.
pub mod trail;

/// Figures of clients' apps: visits, conversions, load time, errors, revenue.
pub mod analytics;

/// What clients are billed.
pub mod billing;

/// How everything stands, and what needs somebody.
pub mod dashboard;

/// Finding things by their name.
pub mod find;

/// How the installation itself stands.
pub mod system;

/// What client apps read: their configuration, from memory.
pub mod snapshots;

/// The table API: from PostgreSQL's catalog to the answer of a request.
pub mod tables;

/// TypeScript's view of the database: `tenantry types`.
pub mod types;

/// The sample agency of `up --demo`.
pub mod demo;

/// What every request needs.
pub mod app;

/// The HTTP server: what every request passes, and the list of routes.
pub mod http;

/// What goes on besides requests.
pub mod jobs;

/// The commands of `tenantry`, one file each.
pub mod cli;

pub use error::{Error, Result};
