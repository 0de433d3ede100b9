use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;
use axum::response::IntoResponse as _;
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::super::directory::{self, Joined, Known, MEMBERS, member_roles};
use super::super::store;
use super::super::types::MemberRole;
use super::{KEEPERS, at_form, page_of};
use crate::console::components::{Column, Icon, Table, Tone, badge, card, empty, field, icon, moment, pager};
use crate::console::list::{Asked, Rows};
use crate::console::{AGENCY, Console, Done, Form, Names, OfClient, Page, Sent, Visitor, words};
use crate::db::policies::rules::Role;
use crate::problem::{Fault, Problem};

/// The element that holds the rows, which another order puts in place anew.
const LIST: &str = "members";

/// The longest address that mail can carry.
const LONGEST: usize = 254;

/// The people who see a client, as far as the visitor may know of them.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    page(&console, &visitor, &id, &asked, &Form::empty()).await
}

/// Makes somebody a member by their address, or changes as what.
pub(super) async fn add(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["email", "member_role"])?;
    match join(&console, &visitor, &id, &sent).await? {
        Ok(done) => Ok(done.into_response()),
        Err(refused) => {
            let form = Form::of(&sent).refused(&refused);
            Ok(page(&console, &visitor, &id, &asked, &form).await?.status(refused.status).into_response())
        }
    }
}

/// Whoever is refused by a rule hears of it at the form.
async fn join(console: &Console, visitor: &Visitor, id: &str, sent: &Sent) -> Result<Result<Done, Problem>, Problem> {
    let email = sent.trimmed("email").unwrap_or_default();
    let tx = visitor.begin(console).await?;
    let client = OfClient::find(&tx, id).await?;
    let person = directory::with_role(&tx, email).await?;
    let member_role = MemberRole::named(sent.get("member_role").unwrap_or_default());
    let (person, member_role) = match (person, member_role) {
        (Some(person), Some(member_role)) => (person, member_role),
        (person, member_role) => return Ok(Err(faults(email, person.is_some(), member_role.is_some()))),
    };
    if let Err(error) = store::set_membership(&tx, client.id, person, member_role).await {
        return at_form(error).map(Err);
    }
    tx.commit().await?;
    let said = format!("{email} is a member of {} as {}.", client.name, words::label(member_role.as_str()));
    Ok(Ok(Done::to(members_of(client.id)).saying(said)))
}

/// Changes as what somebody is a member, or makes them one again whose membership was ended.
pub(super) async fn make(
    State(console): State<Console>,
    visitor: Visitor,
    Path((id, user_id, chosen)): Path<(String, Uuid, String)>,
    sent: Sent,
) -> Result<Done, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[])?;
    let chosen = MemberRole::named(&chosen).ok_or_else(|| Problem::invalid(ONE_OF).mend("load the page again"))?;
    let tx = visitor.begin(&console).await?;
    let client = OfClient::find(&tx, &id).await?;
    let former = store::member_role(&tx, client.id, user_id).await?;
    store::set_membership(&tx, client.id, user_id, chosen).await?;
    tx.commit().await?;
    let done = Done::to(members_of(client.id)).saying(format!("They are a member as {chosen} now."));
    Ok(match former.filter(|former| former != chosen.as_str()) {
        Some(former) => done.undo(path_as(client.id, user_id, &former)),
        None => done,
    })
}

/// Ends a membership.
pub(super) async fn end(
    State(console): State<Console>,
    visitor: Visitor,
    Path((id, user_id)): Path<(String, Uuid)>,
    sent: Sent,
) -> Result<Done, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[])?;
    let tx = visitor.begin(&console).await?;
    let client = OfClient::find(&tx, &id).await?;
    let former = store::member_role(&tx, client.id, user_id).await?.ok_or_else(|| {
        Problem::absent("they are no member of this client any more").mend("load the list of its members again")
    })?;
    directory::leave(&tx, client.id, user_id).await?;
    tx.commit().await?;
    let again = path_as(client.id, user_id, &former);
    Ok(Done::to(members_of(client.id)).saying("The membership has ended.").undo(again))
}

pub(super) const ONE_OF: &str = "a person is a manager, staff or client with a client";

fn faults(email: &str, is_somebody: bool, is_role: bool) -> Problem {
    let nobody = || {
        let said = if email.is_empty() {
            "name a person by the address that they sign in with".to_owned()
        } else {
            format!("nobody with a role here signs in as {email}")
        };
        Fault::at("/email", "known", said).mend("look for them in the list of people")
    };
    let faults = [(!is_somebody).then(nobody), (!is_role).then(|| Fault::at("/member_role", "one-of", ONE_OF))];
    Problem::faults("the membership can't be made like that", faults.into_iter().flatten().collect())
}

fn members_of(client: Uuid) -> String {
    format!("/clients/{client}/members")
}

fn path_as(client: Uuid, user_id: Uuid, member_role: &str) -> String {
    format!("/clients/{client}/members/{user_id}/as/{member_role}")
}

async fn page(console: &Console, visitor: &Visitor, id: &str, asked: &Asked, form: &Form) -> Result<Page, Problem> {
    let window = asked.order(MEMBERS)?;
    let tx = visitor.begin(console).await?;
    let client = OfClient::find(&tx, id).await?;
    let found = directory::members(&tx, client.id, &window).await?;
    let people: Vec<Uuid> = found.rows.iter().map(|member| member.user_id).collect();
    let named = people.iter().copied().chain(found.rows.iter().filter_map(|member| member.by));
    let names = Names::of(&tx, visitor, named).await?;
    let known = if visitor.is(KEEPERS) { directory::known(&tx, &people).await? } else { HashMap::new() };
    tx.commit().await?;
    let list = Members { visitor, client: &client, names: &names, known: &known };
    let body = html! {
        div.card #(LIST) { (list.shown(&found, asked, &window.sort())) }
        @if visitor.is(KEEPERS) { (list.add(form)) }
    };
    Ok(client.page(visitor, "Members", "members", &body))
}

struct Members<'a> {
    visitor: &'a Visitor,
    client: &'a OfClient,
    names: &'a Names,
    /// What administrators know of people besides.
    known: &'a HashMap<Uuid, Known>,
}

impl Members<'_> {
    fn shown(&self, found: &Rows<Joined>, asked: &Asked, sort: &str) -> Markup {
        if found.rows.is_empty() {
            let words =
                "Administrators see every client. Anybody else sees it once an administrator has made them a member.";
            return empty(Icon::UsersGroup, "No members", words);
        }
        let mut columns = vec![
            Column::new("Person"),
            Column::new("As").sorted_by("role"),
            Column::new("Since").sorted_by("since").wide_only(),
            Column::new("By").wide_only(),
        ];
        if self.visitor.is(KEEPERS) {
            columns.push(Column::new("Change or end").quiet().below());
        }
        let table = Table::new("Members", columns).sortable(asked, sort, LIST);
        let table = found.rows.iter().fold(table, |table, member| table.row(self.row(member)));
        html! {
            (table.render())
            (pager(asked, found))
            @if self.visitor.person.role == Role::Staff {
                p.note { "Of members, staff are shown themselves. The client's manager and administrators see all of them." }
            }
        }
    }

    fn row(&self, member: &Joined) -> Vec<Markup> {
        let mut row = vec![
            self.person(member),
            html! {
                (words::label(&member.member_role))
                @if member.by_assignment { " " (badge(Tone::Quiet, "assigned manager")) }
            },
            moment(member.since, &self.visitor.zone),
            html! { (member.by.map_or(words::NONE, |by| self.names.name(by))) },
        ];
        if self.visitor.is(KEEPERS) {
            row.push(self.buttons(member));
        }
        row
    }

    fn person(&self, member: &Joined) -> Markup {
        let known = self.known.get(&member.user_id);
        let name = self.names.name(member.user_id);
        html! {
            @if known.is_some() { a href=(page_of(member.user_id)) { (name) } } @else { (name) }
            @if member.user_id == self.visitor.person.id { " " (badge(Tone::Quiet, "you")) }
            @if let Some(Known { disabled_at: Some(_), .. }) = known { " " (badge(Tone::Bad, "Disabled")) }
            @if let Some(known) = known { div.text-secondary { (known.email) } }
        }
    }

    /// What they could be instead, and the end.
    fn buttons(&self, member: &Joined) -> Markup {
        let role = self.known.get(&member.user_id).and_then(|known| known.role);
        let others = role.map(member_roles).unwrap_or_default().into_iter();
        let others = others.filter(|member_role| member_role.as_str() != member.member_role);
        let name = self.names.name(member.user_id);
        html! {
            div.row-actions {
                @for other in others {
                    form method="post" action=(path_as(self.client.id, member.user_id, other.as_str())) {
                        button.btn.btn-sm { "Make " (words::label(other.as_str()).to_lowercase()) span.visually-hidden { ": " (name) } }
                    }
                }
                form method="post" action={ (members_of(self.client.id)) "/" (member.user_id) "/end" } {
                    button.btn.btn-sm { "End" span.visually-hidden { " the membership of " (name) } }
                }
            }
        }
    }

    fn add(&self, form: &Form) -> Markup {
        let roles = MemberRole::ALL.map(|member_role| (member_role.as_str(), words::label(member_role.as_str())));
        let body = html! {
            (form.summary())
            form.inline-form method="post" action=(members_of(self.client.id)) {
                (field::email(form, "email", "Their address").required().autocomplete("off").longest(LONGEST))
                (field::select(form, "member_role", "As", roles))
                button.btn { (icon(Icon::Plus)) "Add a member" }
            }
            p.note { "Whoever is a member already gets this role instead. A person's right is the lesser of this and of their own role." }
        };
        card("Add a member", &body)
    }
}
