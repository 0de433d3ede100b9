//! Taking a change back, by another change.

use std::collections::HashMap;

use serde_json::Map;
use uuid::Uuid;

use super::store;
use super::types::{Change, KeptEdit, State};
use crate::configurations::{ConfigTable, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::Problem;

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
    let rows: Vec<(ConfigTable, Uuid)> = kept.iter().map(|edit| (edit.table, edit.id)).collect();
    let newest = tx.as_worker(store::revisions(tx, &rows)).await?;
    refuse_touched(&kept, &newest, revision)?;
    Ok(kept.into_iter().rev().map(back).collect())
}

fn refuse_touched(kept: &[KeptEdit], newest: &HashMap<(ConfigTable, Uuid), i64>, revision: i64) -> Result<(), Problem> {
    let is_touched = |edit: &&KeptEdit| newest.get(&(edit.table, edit.id)).is_some_and(|newest| *newest > revision);
    let touched: Vec<String> =
        kept.iter().filter(is_touched).map(|edit| format!("{} of {}", edit.id, edit.table)).collect();
    if touched.is_empty() {
        return Ok(());
    }
    Err(Problem::moved(
        format!("rows that it wrote were written again since: {}", touched.join(", ")),
        serde_json::Value::Null,
    )
    .mend("revert the later changes first, or propose what the rows shall say"))
}

fn back(edit: KeptEdit) -> RowEdit {
    let KeptEdit { table, id, operation, columns, before, base: _ } = edit;
    let before = before.unwrap_or_default();
    let (operation, columns) = match operation {
        Operation::Insert => (Operation::Delete, Map::new()),
        // Nothing is left out: what was deleted comes back as it was.
        Operation::Delete => (Operation::Insert, before),
        Operation::Update => {
            let former = columns.keys().filter_map(|name| Some((name.clone(), before.get(name)?.clone())));
            (Operation::Update, former.collect())
        }
    };
    RowEdit { table, row_id: id, operation, columns, base: None }
}
