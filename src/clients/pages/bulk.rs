use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::KEEPERS;
use crate::clients::actions::{self, Preview};
use crate::clients::types::{Bulk, Client, NOBODY};
use crate::console::components::{Column, Confirm, Icon, Table, empty, status};
use crate::console::list::Asked;
use crate::console::{Console, Done, Names, Nav, Page, Sent, Visitor, is_ours, words};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// Shows what an act would do to the clients that were ticked.
pub(super) async fn preview(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let bulk = Bulk::parse(asked.get("act"), asked.get("manager"), asked.get("tier"))?;
    let ids = asked.all("client").map(parse_id).collect::<Result<Vec<_>, _>>()?;
    let tx = visitor.snapshot(&console).await?;
    let preview = actions::preview(&tx, &ids, &bulk).await?;
    let names = named(&tx, &visitor, &preview, &bulk).await?;
    Ok(page(&visitor, &bulk, &preview, &names, back(asked.some("back"))))
}

async fn named(tx: &Tx<'_>, visitor: &Visitor, preview: &Preview, bulk: &Bulk) -> Result<Names, Problem> {
    let mut ids: Vec<Uuid> = preview.changed.iter().filter_map(|client| client.manager).collect();
    if let Bulk::Assign(Some(manager)) = bulk {
        ids.push(*manager);
    }
    Ok(Names::of(tx, visitor, ids).await?)
}

/// Does what was shown.
pub(super) async fn change(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["act", "manager", "tier", "client", "back"])?;
    let said = |name| sent.trimmed(name).unwrap_or_default();
    let bulk = Bulk::parse(said("act"), said("manager"), said("tier"))?;
    let seen = sent.all("client").map(parse_seen).collect::<Result<Vec<_>, _>>()?;
    let tx = visitor.begin(&console).await?;
    match actions::change(&tx, &seen, &bulk).await {
        Ok(count) => {
            tx.commit().await?;
            let toast = format!(
                "{}: {}.",
                words::count(count.try_into().unwrap_or(i64::MAX), "client", "clients"),
                done(&bulk)
            );
            Ok(Done::to(back(sent.get("back"))).saying(toast).into_response())
        }
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            drop(tx);
            again(&console, &visitor, &seen, &bulk, back(sent.get("back"))).await
        }
        Err(problem) => Err(problem),
    }
}

/// The preview as it is by now, where somebody else was faster.
async fn again(
    console: &Console,
    visitor: &Visitor,
    seen: &[(Uuid, Timestamp)],
    bulk: &Bulk,
    back: &str,
) -> Result<Response<Body>, Problem> {
    let ids: Vec<Uuid> = seen.iter().map(|(id, _)| *id).collect();
    let tx = visitor.snapshot(console).await?;
    let preview = actions::preview(&tx, &ids, bulk).await?;
    let names = named(&tx, visitor, &preview, bulk).await?;
    let notice = html! {
        "Somebody else changed some of these clients since you looked, and nothing was done. This is how they are now."
    };
    Ok(page(visitor, bulk, &preview, &names, back).subtitle(notice).status(StatusCode::CONFLICT).into_response())
}

fn page(visitor: &Visitor, bulk: &Bulk, preview: &Preview, names: &Names, back: &str) -> Page {
    let Preview { changed, unchanged } = preview;
    let body = html! {
        @if changed.is_empty() {
            div.card {
                (empty(Icon::CircleCheck, "Nothing would change", "The clients that are ticked are like that already."))
                p.text-center { a.btn href=(back) { "Back to the list" } }
            }
        } @else {
            (confirm(bulk, changed, names, back))
        }
        @if !changed.is_empty() && !unchanged.is_empty() {
            p.text-secondary { (words::count(count(unchanged), "other is", "others are")) " like that already." }
        }
    };
    Page::new(visitor, title(bulk)).under(Nav::Clients).crumb("Clients", "/clients").body(body)
}

fn count(clients: &[Client]) -> i64 {
    clients.len().try_into().unwrap_or(i64::MAX)
}

fn confirm(bulk: &Bulk, changed: &[Client], names: &Names, back: &str) -> Markup {
    let number = words::count(count(changed), "client", "clients");
    let mut confirm = Confirm::new("/clients/bulk", format!("{} ({number})", title(bulk)), back)
        .field("act", act(bulk))
        .field("back", back)
        .what(html! {
            p { (consequence(bulk)) }
            (table(bulk, changed, names))
        });
    match bulk {
        Bulk::Assign(manager) => {
            confirm = confirm.field("manager", manager.map_or_else(|| NOBODY.to_owned(), |id| id.to_string()));
        }
        Bulk::Tier(tier) => confirm = confirm.field("tier", tier),
        Bulk::Archive => confirm = confirm.dangerous(),
        Bulk::Restore => {}
    }
    for client in changed {
        confirm = confirm.field("client", format!("{}@{}", client.id, client.updated_at));
    }
    confirm.render()
}

fn table(bulk: &Bulk, changed: &[Client], names: &Names) -> Markup {
    let mut table = Table::new("What would change", [Column::new("Client"), Column::new("Now"), Column::new("After")]);
    for client in changed {
        let (before, after) = before_and_after(bulk, client, names);
        let name = html! { a href={ "/clients/" (client.id) } { (client.name) } };
        table = table.row([name, before, after]);
    }
    table.render()
}

fn before_and_after(bulk: &Bulk, client: &Client, names: &Names) -> (Markup, Markup) {
    let text = |text: &str| html! { (text) };
    let manager = |id: Option<Uuid>| text(id.map_or("Nobody", |id| names.name(id)));
    match bulk {
        Bulk::Assign(to) => (manager(client.manager), manager(*to)),
        Bulk::Tier(to) => (text(&words::label(&client.tier)), text(&words::label(to))),
        Bulk::Archive => (status(client.standing()), status("archived")),
        Bulk::Restore => (status("archived"), status(&client.status)),
    }
}

fn act(bulk: &Bulk) -> &'static str {
    match bulk {
        Bulk::Assign(_) => "assign",
        Bulk::Tier(_) => "tier",
        Bulk::Archive => "archive",
        Bulk::Restore => "restore",
    }
}

fn title(bulk: &Bulk) -> &'static str {
    match bulk {
        Bulk::Assign(Some(_)) => "Assign a manager",
        Bulk::Assign(None) => "Take the manager away",
        Bulk::Tier(_) => "Set the tier",
        Bulk::Archive => "Archive",
        Bulk::Restore => "Bring back",
    }
}

fn done(bulk: &Bulk) -> &'static str {
    match bulk {
        Bulk::Assign(Some(_)) => "manager assigned",
        Bulk::Assign(None) => "manager taken away",
        Bulk::Tier(_) => "tier set",
        Bulk::Archive => "archived",
        Bulk::Restore => "brought back",
    }
}

fn consequence(bulk: &Bulk) -> &'static str {
    match bulk {
        Bulk::Assign(_) => {
            "Whoever is assigned sees the client and may change it; whoever was assigned before doesn't any more."
        }
        Bulk::Tier(_) => "What is billed is a subscription's own tier, which stays as it is.",
        Bulk::Archive => "They leave every list, and their addresses may be given to others. They can be brought back.",
        Bulk::Restore => "They are in every list again.",
    }
}

fn back(asked: Option<&str>) -> &str {
    asked.filter(|path| is_ours(path)).unwrap_or("/clients")
}

fn parse_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| unknown())
}

fn parse_seen(text: &str) -> Result<(Uuid, Timestamp), Problem> {
    let (id, at) = text.split_once('@').ok_or_else(unknown)?;
    Ok((parse_id(id)?, at.parse().map_err(|_| unknown())?))
}

fn unknown() -> Problem {
    let fault = Fault::at("/client", "id", "is no client of the list");
    Problem::faults("some of what was sent is no client", vec![fault.mend("tick clients in the list again")])
}
