//! The walls through HTTP: whoever shouldn't, gets nothing and sets nothing, whichever route they try.

mod columns;
mod credentials;
mod documents;
mod rows;
mod world;
