use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use axum::response::IntoResponse as _;
use maud::html;
use serde_json::Value;
use zeroize::Zeroizing;

use super::super::carried::{self, Carried};
use super::super::components::field;
use super::super::sent::Sent;
use super::super::visitor::{Asked, Visitor};
use super::{Next, come_in, go_on, onwards, with_next};
use crate::auth::console::STEPPED_UP_MINUTES;
use crate::console::{Console, Form, Page};
use crate::problem::Problem;

/// The member of a problem by which it is known.
const NEEDED: &str = "password_again";

/// Why something isn't done before somebody has given their password again; with the form that waits, if there is one.
pub(in crate::console) fn needed(carried: Option<&Carried>) -> Problem {
    let waits = carried.map_or(Value::Null, Carried::value);
    Problem::forbidden("this needs your password again").with(NEEDED, waits)
}

/// What waits until somebody has given their password again.
pub(in crate::console) enum Waiting {
    /// A page, to be looked at.
    Page,
    /// What they filled in.
    Form(Carried),
}

/// What waits, where a problem is that somebody has to give their password again.
pub(in crate::console) fn asked_for(problem: &Problem) -> Option<Waiting> {
    problem.more.get(NEEDED).map(|waits| Carried::of_value(waits).map_or(Waiting::Page, Waiting::Form))
}

/// What comes in between.
pub(in crate::console) fn before(asked: &Asked, visitor: &Visitor, waiting: &Waiting) -> Response<Body> {
    match waiting {
        Waiting::Form(carried) => {
            let page = page(visitor, &Form::empty(), asked.page(), Some(carried));
            asked.in_place(page.into_response())
        }
        Waiting::Page => asked.away(&with_next("/step-up", asked.page())),
    }
}

pub(super) async fn show(Query(next): Query<Next>, visitor: Visitor) -> Response<Body> {
    if visitor.is_stepped_up() {
        return go_on(next.path()).into_response();
    }
    page(&visitor, &Form::empty(), next.path(), None).into_response()
}

pub(super) async fn take(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&["password", "next", carried::FIELD])?;
    let (carried, next) = (Carried::read(&sent), onwards(sent.get("next")));
    let password = Zeroizing::new(sent.get("password").unwrap_or_default().to_owned());
    match console.gate().step_up(&visitor.visit, password, &visitor.act).await {
        Ok(secret) => Ok(come_in(&secret, after(&visitor, next, carried))),
        Err(problem) if problem.status.is_client_error() => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&visitor, &form, next, carried.as_ref()).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

fn after(visitor: &Visitor, next: &str, carried: Option<Carried>) -> Response<Body> {
    match carried.filter(Carried::is_something) {
        Some(carried) => Page::new(visitor, "Go on with what you filled in").body(carried.resume()).into_response(),
        None => go_on(next).into_response(),
    }
}

fn page(visitor: &Visitor, form: &Form, next: &str, carried: Option<&Carried>) -> Page {
    Page::new(visitor, "Your password again").body(html! {
        div.card.narrow {
            div.card-body {
                (form.summary())
                p {
                    "What you are about to do needs to be you. Your password counts for "
                    (STEPPED_UP_MINUTES) " minutes, in this browser alone."
                }
                @if let Some(carried) = carried { (carried.notice()) }
                form method="post" action="/step-up" {
                    @if let Some(carried) = carried { (carried.hidden()) }
                    (field::hidden("next", next))
                    input.visually-hidden type="text" value=(visitor.person.email) autocomplete="username"
                        readonly tabindex="-1" aria-hidden="true";
                    (field::password(form, "password", "Password").required().focused().autocomplete("current-password"))
                    div.form-footer {
                        button.btn.btn-primary { "Go on" }
                        " " a.btn href="/" { "Cancel" }
                    }
                }
            }
        }
    })
}
