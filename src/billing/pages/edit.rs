use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, Render as _, html};
use serde_json::{Map, Value};

use super::{Books, WRITERS};
use crate::billing::actions::{self, Saved, Typed, texts};
use crate::billing::fields::{FIELDS, NEW, SECRETS, SECTIONS, label};
use crate::billing::store;
use crate::console::components::field;
use crate::console::meeting::{self, SAW, Texts};
use crate::console::{Done, Form, OfClient, Page, Sent, Visitor, record};
use crate::problem::{Fault, Problem};

/// The longest secret that its column takes.
const LONGEST_SECRET: usize = 255;

/// The field that names secrets which are to be taken away.
const FORGET: &str = "forget";

/// The form of a client's account, or of one to open.
pub(super) async fn form(
    State(books): State<Books>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(WRITERS)?;
    let (client, row) = found(&books, &visitor, &id).await?;
    let saw = row.as_ref().map(texts).unwrap_or_default();
    let form = if row.is_some() { Form::holding(saw.clone()) } else { Form::holding(NEW) };
    Ok(page(&visitor, &client, row.as_ref(), &form, &saw, &html! {}))
}

/// Takes what was typed.
pub(super) async fn save(
    State(books): State<Books>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(WRITERS)?;
    sent.only_where(|name| {
        [SAW, FORGET].contains(&name) || names().any(|known| known == name) || secret(name).is_some()
    })?;
    let (client, row) = found(&books, &visitor, &id).await?;
    let typed = Typed { saw: meeting::seen(&sent), texts: meeting::typed(&sent, names()), secrets: secrets(&sent) };
    let written = match short_enough(&typed.secrets) {
        Ok(()) => write(&books, &visitor, &client, &typed).await,
        Err(problem) => Err(problem),
    };
    match written {
        Ok(Saved::Done) => {
            Ok(Done::to(format!("/clients/{}/billing", client.id)).saying("The account is saved.").into_response())
        }
        Ok(Saved::Met(met)) => {
            let now = row.as_ref().map(texts).unwrap_or_default();
            let notice = met.notice(label);
            Ok(page(&visitor, &client, row.as_ref(), &met.form(), &now, &notice)
                .status(StatusCode::CONFLICT)
                .into_response())
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&visitor, &client, row.as_ref(), &form, &typed.saw, &html! {})
                .status(problem.status)
                .into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn found(books: &Books, visitor: &Visitor, id: &str) -> Result<(OfClient, Option<Map<String, Value>>), Problem> {
    let tx = visitor.snapshot(&books.console).await?;
    let client = OfClient::find(&tx, id).await?;
    let row = store::row(&tx, client.id, true).await?;
    Ok((client, row))
}

async fn write(books: &Books, visitor: &Visitor, client: &OfClient, typed: &Typed) -> Result<Saved, Problem> {
    let tx = visitor.begin(&books.console).await?;
    let saved = actions::save(&tx, &books.keys, client.id, typed).await?;
    if saved == Saved::Done {
        tx.commit().await?;
    }
    Ok(saved)
}

fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name)
}

fn secret(name: &str) -> Option<&'static str> {
    SECRETS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// Refuses secrets that are longer than their columns take: what is sealed isn't counted there any more.
fn short_enough(secrets: &Map<String, Value>) -> Result<(), Problem> {
    let long = secrets.iter().filter_map(|(name, value)| {
        let length = value.as_str().map_or(0, |text| text.chars().count());
        let said = format!("has {length} characters, of which there may be {LONGEST_SECRET}");
        (length > LONGEST_SECRET).then(|| Fault::at(format!("/{name}"), "length", said))
    });
    let faults: Vec<Fault> = long.collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::faults("the account can't be saved like this", faults)) }
}

/// Secrets that were typed, and those that are to be taken away.
fn secrets(sent: &Sent) -> Map<String, Value> {
    let forgotten = sent.all(FORGET).filter_map(secret).map(|name| (name.to_owned(), Value::Null));
    let typed = SECRETS.iter().filter_map(|(name, _)| Some(((*name).to_owned(), Value::from(sent.trimmed(name)?))));
    forgotten.chain(typed).collect()
}

fn page(
    visitor: &Visitor,
    client: &OfClient,
    row: Option<&Map<String, Value>>,
    form: &Form,
    saw: &Texts,
    notice: &Markup,
) -> Page {
    let here = format!("/clients/{}/billing", client.id);
    let (title, save) =
        if row.is_some() { ("Edit the account", "Save") } else { ("Open an account", "Open the account") };
    let body = html! {
        (notice)
        form method="post" action={ (here) "/edit" } {
            (form.summary())
            (meeting::saw(saw))
            @for heading in SECTIONS { (record::section(heading, FIELDS, form)) }
            (secret_fields(row, form))
            div.form-buttons.form-end {
                button.btn.btn-primary type="submit" { (save) }
                a.btn href=(here) { "Cancel" }
            }
        }
    };
    client.page(visitor, title, "billing", &body)
}

/// Fields for what is sealed: what is there isn't shown, and stays where nothing is typed.
fn secret_fields(row: Option<&Map<String, Value>>, form: &Form) -> Markup {
    let is_there = |name: &str| row.and_then(|row| row.get(name)).is_some_and(|value| !value.is_null());
    html! {
        fieldset.card {
            div.card-header { legend.card-title { "Secrets" } }
            div.card-body.fields {
                @for (name, label) in SECRETS {
                    @let typed = field::text(form, name, label).longest(LONGEST_SECRET);
                    @if is_there(name) {
                        (typed.hint("There is one, which stays where nothing is typed.").render())
                        label.form-check {
                            input.form-check-input type="checkbox" name=(FORGET) value=(name);
                            span.form-check-label { "Take away: " (label) }
                        }
                    } @else {
                        (typed.hint("Sealed when it is saved.").render())
                    }
                }
            }
        }
    }
}
