use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};

use crate::console::components::{Choice, Column, Filters, Icon, Table, empty, icon, moment, pager, status};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Nav, OfClient, Page, Visitor, words};
use crate::deployments::store::{self, COUNTED, ORDERS};
use crate::deployments::types::{Deployment, ENVIRONMENTS, Filter, HEALTHS, STATUSES};
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// What fills the list.
const WHAT_FILLS_IT: &str =
    "A deployment is added by whoever deploys: a pipeline or a component, through the table API.";

/// The deployments of all clients that the visitor sees.
pub(super) async fn all(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let filter = Filter::parse(|name| asked.some(name))?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(&console).await?;
    let (found, count) = tokio::try_join!(store::page(&tx, &filter, &window), store::count(&tx, &filter))?;
    let list = List { visitor: &visitor, asked: &asked, sort: &window.sort(), is_of_one: false };
    Ok(Page::new(&visitor, "Deployments").under(Nav::Deployments).body(list.shown(&found, count)))
}

/// Those of one client.
pub(super) async fn of_client(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(&console).await?;
    let client = OfClient::find(&tx, &id).await?;
    let filter = Filter { client_id: Some(client.id), ..Filter::parse(|name| asked.some(name))? };
    let (found, count) = tokio::try_join!(store::page(&tx, &filter, &window), store::count(&tx, &filter))?;
    let list = List { visitor: &visitor, asked: &asked, sort: &window.sort(), is_of_one: true };
    let set_up = html! {
        a.btn href={ "/clients/" (client.id) "/deployment-configurations" } { (icon(Icon::Adjust)) "How they are set up" }
    };
    Ok(client.page(&visitor, "Deployments", "deployments", &list.shown(&found, count)).actions(set_up))
}

struct List<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    sort: &'a str,
    /// Whether all of them are one client's, whose name then goes without saying.
    is_of_one: bool,
}

impl List<'_> {
    fn shown(&self, found: &Rows<Deployment>, count: i64) -> Markup {
        if count == 0 && !self.asked.is_narrowed() {
            return html! { div.card { (empty(Icon::Rocket, "No deployments yet", WHAT_FILLS_IT)) } };
        }
        let filters = self.filters();
        html! {
            (filters)
            div.card.list-frame #(LIST) {
                (filters.summary())
                div.list-head { p.list-count {
                        @if count > COUNTED { "More than " (words::count(COUNTED, "deployment", "deployments")) }
                        @else { (words::count(count, "deployment", "deployments")) }
                    } }
                @if found.rows.is_empty() {
                    (empty(Icon::Search, "No deployment is like that", "Take a filter away, or search for something else."))
                } @else {
                    (self.table(found))
                }
                (pager(self.asked, found))
            }
        }
    }

    fn filters(&self) -> Filters<'_> {
        Filters::new(self.asked, LIST)
            .search(if self.is_of_one { "Name or domain" } else { "Name, client or domain" })
            .choice(Choice::of_words("status", "Status", STATUSES))
            .choice(Choice::of_words("health", "Health", HEALTHS))
            .choice(Choice::of_words("environment", "Environment", ENVIRONMENTS))
    }

    fn table(&self, found: &Rows<Deployment>) -> Markup {
        let columns = [
            Column::new("Name").sorted_by("name"),
            Column::new("Status").sorted_by("status"),
            Column::new("Health").sorted_by("health").wide_only(),
            Column::new("Environment").sorted_by("environment").wide_only(),
            Column::new("Host").wide_only(),
            Column::new("Checked").sorted_by("checked").wide_only(),
            Column::new("Begun").sorted_by("begun").wide_only(),
        ];
        let table = Table::new("Deployments", columns).sortable(self.asked, self.sort, LIST);
        found.rows.iter().fold(table, |table, deployment| table.row(self.row(deployment))).render()
    }

    fn row(&self, deployment: &Deployment) -> [Markup; 7] {
        let zone = &self.visitor.zone;
        let none = || html! { span.text-secondary { (words::NONE) } };
        let beneath = if self.is_of_one { words::label(&deployment.environment) } else { deployment.client.clone() };
        [
            html! { div.list-main { a href={ "/deployments/" (deployment.id) } { (deployment.name) } span { (beneath) } } },
            html! { (status(&deployment.status)) span.narrow-only { " " (status(&deployment.health)) } },
            status(&deployment.health),
            html! { (words::label(&deployment.environment)) },
            deployment.provider.as_ref().map_or_else(none, |provider| html! { (provider) }),
            deployment.checked_at.map_or_else(none, |at| moment(at, zone)),
            moment(deployment.created_at, zone),
        ]
    }
}
