//! The table API: what it exposes, and what it answers over HTTP.

mod adopted;
mod bad_input;
mod catalog;
mod changes;
mod failures;
mod honoured;
mod hostile;
mod prepared;
mod properties;
mod queries;
mod reads;
mod retries;
mod rights;
mod sealed;
mod site;
mod world;
mod writes;
