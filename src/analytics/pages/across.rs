use axum::extract::State;
use maud::{Markup, Render as _, html};

use super::charts::{FIGURES, UNKNOWN, counted, filters, percent, seconds};
use super::one::read;
use crate::analytics::store::{self, ORDERS};
use crate::analytics::types::{OfClient, Span, Total};
use crate::console::components::{Column, Icon, Table, day, empty, money, pager};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// Figures of all clients that the visitor sees, and what each of them comes to.
pub(super) async fn show(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let span = Span::parse(asked.some("days"), visitor.screen.now, &visitor.zone)?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(&console).await?;
    let figures = read(&tx, span, None).await?;
    let (clients, reporting) =
        tokio::try_join!(store::clients(&tx, span, asked.some("q"), &window), store::reporting(&tx, span))?;
    let body = html! {
        (filters(&asked).search("Client"))
        div #(FIGURES) {
            @if figures.is_nothing() { (figures.nothing()) } @else {
                p.text-secondary {
                    (day(span.from)) " to " (day(span.to)) " · " (words::count(reporting, "client", "clients")) " reported"
                }
                (figures.glance())
                (table(&asked, &window.sort(), &clients))
                (figures.charts())
            }
        }
    };
    Ok(Page::new(&visitor, "Analytics").under(Nav::Analytics).body(body))
}

fn table(asked: &Asked, sort: &str, clients: &Rows<OfClient>) -> Markup {
    let columns = [
        Column::new("Client").sorted_by("name"),
        Column::new("Visits").sorted_by("visits").number(),
        Column::new("Conversions").sorted_by("conversions").number().wide_only(),
        Column::new("Load time").sorted_by("load").number().wide_only(),
        Column::new("Errors").sorted_by("errors").number().wide_only(),
        Column::new("Revenue").number().wide_only(),
    ];
    let table = Table::new("Clients", columns).sortable(asked, sort, FIGURES);
    html! {
        section.card.list-frame {
            div.card-header { h2.card-title { "By client" } }
            @if clients.rows.is_empty() {
                (empty(Icon::Search, "No client is called that", "Search for something else."))
            } @else {
                (clients.rows.iter().fold(table, |table, client| table.row(row(asked, client))).render())
            }
            (pager(asked, clients))
        }
    }
}

fn row(asked: &Asked, client: &OfClient) -> [Markup; 6] {
    let Total { sums, revenue } = &client.total;
    let here = asked.some("days").map_or_else(String::new, |days| format!("?days={days}"));
    let none = || words::NONE.to_owned();
    [
        html! { a href={ "/clients/" (client.id) "/analytics" (here) } { (client.name) } },
        html! { (counted(sums.visits)) },
        html! { (counted(sums.conversions)) },
        html! { (sums.load_time.map_or_else(none, seconds)) },
        html! { (sums.error_rate.map_or_else(none, percent)) },
        html! {
            @for (currency, amount) in revenue { div { (money(amount, currency.as_deref().unwrap_or(UNKNOWN))) } }
            @if revenue.is_empty() { (words::NONE) }
        },
    ]
}
