//! Who calls, and letting people in.
//!
//! A request carries an app's key and a bearer ([`token`], or a JWT). [`Gate::caller`] turns them into a `Caller`: what can be
//! checked without the database is checked here (form, checksum, signature, issuer, audience, times), and what may have
//! been taken away since is asked by `tenantry.enter` in the pipeline of the request itself. So what a server remembers,
//! ids of tokens and checked signatures, never makes anything count longer than it should.
//!
//! **Signing in** ([`api`]) is what `supabase.auth` expects of GoTrue: password and refresh grants, the user, sign-out, the
//! key set. Attempts are counted before a password is looked at, and an unknown address goes the same way as a wrong
//! password. What GoTrue has and Tenantry hasn't is refused in GoTrue's words, with what to do instead.
//!
//! **Access tokens** are ES256 and count 15 minutes; **refresh tokens** are used once. Both are made with the keys of
//! [`key_folder`], which lies outside the database: two are live, so that they can be rotated while everybody works.
//! Issuers that a file names are believed as to who somebody is, never as to what they may.
//!
//! **Sessions of the console** ([`console`]) are cookies and nothing else; [`links`] let people choose a password once.
//!
//! **Tokens** for programs are made by [`tokens`], by whoever policies let, and kept as hashes. Everything else of this
//! module runs as `tenantry_auth`, which reads people, sessions and tokens and nothing of `public`.

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

/// What handlers of `/api/v1` need.
mod entrance;

/// Who calls, before what is wrong with what they sent.
mod first;

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

/// Sessions of the console.
pub mod console;

/// One-time links, by which people choose a password.
pub mod links;

/// Runtime tokens as a server keeps them in memory.
pub mod runtime;

/// Random words and hashes.
mod secret;

/// Sessions: beginning, continuing, ending them.
mod sessions;

/// Signing in and going on.
mod sign_in;

/// Who calls an operation.
mod signed;

/// SQL on what lets people and programs in.
mod store;

/// Keys that machines and people's programs call with.
pub mod token;

/// Making, listing and revoking them.
pub mod tokens;

/// Who signs in, and how `supabase.auth` is told.
mod users;

pub use entrance::Entrance;
pub use first::first;
pub use gate::Gate;
pub use refusal::{Denial, Refusal};
pub use signed::Signed;
