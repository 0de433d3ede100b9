use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::diff::{Changes, RevisionDiff, RowDiff, Span, diff};
use crate::configurations::documents::Compiled;
use crate::configurations::{Asked, Environment, View};
use crate::members::actions;
use crate::settings::Settings;

/// Options of `tenantry config diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The earlier revision
    from: i64,

    /// The later one
    to: i64,

    /// Only rows of this client, and what they make of its document: id, e-mail or name
    #[arg(long, value_name = "C")]
    client: Option<String>,

    /// Environment of that document
    #[arg(long = "env", value_name = "E", default_value_t = Environment::Production)]
    environment: Environment,

    /// Template of that document [default: that of the client's only active customization]
    #[arg(long, value_name = "T")]
    template: Option<String>,
}

pub(super) async fn run(command: &Diff, settings: &Settings) -> Result<()> {
    let span = Span::read(&format!("{}..{}", command.from, command.to), None, None)?;
    let found = connect::act(settings, "config diff", async |tx| {
        let asked = match &command.client {
            Some(client) => Some(Asked {
                client_id: actions::the_client(tx, client).await?.id,
                template_id: command.template.clone(),
                environment: command.environment,
                as_of: None,
            }),
            None => None,
        };
        Ok(diff(tx, &Compiled::default(), &span, asked.as_ref(), View::Staff).await?)
    })
    .await?;
    output::answer(settings.format, &found, || told(&found));
    Ok(())
}

fn told(found: &RevisionDiff) -> String {
    let rows: Vec<String> = found.rows.iter().map(row).collect();
    let more =
        if found.next.is_some() { "\nand more rows: ask for fewer revisions, or by the API page by page" } else { "" };
    let document = found.document.as_ref().map_or_else(String::new, |changes| {
        format!("\nthe document:{}", if changes.is_empty() { " the same".to_owned() } else { lines(changes) })
    });
    let rows = if rows.is_empty() { "no row is different".to_owned() } else { rows.join("\n") };
    format!("{rows}{more}{document}")
}

fn row(row: &RowDiff) -> String {
    let what = row.key.as_deref().or(row.template_id.as_deref()).unwrap_or_default();
    let whose = row.client_id.map_or_else(String::new, |id| format!(" of client {id}"));
    let operation = serde_json::to_value(row.operation).unwrap_or_default();
    let operation = operation.as_str().unwrap_or_default().to_owned();
    format!("{operation} {} {what}{whose} ({}){}", row.table, row.row_id, lines(&row.changes))
}

fn lines(changes: &[Changes]) -> String {
    let side = |value: &Option<serde_json::Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), super::short);
    changes
        .iter()
        .map(|change| format!("\n  {}: {} → {}", change.pointer, side(&change.before), side(&change.after)))
        .collect()
}
