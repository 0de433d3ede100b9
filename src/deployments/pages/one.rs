use axum::extract::{Path, State};
use maud::{Markup, html};
use uuid::Uuid;

use super::facts;
use super::timeline::Timeline;
use crate::console::components::{Icon, card, code, field, icon, status};
use crate::console::list::{Asked, Rows};
use crate::console::meeting::{self, Texts};
use crate::console::{Console, Form, Names, Nav, Page, Visitor, words};
use crate::db::policies::rules::Role;
use crate::deployments::actions;
use crate::deployments::store::{self, LATEST};
use crate::deployments::types::{
    Event, HEALTHS, KINDS, LONGEST_MESSAGE, Lengths, OUTCOMES, STATUSES, SetUp, Told, Whole,
};
use crate::problem::Problem;

/// One deployment: what happened to it, how it stands, and what it runs with.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let shown = Shown::read(&console, &visitor, parse(&id)?, &asked).await?;
    Ok(shown.page(&Forms::fresh(&shown.whole)))
}

/// The key of a deployment in a path; nothing is under any other text.
pub(super) fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| absent())
}

/// There is no such deployment, or none that whoever asks sees.
pub(super) fn absent() -> Problem {
    Problem::absent("there is no such deployment, or you aren't a member of its client")
        .mend("look for it in the list of deployments")
}

/// What stands in the forms of the page.
pub(super) struct Forms {
    pub(super) event: Form,
    pub(super) standing: Form,
    /// Status and health as whoever fills the form in saw them.
    pub(super) saw: Texts,
    /// What somebody else said meanwhile.
    pub(super) notice: Markup,
}

impl Forms {
    /// As they are when the page is opened.
    pub(super) fn fresh(of: &Whole) -> Self {
        let saw = actions::standing(&of.deployment.status, &of.deployment.health);
        let standing = Form::holding(saw.clone());
        Self { event: Form::holding([("outcome", "info")]), standing, saw, notice: html! {} }
    }
}

/// A deployment as somebody is shown it.
pub(super) struct Shown<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    pub(super) whole: Whole,
    lengths: Lengths,
    set_up: Option<SetUp>,
    events: Rows<Event>,
    names: Names,
    may_write: bool,
}

impl<'a> Shown<'a> {
    pub(super) async fn read(
        console: &Console,
        visitor: &'a Visitor,
        id: Uuid,
        asked: &'a Asked,
    ) -> Result<Self, Problem> {
        let told = Told::parse(|name| asked.some(name))?;
        let window = asked.order(LATEST)?;
        let tx = visitor.snapshot(console).await?;
        let mut whole = store::whole(&tx, id).await?.ok_or_else(absent)?;
        if visitor.person.role != Role::Client {
            whole.inner = store::inner(&tx, id).await?;
        }
        let client_id = whole.deployment.client_id;
        let (set_up, events, lengths) = tokio::try_join!(
            store::set_up(&tx, &whole),
            store::events(&tx, client_id, Some(id), &told, &window),
            store::lengths(&tx, client_id, id),
        )?;
        let people = events.rows.iter().filter_map(|event| event.person).chain(whole.deployed_by);
        let names = Names::of(&tx, visitor, people.collect::<Vec<_>>()).await?;
        let may_write = visitor.writes_for(&tx, client_id).await?;
        Ok(Self { visitor, asked, whole, lengths, set_up, events, names, may_write })
    }

    pub(super) fn page(&self, forms: &Forms) -> Page {
        let Whole { deployment, .. } = &self.whole;
        let timeline = Timeline { visitor: self.visitor, asked: self.asked, names: &self.names, is_of_one: true };
        let body = html! {
            (forms.notice)
            div.change-grid {
                div {
                    (self.log())
                    (timeline.shown(&self.events))
                    @if self.may_write { (self.telling(&forms.event)) }
                }
                aside aria-label="What is known of it" {
                    (card("Health", &facts::health(&self.whole, &self.lengths, self.visitor, &self.names)))
                    @if self.may_write { (self.standing(forms)) }
                    (card("Configuration used", &facts::configuration(&self.whole, self.set_up.as_ref(), self.visitor)))
                    (card("Where it runs", &facts::place(&self.whole, self.visitor)))
                    @if let Some(inner) = &self.whole.inner {
                        (facts::variables(&self.whole, inner, self.visitor))
                        (facts::build(&self.whole, inner))
                    }
                }
            }
        };
        let tell = html! {
            @if self.may_write { a.btn href="#tell" { (icon(Icon::Plus)) "Tell what happened" } }
        };
        Page::new(self.visitor, deployment.name.clone())
            .under(Nav::Deployments)
            .crumb("Deployments", "/deployments")
            .subtitle(html! {
                (status(&deployment.status)) " " (status(&deployment.health)) " "
                a href={ "/clients/" (deployment.client_id) "/deployments" } { (deployment.client) }
                " · " (words::label(&deployment.environment))
            })
            .actions(tell)
            .body(body)
    }

    /// What the build printed; it is what one wants to read where it failed.
    fn log(&self) -> Markup {
        let log = self.whole.inner.as_ref().and_then(|inner| inner.log.as_deref()).filter(|log| !log.is_empty());
        html! {
            @if let Some(log) = log {
                details.card.build-log open[self.whole.deployment.status == "failed"] {
                    summary.card-header { h2.card-title { "What the build printed" } (icon(Icon::ChevronDown)) }
                    div.card-body { (code(log)) }
                }
            }
        }
    }

    /// The form to tell what happened.
    fn telling(&self, form: &Form) -> Markup {
        let kinds = [(String::new(), "Choose…".to_owned())].into_iter().chain(labelled(&KINDS));
        html! {
            section.card #tell {
                div.card-header { h2.card-title { "Tell what happened" } }
                form.card-body method="post" action={ "/deployments/" (self.whole.deployment.id) "/events" } {
                    (form.summary())
                    div.fields {
                        (field::select(form, "kind", "What", kinds).required())
                        (field::select(form, "outcome", "How it went", labelled(&OUTCOMES)).required())
                        (field::text(form, "seconds", "How long it took, in seconds").placeholder("42"))
                    }
                    (field::textarea(form, "message", "For people").longest(LONGEST_MESSAGE)
                        .hint("Events are only added to: if this turns out wrong, tell another."))
                    button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Record the event" }
                }
            }
        }
    }

    /// The form to say how it stands.
    fn standing(&self, forms: &Forms) -> Markup {
        let Forms { standing: form, saw, .. } = forms;
        html! {
            section.card #standing {
                div.card-header { h2.card-title { "How it stands" } }
                form.card-body method="post" action={ "/deployments/" (self.whole.deployment.id) "/standing" } {
                    (form.summary())
                    (meeting::saw(saw))
                    (field::select(form, "status", actions::label("status"), labelled(&STATUSES)))
                    (field::select(form, "health", actions::label("health"), labelled(&HEALTHS)))
                    button.btn type="submit" { "Save" }
                    p.form-hint { "Tenantry measures nothing by itself: pipelines tell how it stands through the table API, people do here. Saving this starts, stops and undoes nothing; each is in the audit log with who said it." }
                }
            }
        }
    }
}

fn labelled(words: &[&'static str]) -> impl Iterator<Item = (String, String)> {
    words.iter().map(|word| ((*word).to_owned(), words::label(word)))
}
