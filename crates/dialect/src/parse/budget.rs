//! What of the limits is left.

use super::cursor::{Mismatch, Parsed};
use crate::Limits;

/// What one query has asked for so far.
pub(super) struct Budget {
    pub(super) limits: Limits,
    filters: usize,
    embeds: usize,
    items: usize,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, filters: 0, embeds: 0, items: 0 }
    }

    /// One more filter.
    pub(super) fn filter(&mut self, at: usize) -> Parsed<()> {
        self.filters += 1;
        within(at, self.filters, self.limits.filters, "filters", "filter by several values at once with in.(…)")
    }

    /// One more entry of `select` or `order`.
    pub(super) fn item(&mut self, at: usize) -> Parsed<()> {
        self.items += 1;
        within(at, self.items, self.limits.items, "entries of select and order", "ask for them in several requests")
    }

    /// One more `and(…)` or `or(…)`, which is the `depth`th around what it holds.
    pub(super) fn logic(&self, at: usize, depth: usize) -> Parsed<()> {
        within(
            at,
            depth,
            self.limits.logic_depth,
            "levels of and/or",
            "and within and, or within or needs no parentheses",
        )
    }

    /// One more embed, which is the `depth`th around what it holds.
    pub(super) fn embed(&mut self, at: usize, depth: usize) -> Parsed<()> {
        self.embeds += 1;
        within(at, self.embeds, self.limits.embeds, "embeds", "ask for them in several requests")?;
        self.path(at, depth)
    }

    /// A path to an embed at some depth.
    pub(super) fn path(&self, at: usize, depth: usize) -> Parsed<()> {
        within(at, depth, self.limits.embed_depth, "levels of embeds", "ask for them in several requests")
    }
}

fn within(at: usize, count: usize, most: usize, of_what: &str, hint: &str) -> Parsed<()> {
    if count <= most { Ok(()) } else { Err(Mismatch::new(at, format!("more than {most} {of_what}")).hint(hint)) }
}
