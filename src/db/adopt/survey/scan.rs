use tokio_postgres::Client;

use super::source::Source;
use super::{EXAMPLES, of_rule};
use crate::Result;
use crate::db::adopt::rule::{Rule, RuleKind, Violation};
use crate::db::quote::ident;

/// The rows that `CHECK` and `NOT NULL` rules would refuse: one scan for the counts of all of them.
pub(super) async fn refused(client: &Client, source: &Source, rules: &[Rule]) -> Result<Vec<Violation>> {
    let tried: Vec<(&Rule, String)> =
        rules.iter().filter_map(|rule| refusal(rule).map(|refusal| (rule, refusal))).collect();
    if tried.is_empty() {
        return Ok(Vec::new());
    }
    let counts: Vec<String> = tried.iter().map(|(_, refusal)| format!("count(*) FILTER (WHERE {refusal})")).collect();
    let counted = client.query_one(&format!("SELECT {} FROM {}", counts.join(", "), source.from), &[]).await?;
    let mut violations = Vec::new();
    for (place, (rule, refusal)) in tried.iter().enumerate() {
        let rows: i64 = counted.get(place);
        if rows > 0 {
            let examples = examples(client, source, refusal).await.map_err(|error| of_rule(error, rule))?;
            violations.push(Violation { rule: (*rule).clone(), rows, examples, surplus: Vec::new() });
        }
    }
    Ok(violations)
}

/// SQL that is true of the rows that a rule refuses: as in PostgreSQL, a CHECK that gives NULL is satisfied.
pub(in crate::db::adopt) fn refusal(rule: &Rule) -> Option<String> {
    match &rule.kind {
        RuleKind::Check { expression, .. } => Some(format!("({expression}) IS FALSE")),
        RuleKind::NotNull { column } => Some(format!("r.{} IS NULL", ident(column))),
        RuleKind::Unique { .. } | RuleKind::ForeignKey { .. } => None,
    }
}

pub(in crate::db::adopt) async fn examples(client: &Client, source: &Source, condition: &str) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT {identity} FROM {from} WHERE {condition} ORDER BY {oldest} LIMIT {EXAMPLES}",
        identity = source.identity,
        from = source.from,
        oldest = source.oldest_first,
    );
    Ok(client.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}
