//! The operations on each table.

use serde_json::{Map, Value, json};

use super::parameters::OfRelation;
use super::schemas::Schemas;
use super::{column, links, parameters, responses};
use crate::tables::catalog::{Catalog, Relation, Roles};

/// Why the types of what is written are wider than those of what comes back.
const CASTS: &str = "A value may come as text that PostgreSQL casts to the column's type, as forms of a page send it, and a \
                     number or a boolean for a text.";

/// The path of each relation, with its operations.
pub(super) fn paths(catalog: &Catalog) -> Map<String, Value> {
    catalog
        .relations()
        .iter()
        .map(|relation| (format!("/rest/v1/{}", encoded(&relation.name)), operations(relation)))
        .collect()
}

fn operations(relation: &Relation) -> Value {
    let schemas = Schemas::of(relation);
    let mut path = Map::new();
    path.insert("get".to_owned(), read(relation, &schemas));
    if schemas.takes_new_rows() {
        path.insert("post".to_owned(), insert(relation, &schemas));
    }
    if schemas.takes_changes() {
        path.insert("patch".to_owned(), update(relation, &schemas));
    }
    if relation.is_writable() && relation.delete != Roles::default() {
        path.insert("delete".to_owned(), delete(relation, &schemas));
    }
    Value::Object(path)
}

fn read(relation: &Relation, schemas: &Schemas<'_>) -> Value {
    let of_relation = OfRelation::new(relation, schemas);
    let mut parameters = of_relation.shaping(&["select", "order"]);
    parameters.extend(["limit", "offset", "acceptProfile", "preferRead"].map(parameters::reference));
    parameters.extend(of_relation.filters());
    let about = relation.comment.clone().unwrap_or_default();
    operation("read", relation, &about, parameters, responses::of_read(&schemas.reference("Row")))
}

fn insert(relation: &Relation, schemas: &Schemas<'_>) -> Value {
    let mut parameters = OfRelation::new(relation, schemas).shaping(&["select"]);
    parameters.extend(["contentProfile", "preferInsert"].map(parameters::reference));
    parameters.extend(parameters::on_conflict(relation));
    let row = schemas.reference("Insert");
    let about = "Adds one row or several; all of them or none.";
    let mut insert = operation("add to", relation, about, parameters, responses::of_insert(&schemas.reference("Row")));
    insert["responses"]["201"]["links"] = Value::Object(links::of_added(relation, schemas));
    let one: Map<String, Value> = relation
        .columns
        .iter()
        .filter(|column| !column.is_optional() && column.insert != Roles::default())
        .map(|column| (column.name.clone(), column::example(column)))
        .collect();
    insert["requestBody"] = json!({
        "required": true,
        "description": CASTS,
        "content": { "application/json": {
            "schema": { "oneOf": [row, { "type": "array", "items": row }] },
            "examples": { "one": { "value": one }, "several": { "value": [one] } },
        } },
    });
    insert
}

fn update(relation: &Relation, schemas: &Schemas<'_>) -> Value {
    let about =
        "Changes the rows that the filters leave. Without a filter it is refused, unless `max-affected` is given.";
    let mut update = operation(
        "change",
        relation,
        about,
        change_parameters(relation, schemas),
        responses::of_change(&schemas.reference("Row")),
    );
    update["requestBody"] = json!({
        "required": true,
        "description": CASTS,
        "content": { "application/json": { "schema": schemas.reference("Update") } },
    });
    update
}

fn delete(relation: &Relation, schemas: &Schemas<'_>) -> Value {
    let about =
        "Removes the rows that the filters leave. Without a filter it is refused, unless `max-affected` is given.";
    operation(
        "remove from",
        relation,
        about,
        change_parameters(relation, schemas),
        responses::of_change(&schemas.reference("Row")),
    )
}

fn change_parameters(relation: &Relation, schemas: &Schemas<'_>) -> Vec<Value> {
    let of_relation = OfRelation::new(relation, schemas);
    let mut parameters = of_relation.shaping(&["select"]);
    parameters.extend(["contentProfile", "preferChange", "ifMatch"].map(parameters::reference));
    parameters.extend(of_relation.filters());
    parameters
}

fn operation(verb: &str, relation: &Relation, about: &str, parameters: Vec<Value>, responses: Value) -> Value {
    let mut operation = json!({
        "operationId": format!("{}_{}", verb.split(' ').next().unwrap_or(verb), relation.name),
        "summary": format!("{}{} {}", verb[..1].to_uppercase(), &verb[1..], relation.name),
        "description": about,
        "tags": ["tables"],
    });
    operation["parameters"] = Value::Array(parameters);
    operation["responses"] = responses;
    operation["security"] = json!([{ "apikey": [], "bearer": [] }, { "apikey": [] }, { "bearer": [] }]);
    operation
}

/// A name as a segment of a path.
fn encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string().replace("%5F", "_")
}
