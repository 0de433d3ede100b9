use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse as _;
use maud::html;
use serde::Deserialize;

use super::new::{email, name};
use crate::auth::console::Secret;
use crate::auth::links;
use crate::console::components::field;
use crate::console::door::{browser, chosen, come_in};
use crate::console::{Console, Done, Form, Page, Screen, Sent};
use crate::db::caller::Act;
use crate::problem::Problem;

#[derive(Deserialize)]
pub(super) struct ByLink {
    link: Option<String>,
}

pub(super) async fn show(
    State(console): State<Console>,
    Extension(act): Extension<Act>,
    Query(ByLink { link }): Query<ByLink>,
    screen: Screen,
) -> Result<Page, Problem> {
    let link = link.unwrap_or_default();
    counts(&console, &link, &act).await?;
    Ok(page(&screen, &Form::empty(), &link))
}

pub(super) async fn take(
    State(console): State<Console>,
    Extension(act): Extension<Act>,
    screen: Screen,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&["link", "name", "email", "password"])?;
    let text = sent.get("link").unwrap_or_default();
    let link = counts(&console, text, &act).await?;
    let done = match (email(&sent), name(&sent), chosen(&sent, "password")) {
        (Ok(email), Ok(name), Ok(password)) => {
            console.gate().set_up(&link, email.as_str(), &name, password, &browser(&headers), &act).await
        }
        (email, name, password) => {
            let faults = email.err().into_iter().chain(name.err());
            let faults = faults.chain(password.err().into_iter().flat_map(|problem| problem.errors)).collect();
            Err(Problem::faults("not everything is as it has to be", faults))
        }
    };
    match done {
        Ok(secret) => Ok(come_in(&secret, Done::to("/").saying("Welcome. You are the first administrator."))),
        Err(problem) if problem.status == axum::http::StatusCode::UNPROCESSABLE_ENTITY => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&screen, &form, text).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn counts(console: &Console, link: &str, act: &Act) -> Result<Secret, Problem> {
    let link = Secret::parse(link).ok_or_else(spent)?;
    let linked = console.gate().linked(&link, act).await?;
    if linked.is_some_and(|linked| linked.person.is_none()) { Ok(link) } else { Err(spent()) }
}

fn spent() -> Problem {
    links::spent().mend("Start `tenantry up` again for another link; where there is an administrator already, sign in")
}

fn page(screen: &Screen, form: &Form, link: &str) -> Page {
    Page::bare(screen, "Set up Tenantry").body(html! {
        (form.summary())
        p { "You become the first administrator: a super admin, who adds everybody else." }
        form method="post" action="/set-up" {
            (field::hidden("link", link))
            (field::text(form, "name", "Your name").focused().autocomplete("name").longest(200))
            (field::email(form, "email", "E-mail").required().autocomplete("username").longest(254))
            (field::password(form, "password", "Password").required().autocomplete("new-password").longest(1_000)
                .hint("8 characters or more."))
            div.form-footer { button.btn.btn-primary.w-100 { "Set up" } }
        }
    })
}
