//! From what was said to the rows that it is about: which are there, which versions they have, what fits their columns.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::references::{self, Templates};
use super::store::{self, Column, Found};
use super::wanted::{Said, Scope, no_environment, within};
use crate::configurations::{Base, ConfigTable, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::{Error, Result};

/// Columns that nobody writes: they are kept by triggers, or say whose row it is.
const KEPT: &[&str] = &["created_at", "created_by", "updated_at", "updated_by"];

/// Turns what was said into edits of rows, each with its row's id and version; all faults at once.
pub async fn edits(tx: &Tx<'_>, said: Vec<Said>) -> Result<Vec<RowEdit>, Problem> {
    let known = Known::read(tx, &said).await?;
    let mut faults = Vec::new();
    let mut edits = Vec::new();
    for (place, said) in said.into_iter().enumerate() {
        let found = known.faults(&said);
        if found.is_empty() {
            match known.edit(said) {
                Ok(edit) => edits.push(edit),
                Err(fault) => faults.push(within(place, *fault)),
            }
        } else {
            faults.extend(found.into_iter().map(|fault| within(place, fault)));
        }
    }
    if faults.is_empty() { Ok(edits) } else { Err(refused(faults)) }
}

/// A change of which something is wrong in itself.
pub(super) fn refused(faults: Vec<Fault>) -> Problem {
    let many = if faults.len() == 1 { "is a fault" } else { "are faults" };
    Problem::faults(format!("there {many} in the change, of which nothing was done"), faults)
        .mend("mend every fault, and send the change again")
}

/// What the database knows about the things that edits name.
struct Known {
    clients: HashSet<Uuid>,
    templates: Templates,
    rows: HashMap<(ConfigTable, Uuid), Base>,
    keys: HashMap<(String, Scope), Found>,
    columns: HashMap<(ConfigTable, String), Column>,
}

impl Known {
    /// Clients and rows are looked for under the caller's own policies; what a key's row is then, as a job.
    async fn read(tx: &Tx<'_>, said: &[Said]) -> Result<Self> {
        let clients: Vec<Uuid> = said.iter().filter_map(client).collect();
        let clients = store::visible_clients(tx, &clients).await?.into_iter().collect();
        let mut rows = HashMap::new();
        for table in ConfigTable::ALL {
            let ids: Vec<Uuid> = said.iter().filter_map(|said| row(said, table)).collect();
            if !ids.is_empty() {
                let found = store::visible_rows(tx, table, &ids).await?;
                rows.extend(found.into_iter().map(|(id, base)| ((table, id), base)));
            }
        }
        let named: Vec<&str> = said.iter().filter_map(template).collect();
        let asked: Vec<(&str, &Scope)> = said.iter().filter_map(key).collect();
        let templates = Templates::read(tx, &named, &references::made(said.iter().filter_map(inserted_row))).await?;
        let (found, columns) = tx
            .as_worker(async { Ok::<_, Error>((store::by_key(tx, &asked).await?, store::columns(tx).await?)) })
            .await?;
        let place = |(key, scope): (&str, &Scope)| (key.to_owned(), scope.clone());
        let keys = asked.into_iter().map(place).zip(found).filter_map(|(asked, found)| Some((asked, found?)));
        Ok(Self { clients, templates, rows, keys: keys.collect(), columns })
    }

    /// What is wrong with the things that an edit names.
    fn faults(&self, said: &Said) -> Vec<Fault> {
        let (at, columns) = match said {
            Said::Key { columns, .. } => ("", columns.as_ref()),
            Said::Insert { columns, .. } => ("/columns", Some(columns)),
            Said::Row { columns, .. } => ("/columns", columns.as_ref()),
        };
        let mut faults = Vec::new();
        if let Some(id) = client(said).filter(|id| !self.clients.contains(id)) {
            let fault = Fault::at(format!("{at}/client_id"), "client", format!("there is no client {id}"));
            faults.push(fault.mend("name one by its id"));
        }
        if let Some(id) = template(said) {
            let version = columns.and_then(|columns| columns.get("template_version")?.as_str());
            faults.extend(self.templates.fault(at, id, version));
        }
        if let Said::Insert { columns, .. } | Said::Row { columns: Some(columns), .. } = said {
            let environment = columns.get("environment").and_then(Value::as_str);
            faults.extend(environment.and_then(|name| no_environment("/columns/environment", name)));
        }
        if let Some(columns) = columns {
            faults.extend(columns.iter().filter_map(|(name, value)| self.misfit(table(said), at, name, value)));
        }
        faults
    }

    /// What is wrong with a value for a column.
    fn misfit(&self, table: ConfigTable, at: &str, name: &str, value: &Value) -> Option<Fault> {
        let pointer = format!("{at}/{name}");
        let Some(column) = self.columns.get(&(table, name.to_owned())) else {
            let fault = Fault::at(pointer, "column", format!("{table} has no such column"));
            return Some(fault.mend("name a column of the table"));
        };
        let is_fit = match (column.type_name.as_str(), value) {
            ("jsonb" | "json", _) => true,
            (_, Value::Null) => !column.is_required,
            ("boolean", value) => value.is_boolean(),
            ("integer" | "bigint" | "smallint" | "numeric", value) => value.is_number(),
            ("uuid", value) => value.as_str().is_some_and(|text| text.parse::<Uuid>().is_ok()),
            (array, value) if array.ends_with("[]") => value.is_array(),
            (_, value) => value.is_string(),
        };
        (!is_fit).then(|| {
            let kind = &column.type_name;
            Fault::at(pointer, "type", format!("this is no value of type {kind}")).mend(format!("send a {kind}"))
        })
    }

    fn edit(&self, said: Said) -> Result<RowEdit, Box<Fault>> {
        match said {
            Said::Key { key, scope, columns, base } => {
                let found = self.keys.get(&(key.clone(), scope.clone()));
                keyed(key, scope, columns, base, found)
            }
            Said::Insert { table, columns } => inserted(table, columns),
            Said::Row { table, id, columns, base } => {
                let Some(now) = self.rows.get(&(table, id)) else {
                    let fault = Fault::at("/id", "row", format!("{table} has no row {id}"));
                    return Err(Box::new(fault.mend("name a row by its id")));
                };
                let operation = if columns.is_some() { Operation::Update } else { Operation::Delete };
                let columns = without_kept(columns.unwrap_or_default());
                Ok(RowEdit { table, row_id: id, operation, columns, base: base.or_else(|| Some(now.clone())) })
            }
        }
    }
}

/// The edit that gives a key a value, or takes it away.
fn keyed(
    key: String,
    scope: Scope,
    columns: Option<Map<String, Value>>,
    base: Option<Base>,
    found: Option<&Found>,
) -> Result<RowEdit, Box<Fault>> {
    let table = ConfigTable::SystemConfigurations;
    match (found, columns) {
        (Some(found), Some(mut columns)) => {
            if !found.is_active {
                columns.insert("is_active".to_owned(), json!(true));
            }
            let base = base.or_else(|| Some(found.base.clone()));
            Ok(RowEdit { table, row_id: found.id, operation: Operation::Update, columns, base })
        }
        (Some(found), None) => {
            let base = base.or_else(|| Some(found.base.clone()));
            Ok(RowEdit { table, row_id: found.id, operation: Operation::Delete, columns: Map::new(), base })
        }
        (None, _) if base.is_some() => Err(Box::new(
            Fault::at("/base", "base", "nothing is set for this key at this scope")
                .mend("leave base out, or read the row again"),
        )),
        (None, None) => Err(Box::new(
            Fault::at("/key", "unset", "nothing is set for this key at this scope")
                .mend("leave the edit out; `remove` hides what the layers below say"),
        )),
        (None, Some(mut columns)) => {
            columns.insert("configuration_key".to_owned(), key.into());
            columns.insert("client_id".to_owned(), json!(scope.client_id));
            columns.insert("template_id".to_owned(), json!(scope.template_id));
            columns.insert("environment".to_owned(), scope.environment.into());
            Ok(new_row(table, columns))
        }
    }
}

fn inserted(table: ConfigTable, columns: Map<String, Value>) -> Result<RowEdit, Box<Fault>> {
    let needed: &[&str] = match table {
        ConfigTable::SystemConfigurations => &["configuration_key", "configuration_value"],
        ConfigTable::TemplateConfigurations => &["template_id", "template_version", "template_name"],
        ConfigTable::ClientCustomizations => &["client_id", "template_id"],
        ConfigTable::DeploymentConfigurations => &["client_id", "environment", "deployment_name"],
    };
    match needed.iter().find(|name| !columns.contains_key(**name)) {
        Some(name) => Err(Box::new(
            Fault::at(format!("/columns/{name}"), "required", format!("{name} is missing")).mend("send it"),
        )),
        None => Ok(new_row(table, without_kept(columns))),
    }
}

fn new_row(table: ConfigTable, mut columns: Map<String, Value>) -> RowEdit {
    let named = columns.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let row_id = named.unwrap_or_else(Uuid::new_v4);
    columns.insert("id".to_owned(), json!(row_id));
    RowEdit { table, row_id, operation: Operation::Insert, columns, base: None }
}

fn without_kept(mut columns: Map<String, Value>) -> Map<String, Value> {
    columns.retain(|name, _| !KEPT.contains(&name.as_str()));
    columns
}

fn table(said: &Said) -> ConfigTable {
    match said {
        Said::Key { .. } => ConfigTable::SystemConfigurations,
        Said::Insert { table, .. } | Said::Row { table, .. } => *table,
    }
}

fn client(said: &Said) -> Option<Uuid> {
    match said {
        Said::Key { scope, .. } => scope.client_id,
        Said::Insert { columns, .. } => columns.get("client_id")?.as_str()?.parse().ok(),
        Said::Row { .. } => None,
    }
}

/// The template that an edit says has to be there; a new version of a template makes its own.
fn template(said: &Said) -> Option<&str> {
    match said {
        Said::Key { scope, .. } => scope.template_id.as_deref(),
        Said::Insert { table, columns } | Said::Row { table, columns: Some(columns), .. }
            if *table != ConfigTable::TemplateConfigurations =>
        {
            columns.get("template_id")?.as_str()
        }
        Said::Insert { .. } | Said::Row { .. } => None,
    }
}

fn inserted_row(said: &Said) -> Option<(ConfigTable, &Map<String, Value>)> {
    match said {
        Said::Insert { table, columns } => Some((*table, columns)),
        Said::Key { .. } | Said::Row { .. } => None,
    }
}

fn row(said: &Said, wanted: ConfigTable) -> Option<Uuid> {
    match said {
        Said::Row { table, id, .. } if *table == wanted => Some(*id),
        _ => None,
    }
}

fn key(said: &Said) -> Option<(&str, &Scope)> {
    match said {
        Said::Key { key, scope, .. } => Some((key, scope)),
        _ => None,
    }
}
