use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::edits::{scope, subject};
use super::may::May;
use crate::configurations::Operation;
use crate::configurations::changes::types::{Change, KeptEdit};
use crate::configurations::diff::is_bookkeeping;
use crate::configurations::pages::names::Names;
use crate::configurations::pages::value;
use crate::console::components::{Icon, icon};
use crate::problem::Problem;

/// What a change says of rows that somebody else wrote since, beside what they hold now, and the ways to go on.
pub(super) fn panel(change: &Change, edits: &[KeptEdit], problem: &Problem, may: &May, names: &Names) -> Markup {
    let rows = problem.more.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    let moved = rows.iter().filter_map(|row| {
        let id: Uuid = row.get("id")?.as_str()?.parse().ok()?;
        let now = row.get("row").and_then(Value::as_object);
        let edit = edits.iter().find(|edit| edit.id == id).or_else(|| edits.iter().find(|edit| is_same(edit, now)))?;
        Some((edit, now))
    });
    html! {
        section.card.moved #moved role="alert" {
            div.card-header { h2.card-title { (icon(Icon::AlertTriangle)) "Somebody else was faster" } }
            div.card-body { p { "What this change edits was written again since it was proposed. Nothing was applied. Both versions stand here: choose one." } }
            @for (edit, now) in moved { (row(edit, now, names)) }
            div.card-footer.form-buttons {
                form method="post" action={ "/changes/" (change.id) "/again" } {
                    button.btn.btn-primary type="submit" { "Keep mine: propose it over the rows as they are now" }
                }
                @if may.withdraw {
                    form method="post" action={ "/changes/" (change.id) "/withdraw" } { button.btn type="submit" { "Keep theirs: withdraw this change" } }
                } @else if may.reject {
                    form method="post" action={ "/changes/" (change.id) "/reject" } { button.btn type="submit" { "Keep theirs: reject this change" } }
                }
            }
        }
    }
}

/// Whether somebody else made the row that an edit was to make.
fn is_same(edit: &KeptEdit, now: Option<&Map<String, Value>>) -> bool {
    let parts = ["configuration_key", "client_id", "template_id", "environment"];
    edit.operation == Operation::Insert
        && now.is_some_and(|row| parts.iter().all(|part| edit.columns.get(*part) == row.get(*part)))
}

fn row(edit: &KeptEdit, now: Option<&Map<String, Value>>, names: &Names) -> Markup {
    let nothing = Map::new();
    let before = edit.before.as_ref().unwrap_or(&nothing);
    let mine =
        |name: &str| if edit.columns.is_empty() { None } else { edit.columns.get(name).or_else(|| before.get(name)) };
    html! {
        div.moved-row {
            h3 { (subject(edit)) " " span.text-secondary { (scope(edit, names)) } }
            table.keys {
                thead { tr { th scope="col" { "When it was proposed" } th scope="col" { "Theirs, now" } th scope="col" { "Yours" } } }
                tbody {
                    @for name in differing(edit, now) {
                        @if name != "configuration_value" { tr.keys-group { th colspan="3" scope="rowgroup" { (name) } } }
                        tr {
                            td { (value::value(before.get(&name))) }
                            td { (value::value(now.and_then(|row| row.get(&name)))) }
                            td { (value::value(mine(&name))) }
                        }
                    }
                }
            }
        }
    }
}

/// The columns that the change writes, or that somebody else wrote.
fn differing(edit: &KeptEdit, now: Option<&Map<String, Value>>) -> Vec<String> {
    if edit.operation == Operation::Insert && edit.columns.contains_key("configuration_value") {
        return vec!["configuration_value".to_owned()];
    }
    let mut names: BTreeSet<String> = edit.columns.keys().cloned().collect();
    if let Some(before) = &edit.before {
        let other = before.iter().filter(|(name, value)| now.is_none_or(|row| row.get(*name) != Some(*value)));
        names.extend(other.map(|(name, _)| name.clone()));
    }
    let is_content = |name: &String| !is_bookkeeping(edit.table, &layers::Key::of([name.as_str()]));
    names.into_iter().filter(is_content).collect()
}
