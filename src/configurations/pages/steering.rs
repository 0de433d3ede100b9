use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::html;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::store::{self, Listed};
use super::subject::Subject;
use super::value;
use crate::configurations::ConfigTable;
use crate::configurations::changes::{Desk, Wanted};
use crate::console::components::{Icon, field, icon};
use crate::console::{Done, Form, Page, Sent, Visitor, words};
use crate::problem::{Fault, Problem};

/// The form of a row that steers Tenantry itself: of such a row one changes the value and nothing else.
pub(super) async fn form(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(row_id): Path<Uuid>,
) -> Result<Page, Problem> {
    let row = read(&desk, &visitor, row_id).await?;
    let held = row.value.as_ref().map(|value| format!("{value:#}")).unwrap_or_default();
    let form = Form::holding([("value", held), ("base", row.version.to_string())]);
    Ok(page(&visitor, &row, &form))
}

/// Proposes the value, and leads to what that would do.
pub(super) async fn propose(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(row_id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    let row = read(&desk, &visitor, row_id).await?;
    sent.only(&["value", "base", "reason"])?;
    let proposed = match wanted(&row, &sent) {
        Ok(wanted) => desk.propose(&visitor, vec![wanted], sent.get("reason").unwrap_or_default()).await,
        Err(problem) => Err(problem),
    };
    match proposed {
        Ok(id) => Ok(Done::to(format!("/changes/{id}"))
            .saying("Proposed. Nothing is changed until it is applied.")
            .into_response()),
        Err(problem)
            if [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PRECONDITION_FAILED].contains(&problem.status) =>
        {
            // Sent once more, it is meant for the row as it is now, which stands beside it.
            let kept = ["value", "reason"].map(|name| (name.to_owned(), sent.get(name).unwrap_or_default().to_owned()));
            let form = Form::holding(kept.into_iter().chain([("base".to_owned(), row.version.to_string())]));
            let form = form.refused(&at_fields(problem.clone()));
            Ok(page(&visitor, &row, &form).status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn read(desk: &Desk, visitor: &Visitor, row_id: Uuid) -> Result<Listed, Problem> {
    visitor.has_to_be(Subject::Global.writers())?;
    let tx = visitor.snapshot(desk.console()).await?;
    let absent = || Problem::absent("no such row steers Tenantry").mend("look for it in the global configuration");
    store::system_row(&tx, row_id).await?.ok_or_else(absent)
}

fn wanted(row: &Listed, sent: &Sent) -> Result<Wanted, Problem> {
    let value: Value = serde_json::from_str(sent.get("value").unwrap_or_default()).map_err(|error| {
        let place = format!("this is no JSON (line {}, column {})", error.line(), error.column());
        let fault = Fault::at("/value", "json", place).mend("texts stand in double quotes, names too");
        Problem::faults("the value can't be read", vec![fault])
    })?;
    let base: i64 = sent.get("base").unwrap_or_default().parse().map_err(|_| {
        Problem::invalid("the form doesn't say which version of the row it is for").mend("load the page again")
    })?;
    let columns = Map::from_iter([("configuration_value".to_owned(), value)]);
    Ok(Wanted { base: Some(json!(base)), ..Wanted::row(ConfigTable::SystemConfigurations, row.id, columns) })
}

/// What is wrong with the value is told at its field, whatever the key.
fn at_fields(mut problem: Problem) -> Problem {
    for fault in problem.errors.iter_mut().filter(|fault| fault.pointer != "/reason") {
        "/value".clone_into(&mut fault.pointer);
    }
    problem
}

fn page(visitor: &Visitor, row: &Listed, form: &Form) -> Page {
    let body = html! {
        form.card.confirm method="post" action={ "/configuration/system/" (row.id) } {
            div.card-body {
                (form.summary())
                @if let Some(description) = &row.description { p { (description) } }
                p.text-secondary { "Now: " (value::value(row.value.as_ref())) }
                (field::json(form, "value", "Value").required().rows(8))
                (field::hidden("base", form.value("base")))
                (field::text(form, "reason", "Reason").required().longest(2_000).hint("Stands in the history of the value."))
            }
            div.card-footer.form-buttons {
                button.btn.btn-primary type="submit" { (icon(Icon::Check)) "Preview the change" }
                a.btn href=(Subject::Global.path()) { "Cancel" }
            }
        }
    };
    Subject::Global
        .page(visitor, format!("Edit {}", words::label(&row.key)), "")
        .crumb(Subject::Global.title(), Subject::Global.path())
        .subtitle(html! { "Steers Tenantry itself" })
        .body(body)
}
