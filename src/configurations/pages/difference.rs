use axum::extract::{Path, State};
use maud::{Markup, html};
use uuid::Uuid;

use super::names::Names;
use super::subject::Subject;
use super::value;
use super::which::{self, Which};
use crate::configurations::Operation;
use crate::configurations::changes::Desk;
use crate::configurations::diff::{self, Changes, RevisionDiff, RowDiff, Span};
use crate::console::components::{Icon, Tone, badge, empty, icon};
use crate::console::list;
use crate::console::{AGENCY, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// How many rows a page shows.
const PAGE: i64 = 50;

/// What differs between two revisions: of the client's document, and of the rows that it is made of.
pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(client_id): Path<Uuid>,
    address: list::Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let which = Which::read(Subject::Client(client_id), &address, &visitor)?;
    let range = format!("{}..{}", address.get("from"), address.get("to"));
    let span = Span::read(&range, address.some("after"), Some(PAGE))?;
    let tx = visitor.snapshot(desk.console()).await?;
    let found = diff::diff(&tx, &desk.tools().compiled, &span, Some(&which.asked), which::view(&visitor)).await?;
    let people = found.rows.iter().filter_map(|row| row.changed_by);
    let names = Names::read(&tx, &visitor, people, [client_id]).await?;
    let client = names.client(client_id).unwrap_or("Client").to_owned();
    let body = html! {
        (of_document(found.document.as_deref().unwrap_or_default()))
        (of_rows(&found, &names, &address))
    };
    Ok(Page::new(&visitor, format!("Revision {} to {}", span.from, span.to))
        .under(Nav::Clients)
        .crumb("Clients", "/clients")
        .crumb(client, format!("/clients/{client_id}"))
        .crumb("Configuration", which.at(&which.path(), &[]))
        .subtitle(html! { (which::environment(which.asked.environment)) })
        .body(body))
}

fn of_document(changes: &[Changes]) -> Markup {
    html! {
        section.card {
            div.card-header { h2.card-title { "The document" } }
            @if changes.is_empty() {
                (empty(Icon::Compare, "The document is the same", "What was written between the two reached other documents."))
            } @else {
                ul.version-changes.card-body {
                    @for change in changes {
                        li { code { (layers::Key::of_pointer(&change.pointer)) } " " (value::change(change.before.as_ref(), change.after.as_ref())) }
                    }
                }
            }
        }
    }
}

fn of_rows(found: &RevisionDiff, names: &Names, address: &list::Asked) -> Markup {
    html! {
        section.card {
            div.card-header { h2.card-title { "Rows of the client" } }
            @if found.rows.is_empty() {
                (empty(Icon::Adjust, "No row of the client was written", "Rows of all clients and of templates may have been."))
            } @else {
                ol.versions { @for row in &found.rows { (of_row(row, names)) } }
            }
            @if let Some(next) = &found.next {
                nav.pager aria-label="Pages" {
                    a.btn href=(address.with("after", next).href()) { "More rows" (icon(Icon::ChevronRight)) }
                }
            }
        }
    }
}

fn of_row(row: &RowDiff, names: &Names) -> Markup {
    html! {
        li.version {
            div.version-head {
                strong { (row.key.clone().unwrap_or_else(|| words::label(row.table.name()))) }
                (badge(Tone::Quiet, row.environment.as_deref().unwrap_or("all")))
                @if row.changed_by.is_some() { span { (names.person(row.changed_by)) } }
                @if let Some(change) = row.change_id { a href={ "/changes/" (change) } { "Change" } }
                a href={ "/configurations/" (row.row_id) "/history" } { "History" }
            }
            @if let Some(reason) = &row.reason { p.version-reason { "“" (reason) "”" } }
            ul.version-changes {
                // Of a row that is new or gone, the value says all.
                @let is_told = |change: &&Changes| row.operation == Operation::Update || change.pointer == "/configuration_value";
                @let has_value = row.changes.iter().any(|change| change.pointer == "/configuration_value");
                @for change in row.changes.iter().filter(|change| !has_value || is_told(change)) {
                    li {
                        @if change.pointer != "/configuration_value" { code { (layers::Key::of_pointer(&change.pointer)) } " " }
                        (value::change(change.before.as_ref(), change.after.as_ref()))
                    }
                }
            }
        }
    }
}
