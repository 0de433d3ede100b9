//! Sign-in and who calls, through HTTP.

mod account;
mod delays;
mod foreign;
/// Tokens that nobody should believe.
pub mod forged;
mod refresh;
mod refused;
mod rotation;
mod sign_in;
mod taken_away;
mod token_operations;
mod tokens;
/// Signing in for other tests.
pub mod world;
