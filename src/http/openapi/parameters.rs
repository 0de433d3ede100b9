//! The parameters of the table API: those that every table shares, and a filter for each column.

use serde_json::{Map, Value, json};

use super::column;
use super::schemas::{Schemas, spelled};
use crate::tables::catalog::{Column, Relation, Roles};

/// The parameters that a relation's operations share, each by the name under which the document has it.
pub(super) struct OfRelation<'a> {
    relation: &'a Relation,
    schemas: &'a Schemas<'a>,
}

impl<'a> OfRelation<'a> {
    pub(super) fn new(relation: &'a Relation, schemas: &'a Schemas<'a>) -> Self {
        Self { relation, schemas }
    }

    /// All of them, for the document's components.
    pub(super) fn all(&self) -> Vec<(String, Value)> {
        let named = [("select", select(self.relation)), ("order", order(self.relation))];
        let named = named.map(|(name, parameter)| (self.schemas.name(name), parameter));
        named.into_iter().chain(self.readable().map(|column| (self.of_column(column), filter(column)))).collect()
    }

    /// References to `select` and `order`.
    pub(super) fn shaping(&self, names: &[&str]) -> Vec<Value> {
        names.iter().map(|name| reference(&self.schemas.name(name))).collect()
    }

    /// References to a filter for each column.
    pub(super) fn filters(&self) -> Vec<Value> {
        self.readable().map(|column| reference(&self.of_column(column))).collect()
    }

    fn of_column(&self, column: &Column) -> String {
        self.schemas.name(&format!("filter.{}", spelled(&column.name)))
    }

    fn readable(&self) -> impl Iterator<Item = &'a Column> {
        readable(self.relation)
    }
}

fn readable(relation: &Relation) -> impl Iterator<Item = &Column> {
    relation.columns.iter().filter(|column| column.select != Roles::default())
}

/// What stands in the document once, whatever the tables.
pub(super) fn shared() -> Map<String, Value> {
    let number = || json!({ "type": "integer", "minimum": 0, "maximum": i64::MAX });
    let schema = || json!({ "enum": ["public"] });
    let version = json!({ "type": "string", "pattern": "^\"[!#-~]+\"$", "examples": ["\"3\""] });
    let all = [
        ("limit", "query", "limit", number(), "Rows at most; answers are capped besides."),
        ("offset", "query", "offset", number(), "Rows to pass over first."),
        ("acceptProfile", "header", "Accept-Profile", schema(), "The schema to read; there is one."),
        ("contentProfile", "header", "Content-Profile", schema(), "The schema to write; there is one."),
        (
            "preferRead",
            "header",
            "Prefer",
            prefer(&["count=exact", "count=planned", "count=estimated", "handling=strict"]),
            "`count=…` says in Content-Range how many rows there are; each of the three gives the exact number.",
        ),
        (
            "preferInsert",
            "header",
            "Prefer",
            prefer(&[
                "return=minimal",
                "return=representation",
                "resolution=merge-duplicates",
                "resolution=ignore-duplicates",
                "missing=default",
                "return=representation, count=exact",
            ]),
            "`resolution=…` makes an upsert of it; `missing=default` gives columns that an array's rows leave out their default \
             instead of NULL.",
        ),
        (
            "preferChange",
            "header",
            "Prefer",
            prefer(&["return=minimal", "return=representation", "max-affected=1", "handling=strict, max-affected=1"]),
            "`max-affected=n` refuses to touch more rows than that, and stands for a filter where there is none.",
        ),
        (
            "ifMatch",
            "header",
            "If-Match",
            version,
            "The version that the rows must still have: `version` of system_configurations and deployment_configurations, \
             elsewhere `updated_at` as it was answered, in double quotes.",
        ),
    ];
    let parameter = |(key, place, name, schema, about): (&str, &str, &str, Value, &str)| {
        (key.to_owned(), json!({ "name": name, "in": place, "schema": schema, "description": about }))
    };
    all.into_iter().map(parameter).collect()
}

/// Several are separated by commas; what nobody knows is passed over, unless it is to be handled strictly.
fn prefer(known: &[&str]) -> Value {
    let token = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    let pair = format!("{token}(?: *= *(?:{token}|\"[^\"\\\\]*\")?)?");
    let one = format!("{pair}(?: *;(?: *{pair})?)*");
    let unknown = json!({ "type": "string", "pattern": format!("^(?:{one})?(?: *,(?: *{one})?)* *$") });
    json!({ "anyOf": [{ "enum": known }, unknown] })
}

/// A reference to one of them.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// `select`: its readable columns; embeds and JSON paths are described in words.
fn select(relation: &Relation) -> Value {
    let names = alternatives(relation);
    json!({
        "name": "select", "in": "query",
        "schema": { "type": "string", "pattern": format!("^(?:\\*|(?:{names})(?:,(?:{names}))*)?$") },
        "examples": { "all": { "value": "*" }, "first": { "value": relation.columns.first().map(|column| column.name.as_str()) } },
        "description": "Columns of the answer: `*` is every column that the caller may read, nothing is none of them. Also \
                        `alias:column`, `column::type`, `column->json->>path`, `count()`, related rows as `relation(…)`, `alias:relation!hint!inner(…)` and \
                        `...relation(…)`. Of a write it needs `Prefer: return=representation`.",
    })
}

fn order(relation: &Relation) -> Value {
    let names = alternatives(relation);
    let term = format!("(?:{names})(?:\\.(?:asc|desc))?(?:\\.(?:nullsfirst|nullslast))?");
    json!({
        "name": "order", "in": "query",
        "schema": { "type": "string", "pattern": format!("^{term}(?:,{term})*$") },
        "description": "By which columns rows are ordered, as in `created_at.desc.nullslast`. Also `relation(column)` of a related row.",
    })
}

/// Columns that new rows are found by where they may be there already.
pub(super) fn on_conflict(relation: &Relation) -> Option<Value> {
    let targets: Vec<String> = relation
        .conflict_targets
        .iter()
        .map(|target| {
            target.columns.iter().map(|place| relation.columns[*place].name.as_str()).collect::<Vec<_>>().join(",")
        })
        .collect();
    (!targets.is_empty()).then(|| {
        json!({
            "name": "on_conflict", "in": "query", "schema": { "enum": targets },
            "description": "With `Prefer: resolution=…`: the columns of the unique key by which rows are found. Without it, the primary key.",
        })
    })
}

/// A filter on a column.
fn filter(column: &Column) -> Value {
    let value = value_pattern(column);
    let mut forms = vec!["is\\.(?:null|not_null)".to_owned()];
    if column.is_json() {
        forms.push("(?:cs|cd)\\.\\{\\}".to_owned());
    } else if column.is_array() {
        forms.push("(?:cs|cd|ov|eq|neq)\\.\\{\\}".to_owned());
    } else {
        forms.push(format!("(?:eq|neq|gt|gte|lt|lte|isdistinct)\\.{value}"));
        forms.push(format!("in\\.\\({value}(?:,{value})*\\)"));
    }
    if column.category == 'S' {
        forms.push("(?:like|ilike)\\.[ -~]*".to_owned());
    }
    json!({
        "name": column.name, "in": "query",
        "schema": { "type": "string", "pattern": format!("^(?:not\\.)?(?:{})$", forms.join("|")) },
        "examples": { "equal": { "value": example(column) } },
    })
}

fn example(column: &Column) -> String {
    match column::example(column) {
        Value::String(text) if !column.is_array() => format!("eq.{text}"),
        Value::Number(number) => format!("eq.{number}"),
        Value::Bool(yes) => format!("eq.{yes}"),
        _ => "not.is.null".to_owned(),
    }
}

/// A value as a filter takes it; of texts only those that need no quotes within a list.
fn value_pattern(column: &Column) -> &'static str {
    match column.base_type.as_str() {
        "bool" => "(?:true|false)",
        "int2" => "-?[0-9]{1,4}",
        "int4" | "int8" => "-?[0-9]{1,9}",
        "float4" | "float8" | "numeric" => "-?[0-9]{1,9}(?:\\.[0-9]{1,4})?",
        "uuid" => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "date" => "20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])",
        "timestamp" | "timestamptz" => {
            "20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
        }
        _ => "[A-Za-z0-9 _.@-]*",
    }
}

/// The readable columns, as a pattern's alternatives.
fn alternatives(relation: &Relation) -> String {
    let is_plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    readable(relation).map(|column| column.name.as_str()).filter(is_plain).collect::<Vec<_>>().join("|")
}
