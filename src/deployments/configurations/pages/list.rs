use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};

use crate::configurations::changes::Desk;
use crate::console::components::{
    Choice, Column, Filters, Icon, Table, Tone, badge, empty, icon, moment, pager, status,
};
use crate::console::list::{Asked, Rows};
use crate::console::{Nav, OfClient, Page, Visitor, words};
use crate::deployments::configurations::store::{self, ORDERS};
use crate::deployments::configurations::types::{ENVIRONMENTS, Filter, IN_FORCE, STATUSES, SetUp};
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// Those of all clients that the visitor sees.
pub(super) async fn all(State(desk): State<Desk>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let filter = Filter::parse(|name| asked.some(name))?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let (found, count) = tokio::try_join!(store::page(&tx, &filter, &window), store::count(&tx, &filter))?;
    let list = List { visitor: &visitor, asked: &asked, sort: &window.sort(), is_of_one: false };
    Ok(Page::new(&visitor, "Deployment configurations")
        .under(Nav::DeploymentConfigurations)
        .body(list.shown(&found, count)))
}

/// Those of one client.
pub(super) async fn of_client(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let client = OfClient::find(&tx, &id).await?;
    let filter = Filter { client_id: Some(client.id), ..Filter::parse(|name| asked.some(name))? };
    let (found, count) = tokio::try_join!(store::page(&tx, &filter, &window), store::count(&tx, &filter))?;
    let may_write = visitor.writes_for(&tx, client.id).await?;
    let list = List { visitor: &visitor, asked: &asked, sort: &window.sort(), is_of_one: true };
    let new = html! {
        @if may_write {
            a.btn.btn-primary href={ "/clients/" (client.id) "/deployment-configurations/new" } { (icon(Icon::Plus)) "New" }
        }
    };
    Ok(client.page(&visitor, "Deployment configurations", "deployments", &list.shown(&found, count)).actions(new))
}

struct List<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    sort: &'a str,
    /// Whether all of them are one client's, whose name then goes without saying.
    is_of_one: bool,
}

impl List<'_> {
    fn shown(&self, found: &Rows<SetUp>, count: i64) -> Markup {
        if count == 0 && !self.asked.is_narrowed() {
            let what_fills_it = if self.is_of_one {
                "One says how the client's deployments in an environment are set up: host, variables, features, domain."
            } else {
                "One begins on the page of a client, under Deployments."
            };
            return html! { div.card { (empty(Icon::Adjust, "No deployment configurations yet", what_fills_it)) } };
        }
        let filters = self.filters();
        html! {
            (filters)
            div.card.list-frame #(LIST) {
                (filters.summary())
                div.list-head {
                    p.list-count { (words::count(count, "deployment configuration", "deployment configurations")) }
                }
                @if found.rows.is_empty() {
                    (empty(Icon::Search, "None is like that", "Take a filter away, or search for something else."))
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
            .choice(Choice::of_words("status", "Status", STATUSES.into_iter().chain([IN_FORCE])))
            .choice(Choice::of_words("environment", "Environment", ENVIRONMENTS))
    }

    fn table(&self, found: &Rows<SetUp>) -> Markup {
        let columns = [
            Column::new("Name").sorted_by("name"),
            Column::new("Status").sorted_by("status"),
            Column::new("Environment").sorted_by("environment").wide_only(),
            Column::new("Template").wide_only(),
            Column::new("Host").wide_only(),
            Column::new("Changed").sorted_by("changed").wide_only(),
        ];
        let table = Table::new("Deployment configurations", columns).sortable(self.asked, self.sort, LIST);
        found.rows.iter().fold(table, |table, one| table.row(self.row(one))).render()
    }

    fn row(&self, one: &SetUp) -> [Markup; 6] {
        let none = || html! { span.text-secondary { (words::NONE) } };
        let or_none = |text: &Option<String>| text.as_ref().map_or_else(none, |text| html! { (text) });
        let beneath = if self.is_of_one { words::label(&one.environment) } else { one.client.clone() };
        [
            html! { div.list-main { a href={ "/deployment-configurations/" (one.id) } { (one.name) } span { (beneath) } } },
            standing(one),
            html! { (words::label(&one.environment)) },
            or_none(&one.template_id),
            or_none(&one.provider),
            moment(one.updated_at, &self.visitor.zone),
        ]
    }
}

/// How far one got, and that it is in force where its status doesn't say so.
pub(super) fn standing(one: &SetUp) -> Markup {
    html! {
        (status(&one.status))
        @if one.revision.is_some() && one.status != "applied" { " " (badge(Tone::Good, "in force")) }
    }
}
