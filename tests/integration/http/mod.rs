//! The server over HTTP.

mod health;
