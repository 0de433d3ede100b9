use axum::extract::State as With;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::store::{self, Filter, ORDERS};
use crate::configurations::changes::desk::Desk;
use crate::configurations::changes::types::{Change, State};
use crate::configurations::pages::names::Names;
use crate::console::components::{Choice, Column, Filters, Icon, Table, empty, moment, pager, status};
use crate::console::list::{Asked, Rows};
use crate::console::{AGENCY, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// The part of the page that follows the filters.
const LIST: &str = "list";

/// How many clients a row names.
const CLIENTS_NAMED: usize = 2;

/// Changes that the visitor sees, newest first.
pub(super) async fn show(With(desk): With<Desk>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let filter = read(&asked, &visitor)?;
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let found = store::page(&tx, &filter, &window).await?;
    let clients = found.rows.iter().flat_map(|change| change.client_ids.iter().take(CLIENTS_NAMED).copied());
    let people = found.rows.iter().filter_map(|change| change.author.user_id);
    let (people, clients): (Vec<Uuid>, Vec<Uuid>) =
        (people.chain(filter.author).collect(), clients.chain(filter.client_id).collect());
    let names = Names::read(&tx, &visitor, people, clients).await?;
    Ok(page(&visitor, &asked, &filter, &found, &names))
}

fn read(asked: &Asked, visitor: &Visitor) -> Result<Filter, Problem> {
    let id = |name: &str| asked.some(name).map(str::parse::<Uuid>).transpose();
    let unreadable = |_| Problem::invalid("the link to this list is broken").mend("choose the filters anew");
    let state = asked.some("state").map(|word| State::by_word(word).ok_or(())).transpose();
    let author = match asked.some("author") {
        Some("me") => Some(visitor.person.id),
        _ => id("author").map_err(unreadable)?,
    };
    Ok(Filter {
        state: state.map_err(|()| Problem::invalid("there is no such state of a change"))?,
        client_id: id("client").map_err(unreadable)?,
        author,
        since: asked.some("since").map(|word| since(word, visitor.screen.now)).transpose()?,
        sought: asked.some("q").map(ToOwned::to_owned),
    })
}

/// The times to choose from.
const SINCE: [(&str, &str, i64); 3] =
    [("day", "Last 24 hours", 24), ("week", "Last 7 days", 7 * 24), ("month", "Last 30 days", 30 * 24)];

fn since(word: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let known = SINCE.iter().find(|(name, ..)| *name == word);
    let began = known.and_then(|(_, _, hours)| now.checked_sub(hours.hours()).ok());
    began.ok_or_else(|| Problem::invalid("there is no such time to choose").mend("choose day, week or month"))
}

fn page(visitor: &Visitor, asked: &Asked, filter: &Filter, found: &Rows<Change>, names: &Names) -> Page {
    let filters = filters(asked, filter, names);
    let body = html! {
        (filters)
        div.card.list-frame #(LIST) {
            (filters.summary())
            @if found.rows.is_empty() {
                @if asked.is_narrowed() {
                    (empty(Icon::Search, "No change is like that", "Take a filter away, or search for something else."))
                } @else {
                    (empty(Icon::Change, "No changes yet", "Every edit of configuration stands here, from its proposal on."))
                }
            } @else {
                (table(visitor, found, names))
            }
            (pager(asked, found))
        }
    };
    Page::new(visitor, "Changes").under(Nav::Changes).body(body)
}

fn filters<'a>(asked: &'a Asked, filter: &Filter, names: &Names) -> Filters<'a> {
    let mut authors = vec![("me".to_owned(), "Mine".to_owned())];
    if let Some(author) = filter.author.filter(|_| asked.get("author") != "me") {
        authors.push((author.to_string(), names.person(Some(author)).into_string()));
    }
    let client = filter.client_id.map(|id| (id.to_string(), names.client(id).unwrap_or("One client").to_owned()));
    let since = SINCE.map(|(name, label, _)| (name.to_owned(), label.to_owned()));
    Filters::new(asked, LIST)
        .search("Reason or client")
        .choice(Choice::of_words("state", "State", State::ALL.map(State::as_str)))
        .choice(Choice::of("author", "Author", authors))
        .choice(Choice::of("since", "Time", since))
        .choice(Choice::of("client", "Client", client))
}

fn table(visitor: &Visitor, found: &Rows<Change>, names: &Names) -> Markup {
    let columns = [
        Column::new("Change"),
        Column::new("State"),
        Column::new("Rows").number().wide_only(),
        Column::new("Author").wide_only(),
        Column::new("Proposed").below(),
    ];
    let table = found.rows.iter().fold(Table::new("Changes, newest first", columns), |table, change| {
        let name = html! {
            span.list-main {
                a href={ "/changes/" (change.id) } { (change.reason) }
                span { (whose(change, names)) }
            }
        };
        table.row([
            name,
            status(change.state.as_str()),
            html! { (words::grouped(&change.edits.to_string())) },
            names.who(&change.author),
            moment(change.proposed_at, &visitor.zone),
        ])
    });
    table.render()
}

/// The clients whose rows a change edits.
pub(super) fn whose(change: &Change, names: &Names) -> String {
    let mut whose: Vec<String> = change.is_shared.then(|| "every client".to_owned()).into_iter().collect();
    let named = change.client_ids.iter().take(CLIENTS_NAMED);
    whose.extend(named.map(|id| names.client(*id).unwrap_or("one client").to_owned()));
    let rest = change.client_ids.len().saturating_sub(CLIENTS_NAMED);
    if rest > 0 {
        whose.push(words::count(i64::try_from(rest).unwrap_or(i64::MAX), "more client", "more clients"));
    }
    whose.join(", ")
}
