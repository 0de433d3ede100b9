use tokio_postgres::Client;

use super::{Mend, Question, in_words};
use crate::Result;
use crate::db::adopt::rule::{Rule, RuleKind, Violation};
use crate::db::adopt::survey::{EXAMPLES, Source, condition, examples, refusal};
use crate::db::quote::{ident, literal, qualified};

/// Questions that deserve better words than a rule alone gives: rule, question, what an answer sets.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "clients_enhanced_lower_email_key",
        "Several clients have one mailbox: are they one client, or whose is it?",
        "email = 'another@address.example'",
    ),
    (
        "client_deployments_lower_custom_domain_key",
        "Several live deployments claim one domain: which of them serves it?",
        "custom_domain = NULL",
    ),
    (
        "client_customizations_active_key",
        "Several customizations of one client and template are active: which one is served?",
        "is_active = false",
    ),
    (
        "client_customizations_client_id_template_id_version_key",
        "Several customizations of one client and template have one version number: which came first?",
        "version = 2",
    ),
    (
        "client_deployments_client_id_customization_id_fkey",
        "The deployment names a customization that isn't its client's: which one does it run?",
        "customization_id = 'the id of a customization of this client'",
    ),
    (
        "client_customizations_approval_check",
        "An approval needs both a person and a time: who approved it, and when, or was it never approved?",
        "approved_by = NULL, approved_at = NULL",
    ),
    (
        "client_analytics_hourly_check",
        "An hourly figure needs its hour, and no other has one: which hour or period is it about?",
        "analytics_period = 'hourly', analytics_hour = 13",
    ),
];

/// Two figures for one time: one of them goes, since no other value of a column would be true.
const TWO_FIGURES: (&str, &str) = (
    "client_analytics_client_deployment_date_period_hour_key",
    "Several figures are about one client, deployment, day and period: which one is right?",
);

/// What is left of a violation when every mend is done, as a question to a person.
pub(super) async fn question(
    client: &Client,
    source: &Source,
    violation: &Violation,
    mends: &[Mend],
) -> Result<Option<Question>> {
    let rule = &violation.rule;
    let rows = violation.rows - mends.iter().map(|mend| mend.rows).sum::<i64>();
    if rows <= 0 {
        return Ok(None);
    }
    let left = match &rule.kind {
        RuleKind::Unique { key, nulls_not_distinct, predicate } => {
            let condition = condition(key, *nulls_not_distinct, predicate.as_deref());
            neighbours(client, source, key, &condition).await?
        }
        _ if mends.is_empty() => violation.examples.clone(),
        _ => examples(client, source, &left_over(rule, mends)).await?,
    };
    let words = match &rule.kind {
        RuleKind::Check { columns, .. } => unknown_words(client, source, rule, columns, mends).await?,
        _ => None,
    };
    let (question, answer) = words.unwrap_or_else(|| ask(rule));
    let example = statement(rule, &answer, left.last());
    Ok(Some(Question { question, rows, examples: left, example }))
}

/// SQL that is true of the rows that no mend helps.
fn left_over(rule: &Rule, mends: &[Mend]) -> String {
    let mended = mends.iter().map(|mend| format!("({}) IS NOT TRUE", mend.condition));
    refusal(rule).into_iter().chain(mended).collect::<Vec<_>>().join(" AND ")
}

/// Ids of the rows that share a key, group by group, the oldest of each first.
async fn neighbours(client: &Client, source: &Source, key: &[String], condition: &str) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT array_agg({identity} ORDER BY {oldest}) FROM {from} WHERE {condition}
          GROUP BY {keys} HAVING count(*) > 1 ORDER BY min({identity}) LIMIT {EXAMPLES}",
        identity = source.identity,
        oldest = source.oldest_first,
        from = source.from,
        keys = key.join(", "),
    );
    let groups = client.query(&sql, &[]).await?;
    Ok(groups.iter().flat_map(|group| group.get::<_, Vec<String>>(0)).take(EXAMPLES).collect())
}

/// Names the words of an enumeration that nobody knows. They come from a fixed vocabulary, so they may be shown.
async fn unknown_words(
    client: &Client,
    source: &Source,
    rule: &Rule,
    columns: &[String],
    mends: &[Mend],
) -> Result<Option<(String, String)>> {
    let ([column], RuleKind::Check { expression, .. }) = (columns, &rule.kind) else { return Ok(None) };
    if !expression.contains("ARRAY[") {
        return Ok(None);
    }
    let left = left_over(rule, mends);
    let sql = format!(
        "SELECT left(r.{place}::text, 50), count(*) FROM {from} WHERE {left}
          GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
        place = ident(column),
        from = source.from,
    );
    let rows = client.query(&sql, &[]).await?;
    let words: Vec<String> =
        rows.iter().map(|row| format!("{:?} ({})", row.get::<_, &str>(0), in_words(row.get(1)))).collect();
    let known = literals(expression);
    let answer = format!("{} = {}", ident(column), literal(known.first().map_or("", String::as_str)));
    Ok(Some((format!("{column} has {}: which of {} is meant?", words.join(", "), known.join(", ")), answer)))
}

/// The text constants of an expression, as PostgreSQL prints it.
fn literals(expression: &str) -> Vec<String> {
    let constants = expression.split('\'').skip(1).step_by(2);
    constants.map(ToOwned::to_owned).collect()
}

fn ask(rule: &Rule) -> (String, String) {
    if let Some((_, question, answer)) = KNOWN.iter().find(|known| known.0 == rule.name) {
        return ((*question).to_owned(), (*answer).to_owned());
    }
    if rule.name == TWO_FIGURES.0 {
        return (TWO_FIGURES.1.to_owned(), String::new());
    }
    match &rule.kind {
        RuleKind::Check { expression, columns } => (
            format!("The rows break {expression}: what should they say?"),
            columns.iter().map(|column| format!("{} = …", ident(column))).collect::<Vec<_>>().join(", "),
        ),
        RuleKind::NotNull { column } => {
            (format!("{column} may not be NULL: what is it?"), format!("{} = …", ident(column)))
        }
        RuleKind::Unique { key, .. } => {
            (format!("Several rows agree in ({}): which of them stays as it is?", key.join(", ")), answer_key(key))
        }
        RuleKind::ForeignKey { columns, target, target_columns } => (
            format!(
                "({}) names no row of {target} ({}): which one is meant?",
                columns.join(", "),
                target_columns.join(", ")
            ),
            columns.last().map_or_else(String::new, |column| format!("{} = …", ident(column))),
        ),
    }
}

/// The last plain column of a key is the one that tells rows apart most often.
fn answer_key(key: &[String]) -> String {
    let plain = key.iter().rev().find(|part| !part.contains('('));
    plain.map_or_else(|| "…".to_owned(), |column| format!("{column} = …"))
}

fn statement(rule: &Rule, answer: &str, row: Option<&String>) -> String {
    let row = row.map_or_else(|| "…".to_owned(), |id| literal(id));
    let table = qualified("public", &rule.table);
    if rule.name == TWO_FIGURES.0 {
        return format!("DELETE FROM {table} WHERE id = {row}");
    }
    format!("UPDATE {table} SET {answer} WHERE id = {row}")
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn the_words_of_a_check_are_read_from_its_expression() {
        let expression =
            "((status)::text = ANY ((ARRAY['active'::character varying, 'inactive'::character varying])::text[]))";
        assert_eq!(literals(expression), ["active", "inactive"]);
    }
}
