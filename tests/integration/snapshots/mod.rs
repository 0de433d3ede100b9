//! `/config/v1`: what client apps read, from memory.

mod away;
mod changes;
mod isolation;
mod reads;
mod run;
mod secrets;
mod streams;
mod tokens;
mod world;
