//! The table API: what it exposes, and what it answers over HTTP.

mod catalog;
mod honoured;
mod properties;
mod queries;
mod reads;
mod site;
mod world;
mod writes;
