//! Adopting a site's tables, and going back.

mod back;
mod equal;
mod kept;
mod killed;
mod others;
mod pending;
mod refused;
pub(crate) mod site;
