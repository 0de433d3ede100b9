use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;
use axum::response::IntoResponse as _;
use maud::html;

use super::one::{parse, path};
use crate::console::components::Confirm;
use crate::console::{Console, Done, Nav, Page, Sent, Visitor, words};
use crate::deployments::templates::actions::{self, KEEPERS};
use crate::problem::Problem;

/// Asks again before one is taken away.
pub(super) async fn confirm(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let id = parse(&id)?;
    let tx = visitor.snapshot(&console).await?;
    let of = actions::found(&tx, id).await?;
    let what = html! {
        p { "“" (of.about.name) "” goes. This can't be taken back." }
        p { "It was used by " (words::count(of.about.uses.into(), "deployment", "deployments")) ", which stay and don't name it any more. "
            "To offer it to nobody, deprecate it instead." }
    };
    let confirm = Confirm::new(format!("{}/remove", path(id)), "Remove it", path(id)).dangerous().what(what);
    Ok(Page::new(&visitor, format!("Remove {}", of.about.name))
        .under(Nav::DeploymentTemplates)
        .crumb("Deployment templates", "/deployment-templates")
        .crumb(of.about.name.clone(), path(id))
        .body(html! { (confirm) }))
}

/// Takes it away.
pub(super) async fn remove(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[])?;
    let tx = visitor.begin(&console).await?;
    actions::remove(&tx, parse(&id)?).await?;
    tx.commit().await?;
    Ok(Done::to("/deployment-templates").saying("The deployment template is removed.").into_response())
}
