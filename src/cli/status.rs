use std::process::ExitCode;

use super::{connect, output};
use crate::Result;
use crate::db::status::{self, Content, Status};
use crate::settings::Settings;

pub async fn run(settings: &Settings) -> Result<ExitCode> {
    let status = connect::with(settings, async |admin| status::read(admin).await).await?;
    output::answer(settings.format, &status, || text(&status));
    Ok(ExitCode::SUCCESS)
}

fn text(status: &Status) -> String {
    let schema = match status.migrations_missing.as_slice() {
        [] => format!("current ({} migrations)", status.migrations_applied),
        missing => {
            format!("{} applied, missing: {} (tenantry migrate up)", status.migrations_applied, missing.join(", "))
        }
    };
    let mut lines = vec![
        format!("database       {}", status.database),
        format!("PostgreSQL     {}", status.postgresql),
        format!("size           {} MiB", status.size / (1024 * 1024)),
        format!("schema         {schema}"),
    ];
    if let Some(content) = &status.content {
        lines.extend(content_lines(content));
    }
    lines.join("\n")
}

fn content_lines(content: &Content) -> Vec<String> {
    let seal = content.newest_seal.as_ref().map_or_else(
        || "none yet: tenantry up seals once a second".to_owned(),
        |seal| format!("number {} of {:.0}", seal.number, seal.sealed_at),
    );
    let ahead = content.months_ahead.iter().map(|ahead| format!("{} {}", ahead.table, ahead.months));
    let mut lines = vec![
        format!("people         {} ({} disabled)", content.people, content.people_disabled),
        format!("months ahead   {}", ahead.collect::<Vec<_>>().join(", ")),
        format!("newest seal    {seal}"),
        format!("pending rules  {}", content.pending_rules.len()),
    ];
    for rule in &content.pending_rules {
        lines.push(format!("  {}: {} ({} rows): {}", rule.table, rule.rule, rule.rows, rule.suggested_mend));
    }
    lines.push("rows".to_owned());
    for table in &content.rows {
        let about = if table.estimated { " (estimated)" } else { "" };
        lines.push(format!("  {:<28} {}{about}", table.table, table.rows));
    }
    lines
}
