use super::apply::Tools;
use super::prepare::refused;
use super::wanted::within;
use crate::configurations::{Operation, Rewrite, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::secrets::{Masks, conceal};

/// Puts masks into the places of edits' secrets, so that no change ever holds a value in the clear; whether there were
/// any. What a revert brings back may have the masks that stood there.
pub(super) async fn edits(
    tx: &Tx<'_>,
    tools: &Tools,
    edits: &mut [RowEdit],
    rewrites: &[Rewrite],
    masks: Masks,
) -> Result<bool, Problem> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut is_changed = false;
    for (place, (edit, rewrite)) in edits.iter_mut().zip(rewrites).enumerate() {
        if edit.operation == Operation::Delete {
            continue;
        }
        let mut columns = edit.columns.clone();
        let old = rewrite.before.as_ref();
        // What schemas mark, the database is asked.
        let found = conceal(tx, &tools.keys, edit.table.name(), old, &mut columns, masks, &|_, _| false).await?;
        faults.extend(found.into_iter().map(|fault| within(place, fault)));
        is_changed |= columns != edit.columns;
        edit.columns = columns;
    }
    if faults.is_empty() { Ok(is_changed) } else { Err(refused(faults)) }
}
