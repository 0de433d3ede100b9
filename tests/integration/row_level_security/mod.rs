//! Row level security: every table, command and role, against what must come out, typed by hand.

mod attacks;
pub(crate) mod catalog;
mod cell;
mod claims;
pub(crate) mod expected;
mod inner;
mod matrix;
mod note;
pub(crate) mod subjects;
mod temp_objects;
mod views;
pub(crate) mod world;
