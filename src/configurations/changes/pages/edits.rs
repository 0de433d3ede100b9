use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::configurations::ConfigTable;
use crate::configurations::Operation;
use crate::configurations::changes::types::KeptEdit;
use crate::configurations::diff::is_bookkeeping;
use crate::configurations::pages::names::Names;
use crate::configurations::pages::value;
use crate::console::components::{Tone, badge};
use crate::console::words;

/// How many rows are shown at once, and how many places of each.
const MOST_ROWS: usize = 100;
const MOST_PLACES: usize = 50;

/// The rows that a change edits, each with what differs.
pub(super) fn table(edits: &[KeptEdit], names: &Names) -> Markup {
    html! {
        ol.versions {
            @for edit in edits.iter().take(MOST_ROWS) { (one(edit, names)) }
        }
        @if edits.len() > MOST_ROWS {
            p.card-body.text-secondary { "and " (words::grouped(&(edits.len() - MOST_ROWS).to_string())) " more rows" }
        }
    }
}

fn one(edit: &KeptEdit, names: &Names) -> Markup {
    let (tone, word) = match edit.operation {
        Operation::Insert => (Tone::Good, "Set"),
        Operation::Update => (Tone::Busy, "Changed"),
        Operation::Delete => (Tone::Attention, "Taken away"),
    };
    let places = places(edit);
    html! {
        li.version {
            div.version-head {
                strong { (subject(edit)) }
                (badge(tone, word))
                span.text-secondary { (scope(edit, names)) }
                @if edit.operation != Operation::Insert { a href={ "/configurations/" (edit.id) "/history" } { "History" } }
            }
            ul.version-changes {
                @for (name, before, after) in places.iter().take(MOST_PLACES) {
                    li {
                        @if let Some(name) = name { code { (name) } " " }
                        (value::change(before.as_ref(), after.as_ref()))
                    }
                }
                @if places.len() > MOST_PLACES { li.text-secondary { "and " (places.len() - MOST_PLACES) " more places" } }
            }
        }
    }
}

/// What an edit is about: the key, else the table.
pub(super) fn subject(edit: &KeptEdit) -> String {
    let key = text(edit, "configuration_key");
    key.map_or_else(|| words::label(edit.table.name()), ToOwned::to_owned)
}

/// Where its row belongs.
pub(super) fn scope(edit: &KeptEdit, names: &Names) -> String {
    let client = text(edit, "client_id").and_then(|id| id.parse().ok());
    let mut parts = vec![match client {
        Some(id) => names.client(id).unwrap_or("one client").to_owned(),
        None => "all clients".to_owned(),
    }];
    parts.extend(text(edit, "template_id").map(|template| format!("template {template}")));
    parts.extend(text(edit, "environment").map(|name| match name {
        "all" => "all environments".to_owned(),
        name => name.to_owned(),
    }));
    parts.join(" · ")
}

fn text<'a>(edit: &'a KeptEdit, name: &str) -> Option<&'a str> {
    let before = || edit.before.as_ref().and_then(|row| row.get(name));
    edit.columns.get(name).or_else(before).and_then(Value::as_str)
}

type Place = (Option<String>, Option<Value>, Option<Value>);

/// The places that differ: of a value its own, of a document those within it. What says whose row it is stands beside it.
fn places(edit: &KeptEdit) -> Vec<Place> {
    let nothing = Map::new();
    let before = edit.before.as_ref().unwrap_or(&nothing);
    match edit.operation {
        Operation::Delete => vec![(None, Some(content(edit.table, before)), None)],
        Operation::Insert if edit.table == ConfigTable::SystemConfigurations => {
            vec![(None, None, edit.columns.get("configuration_value").cloned())]
        }
        Operation::Insert | Operation::Update => {
            let former = edit.columns.keys().filter_map(|name| Some((name.clone(), before.get(name)?.clone())));
            let former = Value::Object(former.collect());
            let found = layers::diff(&former, &Value::Object(edit.columns.clone()));
            let found = found.into_iter().filter(|found| !is_bookkeeping(edit.table, &found.path));
            found
                .map(|found| {
                    let is_value = found.path.pointer() == "/configuration_value";
                    ((!is_value).then(|| found.path.to_string()), found.before, found.after)
                })
                .collect()
        }
    }
}

/// What a row says.
fn content(table: ConfigTable, row: &Map<String, Value>) -> Value {
    let column = match table {
        ConfigTable::SystemConfigurations => "configuration_value",
        ConfigTable::TemplateConfigurations => "default_configuration",
        ConfigTable::ClientCustomizations => "customization_config",
        ConfigTable::DeploymentConfigurations => "application_config",
    };
    row.get(column).cloned().unwrap_or_else(|| json!({}))
}
