//! The HTTP server: what every request passes, and the list of routes.
//!
//! [`server`] takes connections, [`routes`] lists what there is. Between the two every request passes the same layers:
//! number, log and metrics; which origins may call; panics; time; size.

/// Whether the server is alive.
pub mod health;

/// What can be asked here and what comes back, as a document.
pub mod openapi;

/// Every router, one line each, and what every request passes.
pub mod routes;

/// Connections, and their end.
pub mod server;

mod act;
mod connection;
mod cors;
mod error;
mod metrics;
mod panic;
mod readiness;
mod watch;
