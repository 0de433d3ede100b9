use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};

use crate::configurations::changes::Desk;
use crate::console::components::{
    Choice, Column, Filters, Icon, Table, Tone, badge, empty, icon, moment, pager, status,
};
use crate::console::list::{Asked, Rows};
use crate::console::{Names, Nav, OfClient, Page, Visitor, words};
use crate::customizations::store::{self, ORDERS};
use crate::customizations::types::{Customization, Filter, SERVED, STATUSES};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// The customizations of all clients that the visitor sees.
pub(super) async fn all(State(desk): State<Desk>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let filter = Filter::parse(|name| asked.some(name))?;
    let tx = visitor.snapshot(desk.console()).await?;
    let list = List::read(&tx, &visitor, &asked, &filter).await?;
    Ok(Page::new(&visitor, "Customizations").under(Nav::Customizations).actions(list.queue()).body(list.shown()))
}

/// Those of one client.
pub(super) async fn of_client(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let tx = visitor.snapshot(desk.console()).await?;
    let client = OfClient::find(&tx, &id).await?;
    let filter = Filter { client_id: Some(client.id), ..Filter::parse(|name| asked.some(name))? };
    let list = List::read(&tx, &visitor, &asked, &filter).await?;
    let new = html! {
        @if visitor.writes_for(&tx, client.id).await? {
            a.btn.btn-primary href={ "/clients/" (client.id) "/customizations/new" } { (icon(Icon::Plus)) "New draft" }
        }
    };
    Ok(client.page(&visitor, "Customizations", "customizations", &list.shown()).actions(new))
}

struct List<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    sort: String,
    found: Rows<Customization>,
    count: i64,
    waiting: i64,
    templates: Vec<String>,
    names: Names,
    /// Whether all of them are one client's, whose name then goes without saying.
    is_of_one: bool,
}

impl<'a> List<'a> {
    async fn read(tx: &Tx<'_>, visitor: &'a Visitor, asked: &'a Asked, filter: &Filter) -> Result<Self, Problem> {
        let window = asked.order(ORDERS)?;
        let (found, (count, waiting), templates) =
            tokio::try_join!(store::page(tx, filter, &window), store::counts(tx, filter), store::templates(tx))?;
        let names = Names::of(tx, visitor, found.rows.iter().filter_map(|one| one.author)).await?;
        let (sort, is_of_one) = (window.sort(), filter.client_id.is_some());
        Ok(Self { visitor, asked, sort, found, count, waiting, templates, names, is_of_one })
    }

    /// The way to what waits for review.
    fn queue(&self) -> Markup {
        html! {
            @if self.waiting > 0 && self.asked.get("status") != "in_review" {
                a.btn href="/customizations?status=in_review&sort=-changed" {
                    (icon(Icon::Eye)) (words::count(self.waiting, "waits for review", "wait for review"))
                }
            }
        }
    }

    fn shown(&self) -> Markup {
        if self.count == 0 && !self.asked.is_narrowed() {
            let what_fills_it = if self.is_of_one {
                "A design begins as a draft for one of the templates, is reviewed and approved, and then served."
            } else {
                "A design begins as a draft on the page of a client, under Customizations."
            };
            return html! { div.card { (empty(Icon::Packages, "No customizations yet", what_fills_it)) } };
        }
        let filters = self.filters();
        html! {
            (filters)
            div.card.list-frame #(LIST) {
                (filters.summary())
                div.list-head { p.list-count { (words::count(self.count, "customization", "customizations")) } }
                @if self.found.rows.is_empty() {
                    (empty(Icon::Search, "No customization is like that", "Take a filter away, or search for something else."))
                } @else {
                    (self.table())
                }
                (pager(self.asked, &self.found))
            }
        }
    }

    fn filters(&self) -> Filters<'_> {
        let templates = self.templates.iter().map(|id| (id.clone(), id.clone()));
        Filters::new(self.asked, LIST)
            .search(if self.is_of_one { "Template" } else { "Client or template" })
            .choice(Choice::of_words("status", "Status", STATUSES.into_iter().chain([SERVED])))
            .choice(Choice::of("template", "Template", templates))
    }

    fn table(&self) -> Markup {
        let columns = [
            Column::new(if self.is_of_one { "Version" } else { "Client" }).sorted_by(if self.is_of_one {
                "number"
            } else {
                "client"
            }),
            Column::new("Status").sorted_by("status"),
            Column::new("Template").sorted_by("template").wide_only(),
            Column::new("Author").wide_only(),
            Column::new("Changed").sorted_by("changed").wide_only(),
        ];
        let table = Table::new("Customizations", columns).sortable(self.asked, &self.sort, LIST);
        self.found.rows.iter().fold(table, |table, one| table.row(self.row(one))).render()
    }

    fn row(&self, one: &Customization) -> [Markup; 5] {
        let (name, beneath) =
            if self.is_of_one { (one.name(), one.template()) } else { (one.client.clone(), one.name()) };
        [
            html! { div.list-main { a href={ "/customizations/" (one.id) } { (name) } span { (beneath) } } },
            standing(one),
            html! { (one.template()) },
            html! { @match one.author { Some(author) => (self.names.name(author)), None => span.text-secondary { (words::NONE) } } },
            moment(one.updated_at, &self.visitor.zone),
        ]
    }
}

/// How far one got, and whether it is served.
pub(super) fn standing(one: &Customization) -> Markup {
    html! { (status(&one.status)) @if one.is_active { " " (badge(Tone::Good, "served")) } }
}
