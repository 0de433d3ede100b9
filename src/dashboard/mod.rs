//! The first page: how everything stands, what needs somebody, and what happened lately.
//!
//! Every figure is counted when the page is asked for, over what the visitor may see, and leads to the list that it counts.

/// What needs somebody.
mod attention;

/// How many there are of what.
mod figures;

/// What happened lately.
mod lately;

/// The page.
pub mod pages;
