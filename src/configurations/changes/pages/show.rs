use axum::extract::{Path, State as With};
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::may::May;
use super::reached::{self, Reached};
use super::{edits, list, moved, store};
use crate::configurations::changes::desk::Desk;
use crate::configurations::changes::preview::{self, Document, Preview};
use crate::configurations::changes::types::{Change, KeptEdit, Outcome, State};
use crate::configurations::changes::{Page as Part, decide};
use crate::configurations::pages::names::Names;
use crate::configurations::pages::protected;
use crate::console::components::{Facts, Icon, field, icon, moment, status};
use crate::console::list::Asked;
use crate::console::{AGENCY, Form, Nav, Page, Sent, Visitor};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// One change: its edits, what it does to whose documents, and what may be done with it.
pub(super) async fn show(
    With(desk): With<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let shown = Shown::read(&desk, &visitor, id, &asked).await?;
    Ok(shown.page(None, &Form::empty()))
}

/// The same after something wasn't done with it, with why and what was typed.
pub(super) async fn refused(
    desk: &Desk,
    visitor: &Visitor,
    id: Uuid,
    sent: &Sent,
    problem: &Problem,
) -> Result<Page, Problem> {
    let asked = Asked::parse(&format!("/changes/{id}"), "");
    let shown = Shown::read(desk, visitor, id, &asked).await?;
    Ok(shown.page(Some(problem), &Form::of(sent).refused(problem)).status(problem.status))
}

/// A change as somebody is shown it.
struct Shown<'a> {
    visitor: &'a Visitor,
    asked: &'a Asked,
    change: Change,
    edits: Vec<KeptEdit>,
    preview: Option<Preview>,
    documents: Vec<Document>,
    names: Names,
    may: May,
    reverted_by: Option<Uuid>,
}

impl<'a> Shown<'a> {
    async fn read(desk: &Desk, visitor: &'a Visitor, id: Uuid, asked: &'a Asked) -> Result<Self, Problem> {
        let tx = visitor.begin(desk.console()).await?;
        let change = decide::found(&tx, id).await?;
        let edits = crate::configurations::changes::store::edits(&tx, id).await?;
        let preview = preview::read(&tx, id).await?;
        let documents = preview::page(&tx, id, &part(asked)?).await?;
        let names = names(&tx, visitor, &change, &documents).await?;
        let rights = store::rights(&tx, &change).await?;
        let mut protected = protected(&tx).await?;
        protected.extend(edits.iter().flat_map(protects));
        let may = May::of(visitor, &change, &rights, &protected);
        drop(tx);
        let is_computing = preview.as_ref().is_some_and(|preview| preview.state != "ready");
        if is_computing && change.state.is_open() {
            preview::resume(desk.console().database(), desk.tools(), id).await?;
        }
        Ok(Self { visitor, asked, change, edits, preview, documents, names, may, reverted_by: rights.reverted_by })
    }

    fn page(&self, problem: Option<&Problem>, form: &Form) -> Page {
        let is_moved = problem.is_some_and(|problem| problem.more.contains_key("rows"));
        let body = html! {
            div #change {
                @match problem {
                    Some(problem) if is_moved => (moved::panel(&self.change, &self.edits, problem, &self.may, &self.names)),
                    _ => (form.summary()),
                }
                @if !self.may.approve && !self.may.reject { (form.left_over()) }
                div.change-grid {
                    div {
                        section.card {
                            div.card-header { h2.card-title { (if self.change.edits == 1 { "The edit" } else { "The edits" }) } }
                            (edits::table(&self.edits, &self.names))
                        }
                        @if let Some(preview) = &self.preview {
                            (Reached { id: self.change.id, asked: self.asked, preview, documents: &self.documents, names: &self.names }.render())
                        }
                    }
                    aside aria-label="State" { (self.decision(is_moved, form)) (self.facts()) }
                }
            }
        };
        Page::new(self.visitor, self.change.reason.clone())
            .under(Nav::Changes)
            .crumb("Changes", "/changes")
            .subtitle(html! { (status(self.change.state.as_str())) " " (list::whose(&self.change, &self.names)) })
            .body(body)
    }

    fn facts(&self) -> Markup {
        let Change {
            author,
            proposed_at,
            decided_at,
            decided_by,
            decision,
            applied_at,
            applied_by,
            revision,
            reverts,
            state,
            ..
        } = &self.change;
        let zone = &self.visitor.zone;
        let decided = match state {
            State::Rejected => "Rejected",
            State::Withdrawn => "Withdrawn",
            _ => "Approved",
        };
        let facts =
            Facts::new().fact("Proposed", Some(html! { (moment(*proposed_at, zone)) " by " (self.names.who(author)) }));
        let facts = match (decided_at, decided_by) {
            (Some(at), Some(by)) => facts.fact(
                decided,
                Some(html! {
                    (moment(*at, zone)) " by " (self.names.who(by))
                    @if let Some(words) = decision { div.layers-reason { "“" (words) "”" } }
                }),
            ),
            _ => facts,
        };
        let facts = match applied_at {
            Some(at) => facts.fact(
                "Applied",
                Some(html! {
                    (moment(*at, zone)) @if applied_by.is_some() { " by " (self.names.person(*applied_by)) }
                }),
            ),
            None => facts,
        };
        let facts = match revision {
            Some(revision) => facts.fact("Revision", Some(html! { (self.revision(*revision)) })),
            None => facts,
        };
        let facts = match reverts {
            Some(other) => {
                facts.fact("Takes back", Some(html! { a href={ "/changes/" (other) } { "an earlier change" } }))
            }
            None => facts,
        };
        let facts = match self.reverted_by {
            Some(other) => {
                facts.fact("Taken back", Some(html! { "by " a href={ "/changes/" (other) } { "a later change" } }))
            }
            None => facts,
        };
        html! { section.card { div.card-body { (facts) } } }
    }

    /// The revision, which leads to what it changed of the only client's document.
    fn revision(&self, revision: i64) -> Markup {
        let only =
            self.change.client_ids.first().filter(|_| self.change.client_ids.len() == 1 && !self.change.is_shared);
        html! {
            @match only {
                Some(client) if revision > 0 => a href={
                    "/clients/" (client) "/configuration/differences?from=" (revision - 1) "&to=" (revision)
                } { (revision) },
                _ => (revision),
            }
        }
    }

    /// What may be done now.
    fn decision(&self, is_moved: bool, form: &Form) -> Markup {
        let id = self.change.id;
        let broken = self.preview.as_ref().and_then(|preview| {
            let count = |outcome: Outcome| preview.counts.get(outcome.as_str()).and_then(serde_json::Value::as_i64);
            count(Outcome::Invalid).filter(|_| self.change.state.is_open())
        });
        let applies = self.may.apply && broken.is_none() && !is_moved;
        html! {
            @if !self.may.is_nothing() || !self.may.awaits.is_empty() || broken.is_some() {
                section.card.decision {
                    div.card-body {
                        @if let Some(broken) = broken {
                            p.decision-word.is-bad { (icon(Icon::AlertCircle)) span { "It would break " strong { (broken) } (if broken == 1 { " document" } else { " documents" }) ", so it can't be applied. Mend what is named below, or withdraw it." } }
                        }
                        @if !self.may.awaits.is_empty() {
                            p.decision-word { (icon(Icon::Lock)) span { (self.may.awaits.join(" and ")) " is protected: somebody other than the author has to approve it first." } }
                        }
                        @if applies && self.may.approve {
                            p.decision-word { (icon(Icon::CircleCheck)) span { "No environment that it reaches is protected, so it may be applied without anybody's approval." } }
                        }
                        @if applies {
                            form method="post" action={ "/changes/" (id) "/apply" } { button.btn.btn-primary.w-100 type="submit" { (icon(Icon::Check)) "Apply" } }
                        }
                        @if self.may.approve || self.may.reject { (words(id, &self.may, form)) }
                        @if self.may.withdraw {
                            form method="post" action={ "/changes/" (id) "/withdraw" } { button.btn.w-100 type="submit" { (icon(Icon::X)) "Withdraw" } }
                        }
                        @if self.may.revert {
                            form method="post" action={ "/changes/" (id) "/revert" } { button.btn.w-100 type="submit" { (icon(Icon::Undo)) "Revert…" } }
                            p.form-hint { "Proposes the change that takes this one back, and shows what that would do." }
                        }
                    }
                }
            }
        }
    }
}

/// The environments that an edit of the row which steers this protects: the change itself is asked for approval by them.
fn protects(edit: &KeptEdit) -> Vec<String> {
    let said = |name: &str| edit.columns.get(name).or_else(|| edit.before.as_ref()?.get(name));
    let is_it = said("is_system") == Some(&Value::Bool(true))
        && said("configuration_key").and_then(Value::as_str) == Some("protected_environments");
    let names = edit.columns.get("configuration_value").and_then(Value::as_array).filter(|_| is_it);
    names.into_iter().flatten().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect()
}

/// Approving and rejecting, with what one has to say to it.
fn words(id: Uuid, may: &May, form: &Form) -> Markup {
    html! {
        form.decision-words method="post" action={ "/changes/" (id) "/reject" } {
            (field::text(form, "reason", "What you have to say to it").longest(2_000))
            div.form-buttons {
                @if may.approve {
                    button.btn type="submit" formaction={ "/changes/" (id) "/approve" } { (icon(Icon::CircleCheck)) "Approve" }
                }
                @if may.reject { button.btn type="submit" { (icon(Icon::CircleX)) "Reject" } }
            }
        }
    }
}

/// Which documents are asked for.
fn part(asked: &Asked) -> Result<Part, Problem> {
    let broken = || Problem::invalid("the link to these documents is broken").mend("open the change anew");
    let number = |name: &str| asked.some(name).map(str::parse::<i32>).transpose().map_err(|_| broken());
    let outcome = asked.some("outcome").map(|word| Outcome::by_word(word).ok_or_else(broken)).transpose()?;
    let (group, after) = (number("group")?, number("after")?.unwrap_or(0));
    Ok(Part { outcome, group, client_id: None, after, limit: reached::PAGE })
}

async fn names(tx: &Tx<'_>, visitor: &Visitor, change: &Change, documents: &[Document]) -> Result<Names, Problem> {
    let decided = change.decided_by.as_ref().and_then(|who| who.user_id);
    let people = [change.author.user_id, decided, change.applied_by].into_iter().flatten();
    let clients = change.client_ids.iter().copied().chain(documents.iter().map(|document| document.client_id));
    Ok(Names::read(tx, visitor, people, clients).await?)
}
