use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{COOKIE, HOST, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::carried::Carried;
use super::door::{sign_in, step_up};
use super::screen::{Screen, is_ours};
use super::sending::Sending;
use super::sent::Sent;
use super::{Console, cookie};
use crate::Result;
use crate::auth::console::{Open, Visit};
use crate::auth::{Denial, Refusal};
use crate::db::caller::{Act, Caller};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;
use crate::settings::SignIn;

/// The cookie in which a browser says its time zone.
const ZONE: &str = "tz=";

/// Somebody signed in, who looks at a page: what a handler needs, so that none forgets to ask.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// On whose behalf the database is asked.
    pub caller: Caller,
    /// What the audit log wants to know besides.
    pub act: Act,
    /// Who they are.
    pub person: Person,
    /// The zone in which they read times: the one that they chose, else their browser's.
    pub zone: TimeZone,
    /// The session, which opens nothing by its id.
    pub session: Uuid,
    /// What the page is shown on.
    pub screen: Screen,
    /// Where their browser found the server.
    host: Option<String>,
    pub(super) visit: Visit,
}

/// A person, as pages name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id everywhere.
    pub id: Uuid,
    /// The address that they sign in with.
    pub email: String,
    /// What they are called; the part of the address before the `@` where nobody said.
    pub name: String,
    /// What they may do at most.
    pub role: Role,
}

impl Visitor {
    fn new(visit: Visit, act: Act, screen: Screen, headers: &HeaderMap) -> Self {
        let local = visit.email.split('@').next().unwrap_or_default();
        let name = visit.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(local).to_owned();
        Self {
            caller: visit.caller.clone(),
            act,
            person: Person { id: visit.user_id, email: visit.email.clone(), name, role: visit.role },
            zone: zone(visit.time_zone.as_deref(), headers),
            session: visit.session,
            screen,
            host: headers.get(HOST).and_then(|host| host.to_str().ok()).map(ToOwned::to_owned),
            visit,
        }
    }

    /// Whether their role is one of these.
    pub fn is(&self, roles: &[Role]) -> bool {
        roles.contains(&self.person.role)
    }

    /// Refuses whoever's role is none of these: the page, or the button behind which this stands, isn't for them.
    pub fn has_to_be(&self, roles: &[Role]) -> Result<(), Problem> {
        if self.is(roles) {
            return Ok(());
        }
        Err(Problem::forbidden("this isn't for people of your role")
            .mend("ask an administrator to do it, or for another role"))
    }

    /// A transaction of theirs: they see and do in it what the database lets them.
    pub async fn begin(&self, console: &Console) -> Result<Tx<'static>> {
        console.database().begin(&self.caller, &self.act).await
    }

    /// One that only reads, and sees the database as it is at its first statement.
    pub async fn snapshot(&self, console: &Console) -> Result<Tx<'static>> {
        console.database().snapshot(&self.caller, &self.act).await
    }

    /// What the audit log gets to know of something done for a reason.
    pub fn act_for(&self, reason: &str) -> Act {
        Act { reason: Some(reason.to_owned()).filter(|reason| !reason.trim().is_empty()), ..self.act.clone() }
    }

    /// Where others find the server: where the settings say, else where this browser did.
    pub fn public_url(&self, console: &Console) -> String {
        match &self.host {
            Some(host) if console.public_url() == SignIn::LOCAL => format!("http://{host}"),
            _ => console.public_url().to_owned(),
        }
    }

    /// The name that they gave; empty where they gave none.
    pub fn given_name(&self) -> &str {
        self.visit.name.as_deref().unwrap_or_default()
    }

    /// The time zone that they chose; empty where it is their browser's.
    pub fn chosen_zone(&self) -> &str {
        self.visit.time_zone.as_deref().unwrap_or_default()
    }

    /// Writes what they say about themselves.
    pub async fn introduce(&self, console: &Console, name: &str, zone: &str) -> Result<(), Problem> {
        console.gate().introduce(&self.visit, name, zone, &self.act).await
    }

    /// Gives them another password, by the current one.
    pub async fn change_password(
        &self,
        console: &Console,
        password: Zeroizing<String>,
        current: Zeroizing<String>,
    ) -> Result<(), Problem> {
        console.gate().change_password(&self.visit, password, current, &self.act).await
    }

    /// Their sessions that are open.
    pub async fn open_sessions(&self, console: &Console) -> Result<Vec<Open>> {
        console.gate().open_sessions(self.person.id, &self.act).await
    }

    /// Ends one of their sessions, or all but this one.
    pub async fn end_session(&self, console: &Console, one: Option<Uuid>) -> Result<(), Problem> {
        console.gate().end_session(&self.visit, one, &self.act).await
    }

    /// Whether they gave their password again lately.
    pub fn is_stepped_up(&self) -> bool {
        self.visit.is_stepped_up
    }

    /// Has them give their password again before a form is taken; what they filled in is kept until then.
    pub fn stepped_up(&self, sent: &Sent) -> Result<(), Problem> {
        if self.visit.is_stepped_up { Ok(()) } else { Err(step_up::needed(Some(&Carried::of(sent)))) }
    }

    /// Has them give their password again before a page is shown.
    pub fn stepped_up_here(&self) -> Result<(), Problem> {
        if self.visit.is_stepped_up { Ok(()) } else { Err(step_up::needed(None)) }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| Refusal::missing("nobody is signed in").into())
    }
}

/// Finds out who comes, and sends whoever isn't signed in to where they can.
pub(super) async fn layer(State(console): State<Console>, mut request: Request, next: Next) -> Response<Body> {
    let asked = Asked::by(&request);
    let act = request.extensions().get::<Act>().cloned().unwrap_or_default();
    let visit = match cookie::secret(request.headers()) {
        Some(secret) => console.gate().visit(&secret, &act).await,
        None => Ok(None),
    };
    let visit = match visit {
        Ok(Some(visit)) => visit,
        Ok(None) | Err(Denial::Refused(_)) => return sign_in::first(&asked, request).await,
        Err(Denial::Failed(error)) => return Problem::from(error).into_response(),
    };
    let visitor = Visitor::new(visit, act, asked.screen.clone(), request.headers());
    request.extensions_mut().insert(visitor.clone());
    let sending = Sending::new(console.inner.sendings.clone(), visitor.session, asked.page());
    request.extensions_mut().insert(sending.clone());
    let mut answer = sending.end(next.run(request).await);
    if let Some(waiting) = answer.extensions().get::<Problem>().and_then(step_up::asked_for) {
        answer = step_up::before(&asked, &visitor, &waiting);
    }
    answer.extensions_mut().insert(visitor);
    answer
}

/// What a request wants, as far as an answer to whoever has to give a password first needs to know.
pub(super) struct Asked {
    pub(super) screen: Screen,
    /// Whether it only looks.
    is_look: bool,
    /// Whether htmx asks, to replace a part of a page.
    is_part: bool,
    /// The page that it was asked from, where the browser says so.
    from: Option<String>,
}

impl Asked {
    fn by(request: &Request) -> Self {
        let headers = request.headers();
        let said = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            screen: request.extensions().get::<Screen>().cloned().unwrap_or_else(Screen::unknown),
            is_look: request.method().is_safe(),
            is_part: said("hx-request").is_some(),
            from: said("hx-current-url").or_else(|| said("referer")).and_then(path_of),
        }
    }

    /// Whether it only looks: then nothing was filled in.
    pub(super) fn is_look(&self) -> bool {
        self.is_look
    }

    /// The page to come back to.
    pub(super) fn page(&self) -> &str {
        if self.is_look && !self.is_part { &self.screen.path } else { self.from.as_deref().unwrap_or("/") }
    }

    /// Sends the browser elsewhere, all of it: htmx would put the other page into a part of this one.
    pub(super) fn away(&self, to: &str) -> Response<Body> {
        let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
        let (status, name) = if self.is_part {
            (StatusCode::OK, HeaderName::from_static("hx-redirect"))
        } else {
            (StatusCode::SEE_OTHER, LOCATION)
        };
        let mut answer = status.into_response();
        answer.headers_mut().insert(name, to);
        answer
    }

    /// Puts a page in the place of all that htmx wanted to replace a part of.
    pub(super) fn in_place(&self, mut answer: Response<Body>) -> Response<Body> {
        if self.is_part {
            for (name, value) in [("hx-retarget", "#main"), ("hx-reselect", "#main"), ("hx-reswap", "outerHTML")] {
                answer.headers_mut().insert(name, HeaderValue::from_static(value));
            }
        }
        answer
    }
}

/// Path and query of a page that the browser names.
fn path_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    is_ours(path).then(|| path.split('#').next().unwrap_or(path).to_owned())
}

/// The zone that a person chose, else their browser's, else UTC.
fn zone(chosen: Option<&str>, headers: &HeaderMap) -> TimeZone {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let browsers = lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(ZONE));
    let known = |name: &str| TimeZone::get(name).ok();
    let browsers = browsers.and_then(|name| percent_decode_str(name).decode_utf8().ok());
    chosen.and_then(known).or_else(|| browsers.and_then(|name| known(&name))).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_the_zone_that_was_chosen_else_the_browsers() {
        let browser = HeaderMap::from_iter([(COOKIE, "theme=dark; tz=Europe%2FOslo".parse().expect("a header"))]);
        let name = |zone: TimeZone| zone.iana_name().map(ToOwned::to_owned);
        assert_eq!(name(zone(Some("America/Lima"), &browser)).as_deref(), Some("America/Lima"));
        assert_eq!(name(zone(Some("nowhere"), &browser)).as_deref(), Some("Europe/Oslo"));
        for odd in ["", "../../etc/passwd", "Mars/Olympus", "Europe%2FOslo"] {
            assert_eq!(zone(Some(odd), &HeaderMap::new()), TimeZone::UTC, "{odd}");
        }
    }

    #[test]
    fn a_page_that_htmx_names_is_a_path_of_ours() {
        assert_eq!(path_of("http://localhost:8080/clients?q=a#list").as_deref(), Some("/clients?q=a"));
        for odd in
            ["", "/clients", "http://localhost:8080", "http://evil.example//other.example/", "javascript:alert(1)"]
        {
            assert_eq!(path_of(odd), None, "{odd}");
        }
    }
}
