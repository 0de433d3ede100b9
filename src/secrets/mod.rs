//! Values that nobody reads in the database: sealed on their way in, masked wherever they stand, opened for two purposes.
//!
//! A secret's place in a row holds its [`Mask`]; the ciphertext is a row of `tenantry.secrets`, which never changes and is
//! named by the mask. So every answer, filter, audit entry and dump shows masks, and nobody has to remember to hide
//! anything. `crates/envelope` seals and opens; what it needs to know of a place ([`Place`]) is bound into the ciphertext,
//! so that one which was moved, in the database or in a backup, opens nowhere.
//!
//! - [`Keys`] are the key-encryption keys, from one [`source`]: a file that is made on the first start, a variable, or a
//!   credential of systemd's. They never enter the database, which knows only what they are called and what tells them
//!   from others. [`start::settle`] refuses to begin without a key that the database needs.
//! - [`conceal()`] is what every writer does with a row first: it finds the secrets in it, keeps masks that come back
//!   unchanged, refuses all others, and seals plain values. Triggers (migration 0029) hold the same for whoever writes
//!   otherwise, and can only refuse.
//! - [`open`] is for the runtime API, and for schemas that judge a value in memory. [`reveal`] is for people: managers and
//!   above, with a reason, in the audit log.
//! - [`rotate`] gives data keys another wrapping, or a client another data key; it may be ended anywhere and begun again.
//! - [`sweep`] removes what rejected and withdrawn changes leave, never what a row, its history or a pending change needs.
//!
//! Values in the clear are [`Plaintext`], which can't be printed or serialised and overwrites itself.

/// What people may ask of secrets under `/api/v1`.
pub mod api;

/// What a writer does with a row before the database sees it.
pub mod conceal;

/// Key-encryption keys, and data keys once they were unwrapped.
pub mod keys;

/// What schemas say of secrets.
mod marks;

/// What stands in a secret's place.
pub mod mask;

/// Keys on paper, and back.
pub mod recover;

/// Secrets in the clear, for people who have a reason.
pub mod reveal;

/// Other keys for what is sealed already.
pub mod rotate;

/// Where key-encryption keys come from.
pub mod source;

/// Which keys a database needs, and whether they are there.
pub mod start;

/// Secrets that nothing refers to any more.
pub mod sweep;

/// Whether everything opens.
pub mod verify;

mod leaves;
mod names;
mod place;
mod seal;
mod store;

pub use conceal::{Masks, conceal, may_be_secret};
pub use envelope::Plaintext;
pub use keys::Keys;
pub use marks::Marks;
pub use mask::Mask;
pub use names::is_secret_variable;
pub use place::Place;
pub use seal::{open, open_each, seal};
