//! `Row`, `Insert` and `Update` of each relation.

use serde_json::{Map, Value, json};

use super::column;
use crate::tables::catalog::{Column, Relation, Roles};

/// What a relation's rows are, and what its writers may send.
pub(super) struct Schemas<'a> {
    relation: &'a Relation,
}

impl<'a> Schemas<'a> {
    pub(super) fn of(relation: &'a Relation) -> Self {
        Self { relation }
    }

    /// Whether anybody may add rows.
    pub(super) fn takes_new_rows(&self) -> bool {
        self.anybody(|column| column.insert)
    }

    /// Whether anybody may change rows.
    pub(super) fn takes_changes(&self) -> bool {
        self.anybody(|column| column.update)
    }

    fn anybody(&self, may: impl Fn(&Column) -> Roles) -> bool {
        self.relation.is_writable() && self.relation.columns.iter().any(|column| may(column) != Roles::default())
    }

    /// All of them, each by the name under which the document has it.
    pub(super) fn all(&self) -> Vec<(String, Value)> {
        let mut all = vec![(self.name("Row"), self.row())];
        if self.takes_new_rows() {
            all.push((self.name("Insert"), self.insert()));
        }
        if self.takes_changes() {
            all.push((self.name("Update"), self.update()));
        }
        all
    }

    /// `clients_enhanced.Row`.
    pub(super) fn name(&self, part: &str) -> String {
        format!("{}.{part}", spelled(&self.relation.name))
    }

    pub(super) fn reference(&self, part: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{}", self.name(part)) })
    }

    /// What comes back: the columns that the caller may read, or those that `select` names, so none is certain.
    fn row(&self) -> Value {
        self.object("A row", self.places(|column| column.select), &[], column::schema)
    }

    fn insert(&self) -> Value {
        let columns = self.written(|column| column.insert);
        let required: Vec<&str> = columns
            .iter()
            .map(|place| &self.relation.columns[*place])
            .filter(|column| !column.is_optional())
            .map(|column| column.name.as_str())
            .collect();
        closed(self.object("A new row", columns, &required, column::written))
    }

    fn update(&self) -> Value {
        let columns = self.written(|column| column.update);
        let mut object = closed(self.object("Changes of a row", columns, &[], column::written));
        object["minProperties"] = json!(1);
        object
    }

    fn places(&self, may: impl Fn(&Column) -> Roles) -> Vec<usize> {
        let columns = self.relation.columns.iter().enumerate();
        columns.filter(|(_, column)| may(column) != Roles::default()).map(|(place, _)| place).collect()
    }

    /// Columns that somebody may write; one that PostgreSQL computes takes nothing whatever the grants say.
    fn written(&self, may: impl Fn(&Column) -> Roles) -> Vec<usize> {
        self.places(may).into_iter().filter(|place| !self.relation.columns[*place].is_computed()).collect()
    }

    fn object(
        &self,
        what: &str,
        columns: Vec<usize>,
        required: &[&str],
        schema: fn(&Relation, usize) -> Value,
    ) -> Value {
        let relation = self.relation;
        let properties: Map<String, Value> =
            columns.into_iter().map(|place| (relation.columns[place].name.clone(), schema(relation, place))).collect();
        let about = relation.comment.as_deref().unwrap_or_default();
        let mut object = json!({
            "type": "object",
            "description": format!("{what} of {}. {about}", relation.name).trim_end(),
            "properties": properties,
        });
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        object
    }
}

/// A name as a component's name takes it: what OpenAPI doesn't allow there is spelled out.
pub(super) fn spelled(name: &str) -> String {
    let spelled = |c: char| {
        let is_plain = c.is_ascii_alphanumeric() || "_-".contains(c);
        if is_plain { c.to_string() } else { format!(".{:x}.", c as u32) }
    };
    name.chars().map(spelled).collect()
}

/// A column that isn't there is refused, so nothing else is taken.
fn closed(mut object: Value) -> Value {
    object["additionalProperties"] = json!(false);
    object
}
