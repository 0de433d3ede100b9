use std::collections::HashMap;

use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::named::{self, Names};
use super::{KEEPERS, READERS, sealed};
use crate::audit::entry::Entry;
use crate::console::components::{
    Choice, Column, Filters, Icon, Table as Rows, diff, empty, icon, moment, pager, typed_moment,
};
use crate::console::list::{self, Asked};
use crate::console::{self, Console, Nav, Page, Visitor, client_tabs, words};
use crate::problem::Problem;
use crate::trail::store::{self, Start};
use crate::trail::types::{EVENTS, Filter, ROW_ACTIONS, Seal, Table, places};

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// How many places of an entry the list shows.
const MOST_PLACES: usize = 3;

/// The whole log, as far as the visitor sees it.
pub(super) async fn all(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(READERS)?;
    let filter = Filter::parse(|name| asked.some(name), &visitor.zone)?;
    let shown = Shown::read(&console, &visitor, &asked, filter).await?;
    Ok(Page::new(&visitor, "Audit").under(Nav::Audit).actions(shown.exports()).body(shown.body()))
}

/// The part of it that concerns one client.
pub(super) async fn of_client(
    State(console): State<Console>,
    visitor: Visitor,
    Path(client_id): Path<Uuid>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(READERS)?;
    let filter = Filter::parse(|name| asked.some(name), &visitor.zone)?;
    let filter = Filter { client: Some(client_id), client_name: None, ..filter };
    let shown = Shown::read(&console, &visitor, &asked, filter).await?;
    let absent = || Problem::absent("there is no such client, or you aren't a member of it");
    let name = shown.names.client(client_id).ok_or_else(absent)?;
    Ok(Page::new(&visitor, "Audit")
        .under(Nav::Clients)
        .crumb("Clients", "/clients")
        .crumb(name, format!("/clients/{client_id}"))
        .subtitle(html! { (name) })
        .actions(shown.exports())
        .body(html! { (client_tabs(&visitor, client_id, "audit")) (shown.body()) }))
}

/// A list as somebody is shown it.
struct Shown<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    filter: Filter,
    found: list::Rows<Entry>,
    seals: HashMap<i64, Seal>,
    newest: Option<Seal>,
    names: Names,
    people: console::Names,
    tables: Vec<Table>,
}

impl<'a> Shown<'a> {
    async fn read(
        console: &Console,
        visitor: &'a Visitor,
        asked: &'a Asked,
        filter: Filter,
    ) -> Result<Shown<'a>, Problem> {
        let start = start(asked)?;
        let is_administrator = visitor.is(KEEPERS);
        let tx = visitor.snapshot(console).await?;
        let found = store::page(&tx, &filter, start).await?;
        let (tables, people) = tokio::try_join!(store::tables(&tx), store::people(&tx, is_administrator))?;
        let names = Names::of(&tx, visitor, &found.rows, filter.client.as_slice()).await?;
        let people = people.into_iter().chain([visitor.person.id]).chain(filter.person);
        let people = console::Names::of(&tx, visitor, people).await?;
        let ids: Vec<i64> = found.rows.iter().map(|entry| entry.id).collect();
        let (seals, newest) = (store::seals(&tx, &ids).await?, store::newest_seal(&tx).await?);
        let tables = tables.into_iter().filter(|table| is_administrator || table.schema == "public").collect();
        Ok(Self { visitor, asked, filter, found, seals, newest, names, people, tables })
    }

    fn exports(&self) -> Markup {
        let asked = self.asked.without("before").without("after");
        let asked = match self.filter.client {
            Some(id) => asked.with("client", &id.to_string()),
            None => asked,
        };
        html! {
            a.btn href=(asked.href_at("/audit.csv")) { (icon(Icon::Download)) "CSV" }
            a.btn href=(asked.href_at("/audit.jsonl")) title="A line of JSON for each entry, with its hash: as tenantry audit export gives it" { (icon(Icon::Download)) "JSON lines" }
        }
    }

    fn body(&self) -> Markup {
        let filters = self.filters();
        html! {
            (filters)
            div.card.list-frame #(LIST) {
                (filters.summary())
                div.list-head { (sealed::state(self.visitor, self.newest.as_ref())) }
                @if self.found.rows.is_empty() { (self.nothing()) } @else { (self.table()) }
                (pager(self.asked, &self.found))
            }
        }
    }

    fn nothing(&self) -> Markup {
        if self.asked.is_narrowed() {
            return empty(Icon::Search, "No entry is like that", "Take a filter away, or ask for a longer time.");
        }
        empty(
            Icon::History,
            "No entries that you see",
            "Every write and every sign-in leaves one. A manager sees those of the clients that they manage.",
        )
    }

    fn filters(&self) -> Filters<'a> {
        let people = self.people.all().into_iter().map(|(id, name)| (id.to_string(), name.to_owned()));
        let tables = self.tables.iter().map(|table| (table.word(), words::label(&table.name)));
        let events: &[&str] = if self.visitor.is(KEEPERS) { &EVENTS } else { &[] };
        let actions = ROW_ACTIONS.into_iter().chain(events.iter().copied());
        let zone = &self.visitor.zone;
        let typed = |at: Option<jiff::Timestamp>| at.map(|at| typed_moment(at, zone)).unwrap_or_default();
        let filters = Filters::new(self.asked, LIST)
            .choice(Choice::of("person", "Person", people))
            .choice(Choice::of("table", "Table", tables))
            .choice(Choice::of_words("action", "Action", actions));
        let filters = match (self.asked.path(), self.filter.client) {
            ("/audit", Some(id)) => {
                let name = self.names.client(id).unwrap_or("One client").to_owned();
                filters.choice(Choice::of("client", "Client", [(id.to_string(), name)]))
            }
            ("/audit", None) => filters.text("client", "Client"),
            _ => filters,
        };
        let filters = filters.text("request", "Request").moment("from", "From", typed(self.filter.from)).moment(
            "until",
            "Until",
            typed(self.filter.until),
        );
        match &self.filter.row {
            Some(row) => filters.choice(Choice::of("row", "Row", [(row.clone(), row.clone())])),
            None => filters,
        }
    }

    fn table(&self) -> Markup {
        let is_of_client = self.asked.path() != "/audit";
        let mut columns = vec![Column::new("When"), Column::new("Who"), Column::new("What").below()];
        columns.extend((!is_of_client).then(|| Column::new("Client").wide_only()));
        columns.push(Column::new("Seal").wide_only());
        let table = self.found.rows.iter().fold(Rows::new("Entries, newest first", columns), |table, entry| {
            let mut cells = vec![self.when(entry), self.names.who_shown(entry), what(entry)];
            cells.extend((!is_of_client).then(|| self.client(entry)));
            cells.push(sealed::mark(self.seals.get(&entry.id)));
            table.row(cells)
        });
        table.render()
    }

    fn when(&self, entry: &Entry) -> Markup {
        let at = jiff::Timestamp::from_microsecond(entry.at).unwrap_or_default();
        html! { a href={ "/audit/" (entry.id) } { (moment(at, &self.visitor.zone)) } }
    }

    fn client(&self, entry: &Entry) -> Markup {
        html! {
            @match entry.client_id {
                Some(id) => @match self.names.client(id) {
                    Some(name) => a href={ "/clients/" (id) } { (name) },
                    None => span.text-secondary { "One client" },
                },
                None => span.text-secondary { (words::NONE) },
            }
        }
    }
}

fn start(asked: &Asked) -> Result<Start, Problem> {
    let id = |name: &str| {
        let broken = |_| Problem::invalid("the link to these entries is broken").mend("go back to the newest ones");
        asked.some(name).map(str::parse::<i64>).transpose().map_err(broken)
    };
    Ok(match (id("before")?, id("after")?) {
        (Some(id), _) => Start::Before(id),
        (None, Some(id)) => Start::After(id),
        (None, None) => Start::Newest,
    })
}

/// What was done to which table, with the first places that differ.
fn what(entry: &Entry) -> Markup {
    let places = places(entry);
    let is_whole = entry.before.is_none() || entry.after.is_none();
    html! {
        div.trail-what {
            div { (named::action(entry)) " " @if let Some(table) = named::table(entry) { strong { (table) } } }
            @if let Some(reason) = &entry.reason { div.version-reason { "“" (reason) "”" } }
            @if !is_whole {
                ul.version-changes {
                    @for place in places.iter().take(MOST_PLACES) {
                        li { code { (place.name) } " " (diff(place.before.as_ref(), place.after.as_ref())) }
                    }
                    @if places.len() > MOST_PLACES {
                        li { a href={ "/audit/" (entry.id) } { "and " (places.len() - MOST_PLACES) " more" } }
                    }
                }
            }
        }
    }
}
