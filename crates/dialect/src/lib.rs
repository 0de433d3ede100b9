//! The dialect of the table API: what a request says, as values. Pure: no SQL, no catalog, no I/O.
//!
//! It is the part of PostgREST's dialect that `@supabase/supabase-js` speaks. What is accepted here has a
//! meaning that a plan must honour; everything else is refused with the place and what was expected there,
//! and nothing is passed over in silence.
//!
//! In reading order:
//! [`query`] is what stands behind the `?` ([`Query`] is the tree, [`Query::parse`] makes it, `Display` prints it again),
//! [`headers`] what the headers ask for ([`headers::Headers`]),
//! [`limits`] how much of it a request may ask, and [`error`] how a request is refused.

pub mod error;
pub mod headers;
pub mod limits;
mod parse;
mod print;
pub mod query;

pub use error::{Code, Error};
pub use limits::Limits;
pub use query::Query;
