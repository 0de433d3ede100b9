use std::process::ExitCode;

use super::resolve;
use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::documents::Compiled;
use crate::configurations::verify::{Finding, Verification, verify};
use crate::settings::Settings;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode> {
    let found = connect::act(settings, "config verify", async |tx| verify(tx, &Compiled::default()).await).await?;
    output::answer(settings.format, &found, || told(&found));
    Ok(if found.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(found: &Verification) -> String {
    let Verification { revision, documents, invalid, incomplete, rows, findings } = found;
    let findings: String = findings.iter().map(of_finding).collect();
    format!(
        "{documents} documents and {rows} rows at revision {revision}: {invalid} documents are invalid, \
         {incomplete} incomplete{findings}"
    )
}

fn of_finding(finding: &Finding) -> String {
    let place = match (finding.fault.client_id, finding.environment, finding.table, finding.fault.row_id) {
        (_, _, Some(table), Some(row)) => format!("{table} {row}"),
        (Some(client), Some(environment), ..) => {
            format!("client {client}, {environment}{}", template(finding))
        }
        (Some(client), ..) => format!("client {client}"),
        _ => String::new(),
    };
    format!("\n{}: {place}\n{}", finding.weight, resolve::line(&finding.fault))
}

fn template(finding: &Finding) -> String {
    finding.template_id.as_ref().map_or_else(String::new, |template| format!(", {template}"))
}
