use tokio_postgres::Client;

use super::scan::examples;
use super::source::Source;
use crate::Result;
use crate::db::adopt::rule::{Rule, RuleKind, Violation};
use crate::db::quote::{ident, qualified};

/// Tables that adoption itself fills with what is referenced, so that nothing dangles when the rule comes.
const FILLED_BY_ADOPTION: [&str; 1] = ["template_configurations"];

/// The rows that name a row which isn't there.
pub(super) async fn refused(client: &Client, source: &Source, rule: &Rule) -> Result<Option<Violation>> {
    let RuleKind::ForeignKey { columns, target, target_columns } = &rule.kind else { return Ok(None) };
    if FILLED_BY_ADOPTION.contains(&target.as_str()) {
        return Ok(None);
    }
    let target = qualified("public", target);
    let there: bool = client.query_one("SELECT pg_catalog.to_regclass($1) IS NOT NULL", &[&target]).await?.get(0);
    let condition = dangling(columns, &target, target_columns, there);
    let sql = format!("SELECT count(*) FROM {} WHERE {condition}", source.from);
    let rows: i64 = client.query_one(&sql, &[]).await?.get(0);
    if rows == 0 {
        return Ok(None);
    }
    let examples = examples(client, source, &condition).await?;
    Ok(Some(Violation { rule: rule.clone(), rows, examples, surplus: Vec::new() }))
}

/// SQL that is true of rows that refer to nothing: as with `MATCH SIMPLE`, a NULL anywhere in the key refers to nothing
/// by right. Into a table that is yet to be made, every reference dangles.
fn dangling(columns: &[String], target: &str, target_columns: &[String], there: bool) -> String {
    let mut conditions: Vec<String> = columns.iter().map(|column| format!("r.{} IS NOT NULL", ident(column))).collect();
    if there {
        let same: Vec<String> = columns
            .iter()
            .zip(target_columns)
            .map(|(column, target)| format!("k.{} = r.{}", ident(target), ident(column)))
            .collect();
        conditions.push(format!("NOT EXISTS (SELECT FROM {target} k WHERE {})", same.join(" AND ")));
    }
    conditions.join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_dangles_only_where_the_whole_key_is_there() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let condition =
            dangling(&names(&["client_id", "x_id"]), "\"public\".\"x\"", &names(&["client_id", "id"]), true);
        assert_eq!(
            condition,
            "r.\"client_id\" IS NOT NULL AND r.\"x_id\" IS NOT NULL AND NOT EXISTS (SELECT FROM \"public\".\"x\" k \
             WHERE k.\"client_id\" = r.\"client_id\" AND k.\"id\" = r.\"x_id\")"
        );
    }
}
