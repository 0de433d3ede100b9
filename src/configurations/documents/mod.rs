//! The read model.
//!
//! An app's document is named by a [`Target`].

mod target;

pub use target::Target;
