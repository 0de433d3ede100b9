use std::collections::HashMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::columns::{ASSIGNED, EMAIL, ID, MANAGER};
use crate::clients::fields;
use crate::console::Csv;
use crate::problem::Fault;

/// Who can be given clients to manage, by the names and addresses that files have.
#[derive(Default)]
pub(super) struct Managers {
    /// None where several people are called so.
    ids: HashMap<String, Option<Uuid>>,
}

impl Managers {
    /// Adds somebody under a name.
    pub(super) fn add(&mut self, name: &str, id: Uuid) {
        self.ids
            .entry(name.trim().to_lowercase())
            .and_modify(|known| *known = known.filter(|known| *known == id))
            .or_insert(Some(id));
    }

    fn find(&self, name: &str) -> Result<Value, Fault> {
        let wrong = |rule: &str, detail: &str| Fault::at("/manager", rule, detail);
        if name.is_empty() {
            return Ok(Value::Null);
        }
        match self.ids.get(&name.to_lowercase()) {
            Some(Some(id)) => Ok(json!(id)),
            Some(None) => {
                Err(wrong("unique", "is what several people are called").mend("write the person's e-mail address"))
            }
            None => Err(wrong("unknown", "is nobody who manages clients")
                .mend("write the name or the e-mail address of a manager or an administrator, or leave it empty")),
        }
    }
}

/// What a row says by itself, before it is held against the clients that there are.
#[derive(Debug)]
pub(super) struct Said {
    /// Which client it is about, where it says so.
    pub(super) id: Option<Uuid>,
    /// The columns that it would write.
    pub(super) values: Map<String, Value>,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
}

/// The rules that every row of a file is held against: those of the form.
pub(super) struct Rules {
    /// Where each column stands.
    places: HashMap<String, usize>,
    /// How many columns there are.
    count: usize,
    managers: Managers,
}

impl Rules {
    pub(super) fn new(columns: &[String], managers: Managers) -> Self {
        let places = columns.iter().enumerate().map(|(place, column)| (column.clone(), place)).collect();
        Self { places, count: columns.len(), managers }
    }

    pub(super) fn read(&self, cells: &[String]) -> Said {
        if cells.len() != self.count {
            return Said { id: None, values: Map::new(), faults: vec![miscounted(cells.len(), self.count)] };
        }
        let cell = |name: &str| self.places.get(name).map(|place| Csv::plain(&cells[*place]));
        let (mut values, mut faults) = match fields::parse(true, cell) {
            Ok(values) => (values, Vec::new()),
            Err(problem) => (Self::readable(&cell), problem.errors),
        };
        let id = match cell(ID).map(str::trim).filter(|id| !id.is_empty()).map(Uuid::try_parse) {
            Some(Err(_)) => {
                let fault = Fault::at("/id", "id", "is no id");
                faults.push(fault.mend("leave the cell empty, so that the client is known by its address"));
                None
            }
            Some(Ok(id)) => Some(id),
            None => None,
        };
        match cell(MANAGER).map(|name| self.managers.find(name.trim())) {
            Some(Ok(manager)) => _ = values.insert(ASSIGNED.to_owned(), manager),
            Some(Err(fault)) => faults.push(fault),
            None => {}
        }
        Said { id, values, faults }
    }

    /// Of a row with faults, what tells it from others.
    fn readable<'a>(cell: &impl Fn(&str) -> Option<&'a str>) -> Map<String, Value> {
        let known = fields::writable(true).filter(|field| [EMAIL, "name"].contains(&field.name));
        known.filter_map(|field| Some((field.name.to_owned(), field.value(cell(field.name)?).ok()?))).collect()
    }
}

fn miscounted(cells: usize, columns: usize) -> Fault {
    let (detail, mend) = if cells < columns {
        (format!("has {cells} of {columns} cells"), "add what is missing, if only what stands between cells")
    } else {
        (
            format!("has {cells} cells, and the heading {columns}"),
            "put a cell in quotes in which stands what stands between cells",
        )
    };
    Fault::at("", "cells", detail).mend(mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(columns: &[&str]) -> Rules {
        let mut managers = Managers::default();
        managers.add("Priya Nair", Uuid::from_u128(1));
        managers.add("priya@agency.example", Uuid::from_u128(1));
        managers.add("Sam", Uuid::from_u128(2));
        managers.add("sam ", Uuid::from_u128(3));
        Rules::new(&columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>(), managers)
    }

    fn read(columns: &[&str], cells: &[&str]) -> Said {
        rules(columns).read(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>())
    }

    fn faults(columns: &[&str], cells: &[&str]) -> Vec<(String, String)> {
        read(columns, cells).faults.into_iter().map(|fault| (fault.pointer, fault.rule)).collect()
    }

    #[test]
    fn a_row_writes_the_columns_that_the_file_has() {
        let id = Uuid::from_u128(9).to_string();
        let said = read(
            &["id", "email", "-", "business_goals", "manager", "phone"],
            &[&id, "A@b.c", "x", "one\r\ntwo", "PRIYA NAIR", "'+1 2"],
        );
        assert_eq!((said.id, said.faults), (Some(Uuid::from_u128(9)), vec![]));
        let expected = json!({ "email": "A@b.c", "phone": "+1 2", "business_goals": ["one", "two"], "assigned_manager": Uuid::from_u128(1) });
        assert_eq!(Value::Object(said.values), expected);
    }

    #[test]
    fn every_rule_that_a_row_breaks_is_told() {
        let columns = ["id", "email", "name", "tier", "renewal_date", "manager"];
        let told = faults(&columns, &["x", "nobody", " ", "gold", "31.3.2027", "Sam"]);
        let told: Vec<(&str, &str)> = told.iter().map(|(pointer, rule)| (pointer.as_str(), rule.as_str())).collect();
        let expected = [
            ("/name", "required"),
            ("/email", "email"),
            ("/tier", "choice"),
            ("/renewal_date", "day"),
            ("/id", "id"),
            ("/manager", "unique"),
        ];
        assert_eq!(told, expected);
        assert_eq!(faults(&["email", "manager"], &["a@b.c", "Nobody Known"])[0].1, "unknown");
        assert!(read(&["email", "manager"], &["a@b.c", ""]).values["assigned_manager"].is_null());
    }

    #[test]
    fn a_row_has_as_many_cells_as_the_heading() {
        for cells in [&["a@b.c"][..], &["a@b.c", "A", ""]] {
            let said = read(&["email", "name"], cells);
            assert_eq!((said.faults[0].rule.as_str(), said.faults.len()), ("cells", 1));
        }
    }
}
