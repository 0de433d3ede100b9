use axum::extract::{Path, State};
use axum::http::StatusCode;
use layers::{Difference, Key};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::template::{found, newest_active, standing, text};
use super::{KEEPERS, path, version_path};
use crate::configurations::changes::Desk;
use crate::console::components::{Facts, Icon, card, diff, field, icon, json as document, moment, side_by_side};
use crate::console::list::Asked;
use crate::console::{AGENCY, Form, Nav, Page, Sent, Visitor, words};
use crate::problem::Problem;
use crate::templates::Stage;
use crate::templates::store::{Version, versions};
use crate::templates::versions::no_version;

/// The part of the page that follows what it is compared with.
const COMPARED: &str = "compared";

/// How many places that differ are told; what there is more, the two texts beside each other show.
const MOST: usize = 200;

/// What a version is made of, each beside what it is called.
const PARTS: [(&str, &str); 2] = [("configuration_schema", "Schema"), ("default_configuration", "Defaults")];

/// One version: its schema and defaults, what differs from another, and how it goes on.
pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path((template_id, number)): Path<(String, String)>,
    asked: Asked,
) -> Result<Page, Problem> {
    page(&desk, &visitor, &template_id, &number, &asked, &Form::empty()).await
}

/// The same after something wasn't done with it, with why.
pub(super) async fn refused(
    desk: &Desk,
    visitor: &Visitor,
    template_id: &str,
    number: &str,
    sent: &Sent,
    problem: &Problem,
) -> Result<Page, Problem> {
    let asked = Asked::parse(&version_path(template_id, number), "");
    let form = Form::of(sent).refused(problem);
    let shown = page(desk, visitor, template_id, number, &asked, &form).await?;
    Ok(shown.status(problem.status))
}

async fn page(
    desk: &Desk,
    visitor: &Visitor,
    template_id: &str,
    number: &str,
    asked: &Asked,
    form: &Form,
) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let all = found(versions(&tx, template_id).await?)?;
    let place = all.iter().position(|version| version.number == number);
    let place = place.ok_or_else(|| no_version(template_id, number))?;
    let version = &all[place];
    let other = match asked.some("compare") {
        Some(named) => {
            Some(all.iter().find(|known| known.number == named).ok_or_else(|| no_version(template_id, named))?)
        }
        None => all.get(place + 1),
    };
    let shown = Shown { visitor, template_id, version, all: &all, other };
    let body = html! {
        (form.summary())
        @if shown.next().is_none() { (form.left_over()) }
        div.change-grid {
            div {
                (shown.compared())
                @for (column, label) in PARTS {
                    (card(label, &document(version.row.get(column).unwrap_or(&Value::Null))))
                }
            }
            aside aria-label="State" { (shown.life(form)) (card("Record", &shown.facts())) }
        }
    };
    Ok(Page::new(visitor, format!("Version {number}"))
        .under(Nav::Templates)
        .crumb("Templates", "/templates")
        .crumb(text(version, "template_name").unwrap_or(template_id), path(template_id))
        .subtitle(html! { (standing(version)) " " code { (template_id) } })
        .actions(shown.actions())
        .body(body))
}

struct Shown<'a> {
    visitor: &'a Visitor,
    template_id: &'a str,
    version: &'a Version,
    /// Newest first.
    all: &'a [Version],
    /// What it is compared with: what is asked, else the one before.
    other: Option<&'a Version>,
}

impl Shown<'_> {
    fn path(&self) -> String {
        version_path(self.template_id, &self.version.number)
    }

    fn actions(&self) -> Markup {
        let next = Asked::parse(&format!("{}/new", path(self.template_id)), "").with("from", &self.version.number);
        html! {
            @if self.visitor.is(KEEPERS) {
                @if self.version.stage == Some(Stage::Draft) {
                    a.btn.btn-primary href={ (self.path()) "/edit" } { (icon(Icon::Edit)) "Edit" }
                }
                a.btn href=(next.href()) { (icon(Icon::Plus)) "New version from this" }
            }
        }
    }

    /// What differs from another version.
    fn compared(&self) -> Markup {
        let others = self.all.iter().filter(|version| version.number != self.version.number);
        let others: Vec<&str> = others.map(|version| version.number.as_str()).collect();
        if others.is_empty() {
            return html! {};
        }
        let (path, target) = (self.path(), format!("#{COMPARED}"));
        html! {
            form.filters method="get" action=(path) hx-get=(path) hx-target=(target) hx-select=(target) hx-swap="outerHTML"
                hx-push-url="true" hx-trigger="change, submit" {
                div.filter {
                    label.visually-hidden for="compare" { "Compare with" }
                    select.form-select #compare name="compare" {
                        @for other in others {
                            option value=(other) selected[self.other.is_some_and(|chosen| chosen.number == other)] { "Compare with " (other) }
                        }
                    }
                }
                button.btn.filter-go type="submit" { "Compare" }
            }
            section.card #(COMPARED) {
                @match self.other {
                    None => {
                        div.card-header { h2.card-title { "What differs" } }
                        p.card-body.text-secondary { "It is the first version: choose another to compare it with." }
                    }
                    Some(other) => {
                        div.card-header { h2.card-title { "What differs from " (other.number) } }
                        @for (column, label) in PARTS { (self.part(other, column, label)) }
                    }
                }
            }
        }
    }

    fn part(&self, other: &Version, column: &str, label: &str) -> Markup {
        let of = |version: &Version| version.row.get(column).cloned().unwrap_or_else(|| json!({}));
        let (before, after) = (of(other), of(self.version));
        let differences = layers::diff(&before, &after);
        html! {
            div.version {
                h3 { (label) }
                @if differences.is_empty() {
                    p.text-secondary { "Nothing differs." }
                } @else {
                    ul.version-changes { @for difference in differences.iter().take(MOST) { (told(difference)) } }
                    details {
                        summary { "Line by line" }
                        (side_by_side((&other.number, &format!("{before:#}")), (&self.version.number, &format!("{after:#}"))))
                    }
                }
            }
        }
    }

    /// The stage that whoever looks may bring it to.
    fn next(&self) -> Option<Stage> {
        self.version.stage.and_then(Stage::next).filter(|_| self.visitor.is(KEEPERS))
    }

    /// Where it is in its life, and the way on.
    fn life(&self, form: &Form) -> Markup {
        html! {
            @if let Some(next) = self.next() {
                @let (button, what) = way(next);
                section.card.decision {
                    form.card-body method="post" action={ (self.path()) "/advance" } {
                        p { (what) }
                        (field::hidden("to", next.as_str()))
                        (field::hidden("base", text(self.version, "updated_at").unwrap_or_default()))
                        (field::text(form, "reason", "Reason").longest(2_000))
                        button.btn.btn-primary.w-100 type="submit" { (button) }
                        p.form-hint { "Proposes it, and shows what that would do to every client." }
                    }
                }
            }
        }
    }

    fn facts(&self) -> Markup {
        let version = self.version;
        let moment_of = |column: &str| text(version, column)?.parse().ok().map(|at| moment(at, &self.visitor.zone));
        let is_newest = newest_active(self.all).is_some_and(|newest| newest.number == version.number);
        let facts = Facts::new()
            .fact("Status", Some(standing(version)))
            .fact(
                "Followed",
                Some(if is_newest { "by clients that pin no version" } else { "by nobody who doesn't pin it" }),
            )
            .fact("Name", text(version, "template_name"))
            .fact("Category", text(version, "category").map(words::label))
            .fact("Made", moment_of("created_at"))
            .fact("Changed", moment_of("updated_at"));
        html! { (facts) }
    }
}

/// What the button that leads to a stage says, and what comes of it.
fn way(next: Stage) -> (&'static str, &'static str) {
    match next {
        Stage::Draft | Stage::Active => (
            "Publish…",
            "Once it is active, its schema and defaults never change, and clients that pin no version follow it as the newest.",
        ),
        Stage::Deprecated => (
            "Deprecate…",
            "Clients that pin it stay. Those that pin none follow the newest version that is still active.",
        ),
        Stage::Archived => ("Archive…", "It goes on serving clients that pin it, and no other can pin it any more."),
    }
}

fn told(difference: &Difference) -> Markup {
    let place = if difference.path.is_root() { "all of it".to_owned() } else { Key::to_string(&difference.path) };
    html! { li { code { (place) } " " (diff(difference.before.as_ref(), difference.after.as_ref())) } }
}

/// Whether a problem is about what was sent, so that the page tells it.
pub(super) fn is_about_it(problem: &Problem) -> bool {
    [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PRECONDITION_FAILED, StatusCode::CONFLICT].contains(&problem.status)
}
