//! Taking a change back, by another change.

use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::store;
use super::types::{Change, KeptEdit, State};
use crate::configurations::documents::APPLIED;
use crate::configurations::{ConfigTable, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// The table of what is put into force.
const IN_FORCE: ConfigTable = ConfigTable::DeploymentConfigurations;

/// The edits that take a change back, in the opposite order.
///
/// What others did to its rows since isn't overwritten: then the change can't be taken back as a whole.
pub(super) async fn edits(tx: &Tx<'_>, change: &Change) -> Result<Vec<RowEdit>, Problem> {
    let revision = match (change.state, change.revision) {
        (State::Applied, Some(revision)) => revision,
        (State::Applied, None) => {
            return Err(Problem::invalid("the change changed nothing, so there is nothing to take back"));
        }
        (state, _) => {
            return Err(Problem::invalid(format!("the change is {state}, and only what was applied is reverted"))
                .mend("withdraw or reject it instead"));
        }
    };
    if let Some(other) = store::reverted_by(tx, change.id).await? {
        return Err(
            Problem::invalid(format!("change {other} took it back already")).mend("revert that one to have it again")
        );
    }
    let kept = store::edits(tx, change.id).await?;
    let (replaced, newest) = tx
        .as_worker(async {
            let replaced = store::put_out_of_force(tx, revision).await?;
            let edited = kept.iter().map(|edit| (edit.table, edit.id));
            let rows: Vec<_> = edited.chain(replaced.iter().map(|(id, _)| (IN_FORCE, *id))).collect();
            let newest = store::revisions(tx, &rows).await?;
            Ok::<_, Problem>((replaced, newest))
        })
        .await?;
    refuse_touched(&newest, revision)?;
    // What applying put out of force without being told stands in no edit; it comes after what has to make room for it.
    let replaced = replaced.into_iter().filter(|(id, _)| kept.iter().all(|edit| edit.id != *id));
    let replaced: Vec<RowEdit> = replaced.map(|(id, former)| in_force_again(id, &former)).collect();
    Ok(kept.into_iter().rev().map(back).chain(replaced).collect())
}

fn refuse_touched(newest: &HashMap<(ConfigTable, Uuid), i64>, revision: i64) -> Result<(), Problem> {
    let touched = newest.iter().filter(|(_, newest)| **newest > revision);
    let mut touched: Vec<String> = touched.map(|((table, id), _)| format!("{id} of {table}")).collect();
    touched.sort_unstable();
    if touched.is_empty() {
        return Ok(());
    }
    Err(Problem::moved(
        format!("rows that it wrote were written again since: {}", touched.join(", ")),
        serde_json::Value::Null,
    )
    .mend("revert the later changes first, or propose what the rows shall say"))
}

fn is_applied(row: &Map<String, Value>) -> bool {
    row.get("status").and_then(Value::as_str) == Some("applied")
}

/// The edit that has a deployment configuration stand as it did, in force or not. Only a revert writes these columns.
fn in_force_again(row_id: Uuid, former: &Map<String, Value>) -> RowEdit {
    let columns = ["status", APPLIED].into_iter().filter_map(|name| Some((name.to_owned(), former.get(name)?.clone())));
    RowEdit { table: IN_FORCE, row_id, operation: Operation::Update, columns: columns.collect(), base: None }
}

fn back(edit: KeptEdit) -> RowEdit {
    let KeptEdit { table, id, operation, columns, before, base: _ } = edit;
    let before = before.unwrap_or_default();
    let (operation, columns) = match operation {
        Operation::Insert => (Operation::Delete, Map::new()),
        // Nothing is left out: what was deleted comes back as it was.
        Operation::Delete => (Operation::Insert, before),
        Operation::Update if table == IN_FORCE && is_applied(&columns) && !is_applied(&before) => {
            return in_force_again(id, &before);
        }
        Operation::Update => {
            let former = columns.keys().filter_map(|name| Some((name.clone(), before.get(name)?.clone())));
            (Operation::Update, former.collect())
        }
    };
    RowEdit { table, row_id: id, operation, columns, base: None }
}
