use axum::Extension;
use axum::body::Body;
use axum::extract::{FromRequest as _, Query, Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::html;
use zeroize::Zeroizing;

use super::super::carried::{self, Carried};
use super::super::components::field;
use super::super::cookie;
use super::super::sent::{Sent, is_upload, pass_over};
use super::super::visitor::Asked;
use super::{Next, browser, come_in, go_on, onwards, with_next};
use crate::console::{Console, Form, Page, Screen};
use crate::db::caller::Act;
use crate::problem::Problem;

/// What somebody gets who isn't signed in: a look waits until they are, and so does a form that they filled in.
pub(in crate::console) async fn first(asked: &Asked, request: Request) -> Response<Body> {
    if asked.is_look() {
        return asked.away(&with_next("/sign-in", asked.page()));
    }
    let to = asked.screen.path.clone();
    let carried = if is_upload(request.headers()) {
        pass_over(request.into_body()).await;
        Carried::file(to)
    } else {
        Sent::from_request(request, &()).await.map_or_else(|_| Carried::nothing(to), |sent| Carried::of(&sent))
    };
    let page = page(&asked.screen, &Form::empty(), asked.page(), Some(&carried));
    asked.in_place(page.status(StatusCode::UNAUTHORIZED).into_response())
}

pub(super) async fn show(
    State(console): State<Console>,
    Extension(act): Extension<Act>,
    Query(next): Query<Next>,
    screen: Screen,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    if let Some(secret) = cookie::secret(&headers)
        && console.gate().visit(&secret, &act).await?.is_some()
    {
        return Ok(go_on(next.path()).into_response());
    }
    Ok(page(&screen, &Form::empty(), next.path(), None).into_response())
}

pub(super) async fn take(
    State(console): State<Console>,
    Extension(act): Extension<Act>,
    screen: Screen,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&["email", "password", "next", carried::FIELD])?;
    let (carried, next) = (Carried::read(&sent), onwards(sent.get("next")));
    let signed_in = match keeps_cookies(&headers) {
        Ok(()) => {
            let password = Zeroizing::new(sent.get("password").unwrap_or_default().to_owned());
            let email = sent.get("email").unwrap_or_default();
            console.gate().sign_in_at_console(email, password, &browser(&headers), &act).await
        }
        Err(problem) => Err(problem),
    };
    match signed_in {
        Ok(secret) => Ok(come_in(&secret, after(&screen, next, carried))),
        Err(problem) if problem.status.is_client_error() => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&screen, &form, next, carried.as_ref()).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The page that somebody wanted, or what they had filled in.
fn after(screen: &Screen, next: &str, carried: Option<Carried>) -> Response<Body> {
    match carried.filter(Carried::is_something) {
        Some(carried) => Page::bare(screen, "You are signed in again").body(carried.resume()).into_response(),
        None => go_on(next).into_response(),
    }
}

fn page(screen: &Screen, form: &Form, next: &str, carried: Option<&Carried>) -> Page {
    Page::bare(screen, "Sign in").body(html! {
        (form.summary())
        @if let Some(carried) = carried { (carried.notice()) }
        form method="post" action="/sign-in" {
            @if let Some(carried) = carried { (carried.hidden()) }
            (field::hidden("next", next))
            (field::email(form, "email", "E-mail").required().focused().autocomplete("username").longest(254))
            (field::password(form, "password", "Password").required().autocomplete("current-password").longest(1_000))
            div.form-footer { button.btn.btn-primary.w-100 { "Sign in" } }
        }
        p.text-secondary.mt-3 {
            "Forgotten your password? A super admin of Tenantry makes you a link for another one."
        }
    })
}

/// Refuses a browser that would keep no session: they take its cookie over TLS alone, and from their own machine. Where it
/// says that it is on a page without, signing in would lead in circles.
fn keeps_cookies(headers: &HeaderMap) -> Result<(), Problem> {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    match origin.strip_prefix("http://") {
        Some(authority) if !is_this_machine(authority) => {
            Err(Problem::invalid("this page was opened over plain http, where a browser keeps nobody signed in")
                .mend("open the console over https; docs/OPERATIONS.md says how to put TLS in front of it"))
        }
        _ => Ok(()),
    }
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    let host = host.unwrap_or_default();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_on_plain_http_elsewhere_is_told_that_it_keeps_no_session() {
        let from = |origin: &str| keeps_cookies(&HeaderMap::from_iter([(ORIGIN, origin.parse().expect("a header"))]));
        for origin in [
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "https://tenantry.example",
            "http://a.localhost",
        ] {
            assert!(from(origin).is_ok(), "{origin}");
        }
        for origin in
            ["http://tenantry.example", "http://10.0.0.5:8080", "http://localhost.evil.example", "http://[::2]"]
        {
            assert!(from(origin).is_err(), "{origin}");
        }
        assert!(keeps_cookies(&HeaderMap::new()).is_ok());
    }
}
