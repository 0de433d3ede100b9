use std::cmp::Ordering;

use semver::Version as Number;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::store::{self, Version};
use super::types::{NewVersion, Published, Stage, Start};
use crate::configurations::changes::{Tools, apply_any};
use crate::configurations::documents;
use crate::configurations::{ConfigTable, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// What a version takes over from the one that it starts from.
const CONTENT: &[&str] = &[
    "template_name",
    "configuration_schema",
    "default_configuration",
    "required_fields",
    "optional_fields",
    "validation_rules",
    "validation_enabled",
    "category",
    "tags",
    "industry_specific",
    "supported_industries",
    "is_featured",
];

/// Publishes a version of a template, or begins one as a draft.
pub async fn publish(tx: &Tx<'_>, tools: &Tools, template_id: &str, new: NewVersion) -> Result<Published, Problem> {
    let versions = store::versions(tx, template_id).await?;
    check(&versions, template_id, &new)?;
    let base = match &new.based_on {
        Some(named) => versions.iter().find(|version| version.number == *named),
        None => versions.iter().max_by(|a, b| newer(a, b)),
    };
    let stage = match new.status {
        Start::Draft => Stage::Draft,
        Start::Active => Stage::Active,
    };
    let reason = new.reason.clone().unwrap_or_else(|| format!("publish {template_id} {}", new.template_version));
    let (version, row_id) = (new.template_version.clone(), Uuid::new_v4());
    let columns = content(template_id, base, new, stage, row_id);
    let edit = RowEdit {
        table: ConfigTable::TemplateConfigurations,
        row_id,
        operation: Operation::Insert,
        columns,
        base: None,
    };
    let applied = apply_any(tx, tools, vec![edit], &reason).await?;
    Ok(Published {
        id: row_id,
        template_id: template_id.to_owned(),
        template_version: version,
        status: stage,
        change_id: applied.change_id,
        revision: applied.revision,
    })
}

/// Moves a version on in its life, by one stage.
pub async fn advance(
    tx: &Tx<'_>,
    tools: &Tools,
    template_id: &str,
    version: &str,
    to: Stage,
    reason: Option<&str>,
) -> Result<Published, Problem> {
    let versions = store::versions(tx, template_id).await?;
    let found = due(&versions, template_id, version, to)?;
    let columns = Map::from_iter([("status".to_owned(), json!(to))]);
    let edit = RowEdit {
        table: ConfigTable::TemplateConfigurations,
        row_id: found.id,
        operation: Operation::Update,
        columns,
        base: None,
    };
    let reason = reason.map_or_else(|| format!("{template_id} {version} becomes {to}"), ToOwned::to_owned);
    let applied = apply_any(tx, tools, vec![edit], &reason).await?;
    Ok(Published {
        id: found.id,
        template_id: template_id.to_owned(),
        template_version: version.to_owned(),
        status: to,
        change_id: applied.change_id,
        revision: applied.revision,
    })
}

/// The version that is to be moved on, where that is the stage that it goes to next.
pub(super) fn due<'a>(
    versions: &'a [Version],
    template_id: &str,
    version: &str,
    to: Stage,
) -> Result<&'a Version, Problem> {
    let found =
        versions.iter().find(|known| known.number == version).ok_or_else(|| no_version(template_id, version))?;
    let next = found.stage.and_then(Stage::next);
    if next == Some(to) {
        return Ok(found);
    }
    let is = found.stage.map_or("in a stage of the site's own", Stage::as_str);
    let mend = match next {
        Some(next) => format!("it goes from draft to active, deprecated, archived: the next is {next}"),
        None => "publish another version instead".to_owned(),
    };
    Err(Problem::invalid(format!("version {version} of {template_id} is {is} and can't become {to}")).mend(mend))
}

pub(super) fn no_version(template_id: &str, version: &str) -> Problem {
    Problem::absent(format!("there is no version {version} of template {template_id}"))
        .mend("see template_configurations for those that there are")
}

/// Which of two versions is the newer.
pub(super) fn newer(a: &Version, b: &Version) -> Ordering {
    documents::newer((&a.number, a.created_at.as_microsecond()), (&b.number, b.created_at.as_microsecond()))
}

fn check(versions: &[Version], template_id: &str, new: &NewVersion) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let number = &new.template_version;
    if Number::parse(number).is_err() {
        let fault = Fault::at("/template_version", "semver", format!("{number:?} is no semantic version"));
        faults.push(fault.mend("give it three numbers: 2.0.0, or 2.0.0-beta.1"));
    }
    if versions.iter().any(|version| version.number == *number) {
        let fault = Fault::at("/template_version", "unique", format!("{template_id} has a version {number} already"));
        faults.push(fault.mend("publish another number: a version never changes"));
    }
    if let Some(named) = &new.based_on
        && versions.iter().all(|version| version.number != *named)
    {
        let fault = Fault::at("/based_on", "absent", format!("{template_id} has no version {named}"));
        faults.push(fault.mend("name one of its versions, or none for the newest"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::faults("the version can't be published", faults)) }
}

fn content(template_id: &str, base: Option<&Version>, new: NewVersion, stage: Stage, id: Uuid) -> Map<String, Value> {
    let NewVersion {
        template_version,
        template_name,
        configuration_schema,
        default_configuration,
        category,
        tags,
        supported_industries,
        based_on: _,
        status: _,
        reason: _,
    } = new;
    let mut columns = Map::new();
    if let Some(base) = base {
        let taken = CONTENT.iter().filter_map(|name| Some(((*name).to_owned(), base.row.get(*name)?.clone())));
        columns.extend(taken);
    }
    if let Some(schema) = &configuration_schema {
        columns.extend(fields(schema));
    }
    columns.entry("template_name").or_insert_with(|| json!(template_id));
    let said = [
        ("template_name", template_name.map(Value::String)),
        ("configuration_schema", configuration_schema),
        ("default_configuration", default_configuration),
        ("category", category.map(|name| if name.is_empty() { Value::Null } else { Value::String(name) })),
        ("tags", tags.map(|tags| json!(tags))),
        ("supported_industries", supported_industries.map(|names| json!(names))),
        ("id", Some(json!(id))),
        ("template_id", Some(json!(template_id))),
        ("template_version", Some(json!(template_version))),
        ("status", Some(json!(stage))),
    ];
    columns.extend(said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    columns
}

/// The top-level properties that a schema requires, and those that it doesn't, as forms show them.
pub(super) fn fields(schema: &Value) -> [(String, Value); 2] {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys());
    let optional: Vec<&str> = properties.map(String::as_str).filter(|name| !required.contains(name)).collect();
    [("required_fields".to_owned(), json!(required)), ("optional_fields".to_owned(), json!(optional))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str, created_at: i64) -> Version {
        let created_at = jiff::Timestamp::from_second(created_at).expect("a time");
        Version { id: Uuid::nil(), number: text.to_owned(), stage: None, created_at, row: Map::new() }
    }

    #[test]
    fn numbers_are_newer_than_words_and_later_words_than_earlier_ones() {
        let mut all = [
            version("2.0.0", 0),
            version("latest", 9),
            version("2.0.0-rc.1", 5),
            version("1.2", 10),
            version("1.10.0", 1),
        ];
        all.sort_by(newer);
        let order: Vec<&str> = all.iter().map(|version| version.number.as_str()).collect();
        assert_eq!(order, ["latest", "1.2", "1.10.0", "2.0.0-rc.1", "2.0.0"]);
    }

    #[test]
    fn every_fault_of_a_version_is_said() {
        let new = NewVersion {
            template_version: "two".to_owned(),
            based_on: Some("0.9".to_owned()),
            ..NewVersion::default()
        };
        let problem = check(&[version("two", 0)], "shop", &new).expect_err("three faults");
        let rules: Vec<&str> = problem.errors.iter().map(|fault| fault.rule.as_str()).collect();
        assert_eq!(rules, ["semver", "unique", "absent"]);
    }

    #[test]
    fn a_schema_says_which_fields_forms_show() {
        let base = version("1.0.0", 0);
        let schema = json!({ "required": ["a"], "properties": { "a": {}, "b": {} } });
        let new = NewVersion {
            template_version: "1.1.0".to_owned(),
            configuration_schema: Some(schema),
            ..NewVersion::default()
        };
        let columns = content("shop", Some(&base), new, Stage::Draft, Uuid::nil());
        assert_eq!((&columns["required_fields"], &columns["optional_fields"]), (&json!(["a"]), &json!(["b"])));
        assert_eq!((&columns["template_name"], &columns["status"]), (&json!("shop"), &json!("draft")));
    }
}
