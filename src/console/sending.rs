//! A form that is sent twice is done once.
//!
//! A double click sends a form twice, and so does going back to a page and pressing its button again. Each form carries the
//! number of the page that it stands on: what comes with the same number, from the same session, to the same address and
//! with the same fields is the same sending. It waits for the first and gets what came of that. Where somebody has changed
//! a field in between it is another sending, which is judged by itself.
//!
//! What is known of sendings is kept in memory: after a start of the server, pages from before it aren't known any more.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::Body;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse as _;
use quick_cache::sync::Cache;
use tokio::sync::watch;
use uuid::Uuid;

use super::carried::Carried;
use super::components::field;
use super::screen::Toast;
use super::sent::Sent;
use crate::problem::Problem;

/// The field with the number of the page that a form stands on.
pub(super) const FIELD: &str = "_page";

/// How many sendings are remembered: more than people press buttons while somebody goes back.
const MOST: usize = 10_000;

/// Whose form, sent where, with what in it.
type Key = [u8; 32];

/// What was sent lately. Cheap to clone.
#[derive(Clone)]
pub(super) struct Sendings(Arc<Cache<Key, watch::Receiver<State>>>);

/// How far a sending is.
#[derive(Clone, Debug)]
enum State {
    Doing,
    Done(Outcome),
}

/// What came of one: where it led, and what that page was to say.
#[derive(Clone, Debug, Default)]
struct Outcome {
    to: Option<HeaderValue>,
    toast: Option<HeaderValue>,
}

/// The form that a request sends, on its way through a handler.
#[derive(Clone)]
pub(super) struct Sending {
    inner: Arc<Inner>,
}

struct Inner {
    known: Sendings,
    session: Uuid,
    /// The page that it was filled in on.
    from: String,
    noted: Mutex<Noted>,
}

/// What is known of it once it has been read.
#[derive(Default)]
struct Noted {
    form: Option<Carried>,
    /// Tells whoever sends the same what came of it; dropped where nothing was done.
    teller: Option<watch::Sender<State>>,
    before: Option<Outcome>,
}

/// Beside an answer that refuses a form: what was filled in, and where.
#[derive(Clone)]
pub(super) struct Refused {
    pub(super) form: Carried,
    pub(super) from: String,
}

impl Sendings {
    pub(super) fn new() -> Self {
        Self(Arc::new(Cache::new(MOST)))
    }

    /// Begins a sending; or waits for the one that it is the same as.
    async fn begin(&self, key: Key) -> Result<watch::Sender<State>, Outcome> {
        loop {
            let (teller, hearer) = watch::channel(State::Doing);
            let known = self.0.get_or_insert_with(&key, || Ok::<_, std::convert::Infallible>(hearer.clone()));
            let Ok(mut known) = known;
            if known.same_channel(&hearer) {
                return Ok(teller);
            }
            let state = known.wait_for(|state| matches!(state, State::Done(_))).await.map(|state| state.clone());
            match state {
                Ok(State::Done(outcome)) => return Err(outcome),
                // It was refused, or broke off: this one is the first then.
                Ok(State::Doing) | Err(_) => _ = self.0.remove_if(&key, |other| other.same_channel(&known)),
            }
        }
    }
}

impl Sending {
    pub(super) fn new(known: Sendings, session: Uuid, from: &str) -> Self {
        Self { inner: Arc::new(Inner { known, session, from: from.to_owned(), noted: Mutex::default() }) }
    }

    /// Notes what was sent; refuses it where the same was sent before, and done.
    pub(super) async fn begin(&self, sent: &Sent, body: &[u8]) -> Result<(), Problem> {
        self.note(|noted| noted.form = Some(Carried::of(sent)));
        if !sent.says_its_page() {
            return Ok(());
        }
        match self.inner.known.begin(self.key(sent.path(), body)).await {
            Ok(teller) => {
                self.note(|noted| noted.teller = Some(teller));
                Ok(())
            }
            Err(outcome) => {
                self.note(|noted| noted.before = Some(outcome));
                Err(Problem::new(StatusCode::CONFLICT, "this form was sent already, and done then")
                    .mend("what came of it was shown then, once; to do it another time, open the form again"))
            }
        }
    }

    /// What is made of the handler's answer.
    pub(super) fn end(&self, answer: Response<Body>) -> Response<Body> {
        let Noted { form, teller, before } = std::mem::take(&mut *self.noted());
        if let Some(again) = before.and_then(Outcome::answer) {
            return again;
        }
        let mut answer = answer;
        if answer.status().is_success() || answer.status().is_redirection() {
            if let Some(teller) = teller {
                teller.send_replace(State::Done(Outcome::of(&answer)));
            }
        } else if let Some(form) = form {
            answer.extensions_mut().insert(Refused { form, from: self.inner.from.clone() });
        }
        answer
    }

    fn key(&self, path: &str, body: &[u8]) -> Key {
        let mut context = Context::new(&SHA256);
        context.update(self.inner.session.as_bytes());
        context.update(path.as_bytes());
        context.update(&[0]);
        context.update(body);
        context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    fn note(&self, what: impl FnOnce(&mut Noted)) {
        what(&mut self.noted());
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.inner.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outcome {
    fn of(answer: &Response<Body>) -> Self {
        let is_toast = |line: &&HeaderValue| line.as_bytes().starts_with(format!("{}=", Toast::COOKIE).as_bytes());
        let toast = answer.headers().get_all(SET_COOKIE).iter().find(is_toast).cloned();
        Self { to: answer.headers().get(LOCATION).cloned(), toast }
    }

    /// The same answer again; none where that was a page, which is shown once.
    fn answer(self) -> Option<Response<Body>> {
        let mut answer = StatusCode::SEE_OTHER.into_response();
        answer.headers_mut().insert(LOCATION, self.to?);
        if let Some(toast) = self.toast {
            answer.headers_mut().append(SET_COOKIE, toast);
        }
        Some(answer)
    }
}

/// Gives each form of a document that sends something the number of the page.
///
/// It is done here for all of them, so that none is forgotten. What comes from rows is escaped and holds no `<`.
pub(super) fn number(document: &str, page: &str) -> String {
    let field = field::hidden(FIELD, page).into_string();
    let mut numbered = String::with_capacity(document.len() + 8 * field.len());
    let mut parts = document.split("<form ");
    numbered.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        numbered.extend(["<form ", tag, ">"]);
        // A form with a file has a reader of its own, which knows no such field.
        if tag.contains("method=\"post\"") && !tag.contains("enctype=") {
            numbered.push_str(&field);
        }
        numbered.push_str(rest);
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Done;

    fn sent(page: &str) -> (Sent, String) {
        let body = format!("name=Mia&{FIELD}={page}");
        (Sent::new("/people/me", vec![("name".into(), "Mia".into()), (FIELD.into(), page.into())]), body)
    }

    async fn begun(known: &Sendings, session: Uuid, page: &str) -> (Sending, Result<(), Problem>) {
        let sending = Sending::new(known.clone(), session, "/people/me");
        let (sent, body) = sent(page);
        let begun = sending.begin(&sent, body.as_bytes()).await;
        (sending, begun)
    }

    fn answered() -> Response<Body> {
        Done::to("/people/me").saying("Saved.").into_response()
    }

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_gets_its_answer() {
        let (known, session) = (Sendings::new(), Uuid::from_u128(1));
        let (first, begun_first) = begun(&known, session, "1").await;
        assert!(begun_first.is_ok());
        let ((second, refused), original) = tokio::join!(begun(&known, session, "1"), async { first.end(answered()) });
        let again = second.end(refused.expect_err("it was done").into_response());
        assert_eq!(again.status(), 303);
        for name in [LOCATION, SET_COOKIE] {
            assert_eq!(again.headers().get(&name), original.headers().get(&name), "{name}");
        }
    }

    #[tokio::test]
    async fn what_was_refused_or_broke_off_is_sent_again() {
        let (known, session) = (Sendings::new(), Uuid::from_u128(1));
        let (first, _) = begun(&known, session, "1").await;
        let answer = first.end(Problem::invalid("no").into_response());
        assert!(answer.extensions().get::<Refused>().is_some_and(|refused| refused.from == "/people/me"));
        let (second, begun_second) = begun(&known, session, "1").await;
        assert!(begun_second.is_ok());
        drop(second);
        assert!(begun(&known, session, "1").await.1.is_ok());
    }

    #[tokio::test]
    async fn another_page_and_another_session_send_for_themselves() {
        let known = Sendings::new();
        for (session, page) in [(1, "1"), (1, "2"), (2, "1")] {
            let (sending, begun) = begun(&known, Uuid::from_u128(session), page).await;
            assert!(begun.is_ok(), "{session} {page}");
            sending.end(answered());
        }
    }

    #[tokio::test]
    async fn a_page_that_is_shown_once_is_said_to_have_been_shown() {
        let (known, session) = (Sendings::new(), Uuid::from_u128(1));
        let (first, _) = begun(&known, session, "1").await;
        first.end(StatusCode::OK.into_response());
        let (second, refused) = begun(&known, session, "1").await;
        let refused = refused.expect_err("it was done");
        assert_eq!(second.end(refused.into_response()).status(), 409);
    }

    #[test]
    fn forms_that_send_something_have_the_number_and_others_have_not() {
        let document = r#"<p>&lt;form method="post"></p><form class="a" method="post" action="/x"><b></b></form><form action="/y">"#;
        let numbered = number(document, "\"7");
        assert_eq!(
            numbered,
            r#"<p>&lt;form method="post"></p><form class="a" method="post" action="/x"><input type="hidden" name="_page" value="&quot;7"><b></b></form><form action="/y">"#
        );
    }
}
