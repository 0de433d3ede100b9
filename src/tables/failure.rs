//! What PostgreSQL refuses, in the words of the table API.

use axum::http::StatusCode;
use tokio_postgres::error::DbError;

use super::catalog::{Catalog, Relation};
use super::refusal::Refusal;
use crate::Error;
use crate::error::Kind;

/// The refusal that an error of the database becomes for a request that ran as `role`.
pub fn refusal(error: &Error, role: &str, catalog: &Catalog) -> Refusal {
    match error.refusal() {
        Some(refused) => by_state(refused, role, catalog),
        None => by_kind(error.kind()),
    }
}

/// The refusal that an error becomes in which PostgreSQL had no say.
pub fn by_kind(kind: Kind) -> Refusal {
    match kind {
        Kind::Busy => Refusal::new(
            StatusCode::GATEWAY_TIMEOUT,
            "PGRST003",
            "Timed out acquiring connection from connection pool.",
        )
        .hint("try again in a moment"),
        Kind::Unavailable => away("PGRST000"),
        Kind::Failure | Kind::Usage => failed(),
    }
}

fn away(code: &str) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, code, "the database is away").hint("try again in a moment")
}

fn failed() -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "PGRSTX00", "something went wrong in the server")
        .hint("its log has the cause under this request's X-Request-Id")
}

/// The refusal that one of PostgreSQL's becomes.
pub(super) fn by_state(refused: &DbError, role: &str, catalog: &Catalog) -> Refusal {
    let code = refused.code().code();
    let said = |status| Refusal {
        status,
        code: code.to_owned(),
        message: message(refused, catalog),
        details: refused.detail().map(ToOwned::to_owned),
        hint: refused.hint().map(ToOwned::to_owned).or_else(|| mend(refused, catalog)),
    };
    match code {
        "TN401" => Refusal { code: "PGRST303".to_owned(), ..said(StatusCode::UNAUTHORIZED) },
        "42501" => Refusal { status: Refusal::denied(role, "").status, ..said(StatusCode::FORBIDDEN) },
        // PostgreSQL leaves the values out where row level security may hide the other row.
        "23503" | "23505" | "40001" | "40P01" => said(StatusCode::CONFLICT),
        "42P01" | "42883" => said(StatusCode::NOT_FOUND),
        "25006" => said(StatusCode::METHOD_NOT_ALLOWED),
        "57014" => Refusal {
            details: None,
            ..said(StatusCode::GATEWAY_TIMEOUT).hint("ask for less: fewer rows, a filter that an index serves")
        },
        "57P01" | "57P02" | "57P03" => away("PGRST001"),
        "P0001" => said(StatusCode::BAD_REQUEST),
        _ => match &code[..2] {
            "TN" => said(StatusCode::UNPROCESSABLE_ENTITY),
            "08" | "53" => away("PGRST001"),
            // What the client sent: values, names, limits, rules.
            "0A" | "21" | "22" | "23" | "42" | "44" | "54" => said(StatusCode::BAD_REQUEST),
            _ => failed(),
        },
    }
}

/// What PostgreSQL says; of a partition's row with the name of its table, which is the one that callers know.
fn message(refused: &DbError, catalog: &Catalog) -> String {
    match (refused.table(), relation(refused, catalog)) {
        (Some(table), Some(relation)) => {
            refused.message().replace(&format!("\"{table}\""), &format!("\"{}\"", relation.name))
        }
        _ => refused.message().to_owned(),
    }
}

/// The relation that was written to: a partition is called as its table is, with its bounds behind.
fn relation<'a>(refused: &DbError, catalog: &'a Catalog) -> Option<&'a Relation> {
    let table = refused.table()?;
    if refused.schema() != Some("tenantry_partitions") {
        return catalog.by_name(table);
    }
    let tables = catalog.relations().iter().filter(|relation| table.starts_with(&relation.name));
    tables.max_by_key(|relation| relation.name.len())
}

/// What the catalog knows about a rule that was broken.
fn mend(refused: &DbError, catalog: &Catalog) -> Option<String> {
    let relation = relation(refused, catalog)?;
    if let Some(column) = refused.column().and_then(|name| relation.column(name)) {
        return (refused.code().code() == "23502").then(|| format!("send a value for `{}`", column.name));
    }
    let name = refused.constraint()?;
    let check = relation.checks.iter().find(|check| check.name == name)?;
    let [column] = check.columns.as_slice() else { return None };
    let column = &relation.columns[*column];
    (!column.values.is_empty()).then(|| format!("`{}` is one of {}", column.name, column.values.join(", ")))
}

/// Whether a refusal may come from a catalog that is older than the schema.
pub(super) fn may_be_outdated(refusal: &Refusal) -> bool {
    matches!(
        refusal.code.as_str(),
        "PGRST200" | "PGRST201" | "PGRST204" | "PGRST205" | "42P01" | "42703" | "42501" | "42P10" | "42804" | "42704"
    )
}
