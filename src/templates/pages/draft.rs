use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::template::{found, newest_active, text, texts};
use super::version::is_about_it;
use super::{KEEPERS, path, version_path};
use crate::configurations::ConfigTable;
use crate::configurations::changes::{Desk, Wanted};
use crate::console::components::{Icon, card, field, icon, side_by_side};
use crate::console::list::Asked;
use crate::console::{Done, Form, Nav, Page, Sent, Visitor};
use crate::problem::{Fault, Problem};
use crate::templates::store::{Version, versions};
use crate::templates::versions::{fields, no_version};
use crate::templates::{NewVersion, Stage, Start, publish};

/// The form's fields that are documents.
const DOCUMENTS: [(&str, &str); 2] = [("configuration_schema", "Schema"), ("default_configuration", "Defaults")];

/// The longest texts: of a line what its column holds, of words on lines as many as a page shows.
const LONGEST: [(&str, usize); 6] = [
    ("template_id", 255),
    ("template_version", 50),
    ("template_name", 255),
    ("category", 100),
    ("tags", 20_000),
    ("supported_industries", 20_000),
];

/// What is written: a template's first version, its next one, or a draft that is there.
enum About<'a> {
    First,
    Next { template_id: &'a str, name: &'a str },
    Draft { template_id: &'a str, version: &'a Version },
}

/// The form of a template that isn't there yet.
pub(super) async fn first_form(State(_): State<Desk>, visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let start =
        [("template_version", "1.0.0"), ("configuration_schema", EMPTY_SCHEMA), ("default_configuration", "{}")];
    Ok(page(&visitor, &About::First, &Form::holding(start), None))
}

const EMPTY_SCHEMA: &str = "{\n  \"type\": \"object\",\n  \"properties\": {}\n}";

/// Adds a template with its first version, as a draft.
pub(super) async fn add_first(State(desk): State<Desk>, visitor: Visitor, sent: Sent) -> Result<Response, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[
        "template_id",
        "template_version",
        "template_name",
        "category",
        "tags",
        "supported_industries",
        "configuration_schema",
        "default_configuration",
        "reason",
    ])?;
    let template_id = sent.trimmed("template_id").unwrap_or_default().to_owned();
    match added(&desk, &visitor, &template_id, &sent, true).await {
        Ok(done) => Ok(done.into_response()),
        Err(problem) => told(&visitor, &About::First, &sent, &problem),
    }
}

/// The form of a template's next version, which begins as the one that is asked for, else the newest that is in use.
pub(super) async fn next_form(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(template_id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let all = read(&desk, &visitor, &template_id).await?;
    let base = match asked.some("from") {
        Some(named) => all.iter().find(|known| known.number == named).ok_or_else(|| no_version(&template_id, named))?,
        None => newest_active(&all).unwrap_or(&all[0]),
    };
    let held = held(base).into_iter().filter(|(name, _)| *name != "template_version");
    let form = Form::holding(held.chain([("based_on", base.number.clone())]));
    Ok(page(&visitor, &About::Next { template_id: &template_id, name: name(&all[0], &template_id) }, &form, None))
}

/// Adds the next version, as a draft.
pub(super) async fn add_next(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(template_id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[
        "based_on",
        "template_version",
        "template_name",
        "category",
        "tags",
        "supported_industries",
        "configuration_schema",
        "default_configuration",
        "reason",
    ])?;
    let all = read(&desk, &visitor, &template_id).await?;
    match added(&desk, &visitor, &template_id, &sent, false).await {
        Ok(done) => Ok(done.into_response()),
        Err(problem) => {
            let about = About::Next { template_id: &template_id, name: name(&all[0], &template_id) };
            told(&visitor, &about, &sent, &problem)
        }
    }
}

async fn added(
    desk: &Desk,
    visitor: &Visitor,
    template_id: &str,
    sent: &Sent,
    is_first: bool,
) -> Result<Done, Problem> {
    let typed = Typed::read(sent, is_first)?;
    let new = NewVersion {
        template_version: sent.trimmed("template_version").unwrap_or_default().to_owned(),
        based_on: sent.trimmed("based_on").map(ToOwned::to_owned),
        template_name: Some(typed.name.unwrap_or_else(|| template_id.to_owned())),
        configuration_schema: Some(typed.schema),
        default_configuration: Some(typed.defaults),
        // The form shows the former one, so that an empty field takes it away.
        category: sent.get("category").map(|name| name.trim().to_owned()),
        tags: Some(typed.tags),
        supported_industries: Some(typed.industries),
        status: Start::Draft,
        reason: sent.trimmed("reason").map(ToOwned::to_owned),
    };
    let tx = visitor.begin(desk.console()).await?;
    if is_first && !versions(&tx, template_id).await?.is_empty() {
        let fault = Fault::at("/template_id", "unique", "there is a template of this id already");
        let fault = fault.mend("write its next version instead, or choose another id");
        return Err(Problem::faults("the template can't be added", vec![fault]));
    }
    let published = Box::pin(publish(&tx, desk.tools(), template_id, new)).await?;
    tx.commit().await?;
    Ok(Done::to(version_path(template_id, &published.template_version))
        .saying("Kept as a draft: no client reads it before it is published."))
}

/// The form of a draft.
pub(super) async fn form(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path((template_id, number)): Path<(String, String)>,
) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let all = read(&desk, &visitor, &template_id).await?;
    let version = draft(&all, &template_id, &number)?;
    let base = [("base", text(version, "updated_at").unwrap_or_default().to_owned())];
    let form = Form::holding(held(version).into_iter().filter(|(name, _)| *name != "template_version").chain(base));
    Ok(page(&visitor, &About::Draft { template_id: &template_id, version }, &form, None))
}

/// Writes a draft.
pub(super) async fn save(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path((template_id, number)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[
        "base",
        "template_name",
        "category",
        "tags",
        "supported_industries",
        "configuration_schema",
        "default_configuration",
        "reason",
    ])?;
    let all = read(&desk, &visitor, &template_id).await?;
    let version = draft(&all, &template_id, &number)?;
    let written = match Typed::read(&sent, false) {
        Ok(typed) => {
            let base = json!(sent.get("base").unwrap_or_default());
            let wanted = Wanted {
                base: Some(base),
                ..Wanted::row(ConfigTable::TemplateConfigurations, version.id, typed.columns())
            };
            let own = format!("edit the draft {number} of {template_id}");
            desk.write(&visitor, vec![wanted], sent.trimmed("reason").unwrap_or(&own)).await
        }
        Err(problem) => Err(problem),
    };
    match written {
        Ok(applied) => {
            let done = Done::to(version_path(&template_id, &number)).saying("The draft is saved.");
            let undo = applied.revision.map(|_| format!("/changes/{}/undo", applied.change_id));
            Ok(undo.into_iter().fold(done, Done::undo).into_response())
        }
        Err(problem) => told(&visitor, &About::Draft { template_id: &template_id, version }, &sent, &problem),
    }
}

async fn read(desk: &Desk, visitor: &Visitor, template_id: &str) -> Result<Vec<Version>, Problem> {
    let tx = visitor.snapshot(desk.console()).await?;
    found(versions(&tx, template_id).await?)
}

/// A version that may still be written.
fn draft<'a>(all: &'a [Version], template_id: &str, number: &str) -> Result<&'a Version, Problem> {
    let version = all.iter().find(|known| known.number == number).ok_or_else(|| no_version(template_id, number))?;
    match version.stage {
        Some(Stage::Draft) => Ok(version),
        _ => {
            Err(Problem::new(StatusCode::CONFLICT, format!("version {number} is no draft any more, and never changes"))
                .mend("write another version that begins as this one"))
        }
    }
}

fn name<'a>(version: &'a Version, template_id: &'a str) -> &'a str {
    text(version, "template_name").unwrap_or(template_id)
}

/// What stands in the fields of a version.
fn held(version: &Version) -> Vec<(&'static str, String)> {
    let of = |column: &str| text(version, column).unwrap_or_default().to_owned();
    let lines = |column: &str| texts(version, column).join("\n");
    let document = |column: &str| version.row.get(column).map(|value| format!("{value:#}")).unwrap_or_default();
    vec![
        ("template_version", version.number.clone()),
        ("template_name", of("template_name")),
        ("category", of("category")),
        ("tags", lines("tags")),
        ("supported_industries", lines("supported_industries")),
        ("configuration_schema", document("configuration_schema")),
        ("default_configuration", document("default_configuration")),
    ]
}

/// What a form says of a version.
struct Typed {
    name: Option<String>,
    category: Option<String>,
    tags: Vec<String>,
    industries: Vec<String>,
    schema: Value,
    defaults: Value,
}

impl Typed {
    /// Reads it; everything that can't be read is told at its field.
    fn read(sent: &Sent, is_first: bool) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        for (name, longest) in LONGEST {
            let length = sent.trimmed(name).map_or(0, |text| text.chars().count());
            if length > longest {
                let detail = format!("has {length} characters, and {longest} are kept");
                faults.push(Fault::at(format!("/{name}"), "length", detail).mend("shorten it"));
            }
        }
        if is_first && sent.trimmed("template_id").is_none() {
            let fault = Fault::at("/template_id", "required", "there is no id");
            faults.push(fault.mend("name the template as its app does, such as storefront"));
        }
        let [schema, defaults] = DOCUMENTS.map(|(name, _)| {
            serde_json::from_str(sent.get(name).unwrap_or_default()).unwrap_or_else(|error: serde_json::Error| {
                let detail = format!("this is no JSON: it breaks at line {}, column {}", error.line(), error.column());
                faults.push(
                    Fault::at(format!("/{name}"), "json", detail).mend("texts stand in double quotes, names too"),
                );
                Value::Null
            })
        });
        if !faults.is_empty() {
            return Err(Problem::faults("the version can't be kept", faults));
        }
        let text = |name: &str| sent.trimmed(name).map(ToOwned::to_owned);
        let lines = |name: &str| {
            let lines = sent.get(name).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(ToOwned::to_owned).collect()
        };
        Ok(Self {
            name: text("template_name"),
            category: text("category"),
            tags: lines("tags"),
            industries: lines("supported_industries"),
            schema,
            defaults,
        })
    }

    /// As columns of the version.
    fn columns(self) -> Map<String, Value> {
        let Self { name, category, tags, industries, schema, defaults } = self;
        let mut columns: Map<String, Value> = fields(&schema).into_iter().collect();
        columns.extend(name.map(|name| ("template_name".to_owned(), json!(name))));
        columns.extend([
            ("category".to_owned(), json!(category)),
            ("tags".to_owned(), json!(tags)),
            ("supported_industries".to_owned(), json!(industries)),
            ("configuration_schema".to_owned(), schema),
            ("default_configuration".to_owned(), defaults),
        ]);
        columns
    }
}

/// The form again, with what was typed and what is wrong with it; where somebody else wrote the draft, with both.
fn told(visitor: &Visitor, about: &About<'_>, sent: &Sent, problem: &Problem) -> Result<Response, Problem> {
    if !is_about_it(problem) {
        return Err(problem.clone());
    }
    let is_moved = problem.status == StatusCode::PRECONDITION_FAILED;
    let form = match about {
        // Sent once more, it is meant for the row as it is now, which stands beside it.
        About::Draft { version, .. } if is_moved => {
            let kept = sent.pairs().filter(|(name, _)| *name != "base");
            let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let base = ("base".to_owned(), text(version, "updated_at").unwrap_or_default().to_owned());
            Form::holding(kept.chain([base]))
        }
        _ => Form::of(sent).refused(&at_fields(problem.clone())),
    };
    let moved = match about {
        About::Draft { version, .. } if is_moved => Some(both(version, sent)),
        _ => None,
    };
    Ok(page(visitor, about, &form, moved).status(problem.status).into_response())
}

/// The same refusal with each fault at its field: what is wrong with defaults names a place within them.
fn at_fields(mut problem: Problem) -> Problem {
    for fault in &mut problem.errors {
        let pointer = fault.pointer.strip_prefix("/edits/0").unwrap_or(&fault.pointer);
        let pointer = pointer.strip_prefix("/columns").unwrap_or(pointer);
        let is_default = fault.layer.is_some();
        fault.pointer = if is_default { format!("/default_configuration{pointer}") } else { pointer.to_owned() };
    }
    problem
}

/// What somebody else wrote while the form was open, beside what was typed.
fn both(version: &Version, sent: &Sent) -> Markup {
    let theirs = held(version);
    let differing = theirs.iter().filter_map(|(name, theirs)| {
        let yours = sent.get(name)?.replace("\r\n", "\n");
        (yours.trim() != theirs.trim()).then_some((name, theirs, yours))
    });
    html! {
        section.card.moved role="alert" {
            div.card-header { h2.card-title { (icon(Icon::AlertTriangle)) "Somebody else was faster" } }
            div.card-body {
                p { "While this form was open, somebody else wrote the draft. Nothing of yours is lost: keep yours by sending the form once more, or change it to hold both." }
                @for (name, theirs, yours) in differing {
                    h3 { code { (name) } }
                    (side_by_side(("Theirs, now", theirs), ("Yours", &yours)))
                }
            }
        }
    }
}

fn page(visitor: &Visitor, about: &About<'_>, form: &Form, moved: Option<Markup>) -> Page {
    let (title, action, back) = match about {
        About::First => ("New template".to_owned(), "/templates/new".to_owned(), "/templates".to_owned()),
        About::Next { template_id, name } => {
            (format!("New version of {name}"), format!("{}/new", path(template_id)), path(template_id))
        }
        About::Draft { template_id, version } => {
            let own = version_path(template_id, &version.number);
            (format!("Edit draft {}", version.number), format!("{own}/edit"), own)
        }
    };
    let body = html! {
        @if let Some(moved) = moved { (moved) }
        form method="post" action=(action) {
            (form.summary())
            (card("Template", &about_it(about, form)))
            @for (name, label) in DOCUMENTS {
                (card(label, &html! { (field::json(form, name, label).required().rows(18).hint(hint(name))) }))
            }
            div.card {
                div.card-body { (field::text(form, "reason", "Reason").longest(2_000).hint("Stands in the version's history.")) }
                div.card-footer.form-buttons {
                    button.btn.btn-primary type="submit" { (icon(Icon::Check)) "Save the draft" }
                    a.btn href=(back) { "Cancel" }
                }
            }
        }
    };
    let page = Page::new(visitor, title).under(Nav::Templates).crumb("Templates", "/templates");
    let page = match about {
        About::First => page,
        About::Next { template_id, name } => page.crumb(*name, path(template_id)),
        About::Draft { template_id, version } => {
            page.crumb(name(version, template_id), path(template_id)).crumb(format!("Version {}", version.number), back)
        }
    };
    page.body(body)
}

fn about_it(about: &About<'_>, form: &Form) -> Markup {
    html! {
        div.fields {
            @if matches!(about, About::First) {
                (field::text(form, "template_id", "Id").required().longest(255).placeholder("storefront").hint("The same in all versions; apps and clients name the template by it."))
            }
            @if !matches!(about, About::Draft { .. }) {
                (field::text(form, "template_version", "Version").required().longest(50).placeholder("2.0.0").hint("A semantic version that the template doesn't have yet."))
            }
            (field::text(form, "template_name", "Name").longest(255))
            (field::text(form, "category", "Category").longest(100))
            (field::textarea(form, "tags", "Tags").rows(3).hint("One on each line."))
            (field::textarea(form, "supported_industries", "Industries").rows(3).hint("One on each line; none for all."))
        }
        @if !form.value("based_on").is_empty() { (field::hidden("based_on", form.value("based_on"))) }
        @if !form.value("base").is_empty() { (field::hidden("base", form.value("base"))) }
    }
}

fn hint(name: &str) -> &'static str {
    if name == "configuration_schema" {
        "JSON Schema 2020-12 of the document. Its defaults are the lowest layer; x-secret, x-locked, x-merge and x-env-name \
         say more of a key."
    } else {
        "Values of the template itself, above the defaults of the schema."
    }
}
