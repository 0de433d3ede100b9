//! Bringing a database, empty or in use, to the schema that this program needs, and back.
//!
//! A *migration* is a numbered concern, a list of *steps*; a step is SQL in one transaction, a statement outside one, or
//! a batch that repeats. The [`list`] names every migration in order. The [`runner::Runner`] runs a step under a short
//! `lock_timeout`, so that the migrator gives way and never the application, and the [`ledger`] keeps one row per step
//! with its checksum, written in the step's own transaction. Killed at any moment, the next run goes on where it stopped.

/// The rules that a server must fulfil before anything is changed.
pub mod preconditions;

/// What was applied, step by step, with checksums.
pub mod ledger;

/// Every migration, in order.
pub mod list;

/// One runner at a time.
pub mod lock;

/// A rehearsal on a schema-only copy, to see what the steps lock.
pub mod rehearsal;

/// Where a test stops the migrator as a kill would.
mod faults;

/// Running one step, giving way to the application.
pub mod runner;

/// What `migrate up` would do and what stands against it.
pub mod plan;

/// What a step did.
pub mod record;

mod roles;

/// The rows that Tenantry itself needs.
pub mod seeds;

/// What a step is.
pub mod step;

/// Whether the database is what the migrations made.
pub mod verify;

mod down;
mod up;

pub use down::{DownOptions, Undone, down};
pub use faults::Faults;
pub use list::{Content, Migration, migrations};
pub use record::Record;
pub use roles::{is_ours, roles, roles_within, statements_for_a_superuser};
pub use runner::{Progress, Quiet, Runner};
pub use step::{Action, Role, Step, checksum};
pub use up::{Outcome, UpOptions, up, up_recorded};
