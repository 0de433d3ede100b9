use axum::extract::{Path, State};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::names::Names;
use super::subject::Subject;
use super::{value, which};
use crate::configurations::ConfigTable;
use crate::configurations::changes::Desk;
use crate::configurations::diff::is_bookkeeping;
use crate::configurations::history::{History, RowVersion, history};
use crate::console::components::{Icon, icon, moment};
use crate::console::list;
use crate::console::{Page, Visitor, words};
use crate::problem::Problem;

/// How many versions a page shows.
const PAGE: i64 = 20;

/// What a row held, newest first: each version with what it changed, who made it, why, and by which change.
pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(row_id): Path<Uuid>,
    address: list::Asked,
) -> Result<Page, Problem> {
    let before = address.some("before").map(str::parse::<Timestamp>).transpose();
    let before = before.map_err(|_| Problem::invalid("the link to these versions is broken"))?;
    let tx = visitor.snapshot(desk.console()).await?;
    let found = history(&tx, row_id, before, PAGE, which::view(&visitor)).await?;
    let people = found.versions.iter().filter_map(|version| version.changed_by);
    let client_id = found.versions.first().and_then(|version| version.content.get("client_id")?.as_str()?.parse().ok());
    let names = Names::read(&tx, &visitor, people, client_id).await?;
    Ok(page(&visitor, &found, &names, client_id, &address))
}

fn page(visitor: &Visitor, found: &History, names: &Names, client_id: Option<Uuid>, address: &list::Asked) -> Page {
    let newest = found.versions.first().map(|version| &version.content);
    let text = |name: &str| newest.and_then(|row| row.get(name)?.as_str());
    let title = text("configuration_key").map_or_else(|| words::label(found.table.name()), ToOwned::to_owned);
    let scope = scope(newest, client_id.and_then(|id| names.client(id)));
    let body = html! {
        div.card {
            ol.versions {
                @for (place, version) in found.versions.iter().enumerate() {
                    (one(visitor, found, version, found.versions.get(place + 1), names))
                }
            }
            @if let Some(next) = found.next {
                nav.pager aria-label="Pages" {
                    a.btn href=(address.with("before", &next.to_string()).href()) { "Earlier versions" (icon(Icon::ChevronRight)) }
                }
            }
        }
    };
    let is_value = found.table == ConfigTable::SystemConfigurations;
    let subject = match (client_id, text("template_id")) {
        (Some(id), _) => Subject::Client(id),
        (None, Some(template_id)) => Subject::Template(template_id.to_owned()),
        (None, None) => Subject::Global,
    };
    let client = client_id.and_then(|id| names.client(id)).unwrap_or("Client");
    let page = subject.page(visitor, format!("History of {title}"), client);
    let page = if is_value { page.crumb(subject.title(), subject.path()) } else { page };
    page.subtitle(scope).body(body)
}

/// Where a row belongs.
fn scope(row: Option<&Map<String, Value>>, client: Option<&str>) -> Markup {
    let text = |name: &str| row.and_then(|row| row.get(name)?.as_str());
    html! {
        (client.unwrap_or("All clients"))
        @if let Some(template) = text("template_id") { " · template " (template) }
        @match text("environment") {
            Some("all") => " · all environments",
            Some(environment) => { " · " (environment) }
            None => {}
        }
    }
}

fn one(visitor: &Visitor, found: &History, version: &RowVersion, former: Option<&RowVersion>, names: &Names) -> Markup {
    html! {
        li.version {
            div.version-head {
                strong { @if let Some(at) = version.valid_from { (moment(at, &visitor.zone)) } @else { "Before history begins" } }
                @if version.valid_to.is_none() { span.badge.bg-green-lt { "Now" } }
                @if version.changed_by.is_some() { span { (names.person(version.changed_by)) } }
                @else if let Some(name) = &version.changed_by_name { code { (name) } }
                @if let Some(revision) = version.revision_from.filter(|revision| *revision > 0) { span.text-secondary { "revision " (revision) } }
                @if let Some(change) = version.change_id { a href={ "/changes/" (change) } { "Change" } }
            }
            @if let Some(reason) = &version.reason { p.version-reason { "“" (reason) "”" } }
            (differences(found.table, former.map(|former| &former.content), &version.content, former.is_none() && found.next.is_some()))
        }
    }
}

/// What a version changed of the one before it.
fn differences(
    table: ConfigTable,
    former: Option<&Map<String, Value>>,
    row: &Map<String, Value>,
    is_cut: bool,
) -> Markup {
    let now = Value::Object(row.clone());
    let before = former.map(|row| Value::Object(row.clone()));
    let content = row.get("configuration_value");
    html! {
        @match before {
            None if is_cut => {}
            None => @match content {
                Some(content) => p.version-change { (value::value(Some(content))) },
                None => p.text-secondary { "The first version that is known" },
            },
            Some(before) => {
                ul.version-changes {
                    @for found in layers::diff(&before, &now).iter().filter(|found| !is_bookkeeping(table, &found.path)) {
                        li {
                            @if found.path.pointer() != "/configuration_value" { code { (found.path) } " " }
                            (value::change(found.before.as_ref(), found.after.as_ref()))
                        }
                    }
                }
            }
        }
    }
}
