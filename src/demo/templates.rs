use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::calendar::Calendar;
use super::chance;
use super::people::ADMIN;
use super::rows::insert;
use crate::Result;

/// Templates with their versions, one file each, as a developer would keep them.
const FILES: [&str; 5] = [
    include_str!("templates/appointment-booking.json"),
    include_str!("templates/storefront.json"),
    include_str!("templates/lead-capture.json"),
    include_str!("templates/member-portal.json"),
    include_str!("templates/event-tickets.json"),
];

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the files name things as the columns are called")]
struct Template {
    template_id: String,
    template_name: String,
    category: String,
    tags: Vec<String>,
    industry_specific: bool,
    supported_industries: Vec<String>,
    is_featured: bool,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the files name things as the columns are called")]
struct Version {
    template_version: String,
    status: Status,
    published_days_ago: u32,
    configuration_schema: Value,
    default_configuration: Value,
}

/// The states of a version, in the order in which it goes through them.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Status {
    Draft,
    Active,
    Deprecated,
    Archived,
}

/// Adds every version as a draft and publishes all that got further than that.
pub async fn publish(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let templates = read()?;
    let rows = versions(&templates).map(|(template, version)| row(template, version, calendar)).collect();
    insert(tx, "public.template_configurations", rows).await?;
    advance(tx, &templates, Status::Active, "active").await
}

/// Takes the old versions back; by then customizations pin them.
pub async fn retire(tx: &Transaction<'_>) -> Result<()> {
    let templates = read()?;
    advance(tx, &templates, Status::Deprecated, "deprecated").await?;
    advance(tx, &templates, Status::Archived, "archived").await
}

async fn advance(tx: &Transaction<'_>, templates: &[Template], reached: Status, status: &str) -> Result<()> {
    let ids: Vec<Uuid> = versions(templates)
        .filter(|(_, version)| version.status >= reached)
        .map(|(template, version)| id(&template.template_id, &version.template_version))
        .collect();
    tx.execute("UPDATE public.template_configurations SET status = $1 WHERE id = ANY ($2)", &[&status, &ids]).await?;
    Ok(())
}

fn read() -> Result<Vec<Template>> {
    FILES.iter().map(|file| Ok(serde_json::from_str(file)?)).collect()
}

fn versions(templates: &[Template]) -> impl Iterator<Item = (&Template, &Version)> {
    templates.iter().flat_map(|template| template.versions.iter().map(move |version| (template, version)))
}

fn id(template: &str, version: &str) -> Uuid {
    chance::id(&format!("template {template} {version}"), 0)
}

fn row(template: &Template, version: &Version, calendar: Calendar) -> Value {
    let (required, optional) = fields(&version.configuration_schema);
    let published = calendar.moment(version.published_days_ago, 570);
    json!({
        "id": id(&template.template_id, &version.template_version),
        "template_id": template.template_id,
        "template_version": version.template_version,
        "template_name": template.template_name,
        "configuration_schema": version.configuration_schema,
        "default_configuration": version.default_configuration,
        "required_fields": required,
        "optional_fields": optional,
        "validation_rules": {},
        "validation_enabled": true,
        "category": template.category,
        "tags": template.tags,
        "industry_specific": template.industry_specific,
        "supported_industries": template.supported_industries,
        "usage_count": 0,
        "status": "draft",
        "is_featured": template.is_featured && version.status == Status::Active,
        "created_at": published,
        "updated_at": published,
        "created_by": ADMIN.id(),
        "updated_by": ADMIN.id(),
    })
}

/// The top-level properties that a schema requires, and those that it doesn't.
fn fields(schema: &Value) -> (Vec<&str>, Vec<&str>) {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys());
    let optional = properties.map(String::as_str).filter(|name| !required.contains(name)).collect();
    (required, optional)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_a_schema_of_2020_12() {
        let templates = read().expect("the files can be read");
        assert!(versions(&templates).all(|(_, version)| {
            version.configuration_schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        }));
    }

    #[test]
    fn fields_are_those_of_the_schema() {
        let schema = json!({ "required": ["a"], "properties": { "a": {}, "b": {} } });
        assert_eq!(fields(&schema), (vec!["a"], vec!["b"]));
    }
}
