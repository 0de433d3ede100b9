use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::html;

use super::one::path;
use crate::configurations::changes::Desk;
use crate::console::components::{Icon, empty, field};
use crate::console::{Done, Form, MANAGERS, OfClient, Page, Sent, Visitor};
use crate::customizations::{actions, store};
use crate::problem::{Fault, Problem};

/// What divides a template from its version.
const AT: char = '@';

/// The form of a design that isn't there yet.
pub(super) async fn form(State(desk): State<Desk>, visitor: Visitor, Path(id): Path<String>) -> Result<Page, Problem> {
    visitor.has_to_be(MANAGERS)?;
    page(&desk, &visitor, &id, &Form::empty()).await
}

/// Begins it as a draft.
pub(super) async fn begin(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["template"])?;
    let begun = async {
        let named = sent.trimmed("template").ok_or_else(|| {
            let fault = Fault::at("/template", "required", "no template is chosen").mend("choose one of the list");
            Problem::faults("the draft can't be begun like this", vec![fault])
        })?;
        let (template_id, version) = match named.split_once(AT) {
            Some((template_id, version)) => (template_id, Some(version)),
            None => (named, None),
        };
        let tx = visitor.begin(desk.console()).await?;
        let client = OfClient::find(&tx, &id).await?;
        visitor.has_to_write_for(&tx, client.id).await?;
        if !store::startable(&tx).await?.iter().any(|(known, ..)| known == template_id) {
            let fault =
                Fault::at("/template", "choice", "is no template that is in use").mend("choose one of the list");
            return Err(Problem::faults("the draft can't be begun like this", vec![fault]));
        }
        let draft = Box::pin(actions::begin(&tx, desk.tools(), client.id, template_id, version)).await?;
        tx.commit().await?;
        Ok(draft)
    };
    match Box::pin(begun).await {
        Ok(draft) => Ok(Done::to(format!("{}/edit", path(draft))).saying("A new draft.").into_response()),
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT, .. }) => {
            let form = Form::of(&sent).refused(&problem);
            Ok(page(&desk, &visitor, &id, &form).await?.status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn page(desk: &Desk, visitor: &Visitor, id: &str, form: &Form) -> Result<Page, Problem> {
    let tx = visitor.snapshot(desk.console()).await?;
    let client = OfClient::find(&tx, id).await?;
    visitor.has_to_write_for(&tx, client.id).await?;
    let startable = store::startable(&tx).await?;
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    for group in startable.chunk_by(|(a, ..), (b, ..)| a == b) {
        let (template_id, _, name) = &group[0];
        options.push((template_id.clone(), format!("{name}, newest version")));
        let pinned = group
            .iter()
            .map(|(template_id, version, name)| (format!("{template_id}{AT}{version}"), format!("{name} {version}")));
        options.extend(pinned);
    }
    let here = format!("/clients/{}/customizations", client.id);
    let body = html! {
        @if startable.is_empty() {
            div.card { (empty(Icon::Template, "No template is in use", "A design departs from a template, which an administrator publishes first.")) }
        } @else {
            form.card.confirm method="post" action={ (here) "/new" } {
                div.card-body {
                    (form.summary())
                    (field::select(form, "template", "Template", options).required()
                        .hint("A design of the newest version follows each version that is published; one of a version stays there until somebody brings it to another."))
                }
                div.card-footer.form-buttons {
                    button.btn.btn-primary type="submit" { "Begin a draft" }
                    a.btn href=(here) { "Cancel" }
                }
            }
        }
    };
    Ok(client.page(visitor, "New draft", "customizations", &body))
}
