//! Import: files of variables or documents, each of whose values becomes an edit of one change.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::wanted::{Said, Scope, no_environment};
use crate::problem::Fault;
use crate::secrets::is_secret_variable;

mod dotenv;
mod yaml;

/// The deepest document that is taken apart.
const DEEPEST: usize = 64;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Lines of NAME=value.
    Dotenv,
    /// A JSON object.
    Json,
    /// A YAML mapping.
    Yaml,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dotenv => "dotenv",
            Self::Json => "json",
            Self::Yaml => "yaml",
        })
    }
}

/// A file to import, and where its values shall stand.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// How the file is written.
    pub format: Format,
    /// The file.
    #[schema(example = "SUPPORT_EMAIL=help@acme.example\n")]
    pub content: String,
    /// The client; none for global or template rows.
    pub client_id: Option<Uuid>,
    /// The template; none for rows that apply whatever the template.
    pub template_id: Option<String>,
    /// all, development, staging or production; `all` where it is left out.
    pub environment: Option<String>,
    /// The key beneath which the values stand; left out, they stand at the top.
    #[schema(example = "mail")]
    pub beneath: Option<String>,
    /// Names or keys, as the file has them, whose values are secrets; of a dotenv file those are as well whose name or form
    /// says so.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// What the change is for.
    pub reason: String,
}

/// The keys that variables stand for: by the names that a template's schema gives them.
pub(super) type EnvironmentNames = HashMap<String, String>;

impl Import {
    /// The edits that it comes to; every fault at once.
    pub(super) fn edits(&self, names: &EnvironmentNames) -> Result<Vec<Said>, Vec<Fault>> {
        let environment = self.environment.clone().unwrap_or_else(|| "all".to_owned());
        let mut faults: Vec<Fault> = no_environment("/environment", &environment).into_iter().collect();
        let values = match self.format {
            Format::Dotenv => variables(&self.content, names),
            Format::Json => json_document(&self.content),
            Format::Yaml => yaml_document(&self.content),
        };
        let values = values.unwrap_or_else(|found| {
            faults.extend(found);
            Vec::new()
        });
        let mut seen = HashSet::new();
        for value in &values {
            if !seen.insert(value.key.as_str()) {
                faults.push(
                    Fault::at("/content", "two edits of one key", format!("{} stands there twice", value.place()))
                        .mend("leave one of them out"),
                );
            }
        }
        let known: HashSet<&str> = values.iter().flat_map(|value| [value.key.as_str(), value.name.as_str()]).collect();
        for secret in self.secrets.iter().filter(|secret| !known.contains(secret.as_str())) {
            faults.push(
                Fault::at("/secrets", "secrets", format!("the file has no {secret}")).mend("name keys of the file"),
            );
        }
        if values.is_empty() && faults.is_empty() {
            faults.push(Fault::at("/content", "count", "there is no value in it").mend("send at least one"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let scope = Scope { client_id: self.client_id, template_id: self.template_id.clone(), environment };
        Ok(values.into_iter().map(|value| self.edit(value, scope.clone())).collect())
    }

    fn edit(&self, found: Found, scope: Scope) -> Said {
        let mut columns = Map::new();
        let is_named = self.secrets.iter().any(|secret| [&found.key, &found.name].contains(&secret));
        // As of any variables, those are secret as well whose name or form says so.
        let says_so = matches!(self.format, Format::Dotenv) && is_secret_variable(&found.name, &found.value);
        let is_secret = is_named || says_so;
        if is_secret {
            columns.insert("is_encrypted".to_owned(), json!(true));
        }
        let value = match found.value {
            // Whoever wrote a file of variables meant the text: `${…}` there isn't a reference of ours. That of a secret is
            // never read as one.
            Value::String(text) if matches!(self.format, Format::Dotenv) && !is_secret => {
                text.replace("${", "$${").into()
            }
            value => value,
        };
        columns.insert("configuration_value".to_owned(), value);
        let key = match self.beneath.as_deref().filter(|beneath| !beneath.is_empty()) {
            Some(beneath) => format!("{beneath}.{}", found.key),
            None => found.key,
        };
        Said::Key { key, scope, columns: Some(columns), base: None }
    }
}

/// A value of a file.
struct Found {
    key: String,
    /// As the file calls it.
    name: String,
    line: Option<usize>,
    value: Value,
}

impl Found {
    fn place(&self) -> String {
        self.line.map_or_else(|| self.name.clone(), |line| format!("{} (line {line})", self.name))
    }
}

fn variables(content: &str, names: &EnvironmentNames) -> Result<Vec<Found>, Vec<Fault>> {
    let found = |variable: dotenv::Variable| Found {
        key: names.get(&variable.name).cloned().unwrap_or_else(|| variable.name.clone()),
        name: variable.name,
        line: Some(variable.line),
        value: Value::String(variable.value),
    };
    Ok(dotenv::read(content)?.into_iter().map(found).collect())
}

fn json_document(content: &str) -> Result<Vec<Found>, Vec<Fault>> {
    let content = content.trim_start_matches('\u{feff}');
    let document: Value = serde_json::from_str(content).map_err(|error| {
        let place = format!("line {}, column {}: this is no JSON", error.line(), error.column());
        vec![Fault::at("/content", "json", place).mend("send one JSON object")]
    })?;
    refuse_lost(&layers::written::lost(content))?;
    leaves(document)
}

fn yaml_document(content: &str) -> Result<Vec<Found>, Vec<Fault>> {
    let content = content.trim_start_matches('\u{feff}');
    let document = yaml::read(content).map_err(|error| {
        // What the parser says may repeat a value; where it stopped doesn't.
        let place = error.location().map_or_else(
            || "this is no YAML that JSON could say".to_owned(),
            |place| format!("line {}, column {}: this is no YAML that JSON could say", place.line(), place.column()),
        );
        vec![Fault::at("/content", "yaml", place).mend("send one mapping with keys of text")]
    })?;
    refuse_lost(&yaml::lost(content, &document))?;
    leaves(document)
}

/// Refuses a file of which something would be lost.
fn refuse_lost(found: &[layers::Problem]) -> Result<(), Vec<Fault>> {
    let fault = |problem: &layers::Problem| {
        let detail = format!("{}: {}", problem.path.pointer(), problem.detail);
        Fault::at("/content", problem.rule.name(), detail).mend(problem.mend.clone())
    };
    if found.is_empty() { Ok(()) } else { Err(found.iter().map(fault).collect()) }
}

/// The values of a document, each by the longest key that can name it.
fn leaves(document: Value) -> Result<Vec<Found>, Vec<Fault>> {
    let Value::Object(document) = document else {
        return Err(vec![Fault::at("/content", "type", "the file holds no object").mend("send an object of keys")]);
    };
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for (name, value) in document {
        if is_segment(&name) {
            take_apart(name, value, 1, &mut found);
        } else {
            faults.push(
                Fault::at("/content", "key", "a key at the top has other characters than A-Z a-z 0-9 _ -")
                    .mend("rename it"),
            );
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn take_apart(key: String, value: Value, depth: usize, found: &mut Vec<Found>) {
    match value {
        // An object whose keys no row could name is one value, and so is what means something to Tenantry.
        Value::Object(members)
            if depth < DEEPEST && !members.is_empty() && members.keys().all(|name| is_segment(name)) =>
        {
            for (name, value) in members {
                take_apart(format!("{key}.{name}"), value, depth + 1, found);
            }
        }
        value => found.push(Found { name: key.clone(), key, line: None, value }),
    }
}

fn is_segment(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(format: Format, content: &str) -> Import {
        Import {
            format,
            content: content.to_owned(),
            client_id: None,
            template_id: None,
            environment: None,
            beneath: None,
            secrets: Vec::new(),
            reason: "test".to_owned(),
        }
    }

    fn keys(import: &Import) -> Vec<(String, Value)> {
        let edits = import.edits(&EnvironmentNames::new()).expect("edits");
        let told = |said: Said| match said {
            Said::Key { key, columns: Some(columns), .. } => Some((key, columns["configuration_value"].clone())),
            _ => None,
        };
        edits.into_iter().filter_map(told).collect()
    }

    #[test]
    fn a_document_comes_apart_into_its_values() {
        let expected = vec![
            ("a.b".to_owned(), json!(1)),
            ("a.c".to_owned(), json!([1, { "x": 2 }])),
            ("d".to_owned(), json!({ "a b": 3 })),
            ("e".to_owned(), json!({})),
        ];
        let json = r#"{ "a": { "b": 1, "c": [1, { "x": 2 }] }, "d": { "a b": 3 }, "e": {} }"#;
        assert_eq!(keys(&import(Format::Json, json)), expected);
        let yaml = "a:\n  b: 1\n  c: [1, {x: 2}]\nd: {a b: 3}\ne: {}\n";
        assert_eq!(keys(&import(Format::Yaml, yaml)), expected);
    }

    #[test]
    fn variables_stand_where_the_schema_says_and_mean_their_text() {
        let names = EnvironmentNames::from([("SUPPORT".to_owned(), "support.email".to_owned())]);
        let content = "SUPPORT=a@b\nURL=x/${Y}\nDB_PASSWORD=p${Y}\n";
        let edits = import(Format::Dotenv, content).edits(&names).expect("edits");
        assert!(matches!(&edits[0], Said::Key { key, .. } if key == "support.email"));
        assert!(
            matches!(&edits[1], Said::Key { columns: Some(columns), .. } if columns["configuration_value"] == "x/$${Y}")
        );
        assert!(
            matches!(&edits[2], Said::Key { columns: Some(columns), .. } if columns["configuration_value"] == "p${Y}"),
            "a secret's text is never read"
        );
    }

    #[test]
    fn files_of_other_systems_are_read_as_well() {
        let dotenv = "\u{feff}export A=1\r\nexport\tB='two words'\r\nC=\"over\r\ntwo lines\"\r\nD=\r\n";
        let expected = [("A", "1"), ("B", "two words"), ("C", "over\ntwo lines"), ("D", "")];
        let expected: Vec<(String, Value)> = expected.map(|(key, value)| (key.to_owned(), json!(value))).into();
        assert_eq!(keys(&import(Format::Dotenv, dotenv)), expected);
        let one = vec![("a".to_owned(), json!("x"))];
        assert_eq!(keys(&import(Format::Json, "\u{feff}{\r\n\"a\": \"x\"}\r\n")), one);
        assert_eq!(keys(&import(Format::Yaml, "\u{feff}a: x\r\n")), one);
    }

    #[test]
    fn files_that_mean_more_than_they_say_are_refused() {
        let doubled: String = (1..40).map(|n| format!("b{n}: &x{n} [*x{0}, *x{0}, *x{0}]\n", n - 1)).collect();
        let (deep, flow) = ("[".repeat(10_000), "{a: ".repeat(10_000));
        for (format, content) in [
            (Format::Yaml, format!("b0: &x0 [1]\n{doubled}")),
            (Format::Yaml, format!("a: {deep}")),
            (Format::Yaml, format!("a: {flow}")),
            (Format::Yaml, "a: &a [*a]\n".to_owned()),
            (Format::Yaml, "a: *nothing\n".to_owned()),
            (Format::Yaml, "a: 1\na: 2\n".to_owned()),
            (Format::Yaml, "a: 1\n---\nb: 2\n".to_owned()),
            (Format::Yaml, "a: .nan\n".to_owned()),
            (Format::Yaml, "a: 18446744073709551616\n".to_owned()),
            (Format::Json, format!("{{\"a\": {deep}")),
            (Format::Json, "{\"a\": 1, \"a\": 2}".to_owned()),
            (Format::Json, "{\"a\": {\"b\": 1, \"b\": 2}}".to_owned()),
            (Format::Json, "{\"a\": 1} {\"b\": 2}".to_owned()),
            (Format::Dotenv, "export A\n".to_owned()),
            (Format::Dotenv, "A='never closed\nB=2\n".to_owned()),
            (Format::Dotenv, "A=1\rB=2\nA=3\n".to_owned()),
        ] {
            let faults = import(format, &content).edits(&EnvironmentNames::new()).expect_err("a fault");
            let told: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
            assert!(!told.is_empty() && told.iter().all(|pointer| *pointer == "/content"), "{format}: {told:?}");
            assert!(faults.iter().all(|fault| fault.mend.is_some() && !fault.detail.contains("hunter2")), "{faults:?}");
        }
    }

    #[test]
    fn every_fault_is_said() {
        let mut twice = import(Format::Dotenv, "A=1\nA=2\n");
        twice.environment = Some("qa".to_owned());
        twice.secrets = vec!["B".to_owned()];
        let rules: Vec<String> =
            twice.edits(&EnvironmentNames::new()).expect_err("faults").into_iter().map(|fault| fault.rule).collect();
        assert_eq!(rules, ["environment", "two edits of one key", "secrets"]);
        for (format, content) in [
            (Format::Json, "[1]"),
            (Format::Json, "{"),
            (Format::Yaml, "a: [1"),
            (Format::Yaml, "? [a]\n: 1"),
            (Format::Json, "{}"),
        ] {
            assert!(import(format, content).edits(&EnvironmentNames::new()).is_err(), "{content}");
        }
    }
}
