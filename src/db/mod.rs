//! The one way to PostgreSQL.
//!
//! [`admin`] is the connection of migrations, backups and the operator's own commands. [`migrate`] brings a database,
//! empty or in use, to the schema that this program needs. [`database`] is what the server has: a [`caller`] opens a
//! [`tx`], and nothing else reaches a connection.

/// The connection of migrations, backups and the operator's own commands.
pub mod admin;

/// Bringing a site's existing tables to the schema, and back.
pub mod adopt;

/// Backups that prove themselves.
pub mod backup;

/// The embedded PostgreSQL, for whoever names no server.
pub mod cluster;

/// Bringing a database, empty or in use, to the schema that this program needs, and back.
pub mod migrate;

/// Who may do what with which rows, as one list and the SQL that holds it.
pub mod policies;

/// What the catalog says of a table, as values that can be compared and stored.
pub mod catalog;

/// How PostgreSQL's own programs are told where to connect.
pub mod libpq;

/// Where PostgreSQL's own programs are.
pub mod programs;

/// The one role of Tenantry's that can log in.
pub mod server_login;

/// Names and values written into SQL text.
pub mod quote;

/// What is wrong, or will be, each with its mend.
pub mod doctor;

/// How an installation stands.
pub mod status;

/// The partitions of the tables that grow by month.
pub mod partitions;

/// On whose behalf statements reach the database.
pub mod caller;

/// A transaction on somebody's behalf.
pub mod tx;

/// The server's way to PostgreSQL.
pub mod database;

/// Hearing what the database tells.
pub mod listen;

/// Whether a database can be worked with, as far as the server itself sees it.
pub mod readiness;

/// Parameters whose type only the database knows.
pub mod text;

mod pipeline;
mod pool;
mod statements;
mod tls;

pub use pool::PoolStatus;
