//! Finding things by their name: pages, clients, templates, keys of configuration. A page of its own, which the palette of
//! every page (Ctrl-K) shows a part of.

/// The page.
pub mod pages;

mod store;
