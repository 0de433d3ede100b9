//! `Prefer`: how the client would like it (RFC 7240).

/// The preferences that are honoured. `Display` of each value is what `Preference-Applied` says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefer {
    /// `return=`: what a write gives back.
    pub returning: Option<Return>,
    /// `count=`: how rows are counted.
    pub count: Option<Count>,
    /// `resolution=`: what an insert does with rows that are there already.
    pub resolution: Option<Resolution>,
    /// `missing=`: what a row of an array gets for a column that it leaves out.
    pub missing: Option<Missing>,
    /// `handling=`: what becomes of preferences that nobody here knows; [`Prefer::parse`] has done it already.
    pub handling: Option<Handling>,
    /// `max-affected=`: how many rows a write may change at most.
    pub max_affected: Option<u64>,
}

/// What a write gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// Nothing.
    Minimal,
    /// The rows as they are afterwards.
    Representation,
}

/// How rows are counted. Every way gives the exact count: estimates tell of rows that the caller may not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// `exact`.
    Exact,
    /// `planned`.
    Planned,
    /// `estimated`.
    Estimated,
}

/// What an insert does with rows that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// `merge-duplicates`: changes them.
    MergeDuplicates,
    /// `ignore-duplicates`: leaves them as they are.
    IgnoreDuplicates,
}

/// What a row of an array gets for a column that it leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// `default`: the column's default.
    Default,
    /// `null`: NULL.
    Null,
}

/// What becomes of preferences that nobody here knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// The request is refused.
    Strict,
    /// They are passed over.
    Lenient,
}
