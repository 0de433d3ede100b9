use tokio_postgres::Client;

use super::free::Keys;
use super::{Mend, words};
use crate::Result;
use crate::db::adopt::mends::{CHECKS, CREATED_AT, Expression, NULLS, UPDATED_AT};
use crate::db::adopt::rule::{RuleKind, Violation};
use crate::db::adopt::survey::{Source, Subject, examples, refusal};
use crate::db::quote::ident;

/// A value for some rows, before it is known whether there are any.
pub(super) struct Candidate {
    pub column: String,
    pub condition: String,
    pub value: String,
    pub change: String,
    pub reason: String,
}

/// The mends that are known for a violation and that at least one row is waiting for.
pub(super) async fn mends(
    client: &Client,
    source: &Source,
    subject: &Subject,
    violation: &Violation,
) -> Result<Vec<Mend>> {
    let Some(refusal) = refusal(&violation.rule) else { return Ok(Vec::new()) };
    let candidates = match &violation.rule.kind {
        RuleKind::NotNull { column } => null(client, &violation.rule.table, column).await?.into_iter().collect(),
        RuleKind::Check { expression, columns } => match columns.as_slice() {
            [column] => words::candidates(client, source, expression, column).await?,
            _ => CHECKS.iter().filter(|known| known.table == violation.rule.table).map(Candidate::from).collect(),
        },
        _ => Vec::new(),
    };
    let keys = Keys::of(client, source, subject).await?;
    let mut mends = Vec::new();
    for candidate in candidates {
        // An enumeration type of the site's has words of its own.
        if candidate.value.starts_with('\'') && !words::is_text(client, &source.table, &candidate.column).await? {
            continue;
        }
        let free = keys.free(source, &candidate.column, &candidate.value);
        let condition = format!("{refusal} AND ({}) AND ({}) IS NOT NULL{free}", candidate.condition, candidate.value);
        let rows: i64 =
            client.query_one(&format!("SELECT count(*) FROM {} WHERE {condition}", source.from), &[]).await?.get(0);
        if rows == 0 {
            continue;
        }
        mends.push(Mend {
            table: violation.rule.table.clone(),
            rule: violation.rule.name.clone(),
            column: candidate.column,
            change: candidate.change,
            reason: candidate.reason,
            rows,
            examples: examples(client, source, &condition).await?,
            condition,
            value: candidate.value,
        });
    }
    Ok(mends)
}

impl From<&Expression> for Candidate {
    fn from(known: &Expression) -> Self {
        Self {
            column: known.column.to_owned(),
            condition: known.condition.to_owned(),
            value: known.value.to_owned(),
            change: known.change.to_owned(),
            reason: known.reason.to_owned(),
        }
    }
}

/// What a NULL can become.
async fn null(client: &Client, table: &str, column: &str) -> Result<Option<Candidate>> {
    let created_at = known_null(client, table, "created_at").await?.map(|known| known.value);
    let (value, change, reason) = match (known_null(client, table, column).await?, column) {
        (Some(known), _) => (known.value.to_owned(), known.change, known.reason),
        (None, "created_at") => ("r.updated_at".to_owned(), CREATED_AT.0, CREATED_AT.1),
        (None, "updated_at") => {
            let beginning = created_at.map(|value| format!(", {value}")).unwrap_or_default();
            (format!("coalesce(r.created_at{beginning})"), UPDATED_AT.0, UPDATED_AT.1)
        }
        (None, _) => return Ok(None),
    };
    Ok(Some(Candidate {
        column: column.to_owned(),
        condition: "true".to_owned(),
        value,
        change: change.to_owned(),
        reason: reason.to_owned(),
    }))
}

/// The mend of a NULL that the list has for the column, where every column that it reads is there.
async fn known_null(client: &Client, table: &str, column: &str) -> Result<Option<&'static Expression>> {
    let Some(known) = NULLS.iter().find(|known| known.table == table && known.column == column) else {
        return Ok(None);
    };
    let sql = "SELECT count(*) = cardinality($1::text[]) FROM pg_catalog.pg_attribute a
                JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
                WHERE c.relname || '.' || a.attname = ANY ($1::text[]) AND NOT a.attisdropped";
    if !client.query_one(sql, &[&known.reads]).await?.get::<_, bool>(0) {
        return Ok(None);
    }
    Ok(Some(known))
}

/// The column of a row, as SQL.
pub(super) fn of_row(column: &str) -> String {
    format!("r.{}", ident(column))
}
