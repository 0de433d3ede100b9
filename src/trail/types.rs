use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::audit::entry::Entry;
use crate::console::components::read_moment;
use crate::problem::{Fault, Problem};

/// What entries say that no table's rows are, as the server writes them.
pub(super) const EVENTS: [&str; 12] = [
    "sign_in",
    "reveal",
    "secret_read",
    "export",
    "backup",
    "restore",
    "migration",
    "rotate_keys",
    "sweep_secrets",
    "erasure",
    "retention",
    "seals_missing",
];

/// What is done to rows.
pub(super) const ROW_ACTIONS: [&str; 4] = ["insert", "update", "delete", "truncate"];

/// What narrows a list of entries; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Who did it.
    pub(super) person: Option<Uuid>,
    /// Whom it concerns.
    pub(super) client: Option<Uuid>,
    /// The same by a part of the client's name.
    pub(super) client_name: Option<String>,
    /// The table.
    pub(super) table: Option<Table>,
    /// Its row.
    pub(super) row: Option<String>,
    /// What was done.
    pub(super) action: Option<String>,
    /// From this moment on.
    pub(super) from: Option<Timestamp>,
    /// Until this moment, not included.
    pub(super) until: Option<Timestamp>,
    /// The number of the request.
    pub(super) request: Option<String>,
}

/// A table by its schema and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
}

impl Table {
    /// As an address names it: one of `public` by its name alone.
    pub(super) fn word(&self) -> String {
        if self.schema == "public" { self.name.clone() } else { format!("{}.{}", self.schema, self.name) }
    }

    fn by_word(word: &str) -> Self {
        let (schema, name) = word.split_once('.').unwrap_or(("public", word));
        Self { schema: schema.to_owned(), name: name.to_owned() }
    }
}

impl Filter {
    /// By what was asked under a name; moments without a zone are in the reader's. Everything that can't be read is told.
    pub(super) fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>, zone: &TimeZone) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let text = |name: &str| asked(name).map(ToOwned::to_owned);
        let person = asked("person").map(Uuid::try_parse).transpose().unwrap_or_else(|_| {
            faults.push(Fault::at("person", "id", "this is nobody's id").mend("choose somebody of the list"));
            None
        });
        let mut moment = |name: &'static str| {
            let read = asked(name).map(|text| read_moment(text, zone));
            if read == Some(None) {
                let fault = Fault::at(name, "moment", "this is no moment");
                faults.push(fault.mend("write one such as 2026-11-23T10:00, or leave it out"));
            }
            read.flatten()
        };
        let (from, until) = (moment("from"), moment("until"));
        if !faults.is_empty() {
            return Err(Problem::faults("the log can't be narrowed so", faults));
        }
        let client = asked("client").and_then(|word| Uuid::try_parse(word).ok());
        Ok(Self {
            person,
            client,
            client_name: text("client").filter(|_| client.is_none()),
            table: asked("table").map(Table::by_word),
            row: text("row"),
            action: text("action"),
            from,
            until,
            request: text("request"),
        })
    }

    /// As the entry says it that tells of an export.
    pub(super) fn told(&self) -> Value {
        let Self { person, client, client_name, table, row, action, from, until, request } = self;
        let mut told = Map::new();
        let mut tell = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                told.insert(name.to_owned(), value);
            }
        };
        tell("person", person.map(|id| json!(id)));
        tell("client", client.map(|id| json!(id)).or(client_name.as_ref().map(|name| json!(name))));
        tell("table", table.as_ref().map(|table| json!(table.word())));
        tell("row", row.as_ref().map(|row| json!(row)));
        tell("action", action.as_ref().map(|action| json!(action)));
        tell("from", from.map(|at| json!(at)));
        tell("until", until.map(|at| json!(at)));
        tell("request", request.as_ref().map(|number| json!(number)));
        Value::Object(told)
    }
}

/// A seal, as far as pages tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    /// Its place in the chain.
    pub(super) number: i64,
    /// When it was made.
    pub(super) at: Timestamp,
    /// Its hash, as `audit verify` takes it.
    pub(super) hash: String,
}

impl Seal {
    /// Its number and hash, which prove one day that nothing before was rewritten.
    pub(super) fn head(&self) -> String {
        format!("{}:{}", self.number, self.hash)
    }
}

/// One place of a row before and after.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// The column, or a path within its document.
    pub(super) name: String,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// What an entry says was different, place by place; secrets covered.
pub(super) fn places(entry: &Entry) -> Vec<Place> {
    let read = |text: &Option<String>| Some(covered(serde_json::from_str(text.as_deref()?).ok()?));
    match (read(&entry.before), read(&entry.after)) {
        (Some(before), Some(after)) => layers::diff(&before, &after)
            .into_iter()
            .map(|found| Place { name: found.path.to_string(), before: found.before, after: found.after })
            .collect(),
        (None, Some(Value::Object(row))) => {
            told(row).map(|(name, value)| Place { name, before: None, after: Some(value) }).collect()
        }
        (Some(Value::Object(row)), None) => {
            told(row).map(|(name, value)| Place { name, before: Some(value), after: None }).collect()
        }
        _ => Vec::new(),
    }
}

/// What a whole row says: columns that hold nothing don't.
fn told(row: Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    };
    row.into_iter().filter(move |(_, value)| says(value))
}

/// What else an entry tells, for what is no row.
pub(super) fn details(entry: &Entry) -> Option<Value> {
    entry.details.as_deref().and_then(|text| serde_json::from_str(text).ok()).map(covered)
}

/// A value with dots in the places of secrets; another fingerprint tells that it is another secret.
fn covered(value: Value) -> Value {
    match value {
        Value::Object(members) => match mask(&members) {
            Some(said) => Value::String(said),
            None => members.into_iter().map(|(name, value)| (name, covered(value))).collect(),
        },
        Value::Array(items) => items.into_iter().map(covered).collect(),
        other => other,
    }
}

fn mask(members: &Map<String, Value>) -> Option<String> {
    let (name, said) = members.iter().next().filter(|_| members.len() == 1)?;
    let fingerprint = said.get("fingerprint").and_then(Value::as_str);
    match (name.as_str(), fingerprint) {
        ("$secret", Some(fingerprint)) => Some(format!("•••••••• ({})", fingerprint.get(..8).unwrap_or(fingerprint))),
        ("$secret", None) if said.is_object() => Some("••••••••".to_owned()),
        ("$hidden", _) => Some("••••••••".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(pairs: &'static [(&'static str, &'static str)]) -> Result<Filter, Problem> {
        let asked = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        Filter::parse(asked, &TimeZone::UTC)
    }

    #[test]
    fn a_filter_says_everything_that_it_cannot_read() {
        let refused = by(&[("person", "' OR true"), ("from", "soon"), ("until", "2026-13-01")]).expect_err("nonsense");
        let places: Vec<&str> = refused.errors.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(places, ["person", "from", "until"]);
        assert_eq!(by(&[]), Ok(Filter::default()));
    }

    #[test]
    fn a_client_is_meant_by_its_id_or_by_a_part_of_its_name() {
        let known = by(&[("client", "c0000000-0000-4000-8000-00000000000c")]).expect("a filter");
        assert!(known.client.is_some() && known.client_name.is_none());
        assert_eq!(by(&[("client", "lumen")]).expect("a filter").client_name.as_deref(), Some("lumen"));
    }

    #[test]
    fn a_table_is_named_with_its_schema_where_it_isnt_the_usual_one() {
        for word in ["clients_enhanced", "tenantry.people"] {
            assert_eq!(Table::by_word(word).word(), word);
        }
    }

    #[test]
    fn secrets_are_covered_wherever_they_stand() {
        let mask = json!({ "$secret": { "id": "an-id", "fingerprint": "0123456789" } });
        let shown = covered(json!({ "a": [mask, 1], "b": { "$hidden": true }, "c": { "$secret": 1, "d": 2 } }));
        assert_eq!(shown, json!({ "a": ["•••••••• (01234567)", 1], "b": "••••••••", "c": { "$secret": 1, "d": 2 } }));
    }
}
