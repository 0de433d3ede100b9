use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::{connect, output};
use crate::configurations::contract::{Contract, Fulfilment, Met, check};
use crate::configurations::documents::Compiled;
use crate::configurations::{Environment, View};
use crate::problem::Fault;
use crate::settings::Settings;
use crate::{Error, Result};

/// Options of `tenantry config check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// File with the JSON Schema (2020-12) of what the app reads
    schema: PathBuf,

    /// Template that the app is
    #[arg(long, value_name = "T")]
    template: String,

    /// Only in this environment
    #[arg(long = "env", value_name = "E")]
    environment: Option<Environment>,
}

pub(super) async fn run(command: &Check, settings: &Settings) -> Result<ExitCode> {
    let contract = Contract {
        schema: read(command)?,
        template: command.template.clone(),
        environment: command.environment,
        after: None,
        limit: None,
    };
    let found = connect::act(settings, "config check", async |tx| {
        Ok(check(tx, &Compiled::default(), &contract, View::Staff).await?)
    })
    .await?;
    output::answer(settings.format, &found, || told(&found));
    Ok(if found.ready == found.documents { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(command: &Check) -> Result<serde_json::Value> {
    let name = command.schema.display();
    let text = std::fs::read_to_string(&command.schema)
        .map_err(|error| Error::failure(format!("{name} can't be read: {error}")).mend("name a file that there is"))?;
    serde_json::from_str(&text).map_err(|error| {
        let mend = if error.to_string().contains("recursion limit") { "flatten it" } else { "write it as JSON" };
        Error::failure(format!("{name} holds no JSON that can be used: {error}")).mend(mend)
    })
}

fn told(found: &Fulfilment) -> String {
    let Fulfilment { documents, ready, missing, wrong, unknown, results, next } = found;
    let faults: String = results.iter().filter(|met| !met.ready).map(of_document).collect();
    let more =
        if next.is_some() { "\nand more documents: name one environment, or ask the API page by page" } else { "" };
    format!(
        "{ready} of {documents} documents are ready; {missing} lack something, {wrong} hold something wrong, \
         {unknown} something that the schema doesn't name{faults}{}{more}",
        unnamed(results)
    )
}

fn of_document(met: &Met) -> String {
    let line = |kind: &str, fault: &Fault| format!("\n  {kind} {}: {}", fault.pointer, fault.detail);
    let missing = met.missing.iter().map(|fault| line("missing", fault));
    let wrong = met.wrong.iter().map(|fault| line("wrong", fault));
    let lines: String = missing.chain(wrong).collect();
    format!("\n{} ({}), {}:{lines}", met.client_name, met.client_id, met.environment)
}

/// What the schema doesn't name, once for all documents that hold it.
fn unnamed(results: &[Met]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for pointer in results.iter().flat_map(|met| &met.unknown) {
        *counts.entry(pointer).or_default() += 1;
    }
    counts.iter().map(|(pointer, count)| format!("\n  not named {pointer}: in {count} documents")).collect()
}
