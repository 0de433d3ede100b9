//! Who calls.

/// Who calls, by what a request carries.
mod callers;

/// How long somebody has to wait who gets passwords wrong.
mod delays;

/// Issuers of access tokens that aren't ours.
mod foreign;

/// What is needed to tell who calls.
mod gate;

/// Access tokens: signing them, and what is checked before one is believed.
mod jwt;

/// The folder with the signing keys.
pub mod key_folder;

/// The keys themselves.
mod keys;

/// Passwords and their hashes.
pub mod passwords;

/// Refresh tokens.
mod refresh;

/// Why a request isn't let in.
mod refusal;

/// Random words and hashes.
mod secret;

/// SQL on what lets people and programs in.
mod store;

/// Keys that machines and people's programs call with.
pub mod token;

pub use gate::Gate;
pub use refusal::{Denial, Refusal};
