use layers::{Key, Place};
use maud::{Markup, html};
use uuid::Uuid;

use super::document::Shown;
use super::names::Names;
use super::store::{self, Listed, ROW_ORDERS};
use super::subject::Subject;
use super::{value, which};
use crate::configurations::Environment;
use crate::console::components::{Icon, empty, icon, moment, pager};
use crate::console::list::Rows;
use crate::console::words;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// The rows of what is no client's, by key, layer and environment; nothing where the page is about a client, whose document
/// tells of its rows, or about the past.
pub(super) async fn card(tx: &Tx<'_>, shown: &Shown<'_>) -> Result<Markup, Problem> {
    let subject = &shown.which.subject;
    if !subject.is_shared() || shown.which.is_past() {
        return Ok(html! {});
    }
    let window = shown.address.order(ROW_ORDERS)?;
    let rows = store::shared_rows(tx, subject.template(), shown.address.get("q"), &window).await?;
    let system = if *subject == Subject::Global { store::system_rows(tx).await? } else { Vec::new() };
    let writers = rows.rows.iter().chain(&system).filter_map(|row| row.updated_by);
    let names = Names::read(tx, shown.visitor, writers, []).await?;
    Ok(html! {
        (own(shown, &rows, &names))
        @if !system.is_empty() { (steering(shown, &system, &names)) }
    })
}

fn own(shown: &Shown<'_>, rows: &Rows<Listed>, names: &Names) -> Markup {
    let sought = shown.address.get("q");
    html! {
        section.card.document-rows aria-label="Rows" {
            div.card-header { h2.card-title { "Rows" } }
            @if rows.rows.is_empty() {
                @if sought.is_empty() {
                    (empty(Icon::Adjust, "No value is set here", "A value that is set here reaches every client that sets none of its own."))
                } @else {
                    (empty(Icon::Search, "No row holds this text", "Look for a shorter part of it."))
                }
            } @else {
                (table(shown, rows, names))
            }
            (pager(shown.address, rows))
        }
    }
}

fn table(shown: &Shown<'_>, rows: &Rows<Listed>, names: &Names) -> Markup {
    html! {
        table.keys {
            caption.visually-hidden { "Rows by key, layer and environment" }
            thead { tr { th scope="col" { "Key" } th scope="col" { "Value" } th scope="col" { "Layer" } } }
            tbody {
                @for row in &rows.rows {
                    tr {
                        th scope="row" { (key(shown, row)) }
                        td { div.key-value { (value::value(row.value.as_ref())) } }
                        td {
                            (value::layer(place(&shown.which.subject, row)))
                            span.key-note { (set(shown, row, names)) }
                            (ways(shown, row))
                        }
                    }
                }
            }
        }
    }
}

/// The key, which leads to where its value comes from in the row's environment.
fn key(shown: &Shown<'_>, row: &Listed) -> Markup {
    let here = match row.environment.parse::<Environment>() {
        Ok(environment) => shown.address.with("environment", environment.as_str()),
        Err(_) => shown.address.clone(),
    };
    let is_key = Key::parse(&row.key).is_ok();
    html! {
        @if is_key {
            a.key href={ (here.with("key", &row.key).href()) "#explanation" } { (row.key) }
        } @else {
            span.key { (row.key) }
        }
        @if row.is_locking { span.key-mark title="Locks it for higher layers" { (icon(Icon::Lock)) span.visually-hidden { "locked" } } }
        @if let Some(description) = &row.description { span.key-note { (description) } }
    }
}

fn place(subject: &Subject, row: &Listed) -> Place {
    match (subject.template().is_some(), row.environment == "all") {
        (false, true) => Place::GlobalAll,
        (false, false) => Place::GlobalEnvironment,
        (true, true) => Place::TemplateAll,
        (true, false) => Place::TemplateEnvironment,
    }
}

fn set(shown: &Shown<'_>, row: &Listed, names: &Names) -> Markup {
    html! {
        @match row.environment.parse() {
            Ok(environment) => { (which::environment(environment)) " · " }
            Err(_) => "All environments · ",
        }
        (moment(row.updated_at, &shown.visitor.zone))
        @if row.updated_by.is_some() { " · " (names.person(row.updated_by)) }
    }
}

fn ways(shown: &Shown<'_>, row: &Listed) -> Markup {
    let edit = shown.which.at(&format!("{}/edit", shown.which.path()), &[("key", &row.key), ("in", &row.environment)]);
    html! {
        div.row-ways {
            @if shown.may_edit() {
                a href=(edit) aria-label={ "Edit " (row.key) " " (row.environment) } { "Edit" }
            }
            a href=(history(row.id)) aria-label={ "History of " (row.key) " " (row.environment) } { "History" }
        }
    }
}

fn history(id: Uuid) -> String {
    format!("/configurations/{id}/history")
}

/// What steers Tenantry itself, and is part of no document.
fn steering(shown: &Shown<'_>, rows: &[Listed], names: &Names) -> Markup {
    html! {
        section.card.document-rows aria-label="System rows" {
            div.card-header {
                div { h2.card-title { "What steers Tenantry itself" } p.document-source { "No app reads these." } }
            }
            table.keys {
                caption.visually-hidden { "Settings of Tenantry itself" }
                thead { tr { th scope="col" { "Key" } th scope="col" { "Value" } th scope="col" { "Set" } } }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" {
                                span.key { (words::label(&row.key)) }
                                @if let Some(description) = &row.description { span.key-note { (description) } }
                            }
                            td { div.key-value { (value::value(row.value.as_ref())) } }
                            td {
                                span.key-note { (set(shown, row, names)) }
                                div.row-ways {
                                    @if shown.may_edit() { a href={ "/configuration/system/" (row.id) } aria-label={ "Edit " (row.key) } { "Edit" } }
                                    a href=(history(row.id)) aria-label={ "History of " (row.key) } { "History" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
