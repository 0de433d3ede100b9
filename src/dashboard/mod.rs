//! The first page: how everything stands, what needs somebody, and what happened lately.
//!
//! Every figure is counted when the page is asked for, over what the visitor may see, and leads to the list that it counts.

use crate::db::policies::rules::Role;

/// Who sees changes of configuration.
const AGENCY: &[Role] = &[Role::Staff, Role::Manager, Role::Admin, Role::SuperAdmin];

/// What needs somebody.
mod attention;

/// How many there are of what.
mod figures;

/// What happened lately.
mod lately;

/// The page.
pub mod pages;
