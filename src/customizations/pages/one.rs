use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use uuid::Uuid;

use super::beside;
use super::list::standing;
use crate::configurations::changes::Desk;
use crate::configurations::pages::{protected, value};
use crate::console::components::{Facts, Icon, code, field, icon, moment, status};
use crate::console::list::Asked;
use crate::console::{Form, Names, Nav, Page, Visitor, words};
use crate::customizations::draft::FIELDS;
use crate::customizations::types::{Customization, Whole};
use crate::customizations::{actions, store};
use crate::problem::Problem;
use crate::templates::{self, Said};

/// One customization: its values beside the template's, how far it got, and what may be done with it.
pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let shown = Shown::read(&desk, &visitor, parse(&id)?, &asked).await?;
    Ok(shown.page(&Form::empty()))
}

/// The same after something wasn't done with it, with why; what isn't about it at all is told by itself.
pub(super) async fn told(
    desk: &Desk,
    visitor: &Visitor,
    id: Uuid,
    form: Form,
    problem: Problem,
) -> Result<Response, Problem> {
    let is_about_it = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PRECONDITION_FAILED, StatusCode::CONFLICT];
    if !is_about_it.contains(&problem.status) {
        return Err(problem);
    }
    let asked = Asked::parse(&path(id), "");
    let shown = Shown::read(desk, visitor, id, &asked).await?;
    Ok(shown.page(&form.refused(&problem)).status(problem.status).into_response())
}

/// The key of a customization in a path; nothing is under any other text.
pub(super) fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| actions::absent())
}

/// Where a customization is.
pub(super) fn path(id: Uuid) -> String {
    format!("/customizations/{id}")
}

/// A customization as somebody is shown it.
struct Shown<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    whole: Whole,
    said: Option<Said>,
    versions: Vec<Customization>,
    deployments: Vec<(Uuid, String, String)>,
    names: Names,
    may_write: bool,
    asks_for_another: bool,
    protected: Vec<String>,
}

impl<'a> Shown<'a> {
    async fn read(desk: &Desk, visitor: &'a Visitor, id: Uuid, asked: &'a Asked) -> Result<Self, Problem> {
        let tx = visitor.snapshot(desk.console()).await?;
        let whole = actions::found(&tx, id).await?;
        let about = &whole.about;
        let (versions, deployments) = tokio::try_join!(store::versions(&tx, about), store::deployments(&tx, about))?;
        let people = about.author.into_iter().chain(whole.approved.and_then(|(by, _)| by));
        let names = Names::of(&tx, visitor, people).await?;
        let may_write = visitor.writes_for(&tx, about.client_id).await?;
        let asks_for_another = store::asks_for_another(&tx).await?;
        let protected = protected(&tx).await?;
        let said = templates::said(&tx, &about.template_id, about.template_version.as_deref()).await?;
        Ok(Self { visitor, asked, whole, said, versions, deployments, names, may_write, asks_for_another, protected })
    }

    fn page(&self, form: &Form) -> Page {
        let about = &self.whole.about;
        let body = html! {
            (form.summary())
            @if about.status != "in_review" { (form.left_over()) }
            div.change-grid {
                div { (self.values()) (self.besides()) }
                aside aria-label="State" { (self.decision(form)) (self.facts()) (self.others()) }
            }
        };
        let edit = html! {
            @if self.may_write && about.status == "draft" {
                a.btn.btn-primary href={ (path(about.id)) "/edit" } { (icon(Icon::Edit)) "Edit" }
            }
        };
        Page::new(self.visitor, format!("{} for {}", about.name(), about.template_id))
            .under(Nav::Customizations)
            .crumb("Customizations", "/customizations")
            .subtitle(html! {
                (standing(about)) " "
                a href={ "/clients/" (about.client_id) "/customizations" } { (about.client) } " · " (about.template())
            })
            .actions(edit)
            .body(body)
    }

    fn values(&self) -> Markup {
        let config = self.whole.config();
        let (is_all, is_json) = (self.asked.get("show") == "all", self.asked.get("show") == "json");
        let way = |label: &str, word: &str| {
            let to = if word.is_empty() { self.asked.without("show") } else { self.asked.with("show", word) };
            html! { a.btn.btn-sm href=(to.href()) { (label) } }
        };
        html! {
            section.card {
                div.card-header {
                    h2.card-title { "Beside the template's defaults" }
                    div.card-actions {
                        @if is_all || is_json { (way("What departs", "")) } @else { (way("All values", "all")) }
                        @if !is_json { " " (way("As JSON", "json")) }
                    }
                }
                @if is_json { div.card-body { (code(&value::lines(&config))) } }
                @else { (beside::table(self.said.as_ref(), &config, is_all)) }
            }
        }
    }

    /// What it says besides the template's values.
    fn besides(&self) -> Markup {
        let said = FIELDS.iter().filter_map(|field| {
            let value = self.whole.row.get(field.name)?;
            let is_nothing = field.text(value).is_empty();
            (!is_nothing).then(|| (field.label, value::lines(value)))
        });
        let said: Vec<_> = said.collect();
        html! {
            @if !said.is_empty() {
                section.card.besides {
                    div.card-header { h2.card-title { "Besides the template" } }
                    div.card-body { @for (label, text) in &said { h3 { (label) } (code(text)) } }
                }
            }
        }
    }

    /// What may be done with it now; what may not has no button.
    fn decision(&self, form: &Form) -> Markup {
        let about = &self.whole.about;
        let is_own = about.author == Some(self.visitor.person.id);
        let waits = about.status == "in_review";
        let may_approve = waits && !(self.asks_for_another && is_own);
        let may_serve = ["approved", "deployed"].contains(&about.status.as_str()) && !about.is_active;
        html! {
            @if self.may_write {
                section.card.decision {
                    div.card-body {
                        @if about.status == "draft" {
                            (self.button("submit", "Send to review", Icon::Eye, true))
                            @if beside::count(&self.whole.config()) == 0 { p.form-hint { "It says nothing of its own yet." } }
                        }
                        @if may_approve { (self.button("approve", "Approve", Icon::CircleCheck, true)) }
                        @if waits && !may_approve {
                            p.decision-word { (icon(Icon::Lock)) span { "You wrote it, so somebody else has to approve it." } }
                        }
                        @if waits { (self.sending_back(form)) }
                        @if may_serve { (self.serving()) }
                        @if about.status == "approved" { (self.button("deploy", "Mark as deployed", Icon::Rocket, false)) }
                        @if about.status != "draft" {
                            (self.button("again", "New version from this", Icon::Plus, false))
                            p.form-hint { "What was reviewed doesn't change: a change begins as a new draft." }
                        }
                    }
                }
            }
        }
    }

    fn serving(&self) -> Markup {
        html! {
            @if self.protected.is_empty() {
                (self.button("activate", "Serve this version", Icon::Check, true))
                p.form-hint { "Apps read its values from then on, in place of those of the version before." }
            } @else {
                (self.button("activate", "Propose to serve this version", Icon::Change, true))
                p.form-hint { (self.protected.join(" and ")) " is protected: somebody else has to approve it." }
            }
        }
    }

    fn sending_back(&self, form: &Form) -> Markup {
        html! {
            form.decision-words method="post" action={ (path(self.whole.about.id)) "/return" } {
                (self.seen())
                (field::text(form, "reason", "What is to be done differently").required().longest(2_000))
                button.btn.w-100 type="submit" { (icon(Icon::Undo)) "Send back" }
            }
        }
    }

    fn button(&self, act: &str, words: &str, picture: Icon, is_first: bool) -> Markup {
        let class = if is_first { "btn btn-primary w-100" } else { "btn w-100" };
        html! {
            form method="post" action={ (path(self.whole.about.id)) "/" (act) } {
                (self.seen())
                button class=(class) type="submit" { (icon(picture)) (words) }
            }
        }
    }

    /// What whoever presses a button has seen.
    fn seen(&self) -> Markup {
        field::hidden("seen", &self.whole.about.updated_at.to_string())
    }

    fn facts(&self) -> Markup {
        let (about, zone) = (&self.whole.about, &self.visitor.zone);
        let by = |person: Option<Uuid>| html! { @if let Some(person) = person { " by " (self.names.name(person)) } };
        let approved = self.whole.approved.map(|(person, at)| html! { (moment(at, zone)) (by(person)) });
        let uses = match (&self.said, &about.template_version) {
            (Some(said), None) => format!("{} {}, as the newest", about.template_id, said.number),
            _ => about.template(),
        };
        let facts = Facts::new()
            .fact("Template", Some(uses))
            .fact("Values", Some(words::count(beside::count(&self.whole.config()), "value", "values")))
            .fact("Begun", Some(html! { (moment(self.whole.created_at, zone)) (by(about.author)) }))
            .fact("Changed", Some(moment(about.updated_at, zone)))
            .fact("Approved", approved);
        html! { section.card { div.card-body { (facts) } } }
    }

    /// Where it runs, and the other versions of the design.
    fn others(&self) -> Markup {
        let others: Vec<_> = self.versions.iter().filter(|other| other.id != self.whole.about.id).collect();
        html! {
            @if !self.deployments.is_empty() {
                section.card {
                    div.card-header { h2.card-title { "Deployed as" } }
                    div.card-body {
                        ul.plain.ways {
                            @for (id, name, state) in &self.deployments { li { a href={ "/deployments/" (id) } { (name) } " " (status(state)) } }
                        }
                    }
                }
            }
            @if !others.is_empty() {
                section.card {
                    div.card-header { h2.card-title { "Other versions" } }
                    div.card-body {
                        ul.plain.ways {
                            @for other in others { li { a href=(path(other.id)) { (other.name()) } " " (standing(other)) } }
                        }
                    }
                }
            }
        }
    }
}
