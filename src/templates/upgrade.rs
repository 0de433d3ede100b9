//! Bringing a customization to another version of its template: what the old version said, what the new one says, and what
//! the client had set over the old one.
//!
//! What the client never touched follows the new version by itself, because a customization holds only what departs from
//! it. What it holds is settled value by value: the client's stays where the versions agree; a value that only repeated the
//! old default follows the new one; where both changed it, somebody chooses.

use std::collections::BTreeMap;

use layers::patch::Patch;
use layers::{Decision, Key, Schema, UpgradeStep, three_way};
use serde_json::{Map, Value, json};

use super::store::Version;
use super::types::{Choice, Step, Verdict};
use crate::problem::{Fault, Problem};
use crate::secrets::mask::is_meant as is_mask;

/// The values for the new version, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The customization's values; where there is a conflict, the client's.
    pub config: Value,
    /// What became of every value that the client had.
    pub steps: Vec<Step>,
}

impl Plan {
    /// The values about which somebody has to choose.
    pub fn conflicts(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.verdict == Verdict::Conflict)
    }
}

/// The defaults of a version: those of its schema, and over them its default configuration. References stay as they are
/// written.
pub fn defaults(version: &Map<String, Value>) -> Value {
    let own = Patch::of_value(version.get("default_configuration").cloned().unwrap_or_default());
    let schema = version.get("configuration_schema").and_then(|schema| Schema::compile(schema).ok());
    let all = match schema {
        Some(schema) => schema.defaults().patch().clone().then(own),
        None => own,
    };
    all.applied(None).unwrap_or_else(|| Value::Object(Map::new()))
}

/// Merges what the client had set with what changed between two versions, and does what somebody chose.
pub fn plan(old: &Value, new: &Value, ours: &Value, choices: &BTreeMap<String, Choice>) -> Result<Plan, Problem> {
    let merged = three_way(old, new, ours);
    let unknown: Vec<Fault> = choices.keys().filter_map(|path| unknown(path, &merged.steps)).collect();
    if !unknown.is_empty() {
        return Err(Problem::faults("some choices are about nothing that the customization holds", unknown));
    }
    let masked: Vec<Fault> = choices.iter().filter_map(|(path, choice)| masked(path, choice)).collect();
    if !masked.is_empty() {
        return Err(Problem::faults("some choices hold the mask of a secret, which is nothing to choose", masked));
    }
    let mut config = merged.value;
    let steps = merged.steps.into_iter().map(|step| {
        let chosen = choices.get(&step.path.to_string());
        match chosen {
            None | Some(Choice::Client) => {}
            Some(Choice::Template) => put(&mut config, &step.path, step.new.clone()),
            Some(Choice::Value(value)) => put(&mut config, &step.path, Some(value.clone())),
        }
        told(step, chosen.is_some())
    });
    let steps = steps.collect();
    leave_secrets_beneath(&mut config, ours);
    Ok(Plan { config, steps })
}

/// Takes secrets of the template's own out of a client's values: they belong to the template, and show from there.
fn leave_secrets_beneath(config: &mut Value, ours: &Value) {
    let Value::Object(members) = config else { return };
    members.retain(|name, value| {
        let ours = ours.get(name).unwrap_or(&Value::Null);
        if is_mask(value) {
            return value == ours;
        }
        let was_empty = is_empty(value);
        leave_secrets_beneath(value, ours);
        was_empty || !is_empty(value)
    });
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

/// A client's values with an empty mask for each secret that was only just chosen: nobody is shown those.
pub(super) fn without_secrets(config: &Value, versions: &[Version]) -> Value {
    let schemas: Vec<Schema> =
        versions.iter().filter_map(|version| Schema::compile(version.row.get("configuration_schema")?).ok()).collect();
    let mut config = config.clone();
    hide(&mut config, &mut Vec::new(), &|path| schemas.iter().any(|schema| schema.is_secret(path)));
    config
}

fn hide<'a>(value: &'a mut Value, path: &mut Vec<String>, is_secret: &dyn Fn(&[&str]) -> bool) {
    if is_mask(value) || value.is_null() {
        return;
    }
    if is_secret(&path.iter().map(String::as_str).collect::<Vec<_>>()) {
        *value = json!({ "$secret": {} });
        return;
    }
    let parts: Vec<(String, &'a mut Value)> = match value {
        Value::Object(members) => members.iter_mut().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter_mut().enumerate().map(|(place, item)| (place.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (step, part) in parts {
        path.push(step);
        hide(part, path, is_secret);
        path.pop();
    }
}

fn masked(path: &str, choice: &Choice) -> Option<Fault> {
    let Choice::Value(value) = choice else { return None };
    holds_mask(value).then(|| {
        Fault::at(choice_of(path), "mask", "this holds the mask of a secret")
            .mend("choose client to keep the secret that stands there, or send the secret itself")
    })
}

fn holds_mask(value: &Value) -> bool {
    match value {
        _ if is_mask(value) => true,
        Value::Array(items) => items.iter().any(holds_mask),
        Value::Object(members) => members.values().any(holds_mask),
        _ => false,
    }
}

fn unknown(path: &str, steps: &[UpgradeStep]) -> Option<Fault> {
    if steps.iter().any(|step| step.path.to_string() == path) {
        return None;
    }
    let fault = Fault::at(choice_of(path), "absent", "the customization sets nothing there");
    Some(fault.mend("name a path of `steps`, as a dry run tells them"))
}

fn choice_of(path: &str) -> String {
    format!("/choices/{}", path.replace('~', "~0").replace('/', "~1"))
}

fn told(step: UpgradeStep, is_chosen: bool) -> Step {
    let UpgradeStep { path, old, new, ours, decision } = step;
    let verdict = match decision {
        _ if is_chosen => Verdict::Chosen,
        Decision::Kept => Verdict::Kept,
        Decision::Taken => Verdict::Taken,
        Decision::Dropped => Verdict::Dropped,
        Decision::Conflict => Verdict::Conflict,
    };
    Step { path: path.to_string(), old, new, client: ours, verdict }
}

/// Puts a value at a place, or takes away what is there.
fn put(config: &mut Value, path: &Key, value: Option<Value>) {
    let Some((last, parents)) = path.segments().split_last() else { return };
    let parent = Key::of(parents.iter().cloned());
    match (parent.find_mut(config).and_then(Value::as_object_mut), value) {
        (Some(parent), Some(value)) => _ = parent.insert(last.to_string(), value),
        (Some(parent), None) => _ = parent.remove(&**last),
        // What was there was left out with its parents, and with nothing in their place nothing has to be taken away.
        (None, Some(value)) => put(config, &parent, Some(Value::Object(Map::from_iter([(last.to_string(), value)])))),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(pairs: &[(&str, Choice)]) -> BTreeMap<String, Choice> {
        pairs.iter().map(|(path, choice)| ((*path).to_owned(), choice.clone())).collect()
    }

    /// Old defaults, new defaults, and what the client had set.
    fn example() -> [Value; 3] {
        [
            json!({ "title": "Shop", "colour": "red", "hours": { "open": 9, "close": 17 }, "fax": "none" }),
            json!({ "title": "Shop", "colour": "blue", "hours": { "open": 8, "close": 18 } }),
            json!({ "title": "Acme", "colour": "red", "hours": { "close": 20 }, "fax": "none", "own": 1 }),
        ]
    }

    #[test]
    fn what_can_be_settled_is_settled_and_the_rest_is_asked() {
        let [old, new, ours] = example();
        let plan = plan(&old, &new, &ours, &BTreeMap::new()).expect("a plan");
        let verdicts: Vec<(&str, Verdict)> = plan.steps.iter().map(|step| (step.path.as_str(), step.verdict)).collect();
        assert_eq!(
            verdicts,
            [
                ("colour", Verdict::Taken),
                ("fax", Verdict::Dropped),
                ("hours.close", Verdict::Conflict),
                ("own", Verdict::Kept),
                ("title", Verdict::Kept),
            ]
        );
        assert_eq!(plan.config, json!({ "colour": "blue", "hours": { "close": 20 }, "own": 1, "title": "Acme" }));
        assert_eq!(plan.conflicts().count(), 1);
    }

    #[test]
    fn a_choice_decides() {
        let [old, new, ours] = example();
        let config = |choice: Choice| plan(&old, &new, &ours, &choices(&[("hours.close", choice)])).expect("a plan");
        assert_eq!(config(Choice::Client).config["hours"], json!({ "close": 20 }));
        assert_eq!(config(Choice::Template).config["hours"], json!({ "close": 18 }));
        assert_eq!(config(Choice::Value(json!(21))).config["hours"], json!({ "close": 21 }));
        assert_eq!(config(Choice::Client).conflicts().count(), 0);
        let without = plan(&old, &new, &ours, &choices(&[("own", Choice::Template)])).expect("a plan");
        assert_eq!(without.config.get("own"), None, "what the new version doesn't know can be let go");
        let back = plan(&old, &new, &ours, &choices(&[("fax", Choice::Value(json!("yes")))])).expect("a plan");
        assert_eq!(back.config["fax"], "yes");
    }

    #[test]
    fn a_choice_about_nothing_is_refused() {
        let [old, new, ours] = example();
        let problem = plan(&old, &new, &ours, &choices(&[("hours", Choice::Client), ("a/b", Choice::Client)]));
        let pointers: Vec<String> = problem.expect_err("two").errors.into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/choices/a~1b", "/choices/hours"]);
    }

    #[test]
    fn secrets_stay_where_they_belong() {
        let mask = |id: &str| json!({ "$secret": { "id": id } });
        let old = json!({ "key": "", "mail": { "from": "a" } });
        let new = json!({ "key": mask("template"), "mail": { "from": "a", "pin": mask("template") } });
        let ours = json!({ "key": "", "mail": { "from": "b", "password": mask("client") } });
        let plan = plan(&old, &new, &ours, &BTreeMap::new()).expect("a plan");
        assert_eq!(plan.config, json!({ "mail": { "from": "b", "password": mask("client") } }));
        assert_eq!(plan.steps[0].verdict, Verdict::Taken, "the template's secret shows from beneath");
        let copied = choices(&[("key", Choice::Value(json!([mask("client")])))]);
        let problem = super::plan(&old, &new, &ours, &copied).expect_err("a mask isn't chosen");
        assert_eq!((problem.errors[0].pointer.as_str(), problem.errors[0].rule.as_str()), ("/choices/key", "mask"));
    }

    #[test]
    fn secrets_that_were_chosen_are_shown_to_nobody() {
        let schema = json!({ "properties": { "keys": { "items": { "x-secret": true } }, "mail": { "properties": { "key": { "x-secret": true } } } } });
        let row = Map::from_iter([("configuration_schema".to_owned(), schema)]);
        let (id, created_at) = (uuid::Uuid::nil(), jiff::Timestamp::UNIX_EPOCH);
        let version = Version { id, number: "1.0.0".to_owned(), stage: None, created_at, row };
        let mask = json!({ "$secret": { "id": "x" } });
        let config = json!({ "keys": ["plain", mask], "mail": { "key": { "deep": "plain" }, "from": "a" } });
        let shown = json!({ "keys": [{ "$secret": {} }, mask], "mail": { "key": { "$secret": {} }, "from": "a" } });
        assert_eq!(without_secrets(&config, &[version]), shown);
    }

    #[test]
    fn defaults_are_those_of_schema_and_version() {
        let row = json!({
            "configuration_schema": { "properties": { "a": { "default": 1 }, "b": { "properties": { "c": { "default": "${a}" } } } } },
            "default_configuration": { "a": 2 },
        });
        let row = row.as_object().expect("an object");
        assert_eq!(defaults(row), json!({ "a": 2, "b": { "c": "${a}" } }));
    }
}
