use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::store::{self, Brought as Customization};
use super::template::{found, newest_active};
use super::version::is_about_it;
use super::{KEEPERS, path};
use crate::configurations::changes::Desk;
use crate::console::components::{Icon, Tone, badge, card, code, diff, empty, field, icon, json as document, moment};
use crate::console::list::Asked;
use crate::console::{Done, Form, MANAGERS, Nav, Page, Sent, Visitor, words};
use crate::problem::{Fault, Problem};
use crate::templates::store::{Version, versions};
use crate::templates::{Brought, Choice, Lacking, Stage, Step, Upgrade, Verdict, bring as upgrade};

/// What a merge of old version, new version and client's values would give, and the values about which somebody chooses.
pub(super) async fn form(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Result<Page, Problem> {
    let ground = Ground::read(&desk, &visitor, id).await?;
    let to = asked.some("to").or_else(|| newest_active(&ground.versions).map(|version| version.number.as_str()));
    let Some(to) = to else { return Ok(ground.page(&nowhere())) };
    match ground.merged(&desk, to, BTreeMap::new()).await {
        Ok(brought) => Ok(ground.page(&ground.form(&brought, &Form::empty()))),
        Err(problem) if is_about_it(&problem) => {
            let form = Form::empty().refused(&problem);
            Ok(ground.page(&ground.refused(&form)).status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

/// Does it, as it was chosen.
pub(super) async fn bring(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    let ground = Ground::read(&desk, &visitor, id).await?;
    let is_choice = |name: &str| ["choice/", "value/"].iter().any(|part| name.starts_with(part));
    sent.only_where(|name| ["to", "saw", "reason"].contains(&name) || is_choice(name))?;
    let to = sent.get("to").unwrap_or_default();
    let done = match ground.asked(to, &sent) {
        Ok(asked) => ground.bring(&desk, &asked).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(brought) => Ok(ground.done(&brought).into_response()),
        Err(problem) if is_about_it(&problem) => {
            let form = Form::of(&sent).refused(&at_fields(problem.clone()));
            let body = match ground.merged(&desk, to, BTreeMap::new()).await {
                Ok(brought) => ground.form(&brought, &form),
                Err(_) => ground.refused(&form),
            };
            Ok(ground.page(&body).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// A customization, as somebody may bring it to another version.
struct Ground<'a> {
    visitor: &'a Visitor,
    id: Uuid,
    held: Customization,
    /// Newest first.
    versions: Vec<Version>,
}

impl<'a> Ground<'a> {
    async fn read(desk: &Desk, visitor: &'a Visitor, id: Uuid) -> Result<Self, Problem> {
        visitor.has_to_be(MANAGERS)?;
        let absent = || {
            Problem::absent("there is no such customization, or none that you see")
                .mend("look for the client in the list of a template")
        };
        let tx = visitor.snapshot(desk.console()).await?;
        let held = store::brought(&tx, id).await?.ok_or_else(absent)?;
        if !visitor.is(KEEPERS) && !held.is_managed {
            return Err(Problem::forbidden("this client isn't yours to manage").mend("ask the client's manager"));
        }
        let versions = found(versions(&tx, &held.template_id).await?)?;
        Ok(Self { visitor, id, held, versions })
    }

    /// What it would give, without anything being written.
    async fn merged(&self, desk: &Desk, to: &str, choices: BTreeMap<String, Choice>) -> Result<Brought, Problem> {
        let asked = Upgrade { to: to.to_owned(), choices, dry_run: true, reason: None };
        let tx = self.visitor.snapshot(desk.console()).await?;
        Box::pin(upgrade(&tx, desk.tools(), self.id, &asked)).await
    }

    async fn bring(&self, desk: &Desk, asked: &Upgrade) -> Result<Brought, Problem> {
        let tx = self.visitor.begin(desk.console()).await?;
        let brought = Box::pin(upgrade(&tx, desk.tools(), self.id, asked)).await?;
        tx.commit().await?;
        Ok(brought)
    }

    /// What a form asks for; it has to be of the customization as it is now, whose values the choices are about.
    fn asked(&self, to: &str, sent: &Sent) -> Result<Upgrade, Problem> {
        if sent.get("saw") != Some(&self.held.updated_at.to_string()) {
            return Err(Problem::moved("somebody else wrote the customization meanwhile", Value::Null)
                .mend("look at the merge as it is now, which is below with what you chose, and send it again"));
        }
        let (mut choices, mut faults) = (BTreeMap::new(), Vec::new());
        for (name, word) in sent.pairs().filter(|(_, word)| !word.is_empty()) {
            let Some(place) = name.strip_prefix("choice/") else { continue };
            match choice(place, word, sent) {
                Ok(choice) => _ = choices.insert(place.to_owned(), choice),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(Problem::faults("some choices can't be read", faults));
        }
        let reason = sent.trimmed("reason").map(ToOwned::to_owned);
        Ok(Upgrade { to: to.to_owned(), choices, dry_run: false, reason })
    }

    fn done(&self, brought: &Brought) -> Done {
        let is_new = brought.id.is_some_and(|id| id != self.id);
        let what = if is_new { "A new draft is made for it, since what was reviewed doesn't change." } else { "" };
        let said = format!("Brought to version {}. {what}", brought.to);
        let to = format!("/customizations/{}", brought.id.unwrap_or(self.id));
        let done = Done::to(to).saying(said.trim());
        match brought.change_id.filter(|_| brought.revision.is_some()) {
            Some(change) => done.undo(format!("/changes/{change}/undo")),
            None => done,
        }
    }

    fn page(&self, body: &Markup) -> Page {
        let Customization { client, client_id, template_id, pinned, status, .. } = &self.held;
        Page::new(self.visitor, format!("Upgrade of {client}"))
            .under(Nav::Templates)
            .crumb("Templates", "/templates")
            .crumb(template_id, path(template_id))
            .subtitle(html! {
                (template_id) " " (pinned.as_deref().unwrap_or("(follows the newest)")) " · " (words::label(status))
            })
            .actions(html! { a.btn href={ "/clients/" (client_id) } { (icon(Icon::Building)) (client) } })
            .body(html! { (body) })
    }

    fn refused(&self, form: &Form) -> Markup {
        html! { (self.targets("")) (form.summary()) (form.left_over()) }
    }

    /// The versions that it can be brought to.
    fn targets(&self, to: &str) -> Markup {
        let is_one = |version: &&Version| matches!(version.stage, Some(Stage::Active | Stage::Deprecated));
        html! {
            form.filters method="get" action={ "/customizations/" (self.id) "/upgrade" } {
                div.filter {
                    label.visually-hidden for="to" { "Version" }
                    select.form-select #to name="to" {
                        @for version in self.versions.iter().filter(is_one) {
                            option value=(version.number) selected[version.number == to] { "to " (version.number) }
                        }
                    }
                }
                button.btn type="submit" { "Show the merge" }
            }
        }
    }

    fn form(&self, brought: &Brought, form: &Form) -> Markup {
        let conflicts: Vec<&Step> = brought.steps.iter().filter(|step| step.verdict == Verdict::Conflict).collect();
        let settled: Vec<&Step> = brought.steps.iter().filter(|step| step.verdict != Verdict::Conflict).collect();
        html! {
            (self.targets(&brought.to))
            form method="post" action={ "/customizations/" (self.id) "/upgrade" } {
                (form.summary())
                (field::hidden("to", &brought.to))
                (field::hidden("saw", &self.held.updated_at.to_string()))
                (conflicted(&conflicts, form))
                (resolved(&settled, brought))
                (lacking(&brought.lacking))
                div.card {
                    div.card-body { (field::text(form, "reason", "Reason").longest(2_000).hint("Stands in the history of the customization.")) }
                    div.card-footer.form-buttons {
                        button.btn.btn-primary type="submit" { (icon(Icon::Check)) "Bring it to " (brought.to) }
                        a.btn href=(path(&self.held.template_id)) { "Cancel" }
                    }
                }
            }
            details.card {
                summary.card-header { "The customization afterwards" }
                div.card-body { (document(&brought.customization_config)) p.text-secondary { "Last written " (moment(self.held.updated_at, &self.visitor.zone)) } }
            }
        }
    }
}

/// What somebody chose about one value.
fn choice(place: &str, word: &str, sent: &Sent) -> Result<Choice, Fault> {
    match word {
        "client" => Ok(Choice::Client),
        "template" => Ok(Choice::Template),
        "value" => {
            let name = format!("value/{place}");
            serde_json::from_str(sent.get(&name).unwrap_or_default()).map(Choice::Value).map_err(|error| {
                let detail = format!("this is no JSON: it breaks at line {}, column {}", error.line(), error.column());
                Fault::at(format!("/{name}"), "json", detail).mend("texts stand in double quotes")
            })
        }
        _ => {
            Err(Fault::at(format!("/choice/{place}"), "choice", "there is no such choice")
                .mend("choose one of the three"))
        }
    }
}

/// The same refusal with each fault at the field about its value.
fn at_fields(mut problem: Problem) -> Problem {
    for fault in &mut problem.errors {
        if let Some(place) = fault.pointer.strip_prefix("/choices/") {
            fault.pointer = format!("/choice/{}", place.replace("~1", "/").replace("~0", "~"));
        }
    }
    problem
}

/// The values that client and new version each changed: for each, what is to stand there.
fn conflicted(steps: &[&Step], form: &Form) -> Markup {
    if steps.is_empty() {
        return html! {};
    }
    let count = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    html! {
        section.card {
            div.card-header { h2.card-title { (words::count(count, "value to choose about", "values to choose about")) } }
            @for step in steps {
                @let (name, value) = (format!("choice/{}", step.path), format!("value/{}", step.path));
                @let options = [
                    ("", "– choose –".to_owned()),
                    ("client", "Keep the client's".to_owned()),
                    ("template", "Take the new version's".to_owned()),
                    ("value", "Another value, below".to_owned()),
                ];
                div.slot.upgrade-step {
                    h3 { code { (step.path) } }
                    dl.facts {
                        dt { "Old default" } dd { (side(step.old.as_ref())) }
                        dt { "New default" } dd { (side(step.new.as_ref())) }
                        dt { "Client's" } dd { (side(step.client.as_ref())) }
                    }
                    (field::select(form, &name, &format!("What stands at {}", step.path), options))
                    (field::json(form, &value, &format!("Another value for {}", step.path)).rows(2).hint("As JSON; only where it is chosen above."))
                }
            }
        }
    }
}

/// What is settled by itself.
fn resolved(steps: &[&Step], brought: &Brought) -> Markup {
    html! {
        section.card {
            div.card-header { h2.card-title { "From " (brought.from) " to " (brought.to) } }
            @if steps.is_empty() {
                p.card-body.text-secondary { "Nothing else that the client has set is touched: what it leaves to the template follows the new version." }
            } @else {
                table.keys {
                    caption.visually-hidden { "Values that are settled" }
                    thead { tr { th scope="col" { "Key" } th scope="col" { "Client's, over the default" } th scope="col" { "What becomes of it" } } }
                    tbody { @for step in steps { (settled(step)) } }
                }
            }
        }
    }
}

fn settled(step: &Step) -> Markup {
    html! {
        tr {
            th scope="row" { span.key { (step.path) } }
            td {
                div.key-value { (side(step.client.as_ref())) }
                span.key-note {
                    "Default: "
                    @if step.old == step.new { (side(step.new.as_ref())) } @else { (diff(step.old.as_ref(), step.new.as_ref())) }
                }
            }
            td { (told(step.verdict)) }
        }
    }
}

fn told(verdict: Verdict) -> Markup {
    match verdict {
        Verdict::Kept => badge(Tone::Good, "The client's stays"),
        Verdict::Taken => badge(Tone::Busy, "Follows the new version"),
        Verdict::Dropped => badge(Tone::Attention, "Left out: the new version has nothing there"),
        Verdict::Chosen => badge(Tone::Good, "As chosen"),
        Verdict::Conflict => badge(Tone::Bad, "To choose"),
    }
}

/// What the client's documents would lack.
fn lacking(all: &[Lacking]) -> Markup {
    html! {
        @if !all.is_empty() {
            (card("What its documents would lack", &html! {
                p.text-secondary { "It can be brought there all the same, and can't be served before this is mended." }
                @for one in all {
                    h3 { (words::label(one.environment.as_str())) }
                    ul { @for fault in &one.faults { li { code { (fault.pointer) } " " (fault.detail) } } }
                }
            }))
        }
    }
}

fn side(value: Option<&Value>) -> Markup {
    html! {
        @match value {
            None => span.text-secondary { "nothing" },
            Some(Value::String(text)) => (text),
            Some(value @ (Value::Array(_) | Value::Object(_))) => (code(&format!("{value:#}"))),
            Some(other) => code { (other) },
        }
    }
}

fn nowhere() -> Markup {
    html! { div.card { (empty(Icon::Template, "There is no version to bring it to", "Publish a version of the template first.")) } }
}
