use maud::{Markup, html};
use uuid::Uuid;

use crate::configurations::changes::preview::{Document, Group, Preview};
use crate::configurations::changes::types::{Cell, Outcome};
use crate::configurations::pages::names::Names;
use crate::configurations::pages::value;
use crate::console::components::{Icon, Tone, badge, empty, icon};
use crate::console::list::Asked;
use crate::console::words;
use crate::problem::Fault;

/// How many documents a page shows.
pub(super) const PAGE: i64 = 50;

/// How many groups are shown, and how many places of each.
const MOST_GROUPS: usize = 20;
const MOST_KEYS: usize = 25;

/// What a change does to documents: counts, groups, and the documents themselves.
pub(super) struct Reached<'a> {
    pub(super) id: Uuid,
    pub(super) asked: &'a Asked,
    pub(super) preview: &'a Preview,
    pub(super) documents: &'a [Document],
    pub(super) names: &'a Names,
}

impl Reached<'_> {
    /// All of it; while it is computed, how far that is.
    pub(super) fn render(&self) -> Markup {
        html! {
            section.card #preview {
                div.card-header {
                    h2.card-title { "What it does" }
                    @if self.preview.state == "ready" {
                        div.card-actions.text-secondary {
                            (words::count(self.preview.documents, "document", "documents")) " · as of revision " (words::grouped(&self.preview.revision.to_string()))
                        }
                    }
                }
                @if self.preview.state == "ready" { (self.ready()) } @else { (self.computing()) }
            }
        }
    }

    fn computing(&self) -> Markup {
        let here = format!("/changes/{}", self.id);
        html! {
            div.card-body.progress-body role="status" hx-get=(here) hx-trigger="load delay:1s" hx-target="#change" hx-select="#change" hx-swap="outerHTML" {
                p {
                    "Looking at every document that it reaches: " strong { (words::grouped(&self.preview.done.to_string())) }
                    " of about " (words::grouped(&self.preview.documents.to_string()))
                }
                progress.progress max=(self.preview.documents.max(1)) value=(self.preview.done) aria-label="Documents looked at" {}
                p { a.btn href=(here) { (icon(Icon::Refresh)) "Look again" } }
            }
        }
    }

    fn ready(&self) -> Markup {
        let groups = self.preview.groups.iter().take(MOST_GROUPS);
        html! {
            @if self.preview.documents == 0 {
                (empty(Icon::Change, "It reaches no document", "No client reads what it writes yet."))
            } @else {
                ul.outcomes aria-label="Documents by what happens to them" {
                    @for outcome in Outcome::ALL {
                        @if let Some(count) = self.preview.counts.get(outcome.as_str()).and_then(serde_json::Value::as_i64) {
                            li { (self.count(outcome, count)) }
                        }
                    }
                }
                div.groups {
                    @for group in groups { (self.group(group)) }
                    @if self.preview.groups.len() > MOST_GROUPS {
                        p.text-secondary { "and " (self.preview.groups.len() - MOST_GROUPS) " more kinds, which the documents below show" }
                    }
                }
                (self.table())
            }
        }
    }

    /// A count, which leads to its documents.
    fn count(&self, outcome: Outcome, count: i64) -> Markup {
        let is_chosen = self.asked.get("outcome") == outcome.as_str();
        let all = self.asked.without("after").without("group");
        let to = if is_chosen { all.without("outcome") } else { all.with("outcome", outcome.as_str()) };
        html! {
            a.outcome.is-chosen[is_chosen] href={ (to.href()) "#documents" } aria-current=[is_chosen.then_some("true")] {
                strong { (words::grouped(&count.to_string())) } (tag(outcome))
            }
        }
    }

    fn group(&self, group: &Group) -> Markup {
        let to = self.asked.without("after").without("outcome").with("group", &group.number.to_string());
        html! {
            div.group {
                div.group-head {
                    (tag(group.cell.outcome))
                    a href={ (to.href()) "#documents" } { (words::count(group.documents, "document", "documents")) }
                }
                (cell(&group.cell))
            }
        }
    }

    fn table(&self) -> Markup {
        let is_narrowed = self.asked.some("outcome").is_some() || self.asked.some("group").is_some();
        let next = self.documents.last().filter(|_| i64::try_from(self.documents.len()) == Ok(PAGE));
        html! {
            div.documents #documents {
                div.documents-head {
                    h3 { "Clients and environments" }
                    @if is_narrowed { a href={ "/changes/" (self.id) "#documents" } { "Show all" } }
                }
                @if self.documents.is_empty() {
                    p.text-secondary.card-body { "No document is left here." }
                } @else {
                    table.keys.documents-table {
                        caption.visually-hidden { "Documents that the change reaches" }
                        thead { tr { th scope="col" { "Client" } th scope="col" { "Environment" } th scope="col" { "What happens" } } }
                        tbody { @for document in self.documents { (self.document(document)) } }
                    }
                }
                @if let Some(last) = next {
                    nav.pager aria-label="Pages" {
                        a.btn href={ (self.asked.with("after", &last.place.to_string()).href()) "#documents" } { "Next" (icon(Icon::ChevronRight)) }
                    }
                }
            }
        }
    }

    fn document(&self, document: &Document) -> Markup {
        let Document { client_id, template_id, environment, .. } = document;
        let configuration = Asked::parse(&format!("/clients/{client_id}/configuration"), "");
        let configuration = configuration.with("environment", environment);
        let to = match template_id {
            Some(template) => configuration.with("template", template).href(),
            None => configuration.href(),
        };
        html! {
            tr {
                th scope="row" {
                    a href=(to) { (self.names.client(*client_id).unwrap_or("One client")) }
                    @if let Some(template) = template_id { span.key-note { (template) } }
                }
                td { (words::label(environment)) }
                td { (tag(document.cell.outcome)) (brief(&document.cell)) }
            }
        }
    }
}

/// What happens, in a word.
pub(super) fn tag(outcome: Outcome) -> Markup {
    let (tone, word) = match outcome {
        Outcome::Invalid => (Tone::Bad, "Would break"),
        Outcome::LockedOut => (Tone::Attention, "Locked out"),
        Outcome::Incomplete => (Tone::Attention, "Incomplete"),
        Outcome::Changed => (Tone::Busy, "Changed"),
        Outcome::Shielded => (Tone::Quiet, "Shielded"),
        Outcome::NotInTemplate => (Tone::Quiet, "Not in its template"),
        Outcome::Unchanged => (Tone::Quiet, "Unchanged"),
    };
    badge(tone, word)
}

fn cell(cell: &Cell) -> Markup {
    html! {
        ul.version-changes {
            @for fault in cell.invalid.iter().take(MOST_KEYS) { li.group-fault { (fault_told(fault)) } }
            @for fault in cell.incomplete.iter().take(MOST_KEYS) { li.group-missing { (fault_told(fault)) } }
            @for change in cell.keys.iter().take(MOST_KEYS) {
                li { code { (layers::Key::of_pointer(&change.pointer)) } " " (value::change(change.before.as_ref(), change.after.as_ref())) }
            }
            @for unseen in cell.without_effect.iter().take(MOST_KEYS) {
                li.text-secondary {
                    code { (layers::Key::of_pointer(&unseen.pointer)) }
                    @match unseen.why {
                        Outcome::LockedOut => " is locked",
                        Outcome::NotInTemplate => " isn't part of the template",
                        _ => " doesn't show",
                    }
                    @if let Some(by) = &unseen.by { ": " (by) }
                }
            }
            @if cell.keys.len() > MOST_KEYS { li.text-secondary { "and " (cell.keys.len() - MOST_KEYS) " more keys" } }
        }
    }
}

fn fault_told(fault: &Fault) -> Markup {
    html! {
        code { (layers::Key::of_pointer(&fault.pointer)) } " " (fault.detail)
        @if let Some(mend) = &fault.mend { span.text-secondary { " " (mend) } }
    }
}

/// The first thing that happens to a document.
fn brief(cell: &Cell) -> Markup {
    html! {
        @if let Some(fault) = cell.invalid.first().or(cell.incomplete.first()) {
            span.key-note { (layers::Key::of_pointer(&fault.pointer)) ": " (fault.detail) }
        } @else if let Some(change) = cell.keys.first() {
            span.key-note { (layers::Key::of_pointer(&change.pointer)) @if cell.keys.len() > 1 { " and " (cell.keys.len() - 1) " more" } }
        }
    }
}
