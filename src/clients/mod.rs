//! The agency's clients: who they are, how they are served, and by whom.
//!
//! A client is a row of `clients_enhanced`, and everything else that belongs to one carries its id. Nobody deletes one: a
//! client that leaves is churned, then *archived*, which takes it out of every list that doesn't ask for it and gives its
//! address free. Whoever is assigned as manager becomes a member as such; the database sees to that.
//!
//! Staff and managers see the clients that they are members of, administrators all of them: the database's policies
//! decide, so a list is read as whoever looks at it. Status, tier, manager and archiving are for administrators.
//!
//! [`actions`] is the only writer, and of whole files [`imports`].

/// What may be done to several clients at once.
pub mod actions;

/// What people write about a client.
mod fields;

/// Clients from a file.
pub mod imports;

/// The pages of the console.
pub mod pages;

mod store;
mod types;

pub use fields::{FIELDS, Field, Kind, SECTIONS};
pub use types::{Bulk, Client, Filter, SIZES, STATUSES, TIERS};
