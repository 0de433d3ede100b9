//! The variables of a process as a form: plain ones as lines, secret ones one by one, which are never shown.

use serde_json::{Map, Value, json};

use crate::configurations::pages::value::is_mask;
use crate::problem::Fault;

/// The field of the plain ones.
pub(super) const FIELD: &str = "variables";

/// The fields of a secret that isn't there yet.
pub(super) const NEW_NAME: &str = "new_secret_name";

/// Its value.
pub(super) const NEW_VALUE: &str = "new_secret_value";

/// The longest text of them, in characters.
const LONGEST: usize = 100_000;

/// The plain variables, a line each: `NAME=value`, in quotes as JSON where a line can't hold it.
pub(super) fn text(variables: &Map<String, Value>) -> String {
    let plain = variables.iter().filter(|(_, value)| !is_mask(value));
    plain.map(|(name, value)| format!("{name}={}", told(value))).collect::<Vec<_>>().join("\n")
}

/// The names of the secret ones.
pub(super) fn secrets(variables: &Map<String, Value>) -> Vec<&str> {
    variables.iter().filter(|(_, value)| is_mask(value)).map(|(name, _)| name.as_str()).collect()
}

fn told(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a line reads back as this very text.
fn is_plain(text: &str) -> bool {
    !text.contains(['\n', '\r']) && !text.starts_with('"') && text.trim() == text
}

/// What somebody does with the secret ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Secrets {
    /// Other values.
    pub(super) set: Vec<(String, String)>,
    /// Those that go.
    pub(super) dropped: Vec<String>,
    /// One that is new.
    pub(super) new: Option<(String, String)>,
}

impl Secrets {
    /// Whether nothing is done.
    pub(super) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Variables, and the names of those that are secret.
pub(super) type Edited = (Map<String, Value>, Vec<String>);

/// The variables after an edit, and which of them are secret; every fault at once.
///
/// A value that reads as it did keeps its type; any other is text, as variables of a process are.
pub(super) fn edited(now: &Map<String, Value>, typed: Option<&str>, secrets: &Secrets) -> Result<Edited, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut all = match typed {
        Some(typed) => plain(now, typed, &mut faults),
        None => now.iter().filter(|(_, value)| !is_mask(value)).map(|(n, value)| (n.clone(), value.clone())).collect(),
    };
    for (name, mask) in now.iter().filter(|(name, value)| is_mask(value) && !secrets.dropped.contains(name)) {
        if all.contains_key(name) {
            let fault = fault(FIELD, "secret", format!("{name} is a secret variable"));
            faults.push(fault.mend("give it another value below, or drop it there first"));
            continue;
        }
        let set = secrets.set.iter().find(|(known, _)| known == name);
        all.insert(name.clone(), set.map_or_else(|| mask.clone(), |(_, value)| json!(value)));
    }
    let mut names: Vec<String> = secrets_of(now, secrets);
    if let Some((name, value)) = &secrets.new {
        faults.extend(misnamed(name).map(|detail| fault(NEW_NAME, "name", detail)));
        if all.contains_key(name) {
            faults.push(fault(NEW_NAME, "unique", format!("{name} is there already")));
        }
        if value.is_empty() {
            faults.push(fault(NEW_VALUE, "required", "a secret has to have a value".to_owned()));
        }
        all.insert(name.clone(), json!(value));
        names.push(name.clone());
    }
    if faults.is_empty() { Ok((all, names)) } else { Err(faults) }
}

fn secrets_of(now: &Map<String, Value>, secrets: &Secrets) -> Vec<String> {
    let kept = now.iter().filter(|(name, value)| is_mask(value) && !secrets.dropped.contains(name));
    kept.map(|(name, _)| name.clone()).collect()
}

fn plain(now: &Map<String, Value>, typed: &str, faults: &mut Vec<Fault>) -> Map<String, Value> {
    let mut all = Map::new();
    if typed.chars().count() > LONGEST {
        faults.push(fault(FIELD, "length", format!("has more than {LONGEST} characters")));
        return all;
    }
    for (number, line) in (1..).zip(typed.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match read(now, line) {
            Ok((name, _)) if all.contains_key(&name) => {
                faults.push(fault(FIELD, "unique", format!("line {number}: {name} is said twice")));
            }
            Ok((name, value)) => _ = all.insert(name, value),
            Err(detail) => faults.push(fault(FIELD, "line", format!("line {number}: {detail}"))),
        }
    }
    all
}

fn read(now: &Map<String, Value>, line: &str) -> Result<(String, Value), String> {
    let (name, text) = line.split_once('=').ok_or("there is no =, as in NAME=value")?;
    let (name, text) = (name.trim(), text.trim());
    // What is called otherwise already may stay so.
    if let Some(detail) = misnamed(name).filter(|_| !now.contains_key(name)) {
        return Err(detail);
    }
    if let Some(value) = now.get(name).filter(|value| told(value) == text) {
        return Ok((name.to_owned(), value.clone()));
    }
    if text.starts_with('"') {
        let value: String =
            serde_json::from_str(text).map_err(|_| "what begins with a quote is text of JSON".to_owned())?;
        return Ok((name.to_owned(), json!(value)));
    }
    Ok((name.to_owned(), json!(text)))
}

fn misnamed(name: &str) -> Option<String> {
    let is_good = !name.is_empty()
        && name.len() <= 255
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    (!is_good).then(|| "a variable is named with letters, digits and _, no digit first".to_owned())
}

fn fault(field: &str, rule: &str, detail: String) -> Fault {
    Fault::at(format!("/{field}"), rule, detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn members(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn mask() -> Value {
        json!({ "$secret": { "id": "an-id" } })
    }

    #[test]
    fn secrets_stay_unless_somebody_sets_or_drops_them() {
        let now = members(json!({ "A": "1", "KEY": mask(), "OLD": mask(), "PORT": 8080 }));
        assert_eq!(text(&now), "A=1\nPORT=8080");
        assert_eq!(secrets(&now), ["KEY", "OLD"]);
        let done = Secrets {
            set: vec![("KEY".to_owned(), "new".to_owned())],
            dropped: vec!["OLD".to_owned()],
            new: Some(("TOKEN".to_owned(), "t".to_owned())),
        };
        let (all, names) = edited(&now, Some("B = two words\r\nPORT=8080\n\n"), &done).expect("variables");
        assert_eq!(all, members(json!({ "B": "two words", "PORT": 8080, "KEY": "new", "TOKEN": "t" })));
        assert_eq!(names, ["KEY", "TOKEN"]);
        let (same, _) = edited(&now, None, &Secrets::default()).expect("variables");
        assert_eq!(same, now);
    }

    #[test]
    fn every_line_that_is_none_is_told_without_its_value() {
        let now = members(json!({ "KEY": mask() }));
        let new = Some(("1X".to_owned(), String::new()));
        let faults =
            edited(&now, Some("hunter2\nA=1\nA=2\n-=x\nKEY=hunter2\nQ=\"open"), &Secrets { new, ..Secrets::default() })
                .expect_err("faults");
        let rules: Vec<&str> = faults.iter().map(|fault| fault.rule.as_str()).collect();
        assert_eq!(rules, ["line", "unique", "line", "line", "secret", "name", "required"]);
        assert!(faults.iter().all(|fault| !fault.detail.contains("hunter2")), "{faults:?}");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_as_it_was(values in proptest::collection::btree_map("[A-Z_]{1,6}", "\\PC{0,12}|[ \n\"a]{0,6}", 0..5)) {
            let now: Map<String, Value> = values.into_iter().map(|(name, value)| (name, json!(value))).collect();
            let (all, _) = edited(&Map::new(), Some(&text(&now)), &Secrets::default()).expect("variables");
            prop_assert_eq!(all, now);
        }
    }
}
