use axum::extract::{Path, State};
use maud::{Markup, html};
use uuid::Uuid;

use super::{at, columns, parse, rows};
use crate::clients::imports::store;
use crate::clients::imports::types::{Import, State as Stage};
use crate::clients::imports::work::absent;
use crate::console::components::{Confirm, Icon, empty_action, icon, moment};
use crate::console::list::Asked;
use crate::console::{ADMINISTRATORS, Console, Form, Nav, Page, Visitor, sentence, words};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// How many clients that moved are named.
const MOST_MOVED: i64 = 200;

/// One file: how far it is, what it would do, or what it did.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    page(&console, &visitor, parse(&id)?, &asked, &Form::empty()).await
}

/// The page of a file as it is now, with what was wrong with a form of it.
pub(super) async fn page(
    console: &Console,
    visitor: &Visitor,
    id: Uuid,
    asked: &Asked,
    form: &Form,
) -> Result<Page, Problem> {
    let tx = visitor.begin(console).await?;
    // In this order: whoever is done between the two has said so in the file by then.
    let is_busy = store::is_busy(&tx, id).await?;
    let import = store::find(&tx, id).await?.ok_or_else(absent)?;
    let body = if is_busy { busy(&import) } else { still(&tx, visitor, &import, asked, form).await? };
    let body = html! { div.import #("import") { (form.summary()) (body) } };
    let title = format!("Import of {}", import.called());
    let page =
        Page::new(visitor, title).under(Nav::Clients).crumb("Clients", "/clients").crumb("Import", "/clients/import");
    Ok(page.subtitle(subtitle(visitor, &import)).body(body))
}

fn subtitle(visitor: &Visitor, import: &Import) -> Markup {
    html! {
        (words::count(i64::from(import.lines), "row", "rows")) ", uploaded " (moment(import.created_at, &visitor.zone))
        @if let Some(at) = import.applied_at { ", imported " (moment(at, &visitor.zone)) }
    }
}

/// While somebody is at it: how far they are, looked at again by itself where scripts run, and by a link where not.
fn busy(import: &Import) -> Markup {
    let here = at(import.id);
    let (what, all) = match import.state {
        Stage::Checked | Stage::Applied => ("Rows written", import.writes()),
        Stage::Read | Stage::Reading => ("Rows checked", import.lines),
    };
    html! {
        div.card {
            div.card-body.progress-body role="status" hx-get=(here) hx-trigger="load delay:1s" hx-target="#import"
                hx-select="#import" hx-swap="outerHTML" {
                p {
                    (what) ": " strong { (words::grouped(&import.done.to_string())) } " of "
                    (words::grouped(&all.to_string()))
                }
                progress.progress max=(all.max(1)) value=(import.done) aria-label=(what) {}
                p.text-secondary { "You may leave this page: the work goes on, and its outcome stands here." }
                p { a.btn href=(here) { (icon(Icon::Refresh)) "Look again" } }
            }
        }
    }
}

async fn still(tx: &Tx<'_>, visitor: &Visitor, import: &Import, asked: &Asked, form: &Form) -> Result<Markup, Problem> {
    if import.state == Stage::Reading {
        let again = html! { a.btn.btn-primary href="/clients/import" { "Choose the file again" } };
        let title = "The upload broke off";
        return Ok(
            html! { div.card { (empty_action(Icon::AlertCircle, title, "Nothing of the file can be imported.", &again)) } },
        );
    }
    if !import.is_settled() {
        return Ok(columns::form(import, form));
    }
    Ok(match import.state {
        Stage::Applied => html! { (done(import)) @if import.refused > 0 { (left_out(import)) } },
        Stage::Checked => {
            let moved = store::moved(tx, import.id, MOST_MOVED).await?;
            let rows = rows::shown(tx, visitor, import, asked).await?;
            html! { (notice(import)) (rows::moved(import, &moved)) (decide(import)) (rows) }
        }
        Stage::Read | Stage::Reading => html! { (notice(import)) (unchecked(import)) },
    })
}

/// Why nothing came of the last try.
fn notice(import: &Import) -> Markup {
    html! {
        @if let Some(failure) = &import.failure {
            div.alert.alert-warning role="alert" {
                div.alert-icon { (icon(Icon::AlertTriangle)) }
                div { strong { "Nothing was imported." } " " (sentence(failure)) }
            }
        }
    }
}

fn unchecked(import: &Import) -> Markup {
    let again = html! {
        form method="post" action={ (at(import.id)) "/check" } {
            button.btn.btn-primary type="submit" { (icon(Icon::Refresh)) "Make the dry run" }
        }
    };
    html! { div.card { (empty_action(Icon::AlertCircle, "There is no dry run yet", "It wasn't begun, or broke off.", &again)) } }
}

/// What is done with the file: imported, checked once more, or thrown away.
fn decide(import: &Import) -> Markup {
    let writes = words::count(i64::from(import.writes()), "row", "rows");
    html! {
        @if import.writes() > 0 {
            (Confirm::new(format!("{}/apply", at(import.id)), format!("Import {writes}"), "/clients")
                .field("check", import.checks.to_string())
                .what(html! {
                    p {
                        "This " strong { (would(import)) } ": all of it, or nothing where one client can't be written. It "
                        "can't be undone as a whole; the audit log keeps what each client was before."
                    }
                    @if import.refused > 0 {
                        p { strong { (words::count(i64::from(import.refused), "refused row is", "refused rows are")) " left out." } }
                    }
                }))
        } @else {
            div.alert.alert-info role="status" {
                div.alert-icon { (icon(Icon::Info)) }
                div {
                    @if import.refused > 0 { "No row can be imported. Mend the file, and upload it again." }
                    @else { "Every client is as the file says: there is nothing to import." }
                }
            }
        }
        div.import-else {
            form method="post" action={ (at(import.id)) "/check" } {
                button.btn type="submit" { (icon(Icon::Refresh)) "Check again" }
            }
            form method="post" action={ (at(import.id)) "/discard" } {
                button.btn type="submit" { (icon(Icon::Trash)) "Throw the file away" }
            }
            @if import.refused > 0 { (download(import)) }
        }
    }
}

/// What importing the file would do, in a few words.
fn would(import: &Import) -> String {
    let acts = [("adds", import.added), ("changes", import.changed)].into_iter().filter(|(_, count)| *count > 0);
    let acts = acts.map(|(act, count)| format!("{act} {}", words::count(i64::from(count), "client", "clients")));
    acts.collect::<Vec<_>>().join(" and ")
}

fn download(import: &Import) -> Markup {
    html! { a.btn href={ (at(import.id)) "/refused.csv" } { (icon(Icon::Download)) "Refused rows as a file" } }
}

fn done(import: &Import) -> Markup {
    let count = |count: i32| words::count(i64::from(count), "client", "clients");
    let title = format!("{} imported", words::count(i64::from(import.writes()), "row is", "rows are"));
    let mut what = format!("{} added, {} changed", count(import.added), count(import.changed));
    if import.unchanged > 0 {
        let rows = words::count(i64::from(import.unchanged), "row", "rows");
        what.push_str(&format!("; {rows} said what was so already"));
    }
    let what = format!("{what}.");
    let list = html! { a.btn.btn-primary href="/clients?sort=changed" { "See the clients" } " " a.btn href="/clients/import" { "Import another file" } };
    html! { div.card { (empty_action(Icon::CircleCheck, &title, &what, &list)) } }
}

fn left_out(import: &Import) -> Markup {
    html! {
        div.alert.alert-warning role="status" {
            div.alert-icon { (icon(Icon::AlertTriangle)) }
            div {
                strong { (words::count(i64::from(import.refused), "row was", "rows were")) " refused and left out." }
                " Mend them in their own file, which says what is wrong with each, and import that."
            }
        }
        div.import-else { (download(import)) }
    }
}
