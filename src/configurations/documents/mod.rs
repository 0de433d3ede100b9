//! The read model: rows, layers, and the documents that they give.
//!
//! A document is named by a [`Target`]. [`Inputs`] are what documents are composed of, read in one statement and so as of
//! one revision: for one client in the course of a request, or for all of them. Layers that many documents have in common
//! are there once, and what was compiled of templates is kept for the life of the process in [`Compiled`].
//!
//! [`Edits`] are read beside them; `inputs.with(&edits)` is the world after, and `reached_by` says whose documents may be
//! others then. Nothing is written here.

mod compiled;
mod edits;
mod former;
mod gathered;
mod inputs;
mod judge;
mod load;
mod rewritten;
mod row;
mod store;
mod target;
mod template;

pub use compiled::Compiled;
pub use edits::{APPLIED, Edits};
pub(super) use former::revision_at;
pub use inputs::Inputs;
pub use judge::Judged;
pub use load::Wanted;
pub use target::Target;
pub use template::{Status, TemplateVersion, newer};
