use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use uuid::Uuid;

use super::super::super::{actions, directory};
use super::{READERS, kinds};
use crate::auth::token::{Kind, Token};
use crate::auth::tokens::{self, Listed, Runtime, Scope, UseFor, Wanted};
use crate::console::components::{field, secret};
use crate::console::{Console, Form, Nav, Page, Sent, Visitor, words};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// The longest that a token made here counts, in days.
const LONGEST_DAYS: i64 = 3_650;

/// The fields of the form.
const FIELDS: &[&str] = &["kind", "name", "client", "environment", "template_id", "secrets", "user", "write", "days"];

pub(in crate::members::pages) async fn show(visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(READERS)?;
    visitor.stepped_up_here()?;
    let kind = kinds(&visitor).last().map_or("", |kind| kind.as_str());
    let held = [("kind", kind), ("environment", ENVIRONMENTS[0]), ("user", &visitor.person.email)];
    Ok(page(&visitor, &Form::holding(held)))
}

/// Makes a token, and shows it once.
pub(in crate::members::pages) async fn take(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(READERS)?;
    sent.only(FIELDS)?;
    visitor.stepped_up(&sent)?;
    match make(&console, &visitor, &sent).await {
        Ok((token, listed)) => Ok(made(&visitor, &token, &listed).into_response()),
        Err(problem) if problem.status.is_client_error() => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&visitor, &form).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn make(console: &Console, visitor: &Visitor, sent: &Sent) -> Result<(Token, Listed), Problem> {
    let chosen = sent.get("kind").unwrap_or_default();
    let kind = kinds(visitor).iter().copied().find(|kind| kind.as_str() == chosen);
    let kind = kind.ok_or_else(|| fault("kind", "this is no kind of token that you may make"))?;
    let tx = visitor.begin(console).await?;
    let wanted = Wanted {
        name: sent.trimmed("name").unwrap_or_default().to_owned(),
        use_for: use_for(&tx, kind, sent).await?,
        expires_at: ends(sent, visitor.screen.now)?,
    };
    let made = tokens::create(&tx, &wanted).await?;
    tx.commit().await?;
    Ok(made)
}

async fn use_for(tx: &Tx<'_>, kind: Kind, sent: &Sent) -> Result<UseFor, Problem> {
    let scopes = if sent.is_ticked("write") { vec![Scope::Read, Scope::Write] } else { vec![Scope::Read] };
    Ok(match kind {
        Kind::Publishable => UseFor::App,
        Kind::Service => UseFor::Service(scopes),
        Kind::Personal => UseFor::Person(person(tx, sent).await?, scopes),
        Kind::Runtime => UseFor::Runtime(runtime(tx, sent).await?),
    })
}

async fn person(tx: &Tx<'_>, sent: &Sent) -> Result<Uuid, Problem> {
    let email = sent.trimmed("user").unwrap_or_default();
    let found = directory::with_role(tx, email).await?;
    found.ok_or_else(|| fault("user", "nobody who may sign in has this address"))
}

async fn runtime(tx: &Tx<'_>, sent: &Sent) -> Result<Runtime, Problem> {
    let named =
        sent.trimmed("client").ok_or_else(|| fault("client", "name the client whose configuration it reads"))?;
    let environment = sent.get("environment").unwrap_or_default();
    if !ENVIRONMENTS.contains(&environment) {
        return Err(fault("environment", "the environment is production, staging or development"));
    }
    let client = actions::the_client(tx, named).await;
    let client =
        client.map_err(|error| if error.refusal().is_some() { error.into() } else { fault("client", error.what()) })?;
    Ok(Runtime {
        client_id: client.id,
        environment: environment.to_owned(),
        template_id: sent.trimmed("template_id").map(ToOwned::to_owned),
        secrets: sent.is_ticked("secrets"),
    })
}

fn ends(sent: &Sent, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let Some(days) = sent.trimmed("days") else { return Ok(None) };
    let days = days.parse::<i64>().ok().filter(|days| (1..=LONGEST_DAYS).contains(days));
    let days =
        days.ok_or_else(|| fault("days", &format!("write a number of days from 1 to {LONGEST_DAYS}, or nothing")))?;
    Ok(Some(now + SignedDuration::from_hours(days * 24)))
}

fn fault(field: &str, said: &str) -> Problem {
    Problem::faults("the token can't be made", vec![Fault::at(format!("/{field}"), "wrong", said)])
}

fn made(visitor: &Visitor, token: &Token, listed: &Listed) -> Page {
    Page::new(visitor, "A new token").under(Nav::Tokens).crumb("Tokens", "/tokens").body(html! {
        div.card.narrow {
            div.card-body {
                p { "For " strong { (listed.name) } ". Only a hash of it is kept: put it where it is used now." }
                (secret("Token", token.reveal()))
                div.form-footer { a.btn href="/tokens" { "Go on" } }
            }
        }
    })
}

fn page(visitor: &Visitor, form: &Form) -> Page {
    Page::new(visitor, "Make a token").under(Nav::Tokens).crumb("Tokens", "/tokens").body(body(form, kinds(visitor)))
}

fn body(form: &Form, kinds: &[Kind]) -> Markup {
    let all = kinds.len() > 1;
    html! {
        div.card.narrow {
            div.card-body {
                (form.summary())
                form method="post" action="/tokens" {
                    (field::select(form, "kind", "Kind", kinds.iter().map(|kind| (kind.as_str(), does(*kind)))))
                    (field::text(form, "name", "What it is for").required().focused().longest(255))
                    fieldset {
                        legend { "For a client's app (runtime)" }
                        (field::text(form, "client", "Client").placeholder("Name, e-mail or id").longest(255))
                        (field::select(form, "environment", "Environment", ENVIRONMENTS.map(|name| (name, words::label(name)))))
                        (field::text(form, "template_id", "Template").longest(255)
                            .hint("Empty: that of the client's active customization."))
                        (field::checkbox(form, "secrets", "Reads secrets, too"))
                    }
                    @if all {
                        fieldset {
                            legend { "For a program (personal, service)" }
                            (field::email(form, "user", "Whose it is (personal)").longest(254))
                            (field::checkbox(form, "write", "May write"))
                        }
                    }
                    (field::text(form, "days", "Days until it ends").longest(4).hint("Empty: never."))
                    div.form-footer {
                        button.btn.btn-primary { "Make it" }
                        " " a.btn href="/tokens" { "Cancel" }
                    }
                }
            }
        }
    }
}

fn does(kind: Kind) -> &'static str {
    match kind {
        Kind::Publishable => "Publishable: names an app, and nobody",
        Kind::Personal => "Personal: acts as a person",
        Kind::Service => "Service: acts as a machine of the agency's own",
        Kind::Runtime => "Runtime: reads one client's configuration",
    }
}
