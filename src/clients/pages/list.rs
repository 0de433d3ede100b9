use axum::extract::State;
use jiff::civil::Date;
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::KEEPERS;
use crate::clients::store::{self, ORDERS};
use crate::clients::types::{ARCHIVED, Client, Filter, NOBODY, SIZES, STATUSES, TIERS};
use crate::console::components::{
    Choice, Column, Filters, Icon, Table, day, empty, field, icon, moment, pager, status,
};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Form, Names, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// What the page shows.
struct Shown {
    clients: Rows<Client>,
    count: i64,
    industries: Vec<String>,
    names: Names,
    managers: Vec<(Uuid, String)>,
}

/// Which columns there are besides the name: name in the URL, label, whether they are shown unless others are chosen.
const COLUMNS: [(&str, &str, bool); 8] = [
    ("status", "Status", true),
    ("tier", "Tier", true),
    ("industry", "Industry", true),
    ("size", "Size", false),
    ("manager", "Manager", true),
    ("renewal", "Renewal", true),
    ("added", "Added", false),
    ("changed", "Changed", false),
];

/// The list of clients.
pub(super) async fn list(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let filter = Filter::parse(|name| asked.some(name))?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(&console).await?;
    let (clients, count, (industries, managing)) =
        tokio::try_join!(store::page(&tx, &filter, &window), store::count(&tx, &filter), store::choices(&tx))?;
    let (names, managers) = if visitor.is(KEEPERS) {
        tokio::try_join!(Names::of(&tx, &visitor, managing), Names::of_managers(&tx))?
    } else {
        (Names::of(&tx, &visitor, managing).await?, Vec::new())
    };
    let shown = Shown { clients, count, industries, names, managers };
    Ok(page(&visitor, &asked, &window.sort(), &shown))
}

fn page(visitor: &Visitor, asked: &Asked, sort: &str, shown: &Shown) -> Page {
    let is_nothing = shown.count == 0 && !asked.is_narrowed();
    let filters = filters(asked, shown);
    let body = html! {
        @if is_nothing {
            div.card { (nothing(visitor)) }
        } @else {
            (filters)
            form.card.list-frame #(LIST) method="get" action="/clients/bulk" {
                (filters.summary())
                div.list-head {
                    p.list-count { (words::count(shown.count, "client", "clients")) }
                    (bulk(visitor, asked, shown))
                }
                @if shown.clients.rows.is_empty() {
                    (empty(Icon::Search, "No client is like that", "Take a filter away, or search for something else."))
                } @else {
                    (table(visitor, asked, sort, shown))
                }
                (pager(asked, &shown.clients))
            }
        }
    };
    let page = Page::new(visitor, "Clients").under(Nav::Clients).body(body);
    page.actions(actions(visitor, asked, is_nothing))
}

fn nothing(visitor: &Visitor) -> Markup {
    if visitor.is(KEEPERS) {
        return empty(
            Icon::Users,
            "No clients yet",
            "Add the first one, import a file, adopt a site's database, or send them through the table API.",
        );
    }
    empty(Icon::Users, "No clients yet", "You see a client as soon as an administrator makes you a member of it.")
}

fn filters<'a>(asked: &'a Asked, shown: &Shown) -> Filters<'a> {
    let standing = STATUSES.into_iter().chain([ARCHIVED]);
    let mut managers: Vec<(String, String)> =
        shown.names.all().into_iter().map(|(id, name)| (id.to_string(), name.to_owned())).collect();
    if !managers.is_empty() {
        managers.push((NOBODY.to_owned(), "Nobody".to_owned()));
    }
    let industries = shown.industries.iter().map(|word| (word.clone(), words::label(word)));
    Filters::new(asked, LIST)
        .search("Name, company or address")
        .choice(Choice::of_words("status", "Status", standing))
        .choice(Choice::of_words("tier", "Tier", TIERS))
        .choice(Choice::of("industry", "Industry", industries))
        .choice(Choice::of("manager", "Manager", managers))
        .choice(Choice::of_words("size", "Size", SIZES))
}

fn actions(visitor: &Visitor, asked: &Asked, is_nothing: bool) -> Markup {
    html! {
        @if !is_nothing { (columns(asked)) (export(asked)) }
        @if visitor.is(KEEPERS) {
            a.btn href="/clients/import" { (icon(Icon::Upload)) "Import" }
            a.btn.btn-primary href="/clients/new" { (icon(Icon::Plus)) "New client" }
        }
    }
}

fn export(asked: &Asked) -> Markup {
    html! {
        a.btn href=(asked.without("before").without("after").without("sort").without("columns").href_at("/clients.csv")) {
            (icon(Icon::Download)) "Export"
        }
    }
}

/// Which columns are shown, by name.
fn chosen(asked: &Asked) -> Vec<&'static str> {
    let is_known = |name: &str| asked.all("columns").any(|asked| asked == name);
    let is_asked = asked.some("columns").is_some();
    COLUMNS
        .iter()
        .filter(|(name, _, by_itself)| if is_asked { is_known(name) } else { *by_itself })
        .map(|c| c.0)
        .collect()
}

fn columns(asked: &Asked) -> Markup {
    let chosen = chosen(asked);
    html! {
        details.menu {
            summary.btn { (icon(Icon::Columns)) "Columns" }
            form.menu-list.columns method="get" action=(asked.path()) {
                @for (name, value) in asked.narrowing() { (field::hidden(name, value)) }
                // Without any, the list would choose by itself.
                (field::hidden("columns", "name"))
                @for (name, label, _) in COLUMNS {
                    label.form-check {
                        input.form-check-input type="checkbox" name="columns" value=(name) checked[chosen.contains(&name)];
                        span.form-check-label { (label) }
                    }
                }
                button.btn.btn-primary.w-100 type="submit" { "Show these" }
            }
        }
    }
}

/// What is done with the clients that are ticked.
fn bulk(visitor: &Visitor, asked: &Asked, shown: &Shown) -> Markup {
    if !visitor.is(KEEPERS) || shown.clients.rows.is_empty() {
        return html! {};
    }
    let form = Form::empty();
    let managers = shown.managers.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let managers = [(NOBODY.to_owned(), "Nobody".to_owned())].into_iter().chain(managers);
    let acts: &[(&str, &str)] = if asked.get("status") == ARCHIVED {
        &[("restore", "Bring back")]
    } else {
        &[("assign", "Assign a manager"), ("tier", "Set the tier"), ("archive", "Archive")]
    };
    let tiers = TIERS.map(|tier| (tier, words::label(tier)));
    html! {
        div.bulk {
            span.bulk-count { strong data-ticked { "0" } " ticked" }
            (field::select(&form, "act", "What to do", acts.iter().copied()))
            @if acts.len() > 1 {
                div.bulk-manager { (field::select(&form, "manager", "Manager", managers)) }
                div.bulk-tier { (field::select(&form, "tier", "Tier", tiers)) }
            }
            (field::hidden("back", &asked.href()))
            button.btn.btn-primary type="submit" { "Preview…" }
        }
    }
}

fn table(visitor: &Visitor, asked: &Asked, sort: &str, shown: &Shown) -> Markup {
    let (chosen, may_tick) = (chosen(asked), visitor.is(KEEPERS));
    let mut columns = Vec::new();
    if may_tick {
        columns.push(Column::ticks());
    }
    columns.push(Column::new("Name").sorted_by("name"));
    columns.extend(chosen.iter().copied().map(column));
    let mut table = Table::new("Clients", columns).sortable(asked, sort, LIST);
    for client in &shown.clients.rows {
        let mut cells = Vec::new();
        if may_tick {
            cells.push(tick(client));
        }
        cells.push(name(client));
        cells.extend(chosen.iter().map(|name| cell(name, client, visitor, shown)));
        table = table.row(cells);
    }
    table.render()
}

fn column(name: &'static str) -> Column {
    let label = COLUMNS.iter().find(|column| column.0 == name).map_or("", |column| column.1);
    let column = Column::new(label);
    match name {
        "manager" => column.wide_only(),
        "industry" | "size" | "added" | "changed" => column.sorted_by(name).wide_only(),
        _ => column.sorted_by(name),
    }
}

fn tick(client: &Client) -> Markup {
    html! {
        input.form-check-input type="checkbox" name="client" value=(client.id) data-row
            aria-label={ "Tick " (client.name) };
    }
}

fn name(client: &Client) -> Markup {
    html! {
        div.list-main {
            a href={ "/clients/" (client.id) } { (client.name) }
            span { (client.company_name.as_deref().unwrap_or(&client.email)) }
        }
    }
}

fn cell(name: &str, client: &Client, visitor: &Visitor, shown: &Shown) -> Markup {
    match name {
        "status" => status(client.standing()),
        "tier" => html! { (words::label(&client.tier)) },
        "industry" => or_none(client.industry.as_deref()),
        "size" => or_none(client.business_size.as_deref()),
        "manager" => manager(client, shown),
        "renewal" => client.renewal_date.map_or_else(none, |date| renewal(client, date, visitor)),
        "added" => moment(client.created_at, &visitor.zone),
        _ => moment(client.updated_at, &visitor.zone),
    }
}

fn manager(client: &Client, shown: &Shown) -> Markup {
    match client.manager {
        Some(id) => html! { (shown.names.name(id)) },
        None => html! { span.text-secondary { "Nobody" } },
    }
}

/// A day that has passed is said to have passed, for a client that is served.
fn renewal(client: &Client, date: Date, visitor: &Visitor) -> Markup {
    let today = visitor.screen.now.to_zoned(visitor.zone.clone()).date();
    let is_overdue = date < today && client.status == "active" && client.archived_at.is_none();
    html! {
        (day(date))
        @if is_overdue { " " span.badge.bg-red-lt { "overdue" } }
    }
}

fn or_none(word: Option<&str>) -> Markup {
    word.map_or_else(none, |word| html! { (words::label(word)) })
}

fn none() -> Markup {
    html! { span.text-secondary { (words::NONE) } }
}
