//! `col=op.value`, `or=(…)`: which rows.
//!
//! Values are text as it was sent, unquoted and unescaped: they become parameters that PostgreSQL reads as the
//! column's type. None holds a NUL.

use super::Field;

/// What a row must fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One filter.
    Filter(Filter),
    /// Several, joined: `or=(…)`, `not.and=(…)`, and what stands within them.
    Logic(Logic),
}

/// `or(a,b)` or `and(a,b)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logic {
    /// `not.` before it.
    pub negated: bool,
    /// What joins them.
    pub connective: Connective,
    /// What it joins; at least one.
    pub conditions: Vec<Condition>,
}

/// What joins conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connective {
    /// All of them.
    And,
    /// One of them.
    Or,
}

/// `field=not.op.value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What is looked at.
    pub field: Field,
    /// `not.` before the operator.
    pub negated: bool,
    /// What must hold.
    pub operation: Operation,
}

/// An operator with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `eq neq gt gte lt lte`, and `isdistinct` (`neq` that takes NULL for a value).
    Compare(Comparison, String),
    /// `like`, `ilike`.
    Like(Case, Pattern),
    /// `like(all).{a*,*b}`, `ilike(any).{…}`: the patterns as one literal of a PostgreSQL array of text.
    LikeEach(Case, Quantifier, Pattern),
    /// `match`, `imatch`: a POSIX regular expression.
    Match(Case, String),
    /// `is`.
    Is(Is),
    /// `in.(…)`; an empty list holds for no row.
    In(Vec<String>),
    /// `cs cd ov`: an array (`{a,b}`) or JSON, whichever the column is.
    Set(SetComparison, String),
    /// `fts plfts phfts wfts`.
    Search {
        /// How the query is read.
        syntax: SearchSyntax,
        /// `fts(german)`: the text search configuration as it was sent: letters, digits, `_`, `$` and blanks.
        language: Option<String>,
        /// What is searched for.
        query: String,
    },
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`: `=`.
    Equal,
    /// `neq`: `<>`.
    NotEqual,
    /// `gt`: `>`.
    Greater,
    /// `gte`: `>=`.
    GreaterOrEqual,
    /// `lt`: `<`.
    Less,
    /// `lte`: `<=`.
    LessOrEqual,
    /// `isdistinct`: `IS DISTINCT FROM`.
    IsDistinct,
}

/// A pattern of `like` as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub String);

impl Pattern {
    /// As PostgreSQL takes it: `*` may stand for `%`, which URLs have a meaning of their own for.
    pub fn to_sql(&self) -> String {
        self.0.replace('*', "%")
    }
}

/// Whether letters of different case are different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// They are: `like`, `match`.
    Sensitive,
    /// They aren't: `ilike`, `imatch`.
    Insensitive,
}

/// How many of several patterns must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `(any)`: one.
    Any,
    /// `(all)`: every one.
    All,
}

/// What `is` asks for; written in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// `null`.
    Null,
    /// `not_null`.
    NotNull,
    /// `true`.
    True,
    /// `false`.
    False,
    /// `unknown`: a boolean that is NULL.
    Unknown,
}

/// How an array or JSON value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetComparison {
    /// `cs`: `@>`.
    Contains,
    /// `cd`: `<@`.
    ContainedBy,
    /// `ov`: `&&`.
    Overlaps,
}

/// How the query of a text search is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchSyntax {
    /// `fts`: `to_tsquery`.
    Operators,
    /// `plfts`: `plainto_tsquery`.
    Plain,
    /// `phfts`: `phraseto_tsquery`.
    Phrase,
    /// `wfts`: `websearch_to_tsquery`.
    Web,
}
