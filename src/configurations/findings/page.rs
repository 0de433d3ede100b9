use axum::extract::State;
use jiff::Timestamp;
use maud::{Markup, Render as _, html};

use super::store::{self, Listed, ORDERS};
use crate::configurations::changes::Desk;
use crate::console::components::{Choice, Column, Filters, Icon, Table, Tone, badge, empty, moment, pager};
use crate::console::list::{Asked, Rows};
use crate::console::{AGENCY, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// Documents that don't validate, of clients that the visitor sees.
pub(in crate::configurations) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let weight = asked.some("weight");
    let (found, looked_at) =
        tokio::try_join!(store::page(&tx, weight, asked.some("q"), &window), store::looked_at(&tx))?;
    let body = shown(&visitor, &asked, &window.sort(), &found, looked_at);
    Ok(Page::new(&visitor, "Documents with faults")
        .under(Nav::Dashboard)
        .crumb("Dashboard", "/")
        .subtitle(as_of(looked_at, &visitor))
        .body(body))
}

/// When it was looked.
fn as_of(looked_at: Option<Timestamp>, visitor: &Visitor) -> Markup {
    html! {
        @match looked_at {
            Some(at) => { "As of " (moment(at, &visitor.zone)) },
            None => "Nobody has looked yet",
        }
    }
}

fn shown(visitor: &Visitor, asked: &Asked, sort: &str, found: &Rows<Listed>, looked_at: Option<Timestamp>) -> Markup {
    let filters = Filters::new(asked, LIST).search("Client, template or fault").choice(Choice::of_words(
        "weight",
        "Weight",
        ["invalid", "incomplete"],
    ));
    html! {
        (filters)
        div.card.list-frame #(LIST) {
            (filters.summary())
            @if !found.rows.is_empty() {
                (table(visitor, asked, sort, found))
                (pager(asked, found))
            } @else if asked.is_narrowed() {
                (empty(Icon::Search, "No fault is like that", "Take a filter away, or search for something else."))
            } @else if looked_at.is_none() {
                (empty(Icon::Activity, "Nobody has looked yet", "The server judges every document by its template's schema, soon after it starts and after every change."))
            } @else {
                (empty(Icon::CircleCheck, "No faults", "Every document that you see holds to its template's schema and lacks nothing."))
            }
        }
        p.note {
            "An invalid document breaks a rule of its template's schema; an incomplete one lacks a required key. The server looks at all of them after changes, with pauses, so that requests come first; "
            code { "tenantry config verify" } " looks at once, and at every row besides."
        }
    }
}

fn table(visitor: &Visitor, asked: &Asked, sort: &str, found: &Rows<Listed>) -> Markup {
    let columns = [
        Column::new("Client").sorted_by("client"),
        Column::new("What is wrong").below(),
        Column::new("Faults").number().wide_only(),
        Column::new("Since").sorted_by("since").wide_only(),
    ];
    let table = Table::new("Documents with faults", columns).sortable(asked, sort, LIST);
    found.rows.iter().fold(table, |table, listed| table.row(row(visitor, listed))).render()
}

fn row(visitor: &Visitor, listed: &Listed) -> [Markup; 4] {
    let Listed { client, template_id, environment, weight, faults, detail, found_at, .. } = listed;
    let tone = if weight == "invalid" { Tone::Bad } else { Tone::Attention };
    [
        html! {
            div.list-main {
                a href=(document(listed)) { (client) }
                span { @if !template_id.is_empty() { (template_id) ", " } (words::label(environment).to_lowercase()) }
            }
        },
        html! { (badge(tone, weight)) " " (told(detail)) },
        html! { (faults) },
        moment(*found_at, &visitor.zone),
    ]
}

/// The place by itself, where there is one.
fn told(detail: &str) -> Markup {
    match detail.split_once(' ') {
        Some((place, said)) if place.starts_with('/') => html! { code { (place) } " " (said) },
        _ => html! { (detail) },
    }
}

/// The page of the document.
fn document(listed: &Listed) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if listed.environment != "all" {
        query.append_pair("environment", &listed.environment);
    }
    if !listed.template_id.is_empty() {
        query.append_pair("template", &listed.template_id);
    }
    format!("/clients/{}/configuration?{}", listed.client_id, query.finish())
}
