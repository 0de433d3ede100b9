use axum::extract::State;
use maud::{Markup, Render as _, html};

use crate::console::components::{
    Choice, Column, Filters, Icon, Table, Tone, badge, empty, icon, moment, pager, status,
};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Nav, Page, Visitor, words};
use crate::deployments::templates::actions::KEEPERS;
use crate::deployments::templates::store::{self, ORDERS};
use crate::deployments::templates::types::{Filter, STATUSES, TYPES, Template};
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// The deployment templates that the visitor sees.
pub(super) async fn list(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let filter = Filter::parse(|name| asked.some(name))?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(&console).await?;
    let (found, count, categories) =
        tokio::try_join!(store::page(&tx, &filter, &window), store::count(&tx, &filter), store::categories(&tx))?;
    let mut filters = Filters::new(&asked, LIST).search("Name, description or tag");
    if visitor.is(KEEPERS) {
        filters = filters.choice(Choice::of_words("status", "Status", STATUSES));
    }
    let categories = categories.into_iter().map(|word| (word.clone(), words::label(&word)));
    let filters =
        filters.choice(Choice::of_words("type", "Type", TYPES)).choice(Choice::of("category", "Group", categories));
    let body = html! {
        (filters)
        div.card.list-frame #(LIST) {
            (filters.summary())
            div.list-head { p.list-count { (words::count(count, "deployment template", "deployment templates")) } }
            @if found.rows.is_empty() && asked.is_narrowed() {
                (empty(Icon::Search, "None is like that", "Take a filter away, or search for something else."))
            } @else if found.rows.is_empty() {
                (empty(Icon::Template, "No deployment templates", "tenantry seed brings some along, and administrators add others."))
            } @else {
                (table(&visitor, &asked, &window.sort(), &found))
            }
            (pager(&asked, &found))
        }
    };
    let new = html! {
        @if visitor.is(KEEPERS) { a.btn.btn-primary href="/deployment-templates/new" { (icon(Icon::Plus)) "New" } }
    };
    Ok(Page::new(&visitor, "Deployment templates").under(Nav::DeploymentTemplates).actions(new).body(body))
}

fn table(visitor: &Visitor, asked: &Asked, sort: &str, found: &Rows<Template>) -> Markup {
    let columns = [
        Column::new("Name").sorted_by("name"),
        Column::new("Status").sorted_by("status"),
        Column::new("Type").sorted_by("type").wide_only(),
        Column::new("Deployments").sorted_by("uses").number().wide_only(),
        Column::new("Succeeded").sorted_by("success").number().wide_only(),
        Column::new("Last used").sorted_by("used").wide_only(),
    ];
    let table = Table::new("Deployment templates", columns).sortable(asked, sort, LIST);
    found.rows.iter().fold(table, |table, one| table.row(row(visitor, one))).render()
}

fn row(visitor: &Visitor, one: &Template) -> [Markup; 6] {
    let none = || html! { span.text-secondary { (words::NONE) } };
    [
        html! {
            div.list-main {
                a href={ "/deployment-templates/" (one.id) } { (one.name) }
                span { (one.category.as_deref().map(words::label).unwrap_or_default()) @if !one.tags.is_empty() { " · " (one.tags.join(", ")) } }
            }
        },
        standing(one),
        html! { (words::label(&one.kind)) },
        html! { (words::grouped(&one.uses.to_string())) },
        one.success.as_ref().map_or_else(none, |percent| html! { (percent) " %" }),
        one.last_used.map_or_else(none, |at| moment(at, &visitor.zone)),
    ]
}

/// Whether one may be used, and what else is to be known of it at once.
pub(super) fn standing(one: &Template) -> Markup {
    html! {
        (status(&one.status))
        @if one.is_system { " " (badge(Tone::Quiet, "built in")) }
        @if one.is_featured { " " (badge(Tone::Busy, "featured")) }
    }
}
