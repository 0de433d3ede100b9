//! Adopting a site's tables, and going back.

mod back;
mod broken_off;
mod dumped;
mod equal;
mod kept;
mod killed;
mod odd;
mod odd_shapes;
mod others;
mod owner;
mod pending;
mod refused;
mod script;
pub(crate) mod site;
