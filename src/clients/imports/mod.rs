//! Clients from a file of comma-separated values.
//!
//! A file goes three ways. It is *read* while it comes in ([`upload`]): strictly, since a file whose quotes are wrong would
//! be taken for another ([`reader`]), and its rows are kept as they stand. It is *checked* ([`check`]): each row by the rules
//! of the form ([`rules`]) and against the clients that there are, which gives what importing it would do; nothing is written
//! to clients. It is *applied* ([`apply`]): all of it or nothing, under the rights of whoever does it, and only where no
//! client has changed since it was checked.
//!
//! Checking and applying go on beside requests, with a page that says how far they are ([`work`]): a hundred thousand rows
//! take longer than a request may. Who is at a file holds an advisory lock, so that a server which ends in the middle leaves
//! a file that can be checked or applied again, and a second click finds the first one at it.

mod apply;
mod check;
mod columns;
mod reader;
mod rules;
mod store;
mod types;
mod upload;
mod work;

/// The pages of the console.
pub mod pages;

/// Files that nobody imported.
pub mod sweep;

/// The largest file that is taken, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// The most rows that a file may have.
pub const MOST_ROWS: usize = 100_000;
