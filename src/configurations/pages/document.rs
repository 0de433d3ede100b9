use axum::extract::{Path, State};
use axum::http::StatusCode;
use layers::{Key, Weight};
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::subject::Subject;
use super::which::{self, Which};
use super::{compare, explanation, rows, value};
use crate::configurations::Environment;
use crate::configurations::asked::Found;
use crate::configurations::changes::Desk;
use crate::configurations::outline::{Entry, Outline};
use crate::console::components::{Icon, Tone, badge, empty, icon, moment};
use crate::console::list;
use crate::console::{AGENCY, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// The part of the page that follows what is asked.
const FRAME: &str = "document";

/// A client's document: every key with its value, where that comes from, and what is wrong with it.
pub(super) async fn of_client(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(client_id): Path<Uuid>,
    address: list::Asked,
) -> Result<Page, Problem> {
    show(&desk, &visitor, Subject::Client(client_id), &address).await
}

/// The same of every client of a template, as far as they have it in common, with the rows that say so.
pub(super) async fn of_template(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(template_id): Path<String>,
    address: list::Asked,
) -> Result<Page, Problem> {
    show(&desk, &visitor, Subject::Template(template_id), &address).await
}

/// The same of every client.
pub(super) async fn of_all(State(desk): State<Desk>, visitor: Visitor, address: list::Asked) -> Result<Page, Problem> {
    show(&desk, &visitor, Subject::Global, &address).await
}

async fn show(desk: &Desk, visitor: &Visitor, subject: Subject, address: &list::Asked) -> Result<Page, Problem> {
    let which = Which::read(subject, address, visitor)?;
    let view = which::view(visitor);
    let tx = visitor.snapshot(desk.console()).await?;
    let found = match which.find(&tx, &desk.tools().compiled, visitor).await {
        Err(problem) if problem.more.contains_key("templates") => return Ok(choose(visitor, &which, &problem)),
        Err(problem) if which.subject.is_shared() && problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            return Ok(nothing(visitor, &which, &problem));
        }
        found => found?,
    };
    let shown = Shown { visitor, which: &which, address, found: &found };
    let outline = Outline::of(&found.inputs, &found.target, view)?;
    let compared = compare::with(&shown, address, view)?;
    let rows = rows::card(&tx, &shown).await?;
    let panel = explanation::panel(&tx, &shown, &outline, view).await?;
    Ok(shown.page(&rows, &outline, compared.as_ref(), &panel))
}

/// A document that is shown, and to whom.
pub(super) struct Shown<'a> {
    pub(super) visitor: &'a Visitor,
    pub(super) which: &'a Which<'a>,
    pub(super) address: &'a list::Asked,
    pub(super) found: &'a Found,
}

impl Shown<'_> {
    /// Whether its reader may propose to change it.
    pub(super) fn may_edit(&self) -> bool {
        self.visitor.is(self.which.subject.writers()) && !self.which.is_past()
    }

    /// The address at which a key is edited.
    pub(super) fn edit(&self, key: &str) -> String {
        self.which.at(&format!("{}/edit", self.which.path()), &[("key", key)])
    }

    fn page(&self, rows: &Markup, outline: &Outline, compared: Option<&compare::Compared>, panel: &Markup) -> Page {
        let subject = &self.which.subject;
        let body = html! {
            (subject.tabs(self.visitor))
            (self.controls())
            div.document #(FRAME) {
                div.document-parts {
                    (rows)
                    section.card.document-keys aria-label="Document" {
                        (self.head(outline))
                        @match compared {
                            Some(compared) => (compare::table(self, outline, compared)),
                            None => (self.table(outline)),
                        }
                    }
                }
                (panel)
            }
        };
        subject.page(self.visitor, subject.title(), &self.found.client.name).actions(self.actions()).body(body)
    }

    fn actions(&self) -> Markup {
        html! {
            @if self.visitor.is(AGENCY) {
                a.btn href=(self.which.subject.changes()) { (icon(Icon::Change)) "Changes" }
            }
            @if self.may_edit() {
                a.btn.btn-primary href=(self.edit("")) { (icon(Icon::Edit)) "Edit values" }
            }
        }
    }

    /// What is asked: template, moment, another environment, a text that keys or values hold.
    fn controls(&self) -> Markup {
        let path = self.which.path();
        let target = format!("#{FRAME}");
        let environment = self.found.target.environment;
        let templates = self.templates();
        html! {
            form.filters.document-controls method="get" action=(path) role="search" hx-get=(path) hx-target=(target)
                hx-select=(target) hx-swap="outerHTML" hx-push-url="true" hx-trigger="input delay:200ms, submit"
                hx-sync="this:replace" {
                div.filter-search {
                    label.visually-hidden for="filter-q" { "Find a key or a value" }
                    div.input-icon {
                        span.input-icon-addon { (icon(Icon::Search)) }
                        input.form-control #filter-q type="search" name="q" value=(self.address.get("q"))
                            placeholder="Find a key or a value" autocomplete="off" maxlength="200";
                    }
                }
                @if templates.len() > 1 {
                    div.filter {
                        label.visually-hidden for="filter-template" { "Template" }
                        select.form-select #filter-template name="template" {
                            @for template in &templates {
                                option value=(template) selected[Some(template.as_str()) == self.found.target.template_id.as_deref()] { (template) }
                            }
                        }
                    }
                }
                div.filter {
                    label.visually-hidden for="filter-environment" { "Environment" }
                    select.form-select #filter-environment name="environment" {
                        @for one in Environment::ALL.into_iter().rev() {
                            option value=(one) selected[one == environment] { (which::environment(one)) }
                        }
                    }
                }
                div.filter {
                    label.visually-hidden for="filter-compare" { "Compare with" }
                    select.form-select #filter-compare name="compare" {
                        option value="" { "Compare with…" }
                        @for one in Environment::ALL.into_iter().rev() {
                            option value=(one) selected[self.address.get("compare") == one.as_str()] {
                                "with " (which::environment(one))
                            }
                        }
                    }
                }
                @if self.visitor.is(AGENCY) {
                    div.filter.document-moment {
                        label.visually-hidden for="filter-as-of" { "As of" }
                        input.form-control #filter-as-of name="as_of" value=(self.which.moment(self.visitor))
                            type=(if self.is_revision() { "text" } else { "datetime-local" })
                            title="As of this moment; empty for now";
                    }
                }
                button.btn.filter-go type="submit" { (icon(Icon::Filter)) "Show" }
            }
        }
    }

    fn is_revision(&self) -> bool {
        matches!(self.which.asked.as_of, Some(crate::configurations::AsOf::Revision(_)))
    }

    /// The templates that the client has documents of.
    fn templates(&self) -> Vec<String> {
        if self.which.subject.is_shared() {
            return Vec::new();
        }
        let client_id = self.which.subject.client_id();
        let own = self.found.inputs.targets().into_iter().filter(|target| target.client_id == client_id);
        let mut names: Vec<String> = own.filter_map(|target| target.template_id.map(|name| name.to_string())).collect();
        names.extend(self.found.target.template_id.as_deref().map(ToOwned::to_owned));
        names.sort_unstable();
        names.dedup();
        names
    }

    fn head(&self, outline: &Outline) -> Markup {
        let (missing, wrong) = outline.counts();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let version = self.found.inputs.version(&self.found.target).ok().flatten();
        html! {
            div.card-header.document-head {
                div {
                    h2.card-title {
                        @if self.which.subject.is_shared() { "What a client without values of its own reads, " }
                        (which::environment(self.found.target.environment))
                    }
                    p.document-source {
                        @match version {
                            Some(version) => { "Template " strong { (version.template_id) } " " (version.version) },
                            None => "Without a template",
                        }
                        " · revision " (words::grouped(&self.found.inputs.revision().to_string()))
                        @if let Some(crate::configurations::AsOf::Time(at)) = self.which.asked.as_of {
                            " · as of " (moment(at, &self.visitor.zone))
                        }
                    }
                }
                div.document-state {
                    @if self.which.is_past() { (badge(Tone::Attention, "As it was")) }
                    @if missing > 0 { (badge(Tone::Attention, &words::count(number(missing), "key missing", "keys missing"))) }
                    @if wrong > 0 { (badge(Tone::Bad, &words::count(number(wrong), "fault", "faults"))) }
                    @if missing == 0 && wrong == 0 { (badge(Tone::Good, "Complete and valid")) }
                }
            }
            @if missing > 0 || wrong > 0 { (faults(outline)) }
        }
    }

    fn table(&self, outline: &Outline) -> Markup {
        let sought = self.address.get("q");
        let entries: Vec<&Entry> = outline.entries.iter().filter(|entry| entry.matches(sought)).collect();
        html! {
            @if entries.is_empty() {
                @if sought.is_empty() {
                    (empty(Icon::Adjust, "Nothing is configured here",
                        "Values of the template, of all clients and of this one come together here once somebody sets one."))
                } @else {
                    (empty(Icon::Search, "No key and no value holds this text", "Look for a shorter part of it."))
                }
            } @else {
                table.keys {
                    caption.visually-hidden { "Every key with its value and the layer that it comes from" }
                    thead {
                        tr {
                            th scope="col" { "Key" }
                            th scope="col" { "Value" }
                            th scope="col" { "Comes from" }
                        }
                    }
                    @for group in groups(&entries) {
                        tbody {
                            (heading(group, 3))
                            @for entry in group { (self.row(entry)) }
                        }
                    }
                }
            }
        }
    }

    fn row(&self, entry: &Entry) -> Markup {
        let is_open = explanation::asked(self.address) == Some(entry.key.to_string());
        html! {
            tr.is-open[is_open] id=(anchor(&entry.key)) {
                th scope="row" { (self.name(entry)) }
                td { (content(entry)) }
                td { (source(entry)) }
            }
        }
    }

    /// The key, which leads to where its value comes from.
    pub(super) fn name(&self, entry: &Entry) -> Markup {
        let words = html! {
            @match entry.key.segments() {
                // The first part stands above the group.
                [only] | [_, only] => (only),
                [_, path @ .., last] => { @for part in path { span.key-path { (part) "." wbr; } } (last) },
                [] => "",
            }
        };
        html! {
            @match explanation::address(self, &entry.key) {
                Some(to) => a.key href={ (to) "#explanation" } hx-get=(to) hx-target="#explanation" hx-select="#explanation"
                    hx-swap="outerHTML show:#explanation:top" hx-push-url="true" { (words) },
                None => span.key { (words) },
            }
            @if let Some(scope) = entry.lock {
                span.key-mark title={ "Locked by the scope " (scope.name()) } { (icon(Icon::Lock)) span.visually-hidden { "locked" } }
            }
        }
    }
}

/// The page where a client has several templates and none was asked for.
fn choose(visitor: &Visitor, which: &Which<'_>, problem: &Problem) -> Page {
    let templates = problem.more.get("templates").and_then(Value::as_array).cloned().unwrap_or_default();
    let body = html! {
        (which.subject.tabs(visitor))
        div.card {
            div.card-header { h2.card-title { "Which template?" } }
            div.list-group.list-group-flush {
                @for template in templates.iter().filter_map(Value::as_str) {
                    a.list-group-item.list-group-item-action href=(which.with("template", template)) { (template) }
                }
            }
        }
    };
    Page::new(visitor, "Configuration")
        .under(Nav::Clients)
        .crumb("Clients", "/clients")
        .subtitle(html! { "The client has active customizations of several templates." })
        .body(body)
}

/// The page of a template that no document can be built from yet.
fn nothing(visitor: &Visitor, which: &Which<'_>, problem: &Problem) -> Page {
    let mend = problem.mend.as_deref().unwrap_or_default();
    let body = html! {
        (which.subject.tabs(visitor))
        div.card { (empty(Icon::Template, &problem.detail, mend)) }
    };
    which.subject.page(visitor, which.subject.title(), "").body(body)
}

/// What is wrong with the document, each with the way to its key.
fn faults(outline: &Outline) -> Markup {
    let all = outline.entries.iter().flat_map(|entry| entry.faults.iter().map(move |fault| (entry, fault)));
    let all: Vec<_> = all.filter(|(_, (weight, _))| *weight != Weight::Ignored).collect();
    html! {
        ul.document-faults {
            @for fault in &outline.faults { li { (fault.detail) } }
            @for (entry, (_, fault)) in all.iter().take(10) {
                li { a href={ "#" (anchor(&entry.key)) } { (entry.key) } " " span.text-secondary { (fault.detail) } }
            }
            @if all.len() > 10 { li.text-secondary { "and " (all.len() - 10) " more" } }
        }
    }
}

/// Entries by the first part of their keys.
pub(super) fn groups<'a, 'b>(entries: &'b [&'a Entry]) -> impl Iterator<Item = &'b [&'a Entry]> {
    entries.chunk_by(|a, b| {
        let first = |entry: &Entry| (entry.key.segments().len() > 1).then(|| entry.key.segments()[0].clone());
        first(a) == first(b)
    })
}

/// The line above a group, where its keys lie within one.
pub(super) fn heading(group: &[&Entry], columns: usize) -> Markup {
    let first = group.first().filter(|entry| entry.key.segments().len() > 1);
    html! {
        @if let Some(entry) = first {
            tr.keys-group { th colspan=(columns) scope="rowgroup" { (entry.key.segments()[0]) span.keys-count { (group.len()) } } }
        }
    }
}

/// The value, and what is wrong with it.
pub(super) fn content(entry: &Entry) -> Markup {
    html! {
        @if entry.value.is_some() || entry.faults.is_empty() {
            div.key-value { @if entry.is_secret { (value::secret()) } @else { (value::value(entry.value.as_ref())) } }
        }
        @for (weight, fault) in &entry.faults {
            p.key-fault.is-missing[*weight == Weight::Incomplete].is-ignored[*weight == Weight::Ignored] {
                (icon(if *weight == Weight::Invalid { Icon::AlertCircle } else { Icon::AlertTriangle }))
                span { (fault.detail) @if let Some(mend) = &fault.mend { span.text-secondary { " " (mend) } } }
            }
        }
    }
}

/// The layers that a value comes from, and how many it stands in front of.
fn source(entry: &Entry) -> Markup {
    html! {
        @for place in &entry.from { (value::layer(*place)) }
        @if entry.from.is_empty() { span.text-secondary { (if entry.value.is_some() { "Your agency" } else { words::NONE }) } }
        @if !entry.shields.is_empty() {
            span.key-note { "over " (entry.shields.len()) " below" }
        }
        @if !entry.locked_out.is_empty() {
            span.key-note { (icon(Icon::Lock)) (entry.locked_out.len()) " locked out" }
        }
    }
}

/// The id of a key's row.
pub(super) fn anchor(key: &Key) -> String {
    let plain: String = key.to_string().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("key-{plain}")
}
