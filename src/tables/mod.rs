//! The table API: `/rest/v1/{table}`, the PostgREST dialect that `@supabase/supabase-js` speaks.
//!
//! A request goes through pure steps but one. `dialect` parses what the wire says; the plan compares it with the
//! [`catalog`] and the columns that the caller's role may use; SQL is written from the plan, identifiers from the catalog
//! only, values as parameters only; it runs as the caller's role, so that policies decide about rows; the response is made
//! of what PostgreSQL built. What is accepted is honoured; anything else is refused with a clear error.

/// What is exposed, read from PostgreSQL's catalog.
pub mod catalog;

/// What a request will do, as values.
pub mod plan;

/// How a request is refused.
pub mod refusal;

/// A plan as one statement of SQL.
pub mod sql;

/// The body of a write.
pub mod body;

mod writer;
