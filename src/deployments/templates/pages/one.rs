use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::list::standing;
use crate::console::components::{Facts, Icon, card, icon, json, moment, status};
use crate::console::record::{Field, Kind};
use crate::console::{Console, Names, Nav, Page, Visitor, words};
use crate::deployments::templates::actions::{self, KEEPERS};
use crate::deployments::templates::fields::{FIELDS, SECTIONS};
use crate::deployments::templates::store::{self, Use};
use crate::deployments::templates::types::Whole;
use crate::problem::Problem;

/// One deployment template: what it sets, how it fares, and where it is used.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    let id = parse(&id)?;
    let tx = visitor.snapshot(&console).await?;
    let of = actions::found(&tx, id).await?;
    let (deployments, configurations) = store::uses(&tx, id).await?;
    let names = Names::of(&tx, &visitor, of.begun.1.into_iter().chain(of.changed.1)).await?;
    let body = html! {
        div.change-grid {
            div {
                div.cards { @for section in SECTIONS { (said(section, &of)) } }
                (used("Deployments", "/deployments/", &deployments))
                (used("Deployment configurations", "/deployment-configurations/", &configurations))
            }
            aside aria-label="State" { (card("How it fares", &fares(&of, &visitor, &names))) }
        }
    };
    let acts = html! {
        @if visitor.is(KEEPERS) {
            @if !of.about.is_system { a.btn href={ (path(id)) "/remove" } { (icon(Icon::Trash)) "Remove…" } }
            a.btn.btn-primary href={ (path(id)) "/edit" } { (icon(Icon::Edit)) "Edit" }
        }
    };
    Ok(Page::new(&visitor, of.about.name.clone())
        .under(Nav::DeploymentTemplates)
        .crumb("Deployment templates", "/deployment-templates")
        .subtitle(html! { (standing(&of.about)) " " (words::label(&of.about.kind)) })
        .actions(acts)
        .body(body))
}

/// The key of one in a path; nothing is under any other text.
pub(super) fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| actions::absent())
}

/// Where one is.
pub(super) fn path(id: Uuid) -> String {
    format!("/deployment-templates/{id}")
}

fn said(section: &str, of: &Whole) -> Markup {
    let is_shown = |field: &&Field| field.section == section && !["template_name", "status"].contains(&field.name);
    let fields = FIELDS.iter().filter(is_shown);
    let facts = fields.fold(Facts::new(), |facts, field| facts.fact(field.label, value(field, of)));
    card(section, &facts.render())
}

fn value(field: &Field, of: &Whole) -> Option<Markup> {
    let (value, text) = (of.row.get(field.name)?, field.text_in(&of.row));
    if text.is_empty() {
        return None;
    }
    Some(match field.kind {
        Kind::Json => json(value),
        Kind::Words => html! { ul.plain { @for word in text.lines() { li { (word) } } } },
        Kind::OneOf(_) => html! { (words::label(&text)) },
        _ => html! { span.typed { (text) } },
    })
}

fn fares(of: &Whole, visitor: &Visitor, names: &Names) -> Markup {
    let by = |person: Option<Uuid>| html! { @if let Some(person) = person { " by " (names.name(person)) } };
    let Whole { about, begun, changed, .. } = of;
    Facts::new()
        .fact("Deployments", Some(words::grouped(&about.uses.to_string())))
        .fact("Succeeded", about.success.as_ref().map(|percent| html! { (percent) " % of those that ended" }))
        .fact("Last used", about.last_used.map(|at| moment(at, &visitor.zone)))
        .fact("Changed", Some(html! { (moment(changed.0, &visitor.zone)) (by(changed.1)) }))
        .fact("Begun", Some(html! { (moment(begun.0, &visitor.zone)) (by(begun.1)) }))
        .render()
}

fn used(heading: &str, to: &str, uses: &[Use]) -> Markup {
    let shown = html! {
        @if uses.is_empty() { p.text-secondary { "None that you see was made from it." } } @else {
            ul.plain.ways {
                @for one in uses { li { a href={ (to) (one.id) } { (one.name) } " " span.text-secondary { (one.client) } " " (status(&one.status)) } }
            }
        }
    };
    card(heading, &shown)
}
