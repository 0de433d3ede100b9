//! Who did what, to which row, for which client, and the proof that nobody rewrote it.
//!
//! **Entries** are rows of `public.audit_log`. Triggers write them in the transaction of the write itself
//! (`migrations/0023_audit_triggers`), and `tenantry.audit_event()` writes what is no row; if an entry can't be written,
//! the act doesn't happen. An entry carries a salted hash over its canonical form ([`entry`]).
//!
//! **Seals** ([`seal`]) are rows of `tenantry.audit_seals`: a chain in which each signs a hash over some entries and the
//! hash of the seal before. The key lies in a [`folder`] outside the database, so that whoever owns the database, as
//! superuser even, can break the chain but not mend it. The [`sealer`] adds to it once a second. Ids are not in the order
//! of commits, so a seal takes *what is visible and was not visible to the seal before*: transactions are compared with
//! the snapshot that each seal records, and a transaction that commits late is simply in a later seal.
//!
//! **Verification** ([`verify`]) reads all of it in one snapshot, recomputes everything outside the database and names
//! each place that doesn't hold ([`finding`]). The rules are pure ([`chain`]). What it can't see alone is an end that was
//! cut off together with its seals: for that, the newest seal, the *head*, is kept in the folder and in the server's log,
//! and anybody can keep one elsewhere and ask for it with `--head`.
//!
//! What is promised begins with the seal: entries of the last second can still be rewritten by whoever owns the database,
//! and whoever has the key file as well can rewrite all. Two things leave holes on purpose and are logged themselves:
//! retention drops whole months (their seals stay), erasure empties entries (their hashes stay).

/// The checks themselves, pure.
pub mod chain;

/// The end of a chain whose schema was taken back.
pub mod ending;

/// One entry and its hash.
pub mod entry;

/// Entries as lines of JSON.
pub mod export;

/// What verification can find.
pub mod finding;

/// The folder outside the database.
pub mod folder;

/// SHA-256 hashes.
pub mod hash;

/// Sets of entries.
pub mod ids;

/// The keys that sign and those that are believed.
pub mod key;

/// Seals and heads.
pub mod seal;

/// What adds seals.
pub mod sealer;

/// What was visible at some moment.
pub mod snapshot;

/// Verification of a database.
pub mod verify;

mod canonical;
mod store;

pub use store::{ENTRY, entry};
