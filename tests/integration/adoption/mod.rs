//! Adopting a site's tables, and going back.

mod back;
mod equal;
mod kept;
mod killed;
mod pending;
mod refused;
pub(crate) mod site;
