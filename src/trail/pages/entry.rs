use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};
use serde_json::Value;

use super::named::{self, Names};
use super::{READERS, sealed};
use crate::audit::entry::Entry;
use crate::console::components::{Facts, card, diff, json, moment, side_by_side};
use crate::console::list::Asked;
use crate::console::{Console, Nav, Page, Visitor, words};
use crate::problem::Problem;
use crate::trail::store;
use crate::trail::types::{Place, Table, details, places};

/// One entry: who, when, what was before and after, and whether it is sealed.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(READERS)?;
    let absent = || Problem::absent("there is no such entry, or none that you see").mend("look for it in the list");
    let id: i64 = id.parse().map_err(|_| absent())?;
    let tx = visitor.snapshot(&console).await?;
    let entry = store::one(&tx, id).await?.ok_or_else(absent)?;
    let names = Names::of(&tx, &visitor, std::slice::from_ref(&entry), &[]).await?;
    let seal = store::seals(&tx, &[id]).await?.remove(&id);
    let at = jiff::Timestamp::from_microsecond(entry.at).unwrap_or_default();
    let body = html! {
        div.change-grid {
            div { (contents(&entry)) }
            aside aria-label="Circumstances" {
                (card("Circumstances", &circumstances(&visitor, &entry, &names)))
                (sealed::told(&visitor, &entry, seal.as_ref()))
            }
        }
    };
    Ok(Page::new(&visitor, format!("Entry {id}"))
        .under(Nav::Audit)
        .crumb("Audit", "/audit")
        .subtitle(html! {
            (named::action(&entry)) " " @if let Some(table) = named::table(&entry) { (table) " · " }
            (names.who(&entry)) " · " (moment(at, &visitor.zone))
        })
        .body(body))
}

/// What was and what is.
fn contents(entry: &Entry) -> Markup {
    let (places, details) = (places(entry), details(entry));
    let heading = match (&entry.before, &entry.after) {
        (None, Some(_)) => "The row as it was made",
        (Some(_), None) => "The row as it was taken away",
        _ => "Before and after",
    };
    html! {
        @if let Some(reason) = &entry.reason { (card("Reason", &html! { p.version-reason { "“" (reason) "”" } })) }
        @if !places.is_empty() {
            section.card.trail-places {
                div.card-header { h2.card-title { (heading) } }
                @if entry.before.is_some() && entry.after.is_some() {
                    @for place in &places { (one(place)) }
                } @else {
                    dl.facts.card-body { @for place in &places { (whole(place)) } }
                }
            }
        }
        @if let Some(details) = &details { (card("Details", &json(details))) }
        @if places.is_empty() && details.is_none() {
            (card(heading, &html! {
                p.text-secondary {
                    @if entry.erased { "The contents of this entry were erased." } @else { "It says no more than that it was done." }
                }
            }))
        }
    }
}

/// A column of a row that is told whole.
fn whole(place: &Place) -> Markup {
    let value = place.after.as_ref().or(place.before.as_ref());
    html! { dt { code { (place.name) } } dd { (diff(value, value)) } }
}

/// A place that differs: long texts beside each other, everything else in a line.
fn one(place: &Place) -> Markup {
    let lines = |value: &Option<Value>| match value {
        Some(Value::String(text)) if text.contains('\n') => Some(text.clone()),
        Some(value @ (Value::Array(_) | Value::Object(_))) => {
            Some(format!("{value:#}")).filter(|text| text.contains('\n'))
        }
        _ => None,
    };
    html! {
        div.trail-place {
            h3 { code { (place.name) } }
            @match (lines(&place.before), lines(&place.after)) {
                (Some(before), Some(after)) => (side_by_side(("Before", &before), ("After", &after))),
                _ => (diff(place.before.as_ref(), place.after.as_ref())),
            }
        }
    }
}

fn circumstances(visitor: &Visitor, entry: &Entry, names: &Names) -> Markup {
    let list = |name: &str, value: &str| Asked::parse("/audit", "").with(name, value);
    let at = jiff::Timestamp::from_microsecond(entry.at).unwrap_or_default();
    let person =
        entry.user_id.map(|id| html! { a href=(list("person", &id.to_string()).href()) { (names.who(entry)) } });
    let client = entry.client_id.map(|id| {
        html! { a href=(list("client", &id.to_string()).href()) { (names.client(id).unwrap_or("One client")) } }
    });
    let table = entry.table_name.as_deref().zip(entry.table_schema.as_deref());
    let table = table.map(|(name, schema)| Table { schema: schema.to_owned(), name: name.to_owned() });
    let row = table.as_ref().zip(entry.row_id.as_deref()).map(|(table, row)| {
        html! { a href=(list("table", &table.word()).with("row", row).href()) title="Everything about this row" { code { (row) } } }
    });
    let request = entry.request_id.as_deref().map(|number| {
        html! { a href=(list("request", number).href()) title="Everything that this request did" { code { (number) } } }
    });
    let as_code = |text: Option<&str>| text.map(|text| html! { code { (text) } });
    Facts::new()
        .fact("Time", Some(moment(at, &visitor.zone)))
        .fact("Who", Some(person.unwrap_or_else(|| names.who_shown(entry))))
        .fact("Action", Some(words::label(&entry.action)))
        .fact(
            "Table",
            table
                .as_ref()
                .map(|table| html! { a href=(list("table", &table.word()).href()) { (words::label(&table.name)) } }),
        )
        .fact("Row", row)
        .fact("Client", client)
        .fact("Request", request)
        .fact("Address", as_code(entry.address.as_deref()))
        .fact("Session", as_code(entry.session_id.map(|id| id.to_string()).as_deref()))
        .fact("Database role", as_code(Some(&entry.database_role)))
        .fact("Login", as_code(Some(&entry.login_role)))
        .render()
}
