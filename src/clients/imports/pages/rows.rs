use maud::{Markup, Render as _, html};
use serde_json::Value;
use uuid::Uuid;

use super::at;
use crate::clients::fields::FIELDS;
use crate::clients::imports::columns::{ASSIGNED, label};
use crate::clients::imports::store;
use crate::clients::imports::types::{Import, Outcome, Row};
use crate::console::components::{Column, Icon, Table, diff, empty, icon, pager, tabs};
use crate::console::list::{Asked, Rows};
use crate::console::{Names, Visitor, sentence, words};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// What would come of the rows, a page of those that are asked for; refused ones first, since somebody has to mend them.
pub(super) async fn shown(tx: &Tx<'_>, visitor: &Visitor, import: &Import, asked: &Asked) -> Result<Markup, Problem> {
    let outcome = asked.some("show").and_then(Outcome::parse).unwrap_or_else(|| first(import));
    let rows = store::page(tx, import.id, outcome, &asked.order(store::ORDERS)?).await?;
    let names = names(tx, visitor, &rows.rows).await?;
    let asked = asked.with("show", outcome.word());
    Ok(html! {
        (parts(import, outcome))
        div.card.list-frame {
            @if rows.rows.is_empty() {
                (empty(Icon::CircleCheck, "No row of this kind", "Look at the others."))
            } @else {
                (table(outcome, &rows, &names))
            }
            (pager(&asked, &rows))
        }
    })
}

fn first(import: &Import) -> Outcome {
    let counts = [(Outcome::Refused, import.refused), (Outcome::Change, import.changed), (Outcome::Add, import.added)];
    counts.into_iter().find(|(_, count)| *count > 0).map_or(Outcome::Same, |(outcome, _)| outcome)
}

fn parts(import: &Import, shown: Outcome) -> Markup {
    let path = |outcome: Outcome| format!("{}?show={}", at(import.id), outcome.word());
    let all = [
        (Outcome::Refused, "refused", import.refused),
        (Outcome::Change, "changed", import.changed),
        (Outcome::Add, "added", import.added),
        (Outcome::Same, "as they are", import.unchanged),
    ];
    let labels =
        all.map(|(outcome, word, count)| (format!("{} {word}", words::grouped(&count.to_string())), path(outcome)));
    let all: Vec<(&str, String)> = labels.iter().map(|(label, path)| (label.as_str(), path.clone())).collect();
    tabs("Rows by what would come of them", &path(shown), &all)
}

/// What the people are called who manage a client, or would.
async fn names(tx: &Tx<'_>, visitor: &Visitor, rows: &[Row]) -> Result<Names, Problem> {
    let managers = rows.iter().flat_map(|row| [row.before.get(ASSIGNED), row.after.get(ASSIGNED)]);
    let ids: Vec<Uuid> = managers.flatten().filter_map(|id| Uuid::try_parse(id.as_str()?).ok()).collect();
    Ok(Names::of(tx, visitor, ids).await?)
}

fn table(outcome: Outcome, rows: &Rows<Row>, names: &Names) -> Markup {
    let line = || Column::new("Line").number();
    let row = |row: &Row, cells: [Markup; 2]| {
        let [first, second] = cells;
        [html! { (words::grouped(&row.line.to_string())) }, first, second]
    };
    let mut table = match outcome {
        Outcome::Refused => Table::new("Refused rows", [line(), Column::new("Row"), Column::new("What is wrong")]),
        Outcome::Change => {
            Table::new("Rows that change a client", [line(), Column::new("Client"), Column::new("Changes")])
        }
        Outcome::Add => Table::new("Rows that add a client", [line(), Column::new("Client"), Column::new("With")]),
        Outcome::Same => Table::new("Rows that change nothing", [line(), Column::new("Client"), Column::new("Row")]),
    };
    for each in &rows.rows {
        table = table.row(row(each, match outcome {
            Outcome::Refused => [beginning(each), faults(&each.faults)],
            Outcome::Change => [client(each), changes(each, names)],
            Outcome::Add => [html! { (text(each.after.get("name"))) br; span.text-secondary { (text(each.after.get("email"))) } }, with(each, names)],
            Outcome::Same => [client(each), beginning(each)],
        }));
    }
    table.render()
}

/// How a row begins, so that somebody knows it again.
fn beginning(row: &Row) -> Markup {
    const MOST: usize = 60;
    let cells: Vec<&str> = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(3).collect();
    let whole = cells.join(", ");
    let short: String = whole.chars().take(MOST).collect();
    html! { span.import-row { (short) @if short.len() < whole.len() { "…" } } }
}

fn faults(faults: &[Fault]) -> Markup {
    html! {
        ul.import-faults {
            @for fault in faults {
                li {
                    @let column = fault.pointer.trim_start_matches('/');
                    @if !column.is_empty() { code { (column) } " " }
                    @if column.is_empty() { (sentence(&fault.detail)) } @else { (fault.detail) "." }
                    @if let Some(mend) = &fault.mend { " " span.text-secondary { (sentence(mend)) } }
                }
            }
        }
    }
}

fn client(row: &Row) -> Markup {
    match (row.client, &row.name) {
        (Some(id), Some(name)) => html! { a href={ "/clients/" (id) } { (name) } },
        _ => html! { span.text-secondary { (words::NONE) } },
    }
}

fn changes(row: &Row, names: &Names) -> Markup {
    html! {
        dl.import-changes {
            @for (column, after) in &row.after {
                dt { (label(column)) }
                dd { (diff(said(column, row.before.get(column), names).as_ref(), said(column, Some(after), names).as_ref())) }
            }
        }
    }
}

/// What a client that is added has besides its name and address.
fn with(row: &Row, names: &Names) -> Markup {
    let besides = row.after.iter().filter(|(column, _)| !["name", "email"].contains(&column.as_str()));
    let said: Vec<(&str, Value)> =
        besides.filter_map(|(column, value)| Some((label(column), said(column, Some(value), names)?))).collect();
    html! {
        @if said.is_empty() { span.text-secondary { (words::NONE) } }
        dl.import-changes { @for (label, value) in &said { dt { (label) } dd { (diff(Some(value), Some(value))) } } }
    }
}

/// A value as people read it; none where there is none.
fn said(column: &str, value: Option<&Value>, names: &Names) -> Option<Value> {
    let value = value.filter(|value| !value.is_null())?;
    if column == ASSIGNED {
        let id = Uuid::try_parse(value.as_str()?).ok()?;
        return Some(Value::from(names.name(id)));
    }
    let field = FIELDS.iter().find(|field| field.name == column)?;
    Some(field.text(value)).filter(|text| !text.is_empty()).map(Value::from)
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or(words::NONE)
}

/// Clients that somebody else changed after the dry run before.
pub(super) fn moved(import: &Import, moved: &[(i32, Option<Uuid>, Option<String>)]) -> Markup {
    html! {
        @if import.moved > 0 {
            section.card.import-moved {
                div.card-header { h2.card-title { (icon(Icon::AlertTriangle)) " Changed by somebody else meanwhile" } }
                div.card-body {
                    ul {
                        @for (line, id, name) in moved {
                            li {
                                "Line " (words::grouped(&line.to_string()))
                                @if let (Some(id), Some(name)) = (id, name) { ": " a href={ "/clients/" (id) } { (name) } }
                            }
                        }
                    }
                    @let more = i64::from(import.moved) - i64::try_from(moved.len()).unwrap_or(i64::MAX);
                    @if more > 0 { p { "And " (words::count(more, "other", "others")) "." } }
                }
            }
        }
    }
}
