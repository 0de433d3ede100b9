use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use uuid::Uuid;

use super::one::{parse, path};
use crate::console::meeting::{self, SAW, Texts};
use crate::console::{Console, Done, Form, Nav, Page, Sent, Visitor, record};
use crate::deployments::templates::actions::{self, Edited, KEEPERS};
use crate::deployments::templates::fields::{FIELDS, SECTIONS};
use crate::deployments::templates::types::Whole;
use crate::problem::Problem;

/// The form of one.
pub(super) async fn form(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let of = found(&console, &visitor, parse(&id)?).await?;
    let texts = actions::texts(&of.row);
    Ok(page(&visitor, &of, &Form::holding(texts.clone()), &texts, &html! {}))
}

/// Takes what was typed.
pub(super) async fn save(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only_where(|name| name == SAW || FIELDS.iter().any(|field| field.name == name))?;
    let id = parse(&id)?;
    let (saw, typed) = (meeting::seen(&sent), typed(&sent));
    let written = async {
        let tx = visitor.begin(&console).await?;
        let edited = actions::edit(&tx, id, &saw, &typed).await?;
        if edited == Edited::Done {
            tx.commit().await?;
        }
        Ok(edited)
    };
    match written.await {
        Ok(Edited::Done) => Ok(Done::to(path(id)).saying("The deployment template is saved.").into_response()),
        Ok(Edited::Met(met)) => {
            let of = found(&console, &visitor, id).await?;
            let (now, notice) = (actions::texts(&of.row), met.notice(label));
            Ok(page(&visitor, &of, &met.form(), &now, &notice).status(StatusCode::CONFLICT).into_response())
        }
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY, .. }) => {
            let of = found(&console, &visitor, id).await?;
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&visitor, &of, &form, &saw, &html! {}).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The form of one that isn't there yet.
pub(super) async fn new_form(visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let usual = [
        ("template_type", "basic"),
        ("status", "active"),
        ("supported_environments", "production\nstaging\ndevelopment"),
        ("default_environment", "production"),
        ("default_provider", "vercel"),
    ];
    Ok(new_page(&visitor, &Form::holding(usual)))
}

/// Adds one.
pub(super) async fn add(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only_where(|name| FIELDS.iter().any(|field| field.name == name))?;
    let all: Texts = FIELDS.iter().map(|field| (field.name.to_owned(), String::new())).chain(typed(&sent)).collect();
    let added = async {
        let tx = visitor.begin(&console).await?;
        let id = actions::add(&tx, &all).await?;
        tx.commit().await?;
        Ok(id)
    };
    match added.await {
        Ok(id) => Ok(Done::to(path(id)).saying("The deployment template is added.").into_response()),
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY, .. }) => {
            Ok(new_page(&visitor, &Form::of(&sent).refused(&problem)).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

fn typed(sent: &Sent) -> Texts {
    meeting::typed(sent, FIELDS.iter().map(|field| field.name))
}

async fn found(console: &Console, visitor: &Visitor, id: Uuid) -> Result<Whole, Problem> {
    let tx = visitor.snapshot(console).await?;
    actions::found(&tx, id).await
}

/// What a field is called.
fn label(name: &str) -> &'static str {
    FIELDS.iter().find(|field| field.name == name).map_or("", |field| field.label)
}

fn page(visitor: &Visitor, of: &Whole, form: &Form, saw: &Texts, notice: &Markup) -> Page {
    let here = path(of.about.id);
    let body = html! {
        (notice)
        form method="post" action={ (here) "/edit" } {
            (form.summary())
            (meeting::saw(saw))
            (sections(form))
            (buttons("Save", &here))
        }
    };
    Page::new(visitor, format!("Edit {}", of.about.name))
        .under(Nav::DeploymentTemplates)
        .crumb("Deployment templates", "/deployment-templates")
        .crumb(of.about.name.clone(), here)
        .body(body)
}

fn new_page(visitor: &Visitor, form: &Form) -> Page {
    let body = html! {
        form method="post" action="/deployment-templates/new" {
            (form.summary())
            (sections(form))
            (buttons("Add it", "/deployment-templates"))
        }
    };
    Page::new(visitor, "New deployment template")
        .under(Nav::DeploymentTemplates)
        .crumb("Deployment templates", "/deployment-templates")
        .body(body)
}

fn sections(form: &Form) -> Markup {
    html! { @for section in SECTIONS { (record::section(section, FIELDS, form)) } }
}

fn buttons(save: &str, back: &str) -> Markup {
    html! {
        div.form-buttons.form-end {
            button.btn.btn-primary type="submit" { (save) }
            a.btn href=(back) { "Cancel" }
        }
    }
}
