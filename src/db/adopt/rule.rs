use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A rule of the schema that rows of an existing table may break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The table in `public`.
    pub table: String,
    /// Name that the constraint or index has in the model; for NOT NULL `<table>_<column>_not_null`.
    pub name: String,
    /// What it demands.
    pub kind: RuleKind,
}

/// What a rule demands of a row or of a pair of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleKind {
    /// A CHECK: broken where the expression is false.
    Check {
        /// The expression over the table's columns, as PostgreSQL prints it.
        expression: String,
        /// The columns that it reads.
        columns: Vec<String>,
    },
    /// A column must have a value.
    NotNull {
        /// The column.
        column: String,
    },
    /// No two rows agree in the key.
    Unique {
        /// Columns or expressions, as SQL.
        key: Vec<String>,
        /// Whether two NULLs agree.
        nulls_not_distinct: bool,
        /// The rows that it is about, as SQL; all where there is none.
        predicate: Option<String>,
    },
    /// The columns name a row of another table.
    ForeignKey {
        /// The columns.
        columns: Vec<String>,
        /// The other table, in `public`.
        target: String,
        /// Its columns.
        target_columns: Vec<String>,
    },
}

/// A rule that existing rows break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// How many rows break it.
    pub rows: i64,
    /// The `id` of up to 1,000 of them, as text.
    pub examples: Vec<String>,
    /// Of a unique rule: the rows to leave out of the index that stands in for it, one of each group staying in.
    pub surplus: Vec<Uuid>,
}

impl RuleKind {
    /// The word in `tenantry.pending_rules.kind`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Check { .. } => "check",
            Self::NotNull { .. } => "not_null",
            Self::Unique { .. } => "unique",
            Self::ForeignKey { .. } => "foreign_key",
        }
    }
}

impl Rule {
    /// The name under which a column's NOT NULL is known.
    pub fn not_null(table: &str, column: &str) -> Self {
        let kind = RuleKind::NotNull { column: column.to_owned() };
        Self { table: table.to_owned(), name: format!("{table}_{column}_not_null"), kind }
    }
}
