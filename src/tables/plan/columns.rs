use dialect::query::{Arrow, Field, Operand};

use super::Asker;
use super::types::Value;
use crate::tables::catalog::Relation;
use crate::tables::refusal::Refusal;

/// The longest name that PostgreSQL keeps; it would cut a longer key of the answer without a word.
const LONGEST_NAME: usize = 63;

impl Asker<'_> {
    /// The places of the columns that the caller's role may read; refused where there is none.
    pub(super) fn readable(&self, relation: &Relation) -> Result<Vec<usize>, Refusal> {
        let readable: Vec<usize> =
            (0..relation.columns.len()).filter(|place| relation.columns[*place].select.contain(self.role)).collect();
        if readable.is_empty() && !relation.columns.is_empty() {
            return Err(Refusal::denied(self.role, format!("permission denied for table {}", relation.name)));
        }
        Ok(readable)
    }

    /// A field that the caller's role may read.
    pub(super) fn value(&self, relation: &Relation, field: &Field) -> Result<Value, Refusal> {
        let place = self.readable_column(relation, &field.name)?;
        Ok(Value { column: place, path: field.path.clone() })
    }

    /// A column that the caller's role may read.
    pub(super) fn readable_column(&self, relation: &Relation, name: &str) -> Result<usize, Refusal> {
        let place = column(relation, name)?;
        if relation.columns[place].select.contain(self.role) {
            return Ok(place);
        }
        let message = format!("permission denied for column {name} of table {}", relation.name);
        Err(Refusal::denied(self.role, message)
            .hint("name the columns that you need, or use `*`: it leaves this one out"))
    }
}

/// A column, whoever may do what with it.
pub(super) fn column(relation: &Relation, name: &str) -> Result<usize, Refusal> {
    relation.position(name).ok_or_else(|| {
        let known = relation.columns.iter().map(|column| column.name.as_str());
        Refusal::no_column(&relation.name, name, known)
    })
}

/// The key that a field has in the answer without an alias.
pub(super) fn key_of(field: &Field) -> String {
    let last = field.path.iter().rev().find_map(|step| match &step.operand {
        Operand::Key(key) => Some(key.clone()),
        Operand::Index(_) => None,
    });
    last.unwrap_or_else(|| field.name.clone())
}

/// Refuses a key of the answer that PostgreSQL would cut or can't hold.
pub(super) fn checked_key(key: String) -> Result<String, Refusal> {
    if key.is_empty() || key.len() > LONGEST_NAME || key.contains('\0') {
        let message = format!("a key of the answer has between 1 and {LONGEST_NAME} bytes; this one has {}", key.len());
        return Err(Refusal::bad("PGRST100", message).hint("give it a shorter alias: `alias:column`"));
    }
    Ok(key)
}

/// A type that a value may be cast to, as SQL; the client's own word is only compared.
pub(super) fn cast(name: &str) -> Result<String, Refusal> {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    TYPES.iter().find(|(known, _)| *known == words).map(|(_, sql)| format!("pg_catalog.{sql}")).ok_or_else(|| {
        Refusal::bad("42704", format!("type \"{name}\" does not exist, or nothing is cast to it here"))
            .did_you_mean(&words, TYPES.iter().map(|(known, _)| *known))
    })
}

/// Types by the words for them, and what `pg_type` calls them.
const TYPES: &[(&str, &str)] = &[
    ("text", "text"),
    ("varchar", "\"varchar\""),
    ("character varying", "\"varchar\""),
    ("smallint", "int2"),
    ("int2", "int2"),
    ("int", "int4"),
    ("integer", "int4"),
    ("int4", "int4"),
    ("bigint", "int8"),
    ("int8", "int8"),
    ("numeric", "\"numeric\""),
    ("decimal", "\"numeric\""),
    ("real", "float4"),
    ("float4", "float4"),
    ("float", "float8"),
    ("float8", "float8"),
    ("double precision", "float8"),
    ("bool", "bool"),
    ("boolean", "bool"),
    ("date", "date"),
    ("time", "\"time\""),
    ("timetz", "timetz"),
    ("timestamp", "\"timestamp\""),
    ("timestamp without time zone", "\"timestamp\""),
    ("timestamptz", "timestamptz"),
    ("timestamp with time zone", "timestamptz"),
    ("interval", "\"interval\""),
    ("uuid", "uuid"),
    ("json", "json"),
    ("jsonb", "jsonb"),
];

impl Value {
    /// Whether the last step gives text.
    pub fn is_text_of_json(&self) -> bool {
        self.path.last().is_some_and(|step| step.arrow == Arrow::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_to_types_it_knows_and_to_nothing_else() {
        assert_eq!(cast("text").unwrap(), "pg_catalog.text");
        assert_eq!(cast(" Double  Precision").unwrap(), "pg_catalog.float8");
        let refused = cast("regclass").unwrap_err();
        assert_eq!((refused.code.as_str(), refused.status.as_u16()), ("42704", 400));
        assert_eq!(cast("txt").unwrap_err().hint.as_deref(), Some("did you mean `text`?"));
    }

    #[test]
    fn keys_are_as_long_as_names() {
        assert!(checked_key("a".repeat(63)).is_ok());
        assert!(checked_key("ü".repeat(32)).is_err(), "bytes count");
        assert!(checked_key(String::new()).is_err());
    }
}
