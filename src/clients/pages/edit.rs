use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, Render as _, html};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::KEEPERS;
use super::client::{absent, name, parse};
use crate::clients::actions::{self, Clash, Edited};
use crate::clients::fields::{self, FIELDS, Field, Kind, Section};
use crate::clients::store;
use crate::console::components::{Column, Table, field};
use crate::console::{Console, Done, Form, Nav, Page, Sent, Visitor, words};
use crate::db::policies::rules::Role;
use crate::problem::Problem;

/// Who may change some client or other.
const WRITERS: &[Role] = &[Role::Manager, Role::Admin, Role::SuperAdmin];

/// The field with what somebody saw when they began.
const SAW: &str = "saw";

/// The form of a client.
pub(super) async fn form(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(WRITERS)?;
    let id = parse(&id)?;
    let row = writable(&console, &visitor, id).await?;
    let form = Form::holding(Field::writable(visitor.is(KEEPERS)).map(|field| (field.name, field_text(field, &row))));
    Ok(page(&visitor, id, &row, &form, &saw(&visitor, &row), &html! {}))
}

/// Takes what was typed.
pub(super) async fn save(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(WRITERS)?;
    let (id, is_keeper) = (parse(&id)?, visitor.is(KEEPERS));
    sent.only_where(|name| name == SAW || Field::writable(is_keeper).any(|field| field.name == name))?;
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
    if visitor.is(KEEPERS) || store::is_managed(&tx, id).await? {
        return Ok(row);
    }
    Err(Problem::forbidden("you don't manage this client").mend("ask its manager or an administrator to do it"))
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
    html! {
        @for section in Section::ALL {
            fieldset.card {
                div.card-header { legend.card-title { (section.heading()) } }
                div.card-body.fields {
                    @for field in Field::writable(is_keeper).filter(|field| field.section == section) {
                        (control(field, form))
                    }
                }
            }
        }
    }
}

fn control(of: &Field, form: &Form) -> Markup {
    let Field { name, label, kind, .. } = *of;
    let field = match kind {
        Kind::Line(longest) => field::text(form, name, label).longest(longest),
        Kind::Email => field::email(form, name, label).longest(255),
        Kind::Lines => field::textarea(form, name, label),
        Kind::Day => field::date(form, name, label),
        Kind::Words => field::textarea(form, name, label).hint("One to a line."),
        Kind::Json => field::json(form, name, label).rows(5),
        Kind::OneOf(words) => {
            let none = (!of.is_required).then_some((String::new(), words::NONE.to_owned()));
            let words = words.iter().map(|word| ((*word).to_owned(), words::label(word)));
            field::select(form, name, label, none.into_iter().chain(words))
        }
    };
    if of.is_required { field.required().render() } else { field.render() }
}

fn buttons(save: &str, back: &str) -> Markup {
    html! {
        div.form-buttons.form-end {
            button.btn.btn-primary type="submit" { (save) }
            a.btn href=(back) { "Cancel" }
        }
    }
}

fn field_text(field: &Field, row: &Map<String, Value>) -> String {
    field.text(row.get(field.name).unwrap_or(&Value::Null))
}

/// What somebody sees of a client when they begin, for when they have done.
fn saw(visitor: &Visitor, row: &Map<String, Value>) -> String {
    let seen = Field::writable(visitor.is(KEEPERS))
        .map(|field| (field.name.to_owned(), row.get(field.name).cloned().unwrap_or(Value::Null)));
    Value::Object(seen.collect()).to_string()
}

/// What was typed, and in the fields that were left alone what others have written meanwhile.
fn merged(sent: &Sent, saw: &Map<String, Value>, row: &Map<String, Value>) -> Form {
    let now = FIELDS.iter().filter_map(|field| {
        let typed = sent.get(field.name)?;
        let is_left_alone = typed.replace("\r\n", "\n") == field_text(field, saw);
        Some((field.name, if is_left_alone { field_text(field, row) } else { typed.to_owned() }))
    });
    Form::holding(now)
}

/// What two people wrote into the same fields, beside each other.
fn both(clash: &Clash) -> Markup {
    let columns = [Column::new("Field"), Column::new("As it is now"), Column::new("What you wrote")];
    let mut table = Table::new("What both of you wrote", columns);
    for (field, is, wrote) in &clash.columns {
        let shown = |value: &Value| html! { span.typed { (field.text(value)) } };
        table = table.row([html! { (field.label) }, shown(is), shown(wrote)]);
    }
    html! {
        div.alert.alert-warning role="alert" {
            div {
                strong { "Somebody else has changed the same while you were writing. Nothing of yours is lost or saved yet." }
                p { "The fields below hold what you wrote: save it over theirs, or write theirs in first." }
                (table.render())
            }
        }
    }
}
