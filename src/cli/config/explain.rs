use super::{Which, resolve, short};
use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::View;
use crate::configurations::documents::Compiled;
use crate::configurations::explain::{Explanation, LayerSays, explain};
use crate::settings::Settings;

pub(super) async fn run(which: &Which, key: &str, settings: &Settings) -> Result<()> {
    let explained = connect::act(settings, "config explain", async |tx| {
        Ok(explain(tx, &Compiled::default(), &which.asked(tx).await?, key, View::Staff).await?)
    })
    .await?;
    output::answer(settings.format, &explained, || told(&explained));
    Ok(())
}

fn told(explained: &Explanation) -> String {
    let value = match &explained.value {
        Some(value) => value.to_string(),
        None => "not set".to_owned(),
    };
    let lock = explained
        .lock
        .as_ref()
        .map_or_else(String::new, |lock| format!("\n{} is locked at the scope {}", lock.key, lock.scope));
    let problems: String = explained.problems.iter().map(|problem| format!("\n{}", resolve::line(problem))).collect();
    let header = ["", "layer", "says", "value", "outcome", "since", "by", "change"];
    let layers = output::table(header, explained.layers.iter().map(row));
    format!("{}: {value}{lock}\n{layers}{problems}", explained.key)
}

fn row(layer: &LayerSays) -> [String; 8] {
    let outcome = layer.outcome.clone().unwrap_or_default();
    let by = layer.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
    let of_rows = |of: &dyn Fn(&crate::configurations::explain::RowSays) -> Option<String>| {
        layer.rows.iter().filter_map(of).collect::<Vec<_>>().join(", ")
    };
    [
        layer.number.to_string(),
        layer.layer.clone(),
        if layer.says == "inherited" { String::new() } else { layer.says.clone() },
        layer.value.as_ref().map_or_else(String::new, short),
        format!("{outcome}{by}"),
        of_rows(&|row| Some(format!("{:.0}", row.set_at))),
        of_rows(&|row| row.set_by.map(|id| id.to_string()).or_else(|| row.set_by_name.clone())),
        of_rows(&|row| row.change_id.map(|id| id.to_string())),
    ]
}
