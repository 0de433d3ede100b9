use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::row::{ConfigRow, Scope, ValueRow};
use super::store;
use crate::configurations::types::{ConfigTable, Operation, Rewrite, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// The column with what is in force. Of edits, only a revert's have it.
pub const APPLIED: &str = "applied_configuration";

/// Edits together with the rows that they are about and the layers that these stand in.
pub struct Edits {
    pub(super) rewrites: Vec<Rewrite>,
    /// What stands at the scopes that are touched, as it will be.
    pub(super) scopes: BTreeMap<(Option<Uuid>, Scope), Vec<ValueRow>>,
}

impl Edits {
    /// Reads what edits are about, as whoever sees every row; in the same snapshot as the inputs that they are applied to.
    pub async fn read(tx: &Tx<'_>, edits: &[RowEdit]) -> crate::Result<Self, Problem> {
        let there = edits.iter().filter(|edit| edit.operation != Operation::Insert);
        let mut rows = store::rows(tx, there.map(|edit| (edit.table, edit.row_id))).await?;
        let rewrites = rewrites(edits, &mut rows)?;
        let mut scopes: BTreeMap<_, Vec<ValueRow>> = touched(&rewrites).map(|scope| (scope, Vec::new())).collect();
        for row in store::rows_at(tx, scopes.keys()).await? {
            scopes.entry((row.client_id, row.scope.clone())).or_default().push(row);
        }
        let mut edits = Self { rewrites, scopes };
        edits.rewrite_scopes();
        Ok(edits)
    }

    /// The rows before and after, in the order of the edits.
    pub fn rewrites(&self) -> &[Rewrite] {
        &self.rewrites
    }

    fn rewrite_scopes(&mut self) {
        for rewrite in self.rewrites.iter().filter(|rewrite| rewrite.table == ConfigTable::SystemConfigurations) {
            if let Some(row) = value_row(rewrite.before.as_ref())
                && let Some(rows) = self.scopes.get_mut(&(row.client_id, row.scope))
            {
                rows.retain(|other| other.id != rewrite.id);
            }
            if let Some(row) = value_row(rewrite.after.as_ref()) {
                self.scopes.entry((row.client_id, row.scope.clone())).or_default().push(row);
            }
        }
    }
}

/// The scopes that rows are taken from or put into.
fn touched(rewrites: &[Rewrite]) -> impl Iterator<Item = (Option<Uuid>, Scope)> {
    let of_values = rewrites.iter().filter(|rewrite| rewrite.table == ConfigTable::SystemConfigurations);
    let rows = of_values.flat_map(|rewrite| [&rewrite.before, &rewrite.after]);
    rows.filter_map(|row| value_row(row.as_ref())).map(|row| (row.client_id, row.scope))
}

/// A row of `system_configurations` that is part of a layer. What somebody writes now isn't literal.
fn value_row(content: Option<&Map<String, Value>>) -> Option<ValueRow> {
    match ConfigRow::of_content(ConfigTable::SystemConfigurations, content?, false)? {
        ConfigRow::Value(row) => Some(row),
        _ => None,
    }
}

/// Each row before and after its edit.
fn rewrites(
    edits: &[RowEdit],
    rows: &mut HashMap<(ConfigTable, Uuid), Map<String, Value>>,
) -> Result<Vec<Rewrite>, Problem> {
    let mut rewrites = Vec::with_capacity(edits.len());
    let mut faults = Vec::new();
    for (place, edit) in edits.iter().enumerate() {
        let before = rows.get(&(edit.table, edit.row_id)).cloned();
        if before.is_none() && edit.operation != Operation::Insert {
            let detail = format!("there is no row {} in {}", edit.row_id, edit.table);
            faults.push(Fault::at(format!("/edits/{place}/row_id"), "absent", detail).mend("name a row that there is"));
            continue;
        }
        let after = after(edit, before.as_ref());
        match &after {
            Some(after) => rows.insert((edit.table, edit.row_id), after.clone()),
            None => rows.remove(&(edit.table, edit.row_id)),
        };
        rewrites.push(Rewrite { table: edit.table, id: edit.row_id, before, after });
    }
    if faults.is_empty() {
        Ok(rewrites)
    } else {
        Err(Problem::faults("some edits are of rows that aren't there", faults))
    }
}

fn after(edit: &RowEdit, before: Option<&Map<String, Value>>) -> Option<Map<String, Value>> {
    let mut row = match edit.operation {
        Operation::Delete => return None,
        Operation::Insert => born(edit.table),
        Operation::Update => before.cloned().unwrap_or_default(),
    };
    row.insert("id".to_owned(), json!(edit.row_id));
    row.extend(edit.columns.clone());
    // A revert says itself what is in force again.
    if edit.table == ConfigTable::DeploymentConfigurations && !edit.columns.contains_key(APPLIED) {
        apply(&mut row, before);
    }
    Some(row)
}

/// What the columns that play a part are where an insert doesn't say, as the database has it.
fn born(table: ConfigTable) -> Map<String, Value> {
    let row = match table {
        ConfigTable::SystemConfigurations => json!({
            "configuration_schema": {}, "environment": "all", "is_active": true, "is_system": false,
            "is_encrypted": false, "is_delegated": false, "client_id": null, "template_id": null, "version": 1,
        }),
        ConfigTable::TemplateConfigurations => json!({
            "configuration_schema": {}, "default_configuration": {}, "validation_enabled": true, "status": "active",
        }),
        ConfigTable::ClientCustomizations => json!({
            "customization_config": {}, "template_version": null, "status": "draft", "is_active": false,
        }),
        ConfigTable::DeploymentConfigurations => json!({
            "template_id": null, "status": "draft", "applied_configuration": null, "version": 1,
        }),
    };
    match row {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}

/// Applying freezes the content, as the trigger does; nothing else writes what is in force.
fn apply(row: &mut Map<String, Value>, before: Option<&Map<String, Value>>) {
    let is_applied = |row: &Map<String, Value>| row.get("status").and_then(Value::as_str) == Some("applied");
    let in_force = if is_applied(row) && !before.is_some_and(is_applied) {
        let parts = ["application_config", "feature_flags"];
        let parts = parts.into_iter().filter_map(|name| Some((name.to_owned(), row.get(name)?.clone())));
        Value::Object(parts.collect())
    } else {
        before.and_then(|before| before.get(APPLIED)).cloned().unwrap_or_default()
    };
    row.insert(APPLIED.to_owned(), in_force);
}
