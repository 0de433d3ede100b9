use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::html;
use uuid::Uuid;

use super::one::path;
use crate::configurations::changes::Desk;
use crate::console::components::field;
use crate::console::{Done, Form, MANAGERS, OfClient, Page, Sent, Visitor, words};
use crate::deployments::configurations::actions::{self, New};
use crate::deployments::configurations::store;
use crate::deployments::configurations::types::ENVIRONMENTS;
use crate::problem::{Fault, Problem};

/// The form of one that isn't there yet.
pub(super) async fn form(State(desk): State<Desk>, visitor: Visitor, Path(id): Path<String>) -> Result<Page, Problem> {
    visitor.has_to_be(MANAGERS)?;
    page(&desk, &visitor, &id, &Form::holding([("environment", "production")])).await
}

/// Begins it as a draft.
pub(super) async fn begin(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["deployment_name", "environment", "template", "deployment", "deployment_template"])?;
    let begun = async {
        let text = |name| sent.trimmed(name).unwrap_or_default().to_owned();
        let new = New {
            name: text("deployment_name"),
            environment: text("environment"),
            template_id: sent.trimmed("template").map(ToOwned::to_owned),
            deployment: key(&sent, "deployment")?,
            kind: key(&sent, "deployment_template")?,
        };
        let tx = visitor.begin(desk.console()).await?;
        let client = OfClient::find(&tx, &id).await?;
        visitor.has_to_write_for(&tx, client.id).await?;
        let one = Box::pin(actions::begin(&tx, desk.tools(), client.id, &new)).await?;
        tx.commit().await?;
        Ok(one)
    };
    match Box::pin(begun).await {
        Ok(one) => Ok(Done::to(format!("{}/edit", path(one))).saying("A new draft.").into_response()),
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT, .. }) => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&desk, &visitor, &id, &form).await?.status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

fn key(sent: &Sent, name: &str) -> Result<Option<Uuid>, Problem> {
    let unknown = |_| {
        let fault = Fault::at(format!("/{name}"), "choice", "is none of the choices").mend("choose one of the list");
        Problem::faults("it can't be begun like this", vec![fault])
    };
    sent.trimmed(name).map(str::parse).transpose().map_err(unknown)
}

async fn page(desk: &Desk, visitor: &Visitor, id: &str, form: &Form) -> Result<Page, Problem> {
    let tx = visitor.snapshot(desk.console()).await?;
    let client = OfClient::find(&tx, id).await?;
    visitor.has_to_write_for(&tx, client.id).await?;
    let choices = store::choices(&tx, client.id).await?;
    let none = |label: &str| [(String::new(), label.to_owned())].into_iter();
    let keyed = |all: Vec<(Uuid, String)>| all.into_iter().map(|(id, name)| (id.to_string(), name));
    let environments = ENVIRONMENTS.map(|word| (word, words::label(word)));
    let templates = none("None").chain(choices.templates.into_iter().map(|id| (id.clone(), id)));
    let here = format!("/clients/{}/deployment-configurations", client.id);
    let body = html! {
        form.card.confirm method="post" action={ (here) "/new" } {
            div.card-body {
                (form.summary())
                (field::text(form, "deployment_name", "Name").required().focused().longest(255)
                    .hint("Unique for the client in its environment."))
                (field::select(form, "environment", "Environment", environments).required())
                (field::select(form, "template", "Template", templates)
                    .hint("The app whose documents it is part of, once it is applied."))
                (field::select(form, "deployment_template", "Made from", none("Nothing").chain(keyed(choices.kinds)))
                    .hint("Host, region and scaling are taken from there."))
                (field::select(form, "deployment", "For the deployment", none("None in particular").chain(keyed(choices.deployments))))
            }
            div.card-footer.form-buttons {
                button.btn.btn-primary type="submit" { "Begin a draft" }
                a.btn href=(here) { "Cancel" }
            }
        }
    };
    Ok(client.page(visitor, "New deployment configuration", "deployments", &body))
}
