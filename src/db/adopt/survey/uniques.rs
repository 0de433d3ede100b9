use tokio_postgres::Client;
use uuid::Uuid;

use super::EXAMPLES;
use super::source::Source;
use crate::Result;
use crate::db::adopt::rule::{Rule, RuleKind, Violation};

/// The rows that share a key which a rule wants to be unique.
///
/// All rows of a group count, since nobody but a person can say which of them is wrong; *surplus* are those that a
/// stand-in index has to leave out: all but the oldest of each group.
pub(super) async fn refused(client: &Client, source: &Source, rule: &Rule) -> Result<Option<Violation>> {
    let RuleKind::Unique { key, nulls_not_distinct, predicate } = &rule.kind else { return Ok(None) };
    if source.unique_already.iter().any(|held| held.iter().all(|column| key.contains(column))) {
        return Ok(None);
    }
    let condition = condition(key, *nulls_not_distinct, predicate.as_deref());
    let (keys, from) = (key.join(", "), &source.from);
    let groups = format!("SELECT count(*) AS copies FROM {from} WHERE {condition} GROUP BY {keys} HAVING count(*) > 1");
    let rows: i64 =
        client.query_one(&format!("SELECT coalesce(sum(copies), 0)::bigint FROM ({groups}) g"), &[]).await?.get(0);
    if rows == 0 {
        return Ok(None);
    }
    let sql = format!(
        "SELECT name, place FROM (
             SELECT {identity} AS name, row_number() OVER (PARTITION BY {keys} ORDER BY {oldest}) AS place,
                    count(*) OVER (PARTITION BY {keys}) AS copies
               FROM {from} WHERE {condition}) copy
          WHERE copies > 1 ORDER BY name",
        identity = source.identity,
        oldest = source.oldest_first,
    );
    let (mut examples, mut surplus) = (Vec::new(), Vec::new());
    for row in client.query(&sql, &[]).await? {
        let (id, place): (String, i64) = (row.get(0), row.get(1));
        if examples.len() < EXAMPLES {
            examples.push(id.clone());
        }
        if place > 1 {
            surplus.extend(id.parse::<Uuid>().ok());
        }
    }
    Ok(Some(Violation { rule: rule.clone(), rows, examples, surplus }))
}

/// SQL that is true of the rows that the index holds, as far as they can collide.
pub(in crate::db::adopt) fn condition(key: &[String], nulls_not_distinct: bool, predicate: Option<&str>) -> String {
    let mut conditions: Vec<String> = predicate.iter().map(|predicate| format!("({predicate})")).collect();
    if !nulls_not_distinct {
        conditions.extend(key.iter().map(|part| format!("({part}) IS NOT NULL")));
    }
    if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") }
}
