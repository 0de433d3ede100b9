//! Edits as a person says them: keys at scopes, or rows of the four tables.

use std::collections::HashMap;

use layers::Key;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::types::{KeptEdit, present};
use crate::configurations::{Base, ConfigTable, Environment, Operation};
use crate::problem::Fault;

/// How many edits one change may hold.
pub const MOST_EDITS: usize = 5_000;

/// What an edit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Gives a key a value at a scope.
    Set,
    /// Takes the value at a scope away: the layers below show again.
    Unset,
    /// Hides a key at a scope: the layers below don't show.
    Remove,
    /// Makes a row.
    Insert,
    /// Gives columns of a row other values.
    Update,
    /// Removes a row.
    Delete,
}

/// One edit. `set`, `unset` and `remove` name a key and a scope; `insert`, `update` and `delete` a table and a row.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// What to do.
    pub operation: Verb,
    /// The key, as a dotted path (set, unset, remove).
    #[schema(example = "branding.tagline")]
    pub key: Option<String>,
    /// The value, null included (set).
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<Value>,
    /// The client; none for a global or template row.
    pub client_id: Option<Uuid>,
    /// The template; none for a row that applies whatever the template.
    pub template_id: Option<String>,
    /// all, development, staging or production; `all` where it is left out.
    pub environment: Option<String>,
    /// What the value is for (set).
    pub description: Option<String>,
    /// A JSON Schema 2020-12 for the value (set).
    #[schema(value_type = Option<Object>)]
    pub configuration_schema: Option<Value>,
    /// Whether the value is a secret (set).
    pub is_encrypted: Option<bool>,
    /// The table (insert, update, delete).
    pub table: Option<ConfigTable>,
    /// The row's id (update, delete).
    pub id: Option<Uuid>,
    /// The columns that are written (insert, update).
    #[schema(value_type = Option<Object>)]
    pub columns: Option<Map<String, Value>>,
    /// The version of the row that the edit is made for: its counter, or `updated_at` where it has none. Left out, it is
    /// the row as it is now.
    #[schema(value_type = Option<Object>, example = 3)]
    pub base: Option<Value>,
}

/// The scope of a key: which layer its value stands in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The client.
    pub client_id: Option<Uuid>,
    /// The template.
    pub template_id: Option<String>,
    /// `all` or an environment.
    pub environment: String,
}

/// An edit whose members fit each other.
#[derive(Clone, Debug)]
pub enum Said {
    /// A key at a scope.
    Key {
        /// The key.
        key: String,
        /// Where.
        scope: Scope,
        /// The columns to write; none to take the row away.
        columns: Option<Map<String, Value>>,
        /// The version that it is made for.
        base: Option<Base>,
    },
    /// A row that is made.
    Insert {
        /// The table.
        table: ConfigTable,
        /// Its columns.
        columns: Map<String, Value>,
    },
    /// A row that is there.
    Row {
        /// The table.
        table: ConfigTable,
        /// Its id.
        id: Uuid,
        /// The columns to write; none to remove it.
        columns: Option<Map<String, Value>>,
        /// The version that it is made for.
        base: Option<Base>,
    },
}

/// Reads edits, each for itself; every fault of every edit.
pub fn read(edits: Vec<Wanted>) -> Result<Vec<Said>, Vec<Fault>> {
    let mut faults = Vec::new();
    match edits.len() {
        0 => faults.push(Fault::at("/edits", "count", "there is no edit").mend("send at least one")),
        count if count > MOST_EDITS => {
            let detail = format!("there are {count} edits, and a change holds at most {MOST_EDITS}");
            faults.push(Fault::at("/edits", "count", detail).mend("propose several changes"));
        }
        _ => {}
    }
    let mut said = Vec::new();
    for (place, wanted) in edits.into_iter().enumerate() {
        match wanted.read() {
            Ok(edit) => said.push(edit),
            Err(found) => faults.extend(found.into_iter().map(|fault| within(place, fault))),
        }
    }
    faults.extend(twice(&said));
    if faults.is_empty() { Ok(said) } else { Err(faults) }
}

/// A fault of an edit, with its place in the request.
pub(super) fn within(place: usize, fault: Fault) -> Fault {
    Fault { pointer: format!("/edits/{place}{}", fault.pointer), ..fault }
}

/// Keys and rows that two edits are about. Which of them would win nobody said.
fn twice(said: &[Said]) -> Vec<Fault> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut faults = Vec::new();
    for (place, edit) in said.iter().enumerate() {
        let Some(subject) = edit.subject() else { continue };
        if let Some(first) = seen.get(&subject) {
            let detail = format!("edit {first} is about the same {}", edit.noun());
            faults.push(within(place, Fault::at("", "two edits of one key", detail).mend("leave one of them out")));
        } else {
            seen.insert(subject, place);
        }
    }
    faults
}

impl Said {
    fn subject(&self) -> Option<String> {
        match self {
            Self::Key { key, scope, .. } => Some(format!("{key} {scope:?}")),
            Self::Row { table, id, .. } => Some(format!("{table} {id}")),
            Self::Insert { table: ConfigTable::SystemConfigurations, columns } => {
                let scope = Scope::of(columns);
                Some(format!("{} {scope:?}", columns.get("configuration_key")?.as_str()?))
            }
            Self::Insert { .. } => None,
        }
    }

    fn noun(&self) -> &'static str {
        if matches!(self, Self::Row { .. }) { "row" } else { "key at the same scope" }
    }
}

impl Scope {
    /// The scope that a row of `system_configurations` has.
    pub fn of(columns: &Map<String, Value>) -> Self {
        let text = |name: &str| columns.get(name).and_then(Value::as_str);
        Self {
            client_id: text("client_id").and_then(|id| id.parse().ok()),
            template_id: text("template_id").map(ToOwned::to_owned),
            environment: text("environment").unwrap_or("all").to_owned(),
        }
    }
}

impl Wanted {
    /// An edit of a key, of which nothing else is said yet.
    pub fn new(operation: Verb, key: &str) -> Self {
        Self {
            operation,
            key: Some(key.to_owned()),
            value: None,
            client_id: None,
            template_id: None,
            environment: None,
            description: None,
            configuration_schema: None,
            is_encrypted: None,
            table: None,
            id: None,
            columns: None,
            base: None,
        }
    }

    /// An edit that gives columns of a row other values.
    pub fn row(table: ConfigTable, id: Uuid, columns: Map<String, Value>) -> Self {
        let (table, id, columns) = (Some(table), Some(id), Some(columns));
        Self { key: None, table, id, columns, ..Self::new(Verb::Update, "") }
    }

    /// The same edit once more, of the row as it is now; none where there is nothing left to do.
    pub(super) fn again(edit: KeptEdit, is_there: bool) -> Option<Self> {
        let KeptEdit { table, id, operation, columns, before, base: _ } = edit;
        if operation == Operation::Delete {
            let delete = Self { key: None, table: Some(table), id: Some(id), ..Self::new(Verb::Delete, "") };
            return is_there.then_some(delete);
        }
        if is_there {
            return Some(Self::row(table, id, columns));
        }
        let mut row = before.unwrap_or_default();
        row.extend(columns);
        row.remove("id");
        if table != ConfigTable::SystemConfigurations {
            return Some(Self { key: None, table: Some(table), columns: Some(row), ..Self::new(Verb::Insert, "") });
        }
        // Somebody may have set the key meanwhile, by another row.
        let scope = Scope::of(&row);
        let mut taken = |name: &str| row.remove(name).filter(|value| !value.is_null());
        let key = taken("configuration_key")?;
        Some(Self {
            value: Some(taken("configuration_value").unwrap_or_default()),
            description: taken("description").and_then(|text| text.as_str().map(ToOwned::to_owned)),
            configuration_schema: taken("configuration_schema"),
            is_encrypted: taken("is_encrypted").and_then(|flag| flag.as_bool()),
            client_id: scope.client_id,
            template_id: scope.template_id,
            environment: Some(scope.environment),
            ..Self::new(Verb::Set, key.as_str()?)
        })
    }

    /// Whether its members fit what it does.
    fn read(self) -> Result<Said, Vec<Fault>> {
        let mut faults = self.odd_members();
        let base = self.base.as_ref().and_then(|base| read_base(base).map_err(|fault| faults.push(fault)).ok());
        let said = match self.operation {
            Verb::Set | Verb::Unset | Verb::Remove => self.read_key(base, &mut faults),
            Verb::Insert | Verb::Update | Verb::Delete => self.read_row(base, &mut faults),
        };
        match said {
            Some(said) if faults.is_empty() => Ok(said),
            _ => Err(faults),
        }
    }

    /// Members that this kind of edit doesn't have, which would be ignored.
    fn odd_members(&self) -> Vec<Fault> {
        use Verb::{Delete, Insert, Remove, Set, Unset, Update};

        let keyed: &[Verb] = &[Set, Unset, Remove];
        let members: [(&str, bool, &[Verb]); 11] = [
            ("key", self.key.is_some(), keyed),
            ("value", self.value.is_some(), &[Set]),
            ("client_id", self.client_id.is_some(), keyed),
            ("template_id", self.template_id.is_some(), keyed),
            ("environment", self.environment.is_some(), keyed),
            ("description", self.description.is_some(), &[Set]),
            ("configuration_schema", self.configuration_schema.is_some(), &[Set]),
            ("is_encrypted", self.is_encrypted.is_some(), &[Set]),
            ("table", self.table.is_some(), &[Insert, Update, Delete]),
            ("id", self.id.is_some(), &[Update, Delete]),
            ("columns", self.columns.is_some(), &[Insert, Update]),
        ];
        let odd = members.into_iter().filter(|(_, is_there, verbs)| *is_there && !verbs.contains(&self.operation));
        odd.map(|(name, ..)| {
            Fault::at(format!("/{name}"), "member", format!("this operation has no {name}")).mend("leave it out")
        })
        .collect()
    }

    fn read_key(self, base: Option<Base>, faults: &mut Vec<Fault>) -> Option<Said> {
        let environment = self.environment.unwrap_or_else(|| "all".to_owned());
        faults.extend(no_environment("/environment", &environment));
        let scope = Scope { client_id: self.client_id, template_id: self.template_id, environment };
        let mut columns = Map::new();
        match self.operation {
            Verb::Set => match self.value {
                Some(value) => _ = columns.insert("configuration_value".to_owned(), value),
                None => faults.push(missing("value", "send the value, which may be null")),
            },
            _ => _ = columns.insert("configuration_value".to_owned(), serde_json::json!({ "$removed": true })),
        }
        let others = [
            ("description", self.description.map(Value::String)),
            ("configuration_schema", self.configuration_schema),
            ("is_encrypted", self.is_encrypted.map(Value::Bool)),
        ];
        columns.extend(others.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        let Some(key) = self.key else {
            faults.push(missing("key", "name the key as a dotted path"));
            return None;
        };
        if let Err(found) = Key::parse(&key) {
            faults.push(Fault::at("/key", found.rule.name(), found.detail).mend(found.mend));
        }
        let columns = (self.operation != Verb::Unset).then_some(columns);
        Some(Said::Key { key, scope, columns, base })
    }

    fn read_row(self, base: Option<Base>, faults: &mut Vec<Fault>) -> Option<Said> {
        if self.table.is_none() {
            faults.push(missing("table", "name the table of the row"));
        }
        if self.id.is_none() && self.operation != Verb::Insert {
            faults.push(missing("id", "name the row by its id"));
        }
        if self.columns.as_ref().is_none_or(Map::is_empty) && self.operation != Verb::Delete {
            faults.push(missing("columns", "name the columns to write"));
        }
        let table = self.table?;
        match self.operation {
            Verb::Insert => Some(Said::Insert { table, columns: self.columns? }),
            Verb::Update => Some(Said::Row { table, id: self.id?, columns: Some(self.columns?), base }),
            _ => Some(Said::Row { table, id: self.id?, columns: None, base }),
        }
    }
}

fn missing(name: &str, mend: &str) -> Fault {
    Fault::at(format!("/{name}"), "required", format!("{name} is missing")).mend(mend)
}

/// What is wrong with the name of an environment, or of all.
pub(super) fn no_environment(pointer: &str, name: &str) -> Option<Fault> {
    let is_one = name == "all" || name.parse::<Environment>().is_ok();
    (!is_one).then(|| {
        Fault::at(pointer, "environment", "there is no such environment")
            .mend("name all, development, staging or production")
    })
}

/// A version, as `If-Match` and rows have it.
fn read_base(base: &Value) -> Result<Base, Fault> {
    let version = base.as_i64().map(Base::Version);
    let moment = base.as_str().and_then(|text| text.parse().ok()).map(Base::UpdatedAt);
    version.or(moment).ok_or_else(|| {
        Fault::at("/base", "base", "this is no version of a row")
            .mend("send the row's `version`, or its `updated_at` where the table counts no versions")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(edits: Value) -> Vec<(String, String)> {
        let edits: Vec<Wanted> = serde_json::from_value(edits).expect("edits");
        let found = read(edits).expect_err("something is wrong");
        found.into_iter().map(|fault| (fault.pointer, fault.rule)).collect()
    }

    #[test]
    fn every_fault_of_every_edit_is_said() {
        let found = faults(json!([
            { "operation": "set", "key": "a", "environment": "qa" },
            { "operation": "delete", "columns": {}, "base": "soon" },
        ]));
        let expected = [
            ("/edits/0/environment", "environment"),
            ("/edits/0/value", "required"),
            ("/edits/1/columns", "member"),
            ("/edits/1/base", "base"),
            ("/edits/1/table", "required"),
            ("/edits/1/id", "required"),
        ];
        assert_eq!(found, expected.map(|(pointer, rule)| (pointer.to_owned(), rule.to_owned())));
    }

    #[test]
    fn null_is_a_value() {
        let edits: Vec<Wanted> =
            serde_json::from_value(json!([{ "operation": "set", "key": "a", "value": null }])).expect("edits");
        let said = read(edits).expect("a change");
        assert!(
            matches!(&said[0], Said::Key { columns: Some(columns), .. } if columns["configuration_value"].is_null())
        );
    }

    #[test]
    fn two_edits_of_one_key_are_refused_and_of_two_scopes_are_not() {
        let edit =
            |environment: &str| json!({ "operation": "set", "key": "a", "value": 1, "environment": environment });
        assert_eq!(faults(json!([edit("all"), edit("all")])).len(), 1);
        let insert = json!({ "operation": "insert", "table": "system_configurations",
                             "columns": { "configuration_key": "a", "configuration_value": 2 } });
        assert_eq!(faults(json!([edit("all"), insert])).len(), 1);
        let edits: Vec<Wanted> = serde_json::from_value(json!([edit("all"), edit("staging")])).expect("edits");
        assert!(read(edits).is_ok());
    }
}
