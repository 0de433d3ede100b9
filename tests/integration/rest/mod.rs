//! The table API: what it exposes, and what it answers over HTTP.

mod catalog;
mod properties;
mod queries;
mod reads;
mod world;
