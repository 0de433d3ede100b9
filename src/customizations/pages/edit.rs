use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use layers::Key;
use maud::{Markup, Render as _, html};
use uuid::Uuid;

use super::one::{parse, path};
use crate::configurations::changes::Desk;
use crate::configurations::kind::Kind;
use crate::configurations::pages::value;
use crate::console::components::field::{self, Field};
use crate::console::components::{Icon, icon};
use crate::console::list::Asked;
use crate::console::meeting::{self, SAW, Texts};
use crate::console::{Done, Form, MANAGERS, Nav, Page, Sent, Visitor, record};
use crate::customizations::actions::{self, Edited};
use crate::customizations::draft::{BESIDES, CONFIG, Draft, FIELDS, Slot};
use crate::customizations::types::Whole;
use crate::problem::Problem;

/// The form of a draft.
pub(super) async fn form(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(MANAGERS)?;
    let id = parse(&id)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let whole = writable(&desk, &visitor, id).await?;
    let draft = Draft::read(&tx, &whole, asked.get("as") == "json").await?;
    let texts = draft.texts();
    Ok(page(&visitor, &draft, &Form::holding(texts.clone()), &texts, &html! {}))
}

/// Takes what was typed.
pub(super) async fn save(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    let id = parse(&id)?;
    let is_json = sent.get(CONFIG).is_some();
    let whole = writable(&desk, &visitor, id).await?;
    let tx = visitor.snapshot(desk.console()).await?;
    let draft = Draft::read(&tx, &whole, is_json).await?;
    drop(tx);
    let names = draft.names();
    sent.only_where(|name| name == SAW || names.iter().any(|known| known == name))?;
    let (saw, typed) = (meeting::seen(&sent), meeting::typed(&sent, names.iter().map(String::as_str)));
    let written = async {
        let tx = visitor.begin(desk.console()).await?;
        let edited = actions::edit(&tx, desk.tools(), &visitor, id, (&saw, &typed), is_json).await?;
        if edited == Edited::Done {
            tx.commit().await?;
        }
        Ok(edited)
    };
    match Box::pin(written).await {
        Ok(Edited::Done) => Ok(Done::to(path(id)).saying("The draft is saved.").into_response()),
        Ok(Edited::Met(met)) => {
            let notice = meeting::both(
                met.clashes.iter().map(|clash| (draft.label(&clash.name), clash.now.clone(), clash.typed.clone())),
            );
            let form = without_secrets(&draft, &met.form());
            Ok(page(&visitor, &draft, &form, &draft.texts(), &notice).status(StatusCode::CONFLICT).into_response())
        }
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PRECONDITION_FAILED, .. }) => {
            let status = problem.status;
            let form = without_secrets(&draft, &Form::of(&sent)).refused(&draft.at_fields(problem));
            Ok(page(&visitor, &draft, &form, &saw, &html! {}).status(status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The draft, for somebody who may write it.
async fn writable(desk: &Desk, visitor: &Visitor, id: Uuid) -> Result<Whole, Problem> {
    let tx = visitor.snapshot(desk.console()).await?;
    let whole = actions::found(&tx, id).await?;
    visitor.has_to_write_for(&tx, whole.about.client_id).await?;
    if whole.about.status == "draft" {
        return Ok(whole);
    }
    Err(Problem::new(StatusCode::CONFLICT, "only a draft's content is written, and this is no draft any more")
        .mend("begin a new version from it, on its page"))
}

/// A form in which nothing stands that may be secret: it is typed anew.
fn without_secrets(draft: &Draft<'_>, form: &Form) -> Form {
    let is_secret = |name: &str| draft.slots.iter().any(|slot| slot.about.is_secret && slot.name() == name);
    let names = draft.names();
    let open = names.iter().filter(|name| !is_secret(name));
    Form::holding(open.map(|name| (name.clone(), form.value(name).to_owned())))
}

fn page(visitor: &Visitor, draft: &Draft<'_>, form: &Form, saw: &Texts, notice: &Markup) -> Page {
    let about = &draft.of.about;
    let here = path(about.id);
    let body = html! {
        (notice)
        form method="post" action={ (here) "/edit" } {
            (form.summary())
            (meeting::saw(saw))
            @if draft.is_json { (as_json(form, &here, draft)) } @else { (sections(form, &here, draft)) }
            (record::section(BESIDES, FIELDS, form))
            div.form-buttons.form-end {
                button.btn.btn-primary type="submit" { "Save the draft" }
                a.btn href=(here) { "Cancel" }
            }
        }
    };
    Page::new(visitor, format!("Edit {}", about.name().to_lowercase()))
        .under(Nav::Customizations)
        .crumb("Customizations", "/customizations")
        .crumb(format!("{} for {}", about.name(), about.template_id), here)
        .subtitle(html! { (about.client) " · " (about.template()) })
        .body(body)
}

fn as_json(form: &Form, here: &str, draft: &Draft<'_>) -> Markup {
    html! {
        fieldset.card {
            div.card-header {
                legend.card-title { "Values" }
                @if draft.said.is_some() {
                    div.card-actions { a.btn.btn-sm href={ (here) "/edit" } { (icon(Icon::List)) "As a form" } }
                }
            }
            div.card-body {
                (field::json(form, CONFIG, "Values").rows(24)
                    .hint("What isn't said here is as the template has it. {\"$removed\": true} hides what the template says."))
            }
        }
    }
}

/// The fields by the first names of their keys.
fn sections(form: &Form, here: &str, draft: &Draft<'_>) -> Markup {
    let first = |slot: &Slot| slot.key.segments().first().map(ToString::to_string).unwrap_or_default();
    let groups = draft.slots.chunk_by(|a, b| first(a) == first(b));
    html! {
        @for (place, group) in groups.enumerate() {
            fieldset.card {
                div.card-header {
                    legend.card-title { (first(&group[0])) }
                    @if place == 0 {
                        div.card-actions { a.btn.btn-sm href={ (here) "/edit?as=json" } { (icon(Icon::Code)) "As JSON" } }
                    }
                }
                div.card-body.fields { @for slot in group { (one(form, slot)) } }
            }
        }
    }
}

fn one(form: &Form, slot: &Slot) -> Markup {
    let (name, label) = (slot.name(), label(slot));
    control(form, slot, &name, &label).hint(hint(slot)).render()
}

fn control<'a>(form: &'a Form, slot: &'a Slot, name: &'a str, label: &'a str) -> Field<'a> {
    if slot.about.is_secret {
        return field::password(form, name, label).autocomplete("off");
    }
    let none = [(String::new(), "As the template".to_owned())];
    match &slot.about.kind {
        Kind::Text { longest } => {
            let field = field::text(form, name, label);
            match longest.and_then(|longest| usize::try_from(longest).ok()) {
                Some(longest) if form.value(name).chars().count() <= longest => field.longest(longest),
                _ => field,
            }
        }
        Kind::Number { is_whole } => field::number(form, name, label, if *is_whole { "1" } else { "any" }),
        Kind::Flag => {
            let options = [("true".to_owned(), "Yes".to_owned()), ("false".to_owned(), "No".to_owned())];
            field::select(form, name, label, none.into_iter().chain(options))
        }
        Kind::OneOf(values) => {
            let told = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            let options = values.iter().map(|value| (value.to_string(), told(value)));
            field::select(form, name, label, none.into_iter().chain(options))
        }
        Kind::Json => field::json(form, name, label).rows(4),
    }
}

/// The key as far as the section's heading doesn't say it, or what the schema calls it.
fn label(slot: &Slot) -> String {
    let inner = Key::of(slot.key.segments().iter().skip(1).map(AsRef::as_ref));
    let inner = if inner.is_root() { slot.key.to_string() } else { inner.to_string() };
    slot.about.title.as_ref().map_or_else(|| inner.clone(), |title| format!("{inner} ({title})"))
}

/// What it is for, its bounds, and what stands there without it.
fn hint(slot: &Slot) -> Markup {
    let about = &slot.about;
    html! {
        @if let Some(description) = &about.description { span { (description) ". " } }
        @if !about.bounds.is_empty() { span { (about.bounds.join("; ")) ". " } }
        @if about.is_secret { span { "Leave it empty to keep what is there. " } }
        @match &slot.default {
            Some(default) => span { "Template: " (value::value(Some(default))) },
            None if about.is_required => span { "The template says nothing, and the app needs it." },
            None => span { "The template says nothing." },
        }
    }
}
