//! The HTTP server: what every request passes, and the list of routes.

/// Whether the server is alive and ready.
pub mod health;

/// What can be asked here and what comes back, as a document.
pub mod openapi;

/// Every router, one line each.
pub mod routes;

/// Connections, limits, and what every request passes.
pub mod server;
