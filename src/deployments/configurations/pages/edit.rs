use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use uuid::Uuid;

use super::one::{parse, path};
use crate::configurations::changes::Desk;
use crate::configurations::pages::value;
use crate::console::components::field;
use crate::console::meeting::{self, SAW, Texts};
use crate::console::{Done, Form, MANAGERS, Nav, Page, Sent, Visitor, record, words};
use crate::deployments::configurations::actions::{self, Edited, variables_of};
use crate::deployments::configurations::fields::{FIELDS, SECTIONS};
use crate::deployments::configurations::types::Whole;
use crate::deployments::configurations::variables::{self, FIELD, NEW_NAME, NEW_VALUE, Secrets};
use crate::problem::Problem;

/// What the fields of a secret begin with: another value, and that it goes.
const SET: &str = "secret/";
const DROP: &str = "drop/";

/// The form of one.
pub(super) async fn form(State(desk): State<Desk>, visitor: Visitor, Path(id): Path<String>) -> Result<Page, Problem> {
    visitor.has_to_be(MANAGERS)?;
    let whole = writable(&desk, &visitor, parse(&id)?).await?;
    let texts = actions::texts(&whole);
    Ok(page(&visitor, &whole, &Form::holding(texts.clone()), &texts, &html! {}))
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
    sent.only_where(|name| {
        [SAW, FIELD, NEW_NAME, NEW_VALUE].contains(&name)
            || name.starts_with(SET)
            || name.starts_with(DROP)
            || FIELDS.iter().any(|field| field.name == name)
    })?;
    let names = FIELDS.iter().map(|field| field.name).chain([FIELD]);
    let (saw, typed, secrets) = (meeting::seen(&sent), meeting::typed(&sent, names), secrets(&sent));
    let written = async {
        let tx = visitor.begin(desk.console()).await?;
        let edited = actions::edit(&tx, desk.tools(), &visitor, id, (&saw, &typed), &secrets).await?;
        if edited == Edited::Done {
            tx.commit().await?;
        }
        Ok(edited)
    };
    let again = async |form: Form, saw: Option<&Texts>, notice: Markup, status| -> Result<Response, Problem> {
        let whole = writable(&desk, &visitor, id).await?;
        let now = actions::texts(&whole);
        Ok(page(&visitor, &whole, &form, saw.unwrap_or(&now), &notice).status(status).into_response())
    };
    match Box::pin(written).await {
        Ok(Edited::Done) => Ok(Done::to(path(id)).saying("The deployment configuration is saved.").into_response()),
        Ok(Edited::Met(met)) => again(met.form(), None, met.notice(label), StatusCode::CONFLICT).await,
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PRECONDITION_FAILED, .. }) => {
            let status = problem.status;
            again(open(&sent).refused(&actions::at_fields(problem)), Some(&saw), html! {}, status).await
        }
        Err(problem) => Err(problem),
    }
}

/// What somebody does with secrets.
fn secrets(sent: &Sent) -> Secrets {
    let set = sent.pairs().filter_map(|(name, value)| Some((name.strip_prefix(SET)?, value)));
    let set = set.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let dropped = sent.pairs().filter_map(|(name, _)| name.strip_prefix(DROP)).map(ToOwned::to_owned);
    let new = sent.trimmed(NEW_NAME).map(|name| (name.to_owned(), sent.get(NEW_VALUE).unwrap_or_default().to_owned()));
    Secrets { set: set.collect(), dropped: dropped.collect(), new }
}

/// What was typed, but secrets: they are typed anew.
fn open(sent: &Sent) -> Form {
    Form::holding(sent.pairs().filter(|(name, _)| !name.starts_with(SET) && *name != NEW_VALUE))
}

/// One, for somebody who may write it.
async fn writable(desk: &Desk, visitor: &Visitor, id: Uuid) -> Result<Whole, Problem> {
    let tx = visitor.snapshot(desk.console()).await?;
    let whole = actions::found(&tx, visitor, id).await?;
    visitor.has_to_write_for(&tx, whole.about.client_id).await?;
    Ok(whole)
}

/// What a field is called.
fn label(name: &str) -> &'static str {
    FIELDS.iter().find(|field| field.name == name).map_or("Variables", |field| field.label)
}

fn page(visitor: &Visitor, of: &Whole, form: &Form, saw: &Texts, notice: &Markup) -> Page {
    let about = &of.about;
    let here = path(about.id);
    let body = html! {
        (notice)
        @if about.revision.is_some() {
            div.alert.alert-info role="status" { div { "It is in force as it was applied. An edit makes a draft of it, and changes nothing that runs until it is applied again." } }
        }
        form method="post" action={ (here) "/edit" } {
            (form.summary())
            (meeting::saw(saw))
            (record::section(SECTIONS[0], FIELDS, form))
            (variables_section(of, form))
            @for section in &SECTIONS[1..] { (record::section(section, FIELDS, form)) }
            div.form-buttons.form-end {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn href=(here) { "Cancel" }
            }
        }
    };
    Page::new(visitor, format!("Edit {}", about.name))
        .under(Nav::DeploymentConfigurations)
        .crumb("Deployment configurations", "/deployment-configurations")
        .crumb(about.name.clone(), here)
        .subtitle(html! { (about.client) " · " (words::label(&about.environment)) })
        .body(body)
}

fn variables_section(of: &Whole, form: &Form) -> Markup {
    let all = variables_of(of);
    html! {
        fieldset.card {
            div.card-header { legend.card-title { "Variables" } }
            div.card-body {
                (field::textarea(form, FIELD, "Variables").rows(6)
                    .hint("One to a line, as NAME=value. What looks like a secret by its name or form is sealed as one."))
                @for name in variables::secrets(&all) { (secret(form, name)) }
                div.fields {
                    (field::text(form, NEW_NAME, "Another secret").longest(255).placeholder("API_KEY"))
                    (field::password(form, NEW_VALUE, "Its value").autocomplete("off").hint("Sealed, and shown to nobody but by revealing it for a reason."))
                }
            }
        }
    }
}

fn secret(form: &Form, name: &str) -> Markup {
    let (set, drop, label) = (format!("{SET}{name}"), format!("{DROP}{name}"), format!("Secret {name}"));
    html! {
        div.slot.is-set {
            (field::password(form, &set, &label).autocomplete("off").hint(html! { (value::secret()) " Leave it empty to keep what is there." }))
            div.slot-ways { (field::checkbox(form, &drop, "Take it away")) }
        }
    }
}
