use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse as _;
use maud::html;
use serde::Deserialize;

use super::super::components::field;
use super::super::sent::Sent;
use super::{browser, come_in, go_on};
use crate::auth::console::Secret;
use crate::auth::links::{self, Invited};
use crate::auth::passwords::Password;
use crate::console::{Console, Form, Page, Screen};
use crate::db::caller::Act;
use crate::problem::{Fault, Problem};

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
    let invited = invited(&console, &link, &act).await?.1;
    Ok(page(&screen, &Form::empty(), &link, &invited))
}

pub(super) async fn take(
    State(console): State<Console>,
    Extension(act): Extension<Act>,
    screen: Screen,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&["link", "username", "password"])?;
    let text = sent.get("link").unwrap_or_default();
    let (link, invited) = invited(&console, text, &act).await?;
    let password = match chosen(&sent, "password") {
        Ok(password) => password,
        Err(problem) => {
            let form = Form::of(&sent).refused(&problem);
            return Ok(page(&screen, &form, text, &invited).status(problem.status).into_response());
        }
    };
    let secret = console.gate().choose_password(&link, password, &browser(&headers), &act).await?;
    Ok(come_in(&secret, go_on("/").saying("Your password is set, and you are signed in.")))
}

/// The password that a field holds, as it has to be.
pub fn chosen(sent: &Sent, name: &str) -> Result<Password, Problem> {
    Password::chosen(sent.get(name).unwrap_or_default()).map_err(|error| {
        let fault = Fault {
            pointer: format!("/{name}"),
            rule: "password".to_owned(),
            detail: error.what().to_owned(),
            mend: Some("choose another; several words that you can remember make a good one".to_owned()),
            ..Fault::default()
        };
        Problem::faults("This password can't be taken", vec![fault])
    })
}

async fn invited(console: &Console, link: &str, act: &Act) -> Result<(Secret, Invited), Problem> {
    let link = Secret::parse(link).ok_or_else(links::spent)?;
    let linked = console.gate().linked(&link, act).await?.and_then(|linked| linked.person);
    Ok((link, linked.ok_or_else(links::spent)?))
}

fn page(screen: &Screen, form: &Form, link: &str, invited: &Invited) -> Page {
    Page::bare(screen, "Choose a password").body(html! {
        (form.summary())
        p { "For " strong { (invited.email) } ". It counts from now on, and ends every session that you have elsewhere." }
        form method="post" action="/choose-password" {
            (field::hidden("link", link))
            input.visually-hidden type="text" name="username" value=(invited.email) autocomplete="username" readonly
                tabindex="-1" aria-hidden="true";
            (field::password(form, "password", "New password").required().focused().autocomplete("new-password").longest(1_000)
                .hint("8 characters or more."))
            div.form-footer { button.btn.btn-primary.w-100 { "Set the password" } }
        }
    })
}
