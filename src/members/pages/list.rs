use axum::extract::State;
use maud::{Markup, html};

use super::super::Role;
use super::super::directory::{self, Known, ORDERS, Wanted};
use super::{KEEPERS, SUPER_ADMINS, page_of};
use crate::console::components::{Choice, Column, Filters, Icon, Table, Tone, badge, empty, icon, moment, pager};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// The element that holds the rows, which filters put in place anew.
const LIST: &str = "people";

pub(super) async fn show(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let window = asked.order(ORDERS)?;
    let wanted = Wanted { search: asked.some("q"), role: asked.some("role"), state: asked.some("state") };
    let tx = visitor.begin(&console).await?;
    let rows = directory::people(&tx, wanted, &window).await?;
    tx.commit().await?;
    let filters = Filters::new(&asked, LIST)
        .search("Name or address")
        .choice(Choice::of_words("role", "Role", Role::ALL.map(Role::as_str)))
        .choice(Choice::of_words("state", "State", ["active", "disabled"]));
    let page = Page::new(&visitor, "People").under(Nav::People).actions(actions(&visitor)).body(html! {
        div.card {
            (filters)
            div #(LIST) {
                (filters.summary())
                @if rows.rows.is_empty() {
                    (nobody(asked.is_narrowed()))
                } @else {
                    (table(&rows, &asked, &window.sort(), &visitor))
                    (pager(&asked, &rows))
                }
            }
        }
    });
    Ok(page)
}

fn actions(visitor: &Visitor) -> Markup {
    html! {
        @if visitor.is(SUPER_ADMINS) {
            a.btn.btn-primary href="/people/new" { (icon(Icon::Plus)) "Add a person" }
        }
    }
}

fn nobody(is_narrowed: bool) -> Markup {
    if is_narrowed {
        empty(Icon::UsersGroup, "Nobody like that", "Take a filter away, or look for a part of the name or address.")
    } else {
        empty(Icon::UsersGroup, "Nobody yet", "People are added here by a super admin, or with `tenantry user create`.")
    }
}

fn table(rows: &Rows<Known>, asked: &Asked, sort: &str, visitor: &Visitor) -> Markup {
    let columns = [
        Column::new("Person").sorted_by("email"),
        Column::new("Role").sorted_by("role"),
        Column::new("State").below(),
        Column::new("Last sign-in").wide_only(),
        Column::new("Clients").number().wide_only(),
        Column::new("Sessions").number().wide_only(),
    ];
    let table = Table::new("People", columns).sortable(asked, sort, LIST);
    let table = rows.rows.iter().fold(table, |table, known| table.row(row(known, visitor)));
    html! { (table) }
}

fn row(known: &Known, visitor: &Visitor) -> [Markup; 6] {
    [
        html! {
            a href=(page_of(known.user_id)) { (known.name.as_deref().unwrap_or(&known.email)) }
            @if known.name.is_some() { div.text-secondary { (known.email) } }
        },
        html! { (role(known)) },
        state(known),
        html! {
            @match known.last_sign_in_at {
                Some(at) => (moment(at, &visitor.zone)),
                None => span.text-secondary { "never" },
            }
        },
        html! { (known.clients) },
        html! { (known.open_sessions) },
    ]
}

/// A person's role as people read it.
pub(super) fn role(known: &Known) -> String {
    known.role.map_or_else(|| "No role".to_owned(), |role| words::label(role.as_str()))
}

/// How a person stands.
pub(super) fn state(known: &Known) -> Markup {
    match known {
        Known { disabled_at: Some(_), .. } => badge(Tone::Bad, "Disabled"),
        Known { role: None, .. } => badge(Tone::Quiet, "No access"),
        Known { has_password: false, .. } => badge(Tone::Attention, "No password yet"),
        _ => badge(Tone::Good, "Active"),
    }
}
