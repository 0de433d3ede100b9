use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clients::fields::{FIELDS, Field, Kind, SECTIONS};
use crate::clients::store;
use crate::console::components::{Facts, Icon, card, day, icon, moment, status, told};
use crate::console::{Console, Names, Nav, Page, Visitor, client_tabs, words};
use crate::problem::Problem;

/// What is known of a client.
pub(super) async fn overview(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    let id = parse(&id)?;
    let tx = visitor.snapshot(&console).await?;
    let row = store::row(&tx, id).await?.ok_or_else(absent)?;
    let may_edit = visitor.writes_for(&tx, id).await?;
    let manager = row.get("assigned_manager").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    let names = Names::of(&tx, &visitor, manager).await?;
    let body = html! {
        (client_tabs(&visitor, id, "overview"))
        div.cards {
            @for section in SECTIONS { (shown(section, &row)) }
            (history(&row, manager, &names, &visitor))
        }
    };
    let edit = html! {
        @if may_edit { a.btn.btn-primary href={ "/clients/" (id) "/edit" } { (icon(Icon::Edit)) "Edit" } }
    };
    Ok(Page::new(&visitor, name(&row))
        .under(Nav::Clients)
        .crumb("Clients", "/clients")
        .subtitle(subtitle(&row))
        .actions(edit)
        .body(body))
}

/// The key of a client in a path; nothing is under any other text.
pub(super) fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| absent())
}

/// There is no such client, or none that whoever asks sees.
pub(super) fn absent() -> Problem {
    Problem::absent("there is no such client, or you aren't a member of it").mend("look for it in the list of clients")
}

/// What a client is called.
pub(super) fn name(row: &Map<String, Value>) -> &str {
    row.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn text<'a>(row: &'a Map<String, Value>, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn subtitle(row: &Map<String, Value>) -> Markup {
    let is_archived = !text(row, "archived_at").is_empty();
    html! {
        (status(if is_archived { "archived" } else { text(row, "status") })) " "
        (words::label(text(row, "tier")))
        @if !text(row, "company_name").is_empty() { " · " (text(row, "company_name")) }
    }
}

fn shown(section: &str, row: &Map<String, Value>) -> Markup {
    let mut facts = Facts::new();
    for field in FIELDS.iter().filter(|field| field.section == section) {
        facts = facts.fact(field.label, value(field, row.get(field.name).unwrap_or(&Value::Null)));
    }
    card(section, &facts.render())
}

fn value(field: &Field, value: &Value) -> Option<Markup> {
    let text = field.text(value);
    if text.is_empty() {
        return None;
    }
    Some(match (field.kind, value) {
        (Kind::Day, _) => text.parse().map_or_else(|_| html! { (text) }, day),
        (Kind::OneOf(_), _) => html! { (words::label(&text)) },
        (Kind::Email, _) => html! { a href={ "mailto:" (text) } { (text) } },
        (Kind::Words, _) => html! { ul.plain { @for word in text.lines() { li { (word) } } } },
        (Kind::Json, Value::Object(members)) if field.name == "color_palette" => colours(members),
        (Kind::Json, value) => told(value),
        (_, _) if field.name == "website_url" && (text.starts_with("https://") || text.starts_with("http://")) => {
            html! { a href=(text) rel="noopener noreferrer external" { (text) (icon(Icon::External)) } }
        }
        _ => html! { (text) },
    })
}

/// Colours as they look, each beside its name.
fn colours(members: &Map<String, Value>) -> Markup {
    let is_colour = |text: &str| {
        let digits = text.strip_prefix('#').unwrap_or_default();
        [3, 6].contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    html! {
        ul.plain {
            @for (name, value) in members {
                @let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
                li {
                    @if is_colour(&text) {
                        svg.swatch viewBox="0 0 16 16" aria-hidden="true" { rect width="16" height="16" rx="4" fill=(text) {} }
                    }
                    (words::label(name)) ": " code { (text) }
                }
            }
        }
    }
}

fn history(row: &Map<String, Value>, manager: Option<Uuid>, names: &Names, visitor: &Visitor) -> Markup {
    let at = |name| text(row, name).parse().ok().map(|at| moment(at, &visitor.zone));
    let manager = match manager {
        Some(id) => html! { (names.name(id)) },
        None => html! { span.text-secondary { "Nobody" } },
    };
    let facts = Facts::new()
        .fact("Manager", Some(manager))
        .fact("Last contact", at("last_contact_date"))
        .fact("Added", at("created_at"))
        .fact("Changed", at("updated_at"))
        .fact("Archived", at("archived_at"));
    card("Record", &facts.render())
}
