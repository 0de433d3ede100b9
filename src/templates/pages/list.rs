use axum::extract::State;
use maud::{Markup, Render as _, html};

use super::store::{self, Filter, Listed, ORDERS};
use super::{KEEPERS, path};
use crate::configurations::changes::Desk;
use crate::console::components::{
    Choice, Column, Filters, Icon, Table, Tone, badge, empty, icon, moment, pager, status,
};
use crate::console::list::{Asked, Rows};
use crate::console::{AGENCY, Nav, Page, Visitor, words};
use crate::problem::Problem;
use crate::templates::Stage;

/// The part of the page that follows the filters.
const LIST: &str = "list";

/// How many industries a row names.
const MOST_INDUSTRIES: usize = 3;

/// Templates that the visitor sees.
pub(super) async fn show(State(desk): State<Desk>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let filter = read(&asked);
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let (found, (categories, industries)) = tokio::try_join!(store::page(&tx, &filter, &window), store::choices(&tx))?;
    let labelled = |names: Vec<String>| names.into_iter().map(|name| (name.clone(), words::label(&name)));
    let stages: &[Stage] = if visitor.is(KEEPERS) { &Stage::ALL } else { &[] };
    let usage = [("used", "In use"), ("unused", "Not in use")].map(|(word, label)| (word.to_owned(), label.to_owned()));
    let filters = Filters::new(&asked, LIST)
        .search("Name, id or tag")
        .choice(Choice::of("category", "Category", labelled(categories)))
        .choice(Choice::of("industry", "Industry", labelled(industries)))
        .choice(Choice::of_words("status", "Status", stages.iter().map(|stage| stage.as_str())))
        .choice(Choice::of("usage", "Usage", usage));
    let body = html! {
        (filters)
        div.card.list-frame #(LIST) {
            (filters.summary())
            @if found.rows.is_empty() { (nothing(&asked)) } @else { (table(&visitor, &asked, &window.sort(), &found)) }
            (pager(&asked, &found))
        }
    };
    let new = html! {
        @if visitor.is(KEEPERS) { a.btn.btn-primary href="/templates/new" { (icon(Icon::Plus)) "New template" } }
    };
    Ok(Page::new(&visitor, "Templates").under(Nav::Templates).actions(new).body(body))
}

fn read(asked: &Asked) -> Filter {
    let text = |name: &str| asked.some(name).map(ToOwned::to_owned);
    Filter {
        sought: text("q"),
        category: text("category"),
        industry: text("industry"),
        status: text("status"),
        is_used: asked.some("usage").map(|word| word == "used"),
    }
}

fn nothing(asked: &Asked) -> Markup {
    if asked.is_narrowed() {
        empty(Icon::Search, "No template is like that", "Take a filter away, or search for something else.")
    } else {
        empty(
            Icon::Template,
            "No templates yet",
            "An administrator writes the first version of one, or publishes it through the API.",
        )
    }
}

fn table(visitor: &Visitor, asked: &Asked, sort: &str, found: &Rows<Listed>) -> Markup {
    let columns = [
        Column::new("Template").sorted_by("name"),
        Column::new("Version"),
        Column::new("Category").wide_only(),
        Column::new("Industries").wide_only(),
        Column::new("Clients").sorted_by("clients").number(),
        Column::new("Last used").wide_only(),
    ];
    let table = Table::new("Templates", columns).sortable(asked, sort, LIST);
    found.rows.iter().fold(table, |table, listed| table.row(row(visitor, listed))).render()
}

fn row(visitor: &Visitor, listed: &Listed) -> [Markup; 6] {
    let Listed { template_id, name, version, industries, .. } = listed;
    [
        html! {
            div.list-main {
                a href=(path(template_id)) { (name) }
                span { (template_id) @if listed.is_featured { " " (badge(Tone::Quiet, "Featured")) } }
            }
        },
        html! {
            (version) " " (status(&listed.status))
            @if listed.versions > 1 { div.text-secondary { (words::count(listed.versions, "version", "versions")) } }
        },
        html! { (listed.category.as_deref().map_or_else(|| words::NONE.to_owned(), words::label)) },
        html! {
            @if industries.is_empty() { span.text-secondary { "Any" } }
            @else {
                (industries.iter().take(MOST_INDUSTRIES).map(|name| words::label(name)).collect::<Vec<_>>().join(", "))
                @if industries.len() > MOST_INDUSTRIES { " and " (industries.len() - MOST_INDUSTRIES) " more" }
            }
        },
        html! { (words::grouped(&listed.clients.to_string())) },
        html! {
            @match listed.last_used_at {
                Some(at) => (moment(at, &visitor.zone)),
                None => span.text-secondary { "not yet" },
            }
        },
    ]
}
