use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use uuid::Uuid;

use super::super::types::{EmailAddress, Role};
use super::super::{actions, directory};
use super::{SUPER_ADMINS, at_form, page_of};
use crate::auth::links::Link;
use crate::console::components::{field, moment, secret};
use crate::console::{Console, Form, Nav, Page, Sent, Visitor, words};
use crate::problem::{Fault, Problem};

/// The longest name of a person.
pub(super) const LONGEST_NAME: usize = 200;

pub(super) async fn show(visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(SUPER_ADMINS)?;
    visitor.stepped_up_here()?;
    Ok(page(&visitor, &Form::holding([("role", Role::Staff.as_str())])))
}

pub(super) async fn take(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(SUPER_ADMINS)?;
    sent.only(&["email", "name", "role"])?;
    visitor.stepped_up(&sent)?;
    let added = match Wanted::read(&sent) {
        Ok(wanted) => add(&console, &visitor, &wanted).await?,
        Err(problem) => Err(problem),
    };
    match added {
        Ok((user_id, link)) => Ok(made(&visitor, &console, "Added", user_id, &link).into_response()),
        Err(problem) => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&visitor, &form).status(problem.status).into_response())
        }
    }
}

/// A person who isn't there yet.
struct Wanted {
    email: EmailAddress,
    name: String,
    role: Role,
}

impl Wanted {
    fn read(sent: &Sent) -> Result<Self, Problem> {
        let email = email(sent);
        let name = name(sent);
        let role = role(sent);
        match (email, name, role) {
            (Ok(email), Ok(name), Ok(role)) => Ok(Self { email, name, role }),
            (email, name, role) => {
                let faults = [email.err(), name.err(), role.err()].into_iter().flatten().collect();
                Err(Problem::faults("the person can't be added like that", faults))
            }
        }
    }
}

/// The address that a form holds.
pub(super) fn email(sent: &Sent) -> Result<EmailAddress, Fault> {
    sent.trimmed("email").unwrap_or_default().parse().map_err(|said: String| Fault::at("/email", "email", said))
}

/// The name that a form holds; it may be empty.
pub(super) fn name(sent: &Sent) -> Result<String, Fault> {
    let name = sent.trimmed("name").unwrap_or_default();
    if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        let said = format!("a name has at most {LONGEST_NAME} characters and stands on one line");
        return Err(Fault::at("/name", "length", said));
    }
    Ok(name.to_owned())
}

/// The role that a form holds.
pub(super) fn role(sent: &Sent) -> Result<Role, Fault> {
    sent.get("role").unwrap_or_default().parse().map_err(|said: String| Fault::at("/role", "one-of", said))
}

/// Whoever is refused by a rule of the database hears of it at the form.
async fn add(console: &Console, visitor: &Visitor, wanted: &Wanted) -> Result<Result<(Uuid, Link), Problem>, Problem> {
    let tx = visitor.begin(console).await?;
    let user_id = match directory::add(&tx, &wanted.email, &wanted.name, wanted.role).await {
        Ok(user_id) => user_id,
        Err(error) => return at_form(error).map(Err),
    };
    let link = actions::link_for(&tx, user_id).await?;
    tx.commit().await?;
    Ok(Ok((user_id, link)))
}

/// The page that shows a link, once.
pub(super) fn made(visitor: &Visitor, console: &Console, done: &str, user_id: Uuid, link: &Link) -> Page {
    Page::new(visitor, "A link to choose a password").under(Nav::People).crumb("People", "/people").body(html! {
        div.card.narrow {
            div.card-body {
                p {
                    (done) ". Pass this link on to them: whoever opens it chooses the password. It counts once, until "
                    (moment(link.ends, &visitor.zone)) ", and links made before count no more."
                }
                (secret("Link", &link.url(&visitor.public_url(console))))
                div.form-footer { a.btn href=(page_of(user_id)) { "Go on" } }
            }
        }
    })
}

/// Roles to choose from, with what they may.
pub(super) fn roles() -> Vec<(String, String)> {
    let all = Role::ALL.into_iter().map(|role| {
        let may = match role {
            Role::Client => "a client's own login",
            Role::Staff => "reads the clients that they are members of",
            Role::Manager => "reads and writes the clients that they manage",
            Role::Admin => "reads and writes every client and what is global",
            Role::SuperAdmin => "as admin, and people, roles and keys",
        };
        (role.as_str().to_owned(), format!("{}: {may}", words::label(role.as_str())))
    });
    all.collect()
}

fn page(visitor: &Visitor, form: &Form) -> Page {
    Page::new(visitor, "Add a person").under(Nav::People).crumb("People", "/people").body(body(form))
}

fn body(form: &Form) -> Markup {
    html! {
        div.card.narrow {
            div.card-body {
                (form.summary())
                form method="post" action="/people" {
                    (field::email(form, "email", "E-mail").required().focused().autocomplete("off").longest(254)
                        .hint("They sign in with it. Nothing is mailed: you get a link to pass on, by which they choose a password."))
                    (field::text(form, "name", "Name").autocomplete("off").longest(LONGEST_NAME))
                    (field::select(form, "role", "Role", roles()))
                    div.form-footer {
                        button.btn.btn-primary { "Add" }
                        " " a.btn href="/people" { "Cancel" }
                    }
                }
            }
        }
    }
}
