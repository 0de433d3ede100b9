use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;

use super::change::tools;
use super::config::kept;
use super::{connect, output};
use crate::settings::Settings;
use crate::templates::{self, NewVersion, Published, Stage, Start};
use crate::{Error, Result};

/// `tenantry template …`.
#[derive(Debug, Subcommand)]
pub enum Template {
    /// Publish a version of a template; refused where it would break a document of whoever follows the newest one
    #[command(
        after_help = "Example: tenantry template publish storefront 2.0.0 --schema schema.json --defaults defaults.json"
    )]
    Publish(Publish),

    /// Put a draft of a version into use; its schema and defaults never change from then on
    #[command(after_help = "Example: tenantry template activate storefront 2.0.0")]
    Activate(Version),

    /// Say of a version that there is a better one
    #[command(after_help = "Example: tenantry template deprecate storefront 1.2.0")]
    Deprecate(Version),

    /// Have a version serve those who pin it, and nobody anew
    #[command(after_help = "Example: tenantry template archive storefront 1.0.0")]
    Archive(Version),
}

/// Options of `tenantry template publish`.
#[derive(Debug, clap::Args)]
pub struct Publish {
    /// The template; a new one where there is none by this name
    template: String,
    /// The number of the version, e.g. 2.0.0
    #[arg(value_name = "VERSION")]
    number: String,
    /// File with the JSON Schema of the documents [default: that of the version it starts from]
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// File with the values of the template itself [default: those of the version it starts from]
    #[arg(long, value_name = "FILE")]
    defaults: Option<PathBuf>,
    /// The version that it starts from [default: the newest]
    #[arg(long, value_name = "VERSION")]
    based_on: Option<String>,
    /// What people call the template
    #[arg(long)]
    name: Option<String>,
    /// Write it on, and activate it later
    #[arg(long)]
    draft: bool,
    /// What it is for
    #[arg(long)]
    reason: Option<String>,
}

/// A version of a template.
#[derive(Debug, clap::Args)]
pub struct Version {
    /// The template
    template: String,
    /// Its version
    #[arg(value_name = "VERSION")]
    number: String,
    /// What for
    #[arg(long)]
    reason: Option<String>,
}

/// Runs `tenantry template …`.
pub async fn run(command: &Template, settings: &Settings) -> Result<ExitCode> {
    let published = match command {
        Template::Publish(publish) => self::publish(publish, settings).await?,
        Template::Activate(version) => advance(version, Stage::Active, settings).await?,
        Template::Deprecate(version) => advance(version, Stage::Deprecated, settings).await?,
        Template::Archive(version) => advance(version, Stage::Archived, settings).await?,
    };
    output::answer(settings.format, &published, || {
        let Published { template_id, template_version, status, change_id, .. } = &published;
        format!("{template_id} {template_version} is {status} (change {change_id})")
    });
    Ok(ExitCode::SUCCESS)
}

async fn publish(publish: &Publish, settings: &Settings) -> Result<Published> {
    let new = || {
        Ok::<_, Error>(NewVersion {
            template_version: publish.number.clone(),
            based_on: publish.based_on.clone(),
            template_name: publish.name.clone(),
            category: None,
            tags: None,
            supported_industries: None,
            configuration_schema: publish.schema.as_deref().map(read).transpose()?,
            default_configuration: publish.defaults.as_deref().map(read).transpose()?,
            status: if publish.draft { Start::Draft } else { Start::Active },
            reason: publish.reason.clone(),
        })
    };
    let (new, tools) = (new()?, tools(settings)?);
    let reason = publish.reason.as_deref().unwrap_or("template publish");
    connect::act(settings, reason, async |tx| Ok(templates::publish(tx, &tools, &publish.template, new).await?)).await
}

async fn advance(version: &Version, to: Stage, settings: &Settings) -> Result<Published> {
    let tools = tools(settings)?;
    let Version { template, number, reason } = version;
    let said = reason.as_deref().unwrap_or("template lifecycle");
    let work = connect::act(settings, said, async |tx| {
        Ok(templates::advance(tx, &tools, template, number, to, reason.as_deref()).await?)
    });
    work.await
}

/// A file of JSON.
fn read(path: &Path) -> Result<Value> {
    let wrong = |error: String| {
        Error::usage(format!("{} can't be read: {error}", path.display())).mend("name a file with one JSON document")
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let read = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    kept(&text).map_err(|error| error.within(&path.display().to_string()))?;
    Ok(read)
}
