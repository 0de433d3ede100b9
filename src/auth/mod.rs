//! Who calls.

/// What people see and change about themselves.
mod account;

/// `/auth/v1`.
pub mod api;

/// Attempts to sign in, counted.
mod attempts;

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

/// What `/auth/v1` answers when something isn't done.
mod problem;

/// Refresh tokens.
mod refresh;

/// Why a request isn't let in.
mod refusal;

/// What GoTrue does and Tenantry doesn't.
mod refused;

/// Random words and hashes.
mod secret;

/// Sessions: beginning, continuing, ending them.
mod sessions;

/// Signing in and going on.
mod sign_in;

/// SQL on what lets people and programs in.
mod store;

/// Keys that machines and people's programs call with.
pub mod token;

/// Making, listing and revoking them.
pub mod tokens;

/// Who signs in, and how `supabase.auth` is told.
mod users;

pub use gate::Gate;
pub use refusal::{Denial, Refusal};
