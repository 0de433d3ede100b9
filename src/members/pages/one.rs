use axum::extract::{Path, State};
use maud::{Markup, html};
use uuid::Uuid;

use super::super::directory::{self, Entry, Known, Part, member_roles};
use super::list::{role, state};
use super::{KEEPERS, SUPER_ADMINS, absent, page_of};
use crate::console::components::{Column, Facts, Icon, Table, Tone, badge, card, empty, field, icon, moment};
use crate::console::{Console, Form, Nav, Page, Visitor, words};
use crate::problem::Problem;

pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    page(&console, &visitor, user_id, &Form::empty()).await
}

/// A person, and the form that makes them a member of another client.
pub(super) async fn page(console: &Console, visitor: &Visitor, user_id: Uuid, form: &Form) -> Result<Page, Problem> {
    let tx = visitor.begin(console).await?;
    let known = directory::person(&tx, user_id).await?.ok_or_else(absent)?;
    let parts = directory::parts(&tx, user_id).await?;
    let entries = directory::entries(&tx, user_id).await?;
    tx.commit().await?;
    let title = known.name.clone().unwrap_or_else(|| known.email.clone());
    Ok(Page::new(visitor, title).under(Nav::People).crumb("People", "/people").actions(actions(visitor, &known)).body(
        html! {
            (card("Who they are", &html! { (facts(visitor, &known)) }))
            (card("Clients", &memberships(&known, &parts, form)))
            (card("How they came in", &history(visitor, &entries)))
        },
    ))
}

fn facts(visitor: &Visitor, known: &Known) -> Facts {
    Facts::new()
        .fact("E-mail", Some(html! { (known.email) }))
        .fact("Name", known.name.as_ref())
        .fact("Role", Some(html! { (role(known)) }))
        .fact("State", Some(state(known)))
        .fact("Disabled since", known.disabled_at.map(|at| moment(at, &visitor.zone)))
        .fact("With a role since", known.created_at.map(|at| moment(at, &visitor.zone)))
        .fact("Last sign-in", known.last_sign_in_at.map(|at| moment(at, &visitor.zone)))
        .fact("Open sessions", Some(html! { (known.open_sessions) }))
}

/// The buttons of those who may press them.
fn actions(visitor: &Visitor, known: &Known) -> Markup {
    let path = page_of(known.user_id);
    let (is_other, has_role) = (known.user_id != visitor.person.id, known.role.is_some());
    html! {
        @if visitor.is(SUPER_ADMINS) {
            @if is_other { a.btn href={ (path) "/role" } { (icon(Icon::Shield)) "Change role" } }
            @if has_role && known.disabled_at.is_none() {
                form method="post" action={ (path) "/link" } { button.btn { (icon(Icon::Key)) "Link for a password" } }
            }
            @if is_other && known.open_sessions > 0 {
                form method="post" action={ (path) "/sessions/end" } {
                    button.btn { (icon(Icon::Logout)) "End sessions" }
                }
            }
            @if is_other && has_role {
                @if known.disabled_at.is_some() {
                    form method="post" action={ (path) "/enable" } {
                        button.btn.btn-primary { (icon(Icon::Unlock)) "Enable" }
                    }
                } @else {
                    a.btn.btn-danger href={ (path) "/disable" } { (icon(Icon::Lock)) "Disable" }
                }
            }
        }
    }
}

fn memberships(known: &Known, parts: &[Part], form: &Form) -> Markup {
    let path = page_of(known.user_id);
    let columns = [Column::new("Client"), Column::new("As"), Column::new("End").quiet()];
    let table = parts.iter().fold(Table::new("Memberships", columns), |table, part| table.row(row(&path, part)));
    html! {
        @if parts.is_empty() {
            (empty(Icon::Building, "No client", "People of the roles client, staff and manager see the clients that they are members of."))
        } @else {
            (table)
        }
        @if let Some(role) = known.role {
            (form.summary())
            form.inline-form method="post" action={ (path) "/memberships" } {
                (field::text(form, "client", "Client").required().placeholder("Name, e-mail or id").longest(255))
                (field::select(form, "member_role", "As", member_roles(role).into_iter().map(|member_role| {
                    (member_role.as_str(), words::label(member_role.as_str()))
                })))
                button.btn { (icon(Icon::Plus)) "Add to the client" }
            }
        }
    }
}

fn row(path: &str, part: &Part) -> [Markup; 3] {
    [
        html! { a href={ "/clients/" (part.client_id) } { (part.client_name) } },
        html! {
            (words::label(&part.member_role))
            @if part.by_assignment { " " (badge(Tone::Quiet, "assigned manager")) }
        },
        html! {
            form method="post" action={ (path) "/memberships/end" } {
                (field::hidden("client", &part.client_id.to_string()))
                button.btn.btn-sm { "End" span.visually-hidden { " the membership of " (part.client_name) } }
            }
        },
    ]
}

/// How somebody came in, or tried to.
pub(super) fn history(visitor: &Visitor, entries: &[Entry]) -> Markup {
    let columns = [Column::new("When"), Column::new("What"), Column::new("From")];
    let table = entries.iter().fold(Table::new("Sign-ins", columns), |table, entry| {
        table.row([
            moment(entry.at, &visitor.zone),
            what(entry),
            html! { (entry.address.as_deref().unwrap_or(words::NONE)) },
        ])
    });
    html! {
        @if entries.is_empty() {
            (empty(Icon::History, "Not yet", "Each sign-in stands here, good or not, and where it came from."))
        } @else {
            (table)
        }
    }
}

fn what(entry: &Entry) -> Markup {
    let what = match entry.action.as_str() {
        "sign_in" => "Sign-in",
        "password_again" => "Password again",
        "password_link" => "Password chosen by a link",
        other => other,
    };
    html! {
        (what) " "
        @match entry.outcome.as_deref() {
            Some("failed") => (badge(Tone::Bad, "wrong password")),
            Some("locked") => (badge(Tone::Attention, "turned away, too many attempts")),
            _ => (badge(Tone::Good, "good")),
        }
    }
}
