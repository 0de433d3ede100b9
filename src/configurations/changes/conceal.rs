use serde_json::Value;

use super::apply::Tools;
use super::prepare::refused;
use super::wanted::within;
use crate::Result;
use crate::configurations::{ConfigTable, Operation, Rewrite, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::secrets::{Marks, Masks, conceal};

/// What schemas mark in rows as they will be.
pub(super) async fn marks(tx: &Tx<'_>, rewrites: &[Rewrite]) -> Result<Marks> {
    let after = || rewrites.iter().filter_map(|rewrite| Some((rewrite.table, rewrite.after.as_ref()?)));
    let written: Vec<(&str, &Value)> = after()
        .filter(|(table, _)| *table == ConfigTable::TemplateConfigurations)
        .filter_map(|(_, row)| Some((row.get("template_id")?.as_str()?, row.get("configuration_schema")?)))
        .collect();
    Marks::read(tx, after().map(|(table, row)| (table.name(), row)), &written).await
}

/// Puts masks into the places of edits' secrets, so that no change ever holds a value in the clear; whether there were
/// any. What a revert brings back may have the masks that stood there.
pub(super) async fn edits(
    tx: &Tx<'_>,
    tools: &Tools,
    edits: &mut [RowEdit],
    rewrites: &[Rewrite],
    masks: Masks,
    marks: &Marks,
) -> Result<bool, Problem> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut is_changed = false;
    for (place, (edit, rewrite)) in edits.iter_mut().zip(rewrites).enumerate() {
        if edit.operation == Operation::Delete {
            continue;
        }
        let mut columns = edit.columns.clone();
        let old = rewrite.before.as_ref();
        let found = conceal(tx, &tools.keys, edit.table.name(), old, &mut columns, masks, marks).await?;
        faults.extend(found.into_iter().map(|fault| within(place, fault)));
        is_changed |= columns != edit.columns;
        edit.columns = columns;
    }
    if faults.is_empty() { Ok(is_changed) } else { Err(refused(faults)) }
}
