//! How much one request may ask for.

/// What a request may hold at most; each is counted while parsing, before anything is built from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the query string as it was sent.
    pub query_bytes: usize,
    /// Filters in all: parameters, and the leaves of `and`/`or`.
    pub filters: usize,
    /// Levels of `and`/`or` within one another.
    pub logic_depth: usize,
    /// Levels of embeds within one another; also the length of a path in a parameter's name.
    pub embed_depth: usize,
    /// Embeds in all.
    pub embeds: usize,
    /// Entries of `select` and `order` in all. PostgreSQL has room for 1,664 in one list of results, which these share.
    pub items: usize,
    /// Entries of one other list: `in.(…)`, `columns`, `on_conflict`.
    pub list: usize,
    /// Steps of one JSON path.
    pub json_steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            query_bytes: 64 * 1024,
            filters: 200,
            logic_depth: 10,
            embed_depth: 6,
            embeds: 20,
            items: 1_000,
            list: 2_000,
            json_steps: 20,
        }
    }
}
