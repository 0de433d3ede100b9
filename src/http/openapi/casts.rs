//! What a column takes of JSON besides its own type.
//!
//! Forms of pages send numbers and yes or no as text, and PostgreSQL casts them, as PostgREST has it. An object or a list
//! in the place of a text is refused: nobody means its JSON.

use serde_json::{Map, Value, json};

use super::column::{Numeric, length};
use crate::tables::catalog::Column;

/// No JSON number is longer, as text, that a client would send.
const LONGEST_NUMBER: u32 = 40;

/// Words of a boolean, as PostgreSQL reads them: beginnings count where they are one's alone.
const BOOLEAN: &str = "^ *(?:1|0|[Tt](?:[Rr](?:[Uu][Ee]?)?)?|[Ff](?:[Aa](?:[Ll](?:[Ss][Ee]?)?)?)?|[Yy](?:[Ee][Ss]?)?|[Nn][Oo]?\
                       |[Oo][Nn]|[Oo][Ff][Ff]?) *$";

/// A list of plain words as PostgreSQL writes it, and the empty one.
const WORDS: &str = "^\\{(?:[A-Za-z0-9_-]+(?:,[A-Za-z0-9_-]+)*)?\\}$";
const NOTHING: &str = "^\\{\\}$";

/// Adds to the schema of a column's values what is cast to them.
pub(super) fn widen(column: &Column, schema: &mut Map<String, Value>) {
    if !column.values.is_empty() || !column.labels.is_empty() {
        return;
    }
    match column.base_type.as_str() {
        "bool" => {
            also(schema, &["integer", "string"]);
            schema.extend([("minimum".to_owned(), json!(0)), ("maximum".to_owned(), json!(1))]);
            schema.insert("pattern".to_owned(), json!(BOOLEAN));
        }
        "int2" => number(schema, &Numeric { whole: 4, fraction: 0 }),
        "int4" => number(schema, &Numeric { whole: 9, fraction: 0 }),
        "int8" => number(schema, &Numeric { whole: 18, fraction: 0 }),
        "numeric" | "float4" | "float8" => {
            number(schema, &Numeric::of(column).unwrap_or(Numeric { whole: 15, fraction: 15 }));
        }
        "text" | "varchar" if length(column).is_none_or(|length| length >= LONGEST_NUMBER) => {
            also(schema, &["number", "boolean"]);
        }
        "_text" | "_varchar" => {
            list(schema, WORDS);
            if let Some(Value::Object(items)) = schema.get_mut("items") {
                also(items, &["number", "boolean"]);
            }
        }
        _ if column.is_array() => list(schema, NOTHING),
        _ => {}
    }
}

fn number(schema: &mut Map<String, Value>, numeric: &Numeric) {
    let Numeric { whole, fraction } = numeric;
    let fraction = if *fraction == 0 { String::new() } else { format!("(?:\\.[0-9]{{1,{fraction}}})?") };
    also(schema, &["string"]);
    schema.insert("pattern".to_owned(), json!(format!("^ *[+-]?[0-9]{{1,{whole}}}{fraction} *$")));
}

fn list(schema: &mut Map<String, Value>, pattern: &str) {
    also(schema, &["string"]);
    schema.insert("pattern".to_owned(), json!(pattern));
}

/// Adds types to those that a schema has, before `null`.
fn also(schema: &mut Map<String, Value>, types: &[&str]) {
    let mut all = match schema.remove("type") {
        Some(Value::Array(all)) => all,
        Some(one) => vec![one],
        None => return,
    };
    let end = all.iter().position(|known| known == "null").unwrap_or(all.len());
    all.splice(end..end, types.iter().map(|more| json!(more)));
    schema.insert("type".to_owned(), Value::Array(all));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_stand_before_null() {
        let mut schema = Map::new();
        also(&mut schema, &["string"]);
        assert!(schema.is_empty(), "anything is taken already");
        schema.insert("type".to_owned(), json!(["integer", "null"]));
        also(&mut schema, &["string"]);
        assert_eq!(schema["type"], json!(["integer", "string", "null"]));
    }
}
