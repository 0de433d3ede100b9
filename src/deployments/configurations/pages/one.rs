use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use uuid::Uuid;

use super::list::standing;
use super::sections::{all, edited_since, findings};
use crate::configurations::changes::Desk;
use crate::configurations::pages::protected;
use crate::console::components::{Facts, Icon, field, icon, moment};
use crate::console::list::Asked;
use crate::console::{ADMINISTRATORS, Form, Names, Nav, Page, Visitor, words};
use crate::db::policies::rules::Role;
use crate::deployments::configurations::actions;
use crate::deployments::configurations::types::Whole;
use crate::problem::Problem;

/// One: what it says, what the last validation found, and what may be done with it.
pub(super) async fn show(State(desk): State<Desk>, visitor: Visitor, Path(id): Path<String>) -> Result<Page, Problem> {
    let shown = Shown::read(&desk, &visitor, parse(&id)?).await?;
    Ok(shown.page(&Form::empty()))
}

/// The same after something wasn't done with it, with why; what isn't about it at all is told by itself.
pub(super) async fn told(desk: &Desk, visitor: &Visitor, id: Uuid, problem: Problem) -> Result<Response, Problem> {
    let is_about_it = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PRECONDITION_FAILED, StatusCode::CONFLICT];
    if !is_about_it.contains(&problem.status) {
        return Err(problem);
    }
    let shown = Shown::read(desk, visitor, id).await?;
    Ok(shown.page(&Form::empty().refused(&problem)).status(problem.status).into_response())
}

/// The key of one in a path; nothing is under any other text.
pub(super) fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| actions::absent())
}

/// Where one is.
pub(super) fn path(id: Uuid) -> String {
    format!("/deployment-configurations/{id}")
}

/// One as somebody is shown it.
struct Shown<'a> {
    visitor: &'a Visitor,
    whole: Whole,
    names: Names,
    may_write: bool,
    is_protected: bool,
}

impl<'a> Shown<'a> {
    async fn read(desk: &Desk, visitor: &'a Visitor, id: Uuid) -> Result<Self, Problem> {
        let tx = visitor.snapshot(desk.console()).await?;
        let whole = actions::found(&tx, visitor, id).await?;
        let people = whole.applied.and_then(|(_, by)| by).into_iter().chain(whole.begun.1);
        let names = Names::of(&tx, visitor, people).await?;
        let may_write = visitor.writes_for(&tx, whole.about.client_id).await?;
        let is_protected = protected(&tx).await?.contains(&whole.about.environment);
        Ok(Self { visitor, whole, names, may_write, is_protected })
    }

    fn page(&self, form: &Form) -> Page {
        let about = &self.whole.about;
        let body = html! {
            (form.summary())
            div.change-grid {
                div { (findings(&self.whole)) (all(&self.whole, self.visitor)) }
                aside aria-label="State" { (self.decision()) (self.facts()) }
            }
        };
        let edit = html! {
            @if self.may_write { a.btn.btn-primary href={ (path(about.id)) "/edit" } { (icon(Icon::Edit)) "Edit" } }
        };
        Page::new(self.visitor, about.name.clone())
            .under(Nav::DeploymentConfigurations)
            .crumb("Deployment configurations", "/deployment-configurations")
            .subtitle(html! {
                (standing(about)) " "
                a href={ "/clients/" (about.client_id) "/deployment-configurations" } { (about.client) }
                " · " (words::label(&about.environment))
            })
            .actions(edit)
            .body(body)
    }

    /// What may be done with it now; what may not has no button.
    fn decision(&self) -> Markup {
        let about = &self.whole.about;
        let edited = edited_since(&self.whole);
        let may_remove = self.visitor.is(ADMINISTRATORS);
        html! {
            @if self.may_write {
                section.card.decision {
                    div.card-body {
                        @if about.status != "applied" {
                            (self.button("validate", "Validate", Icon::Check, about.status != "validated"))
                        }
                        @if about.status == "validated" {
                            @if self.is_protected {
                                (self.button("apply", "Propose to apply", Icon::Change, true))
                                p.form-hint { (words::label(&about.environment)) " is protected: somebody else has to approve it." }
                            } @else {
                                (self.button("apply", "Apply", Icon::CircleCheck, true))
                                p.form-hint { "Puts it into force, in place of what is in force now." }
                            }
                        }
                        @if about.revision.is_some() && !edited.is_empty() {
                            p.decision-word {
                                (icon(Icon::Info))
                                span { "What is in force is as it was applied. Edited since: " (edited.join(", ")) "." }
                            }
                        }
                        @if about.status == "applied" { p.decision-word { (icon(Icon::CircleCheck)) span { "It is in force as it stands here." } } }
                        @if may_remove { a.btn.w-100 href={ (path(about.id)) "/remove" } { (icon(Icon::Trash)) "Remove…" } }
                    }
                }
            }
        }
    }

    fn button(&self, act: &str, words: &str, picture: Icon, is_first: bool) -> Markup {
        let class = if is_first { "btn btn-primary w-100" } else { "btn w-100" };
        html! {
            form method="post" action={ (path(self.whole.about.id)) "/" (act) } {
                (field::hidden("seen", &self.whole.about.version.to_string()))
                button class=(class) type="submit" { (icon(picture)) (words) }
            }
        }
    }

    fn facts(&self) -> Markup {
        let Whole { about, deployment, made_from, applied, begun, .. } = &self.whole;
        let zone = &self.visitor.zone;
        let by = |person: Option<Uuid>| html! { @if let Some(person) = person { " by " (self.names.name(person)) } };
        let serves = about.template_id.as_ref().map_or_else(|| "Clients without a template".to_owned(), Clone::clone);
        let document = Asked::parse(&format!("/clients/{}/configuration", about.client_id), "");
        let document = document.with("environment", &about.environment);
        let document = about.template_id.as_ref().map_or(document.clone(), |id| document.with("template", id));
        let mut facts = Facts::new()
            .fact("Serves", Some(serves))
            .fact(
                "Deployment",
                deployment.as_ref().map(|(id, name)| html! { a href={ "/deployments/" (id) } { (name) } }),
            )
            .fact(
                "Made from",
                made_from.as_ref().map(|(id, name)| html! { a href={ "/deployment-templates/" (id) } { (name) } }),
            )
            .fact("In force since", about.revision.map(|revision| html! { "revision " (revision) }))
            .fact("Applied", applied.map(|(at, person)| html! { (moment(at, zone)) (by(person)) }))
            .fact("Writes", Some(about.version))
            .fact("Changed", Some(moment(about.updated_at, zone)))
            .fact("Begun", Some(html! { (moment(begun.0, zone)) (by(begun.1)) }))
            .fact("Document", Some(html! { a href=(document.href()) { "What apps read" } }));
        if self.visitor.person.role != Role::Client {
            facts = facts.fact(
                "History",
                Some(html! { a href={ "/configurations/" (about.id) "/history" } { "What it said before" } }),
            );
        }
        html! { section.card { div.card-body { (facts) } } }
    }
}
