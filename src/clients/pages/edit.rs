use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::KEEPERS;
use super::client::{absent, name, parse};
use crate::clients::actions::{self, Clash, Edited};
use crate::clients::fields::{self, FIELDS, SECTIONS};
use crate::clients::store;
use crate::console::components::field;
use crate::console::meeting::{self, SAW};
use crate::console::{Console, Done, Form, MANAGERS, Nav, Page, Sent, Visitor, record};
use crate::problem::Problem;

/// The form of a client.
pub(super) async fn form(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(MANAGERS)?;
    let id = parse(&id)?;
    let row = writable(&console, &visitor, id).await?;
    let form = Form::holding(fields::writable(visitor.is(KEEPERS)).map(|field| (field.name, field.text_in(&row))));
    Ok(page(&visitor, id, &row, &form, &saw(&visitor, &row), &html! {}))
}

/// Takes what was typed.
pub(super) async fn save(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(MANAGERS)?;
    let (id, is_keeper) = (parse(&id)?, visitor.is(KEEPERS));
    sent.only_where(|name| name == SAW || fields::writable(is_keeper).any(|field| field.name == name))?;
    let saw = sent.get(SAW).unwrap_or_default();
    let seen: Map<String, Value> = serde_json::from_str(saw).unwrap_or_default();
    let written = match fields::parse(is_keeper, |name| sent.get(name)) {
        Ok(typed) => write(&console, &visitor, id, &seen, &typed).await,
        Err(problem) => Err(problem),
    };
    let again = async |form: Form, saw: &str, notice: Markup, status| -> Result<Response<Body>, Problem> {
        let row = writable(&console, &visitor, id).await?;
        Ok(page(&visitor, id, &row, &form, saw, &notice).status(status).into_response())
    };
    match written {
        Ok(Edited::Done) => Ok(Done::to(format!("/clients/{id}")).saying("The client is saved.").into_response()),
        Ok(Edited::Clashes(clash)) => {
            let row = writable(&console, &visitor, id).await?;
            let now = self::saw(&visitor, &row);
            again(merged(&sent, &seen, &row), &now, both(&clash), StatusCode::CONFLICT).await
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            again(Form::of(&sent).refused(&problem), saw, html! {}, problem.status).await
        }
        Err(problem) => Err(problem),
    }
}

async fn write(
    console: &Console,
    visitor: &Visitor,
    id: Uuid,
    saw: &Map<String, Value>,
    typed: &Map<String, Value>,
) -> Result<Edited, Problem> {
    let tx = visitor.begin(console).await?;
    let edited = actions::edit(&tx, id, saw, typed).await?;
    if edited == Edited::Done {
        tx.commit().await?;
    }
    Ok(edited)
}

/// The client, for somebody who may write it.
async fn writable(console: &Console, visitor: &Visitor, id: Uuid) -> Result<Map<String, Value>, Problem> {
    let tx = visitor.snapshot(console).await?;
    let row = store::row(&tx, id).await?.ok_or_else(absent)?;
    visitor.has_to_write_for(&tx, id).await?;
    Ok(row)
}

/// The form of a client that isn't there yet.
pub(super) async fn new_form(visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let form = Form::holding([("status", "active"), ("tier", "standard")]);
    Ok(new_page(&visitor, &form))
}

/// Adds a client.
pub(super) async fn add(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only_where(|name| FIELDS.iter().any(|field| field.name == name))?;
    let added = async {
        let typed = fields::parse(true, |name| Some(sent.get(name).unwrap_or_default()))?;
        let tx = visitor.begin(&console).await?;
        let id = actions::add(&tx, &typed).await?;
        tx.commit().await?;
        Ok(id)
    };
    match added.await {
        Ok(id) => Ok(Done::to(format!("/clients/{id}")).saying("The client is added.").into_response()),
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY, .. }) => {
            Ok(new_page(&visitor, &Form::of(&sent).refused(&problem)).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

fn new_page(visitor: &Visitor, form: &Form) -> Page {
    let body = html! {
        form method="post" action="/clients/new" {
            (form.summary())
            (sections(true, form))
            (buttons("Add the client", "/clients"))
        }
    };
    Page::new(visitor, "New client").under(Nav::Clients).crumb("Clients", "/clients").body(body)
}

fn page(visitor: &Visitor, id: Uuid, row: &Map<String, Value>, form: &Form, saw: &str, notice: &Markup) -> Page {
    let overview = format!("/clients/{id}");
    let body = html! {
        (notice)
        form method="post" action={ (overview) "/edit" } {
            (form.summary())
            (field::hidden(SAW, saw))
            (sections(visitor.is(KEEPERS), form))
            (buttons("Save", &overview))
        }
    };
    Page::new(visitor, "Edit").under(Nav::Clients).crumb("Clients", "/clients").crumb(name(row), overview).body(body)
}

fn sections(is_keeper: bool, form: &Form) -> Markup {
    html! { @for section in SECTIONS { (record::section(section, fields::writable(is_keeper), form)) } }
}

fn buttons(save: &str, back: &str) -> Markup {
    html! {
        div.form-buttons.form-end {
            button.btn.btn-primary type="submit" { (save) }
            a.btn href=(back) { "Cancel" }
        }
    }
}

/// What somebody sees of a client when they begin, for when they have done.
fn saw(visitor: &Visitor, row: &Map<String, Value>) -> String {
    let seen = fields::writable(visitor.is(KEEPERS))
        .map(|field| (field.name.to_owned(), row.get(field.name).cloned().unwrap_or(Value::Null)));
    Value::Object(seen.collect()).to_string()
}

/// What was typed, and in the fields that were left alone what others have written meanwhile.
fn merged(sent: &Sent, saw: &Map<String, Value>, row: &Map<String, Value>) -> Form {
    let now = FIELDS.iter().filter_map(|field| {
        let typed = sent.get(field.name)?;
        let is_left_alone = typed.replace("\r\n", "\n") == field.text_in(saw);
        Some((field.name, if is_left_alone { field.text_in(row) } else { typed.to_owned() }))
    });
    Form::holding(now)
}

/// What two people wrote into the same fields, beside each other.
fn both(clash: &Clash) -> Markup {
    meeting::both(clash.columns.iter().map(|(field, is, wrote)| (field.label, field.text(is), field.text(wrote))))
}
