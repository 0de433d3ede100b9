use tokio_postgres::Client;

use crate::Result;
use crate::db::adopt::planner::{self, EXCLUSIVE};
use crate::db::catalog::Table;
use crate::db::migrate::Step;
use crate::db::quote::{ident, literal};

/// From then on there is no month for a row.
pub(super) const LATEST: &str = "9999-01-01";

/// Where the site's table ends as a partition: the first of a month, in UTC, at least a month after now and after its
/// last row. None where a row is at infinity, or so late that a month after it can't be written.
///
/// One from an interrupted run is kept as long as it is far enough away.
pub(super) async fn of(client: &Client, actual: &Table, key: &str) -> Result<Option<String>> {
    let table = actual.sql_name();
    // A date may be later than any timestamp is.
    let sql = format!(
        "SELECT CASE WHEN coalesce(last.value < '{LATEST}', true)
                     THEN to_char(date_trunc('month', greatest(now(), last.value::timestamptz) AT TIME ZONE 'UTC'
                                                      + interval '2 months'), 'YYYY-MM-DD') END
           FROM (SELECT max({}) AS value FROM {table}) last",
        ident(key)
    );
    let bound: Option<String> = client.query_one(&sql, &[]).await?.get(0);
    Ok(bound.map(|bound| {
        if in_place(actual).as_deref() > Some(bound.as_str()) { in_place(actual).unwrap_or(bound) } else { bound }
    }))
}

/// The bound of an interrupted run.
fn in_place(actual: &Table) -> Option<String> {
    let constraint = actual.constraint(&planner::bound(&actual.name))?;
    let (_, value) = constraint.expression.as_deref()?.split_once('\'')?;
    value.get(..10).map(ToOwned::to_owned)
}

/// A bound as PostgreSQL reads it: of an instant in UTC.
pub(super) fn as_value(actual: &Table, key: &str, bound: &str) -> String {
    let instant = actual.column(key).is_some_and(|column| column.base_type == "timestamptz");
    literal(&if instant { format!("{bound} 00:00:00+00") } else { bound.to_owned() })
}

/// The CHECK, NOT VALID at first, then validated while others write.
pub(super) fn steps(actual: &Table, key: &str, bound: &str) -> Vec<Step> {
    let (table, name) = (actual.sql_name(), ident(&planner::bound(&actual.name)));
    let there = actual.constraint(&planner::bound(&actual.name));
    let same = in_place(actual).as_deref() == Some(bound);
    let mut steps = Vec::new();
    if !same {
        let drop = there.map_or_else(String::new, |_| format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n"));
        let sql = format!(
            "{drop}ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({} < {}) NOT VALID",
            ident(key),
            as_value(actual, key, bound)
        );
        steps.push(Step::locking("all rows are before the bound", vec![(table.clone(), EXCLUSIVE)], sql));
    }
    if !same || there.is_some_and(|there| !there.validated) {
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        steps.push(Step::transaction("all rows are before the bound, validated", sql));
    }
    steps
}
