//! Changing values by a form: at the scope that somebody chooses, with fields that follow from the template's schema.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use self::place::Place;
use self::slots::Slots;
use super::store;
use super::subject::Subject;
use super::which::Which;
use crate::configurations::View;
use crate::configurations::asked::Found;
use crate::configurations::changes::Desk;
use crate::configurations::outline::Outline;
use crate::console::{Done, Page, Sent, Visitor, list};
use crate::problem::Problem;

/// Which key, where none is chosen yet.
mod choose;

/// The form.
mod form;

/// At which scope.
mod place;

/// What a form that was sent says.
mod read;

/// The keys that a form is about.
mod slots;

/// The form for a key of a client, or for all keys within one.
pub(super) async fn of_client(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(client_id): Path<Uuid>,
    address: list::Asked,
) -> Result<Page, Problem> {
    show(&desk, &visitor, Subject::Client(client_id), &address).await
}

/// The same for every client of a template.
pub(super) async fn of_template(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(template_id): Path<String>,
    address: list::Asked,
) -> Result<Page, Problem> {
    show(&desk, &visitor, Subject::Template(template_id), &address).await
}

/// The same for every client.
pub(super) async fn of_all(State(desk): State<Desk>, visitor: Visitor, address: list::Asked) -> Result<Page, Problem> {
    show(&desk, &visitor, Subject::Global, &address).await
}

/// Proposes what the form of a client says, and leads to what that would do.
pub(super) async fn propose_of_client(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(client_id): Path<Uuid>,
    address: list::Asked,
    sent: Sent,
) -> Result<Response, Problem> {
    propose(&desk, &visitor, Subject::Client(client_id), &address, &sent).await
}

/// The same for every client of a template.
pub(super) async fn propose_of_template(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(template_id): Path<String>,
    address: list::Asked,
    sent: Sent,
) -> Result<Response, Problem> {
    propose(&desk, &visitor, Subject::Template(template_id), &address, &sent).await
}

/// The same for every client.
pub(super) async fn propose_of_all(
    State(desk): State<Desk>,
    visitor: Visitor,
    address: list::Asked,
    sent: Sent,
) -> Result<Response, Problem> {
    propose(&desk, &visitor, Subject::Global, &address, &sent).await
}

async fn show(desk: &Desk, visitor: &Visitor, subject: Subject, address: &list::Asked) -> Result<Page, Problem> {
    visitor.has_to_be(subject.writers())?;
    let ground = Ground::read(desk, visitor, subject, address).await?;
    let Some(slots) = &ground.slots else { return Ok(choose::page(&ground)) };
    Ok(form::page(&ground, slots, &slots.form(), None))
}

async fn propose(
    desk: &Desk,
    visitor: &Visitor,
    subject: Subject,
    address: &list::Asked,
    sent: &Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(subject.writers())?;
    let ground = Ground::read(desk, visitor, subject, address).await?;
    let nothing = || Problem::invalid("the form says of no key that it is about it").mend("open it from the document");
    let slots = ground.slots.as_ref().ok_or_else(nothing)?;
    sent.only_where(|name| slots.knows(name))?;
    let moved = slots.moved(sent);
    if !moved.is_empty() {
        let problem = Problem::moved("somebody else wrote what stands here meanwhile", serde_json::Value::Null);
        return Ok(form::page(&ground, slots, &slots.typed(sent), Some(&moved)).status(problem.status).into_response());
    }
    let proposed = match read::edits(slots, &ground.scope(), sent) {
        Ok(edits) => desk
            .propose(visitor, edits.wanted, sent.get("reason").unwrap_or_default())
            .await
            .map_err(|problem| read::at_fields(problem, &edits.slots)),
        Err(problem) => Err(problem),
    };
    match proposed {
        Ok(id) => Ok(Done::to(format!("/changes/{id}"))
            .saying("Proposed. Nothing is changed until it is applied.")
            .into_response()),
        Err(problem) if is_about_the_form(&problem) => {
            let form = slots.typed(sent).refused(&problem);
            Ok(form::page(&ground, slots, &form, None).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

fn is_about_the_form(problem: &Problem) -> bool {
    [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PRECONDITION_FAILED, StatusCode::CONFLICT].contains(&problem.status)
}

/// What a form stands on: the document, the scope, and the keys.
struct Ground<'a> {
    visitor: &'a Visitor,
    which: Which<'a>,
    address: &'a list::Asked,
    found: Found,
    outline: Outline,
    place: Place,
    slots: Option<Slots>,
    names: super::names::Names,
}

impl<'a> Ground<'a> {
    async fn read(
        desk: &Desk,
        visitor: &'a Visitor,
        subject: Subject,
        address: &'a list::Asked,
    ) -> Result<Self, Problem> {
        let which = Which::read(subject, address, visitor)?;
        if which.is_past() {
            return Err(Problem::invalid("what was can't be edited").mend("leave as_of out"));
        }
        let tx = visitor.snapshot(desk.console()).await?;
        let mut found = which.find(&tx, &desk.tools().compiled, visitor).await?;
        let outline = Outline::of(&found.inputs, &found.target, View::Staff)?;
        let place = Place::read(address, visitor, &which.subject, &found, &outline)?;
        if let Some(environment) = place.environment {
            found.target.environment = environment;
        }
        let scope = place.scope(which.subject.client_id(), found.target.template_id.as_deref());
        let rows = store::at_scope(&tx, &scope).await?;
        let outline = Outline::of(&found.inputs, &found.target, View::Staff)?;
        let slots = Slots::read(address, &found, &outline, place, rows)?;
        let writers = slots.iter().flat_map(Slots::writers);
        let names = super::names::Names::read(&tx, visitor, writers, []).await?;
        Ok(Self { visitor, which, address, found, outline, place, slots, names })
    }

    fn scope(&self) -> crate::configurations::changes::Scope {
        self.place.scope(self.which.subject.client_id(), self.found.target.template_id.as_deref())
    }

    /// A page that belongs beneath the document's.
    fn page(&self, title: String) -> Page {
        let subject = &self.which.subject;
        let page = subject.page(self.visitor, title, &self.found.client.name);
        page.crumb(subject.title(), self.which.at(&self.which.path(), &[]))
    }

    /// The address of this form, with one thing said otherwise.
    fn at(&self, more: &[(&str, &str)]) -> String {
        more.iter().fold(self.address.clone(), |address, (name, value)| address.with(name, value)).href()
    }
}
