//! What every benchmark needs: a database of its own, samples of time, and a report that says what was promised.

#[path = "../../tests/integration/support/cluster.rs"]
mod cluster;
#[path = "../../tests/integration/support/database.rs"]
mod database;
#[path = "../../tests/integration/support/dump.rs"]
mod dump;
mod psql;
mod report;
mod samples;

use std::pin::Pin;

pub use cluster::Cluster;
pub use database::Database;
pub use dump::schema_dump;
pub use psql::psql;
pub use report::{Limit, Report};
pub use samples::{Samples, interleave, interleave_timed};

/// One benchmark by name.
pub struct Benchmark {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it compares, in a line.
    pub about: &'static str,
    /// Whether it runs where nothing is named.
    pub by_default: bool,
    /// Runs it.
    pub run: fn() -> Pin<Box<dyn Future<Output = Report>>>,
}

impl Benchmark {
    /// Whether it is one of those that were asked for.
    pub fn is_wanted(&self, named: &[String]) -> bool {
        if named.is_empty() { self.by_default } else { named.iter().any(|name| name == self.name) }
    }
}

/// A setting of the benchmark's from the environment, such as a smaller number of rows for a quick look.
pub fn setting<T: std::str::FromStr>(variable: &str, default: T) -> T {
    match std::env::var(variable) {
        Ok(value) => value.parse().unwrap_or_else(|_| panic!("{variable} can't be {value:?}")),
        Err(_) => default,
    }
}
