//! How the installation itself stands: schema, months ahead, jobs, seals, backups, keys, what the doctor finds, settings.
//!
//! For administrators. What needs a connection of the operator's stays on the command line, which the page names.

/// The page.
pub mod pages;

mod store;

use std::sync::Arc;

use crate::runs::Runs;
use crate::settings::Told;

/// What the program knows of itself besides.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What jobs did last.
    pub runs: Runs,
    /// Settings as they are in force; none where nobody told them.
    pub settings: Arc<Vec<Told>>,
}
