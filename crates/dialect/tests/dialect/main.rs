//! The dialect from outside: what is read from worked examples, what is refused and how, and that printing and
//! reading are each other's inverse.

mod examples;
mod filters;
mod headers;
mod properties;
mod refusals;

use dialect::{Error, Limits, Query};

/// Reads a query string that must be accepted.
fn read(raw: &str) -> Query {
    Query::parse(raw.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{raw} was refused: {error}"))
}

/// Reads a query string that must be refused.
fn refusal(raw: &str) -> Error {
    match Query::parse(raw.as_bytes(), &Limits::default()) {
        Ok(query) => panic!("{raw} was read as {query:?}"),
        Err(error) => error,
    }
}
