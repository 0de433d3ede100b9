use jiff::Timestamp;

use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::View;
use crate::configurations::history::{MOST_VERSIONS, RowVersion, history};
use crate::settings::Settings;

/// Options of `tenantry config history`.
#[derive(Debug, clap::Args)]
pub struct History {
    /// The row's id, as `config explain` names it
    row: String,

    /// How many contents at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=MOST_VERSIONS))]
    limit: i64,

    /// Only contents that began earlier
    #[arg(long, value_name = "TIME")]
    before: Option<Timestamp>,
}

pub(super) async fn run(command: &History, settings: &Settings) -> Result<()> {
    let id = super::id(&command.row)?;
    let found = connect::act(settings, "config history", async |tx| {
        Ok(history(tx, id, command.before, command.limit, View::Staff).await?)
    })
    .await?;
    output::answer(settings.format, &found, || {
        let header = ["from", "to", "revision", "by", "reason", "content"];
        format!("{} {}\n{}", found.table, found.row_id, output::table(header, found.versions.iter().map(row)))
    });
    Ok(())
}

fn row(version: &RowVersion) -> [String; 6] {
    let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| format!("{at:.0}"));
    let what = ["configuration_value", "customization_config", "status"];
    let content = what.into_iter().find_map(|column| version.content.get(column));
    [
        moment(version.valid_from),
        moment(version.valid_to),
        version.revision_from.map_or_else(String::new, |revision| revision.to_string()),
        version.changed_by.map(|id| id.to_string()).or_else(|| version.changed_by_name.clone()).unwrap_or_default(),
        version.reason.clone().unwrap_or_default(),
        content.map_or_else(String::new, super::short),
    ]
}
