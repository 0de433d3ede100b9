//! Functions of `public`. The table API serves none yet, but a file that leaves them out wouldn't compile where the one of
//! `supabase gen types` did.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde::Deserialize;

use super::layout::{Page, Shape, key, text};
use super::order::by_name;
use super::typescript::Source;

/// A function, without those that only triggers call.
#[derive(Clone, Debug, Deserialize)]
pub struct Function {
    name: String,
    /// Its arguments and its result as PostgreSQL prints them, which tell it from others of its name.
    arguments: String,
    result: String,
    args: Vec<Argument>,
    returns: String,
    /// Whether the result is a row of a table, a view or a composite type.
    returns_row: bool,
    is_set: bool,
    /// How many rows the planner expects of a set.
    rows: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    pg_type: String,
    mode: char,
    has_default: Option<bool>,
    is_row: bool,
}

impl Function {
    fn inputs(&self) -> Vec<&Argument> {
        let mut inputs: Vec<&Argument> = self.args.iter().filter(|argument| "ibv".contains(argument.mode)).collect();
        inputs.sort_by(|a, b| by_name(&a.name, &b.name));
        inputs
    }

    /// Whether `rpc` of PostgREST can name its arguments: all have names, or the one without takes the whole body.
    fn is_callable(&self) -> bool {
        let inputs = self.inputs();
        let takes_body = |argument: &Argument| ["json", "jsonb", "text"].contains(&argument.pg_type.as_str());
        match inputs.as_slice() {
            [one] if one.name.is_empty() => takes_body(one),
            several => several.iter().all(|argument| {
                !argument.name.is_empty() || argument.has_default == Some(true) && takes_body(argument)
            }),
        }
    }

    fn returns_several(&self) -> bool {
        self.rows.is_some_and(|rows| rows > 1.0)
    }

    fn order(&self, other: &Self) -> Ordering {
        by_name(&self.name, &other.name)
            .then_with(|| by_name(&self.arguments, &other.arguments))
            .then_with(|| by_name(&self.result, &other.result))
    }
}

impl Source<'_> {
    pub(super) fn functions(self, page: &mut Page) {
        let mut all: Vec<&Function> = self.surroundings.functions.iter().filter(|f| f.is_callable()).collect();
        all.sort_by(|a, b| a.order(b));
        page.part("Functions", all.is_empty(), |page| {
            let mut written = HashSet::new();
            for function in &all {
                if written.insert(&function.name) {
                    let overloads = all.iter().filter(|other| other.name == function.name);
                    page.shapes(&key(&function.name), &overloads.map(|f| self.function(f)).collect::<Vec<_>>());
                }
            }
        });
    }

    fn function(self, function: &Function) -> Shape {
        let mut entries =
            vec![("Args".to_owned(), self.arguments(function)), ("Returns".to_owned(), self.result(function))];
        entries.extend(setof_options(function).map(|options| ("SetofOptions".to_owned(), options)));
        Shape::object(entries)
    }

    fn arguments(self, function: &Function) -> Shape {
        let inputs = function.inputs();
        if inputs.is_empty() {
            return Shape::text("Record<PropertyKey, never>");
        }
        let entries = inputs.into_iter().map(|argument| {
            let mark = if argument.has_default == Some(true) { "?" } else { "" };
            (format!("{}{mark}", key(&argument.name)), Shape::text(&self.of_value(&argument.pg_type)))
        });
        Shape::object(entries.collect())
    }

    fn result(self, function: &Function) -> Shape {
        let is_collapsed = function.returns_row && !function.returns_several();
        let end = if function.is_set && !is_collapsed { "[]" } else { "" };
        let columns: Vec<&Argument> = function.args.iter().filter(|argument| argument.mode == 't').collect();
        if !columns.is_empty() {
            let mut columns = columns;
            columns.sort_by(|a, b| by_name(&a.name, &b.name));
            let entries =
                columns.into_iter().map(|column| (key(&column.name), Shape::text(&self.of_value(&column.pg_type))));
            return Shape::open(entries.collect(), end);
        }
        let relation = self.catalog.by_name(&function.returns).filter(|_| function.returns_row);
        match relation {
            Some(relation) => {
                let mut columns: Vec<_> = relation.columns.iter().collect();
                columns.sort_by(|a, b| by_name(&a.name, &b.name));
                let entries = columns
                    .into_iter()
                    .map(|column| (key(&column.name), Shape::Union(self.of_column(column, !column.not_null))));
                Shape::open(entries.collect(), end)
            }
            None => Shape::text(&format!("{}{end}", self.of_value(&function.returns))),
        }
    }
}

/// What supabase-js needs to select of the rows that a function gives.
fn setof_options(function: &Function) -> Option<Shape> {
    if !function.returns_row {
        return None;
    }
    let from = match function.args.as_slice() {
        [one] if one.is_row => text(&one.pg_type),
        _ => text("*"),
    };
    let entries = [
        ("from", from),
        ("to", text(&function.returns)),
        ("isOneToOne", (!function.returns_several()).to_string()),
        ("isSetofReturn", function.is_set.to_string()),
    ];
    Some(Shape::open(
        entries.into_iter().map(|(name, value)| (name.to_owned(), Shape::Union(vec![value]))).collect(),
        "",
    ))
}
