use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::template::Status;
use crate::configurations::types::{ConfigTable, Environment};

/// Where within a client's rows, or within those of none, a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Scope {
    /// The template that the row names; none where it applies whatever the template.
    pub(super) template_id: Option<Arc<str>>,
    /// The environment; none for all.
    pub(super) environment: Option<Environment>,
}

/// A configuration row, as much of it as documents are composed of.
#[derive(Clone, Debug)]
pub(super) enum ConfigRow {
    /// One value at one layer.
    Value(ValueRow),
    /// A template's version.
    Version(VersionRow),
    /// What a client has of a template of its own.
    Customization(Customization),
    /// What was applied and is in force.
    Applied(Applied),
}

/// A row of `system_configurations`.
#[derive(Clone, Debug)]
pub(super) struct ValueRow {
    pub(super) id: Uuid,
    pub(super) client_id: Option<Uuid>,
    pub(super) scope: Scope,
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) schema: Option<Value>,
    /// Whether its text was there before Tenantry was, so that nothing in it refers to anything.
    pub(super) is_literal: bool,
}

/// A row of `template_configurations`.
#[derive(Clone, Debug)]
pub(super) struct VersionRow {
    pub(super) id: Uuid,
    pub(super) template_id: Arc<str>,
    pub(super) version: String,
    pub(super) status: Status,
    pub(super) is_judged: bool,
    pub(super) is_literal: bool,
    pub(super) created: i64,
    /// Another for every writing of the row; none where the row isn't as it is in the database now.
    pub(super) stamp: Option<String>,
    /// Schema and defaults; none where the stamp was known already.
    pub(super) content: Option<(Value, Value)>,
}

/// An active row of `client_customizations`.
#[derive(Clone, Debug)]
pub(super) struct Customization {
    pub(super) id: Uuid,
    pub(super) client_id: Uuid,
    pub(super) template_id: Arc<str>,
    /// The version that it pins; none for the newest active one.
    pub(super) template_version: Option<String>,
    pub(super) is_literal: bool,
    pub(super) config: Value,
}

/// What is in force of a row of `deployment_configurations`.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) id: Uuid,
    pub(super) client_id: Uuid,
    /// The template that it serves; none for clients that have none.
    pub(super) template_id: Option<Arc<str>>,
    pub(super) environment: Environment,
    /// Application configuration, with the feature flags under `features`.
    pub(super) config: Value,
}

impl ConfigRow {
    /// A row by its whole content, as history keeps it; none where it plays no part in any document.
    ///
    /// `is_literal` where the content is as old as the site's own.
    pub(super) fn of_content(table: ConfigTable, content: &Map<String, Value>, is_literal: bool) -> Option<Self> {
        let content = Content { columns: content, is_literal };
        match table {
            ConfigTable::SystemConfigurations => content.value().map(Self::Value),
            ConfigTable::TemplateConfigurations => content.version().map(Self::Version),
            ConfigTable::ClientCustomizations => content.customization().map(Self::Customization),
            ConfigTable::DeploymentConfigurations => content.applied().map(Self::Applied),
        }
    }
}

/// A row as JSON, column by column.
struct Content<'a> {
    columns: &'a Map<String, Value>,
    is_literal: bool,
}

impl Content<'_> {
    fn text(&self, column: &str) -> Option<&str> {
        self.columns.get(column)?.as_str()
    }

    fn id(&self, column: &str) -> Option<Uuid> {
        self.text(column)?.parse().ok()
    }

    fn is(&self, column: &str) -> bool {
        self.columns.get(column) == Some(&Value::Bool(true))
    }

    fn json(&self, column: &str) -> Value {
        self.columns.get(column).cloned().unwrap_or_default()
    }

    fn value(&self) -> Option<ValueRow> {
        if !self.is("is_active") || self.is("is_system") {
            return None;
        }
        Some(ValueRow {
            id: self.id("id")?,
            client_id: self.id("client_id"),
            scope: Scope {
                template_id: self.text("template_id").map(Into::into),
                environment: self.text("environment")?.parse().ok(),
            },
            key: self.text("configuration_key")?.to_owned(),
            value: self.json("configuration_value"),
            schema: said(self.json("configuration_schema")),
            is_literal: self.is_literal,
        })
    }

    fn version(&self) -> Option<VersionRow> {
        let created = self.text("created_at").and_then(|at| at.parse::<Timestamp>().ok());
        Some(VersionRow {
            id: self.id("id")?,
            template_id: self.text("template_id")?.into(),
            version: self.text("template_version")?.to_owned(),
            status: self.text("status")?.parse().ok()?,
            is_judged: self.is("validation_enabled"),
            is_literal: self.is_literal,
            created: created.map_or(i64::MAX, Timestamp::as_microsecond),
            stamp: None,
            content: Some((self.json("configuration_schema"), self.json("default_configuration"))),
        })
    }

    fn customization(&self) -> Option<Customization> {
        if !self.is("is_active") {
            return None;
        }
        Some(Customization {
            id: self.id("id")?,
            client_id: self.id("client_id")?,
            template_id: self.text("template_id")?.into(),
            template_version: self.text("template_version").map(ToOwned::to_owned),
            is_literal: self.is_literal,
            config: self.json("customization_config"),
        })
    }

    fn applied(&self) -> Option<Applied> {
        let applied = self.columns.get("applied_configuration")?.as_object()?;
        let part = |name: &str| applied.get(name).cloned();
        Some(Applied {
            id: self.id("id")?,
            client_id: self.id("client_id")?,
            template_id: self.text("template_id").map(Into::into),
            environment: self.text("environment")?.parse().ok()?,
            config: applied_config(part("application_config"), part("feature_flags")),
        })
    }
}

/// A row's own schema, where it says anything.
pub(super) fn said(schema: Value) -> Option<Value> {
    let is_empty = schema.is_null() || schema.as_object().is_some_and(Map::is_empty);
    (!is_empty).then_some(schema)
}

/// What an app reads of an applied deployment configuration: its application configuration, and its feature flags under
/// `features`. A flag wins over what the application configuration says there.
pub(super) fn applied_config(application: Option<Value>, flags: Option<Value>) -> Value {
    let mut config = match application {
        Some(Value::Object(config)) => config,
        _ => Map::new(),
    };
    if let Some(Value::Object(flags)) = flags
        && !flags.is_empty()
    {
        match config.get_mut("features") {
            Some(Value::Object(features)) => features.extend(flags),
            _ => {
                config.insert("features".to_owned(), Value::Object(flags));
            }
        }
    }
    Value::Object(config)
}
