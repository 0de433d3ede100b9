use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::db::migrate::{Progress, Step};

/// How the work goes on: a line that moves on a terminal, plain lines elsewhere.
pub struct Shown {
    bar: Option<ProgressBar>,
    /// The migration that was said last: without a terminal, each is a line and its steps are not.
    migration: String,
}

impl Shown {
    /// Shows nothing until there is something to say.
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, migration: String::new() }
    }

    /// Says what is being done.
    pub fn say(&self, what: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(what.to_owned()),
            None => output::note(format!("tenantry: {what}")),
        }
    }

    /// Says nothing any more, so that an answer can be printed.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Shown {
    fn begun(&mut self, migration: &str, step: &Step) {
        if self.bar.is_some() {
            self.say(&format!("migration {migration}: {}", step.name));
        } else if self.migration != migration {
            migration.clone_into(&mut self.migration);
            self.say(&format!("migration {migration}"));
        }
    }

    fn batch(&mut self, rows: i64) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{rows} rows"));
        }
    }

    fn waiting(&mut self, holder: &str) {
        self.say(&format!("waiting for a lock: {holder}"));
    }
}
