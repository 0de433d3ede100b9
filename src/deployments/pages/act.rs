use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use uuid::Uuid;

use super::one::{Forms, Shown, absent, parse};
use crate::console::list::Asked;
use crate::console::meeting::{self, SAW};
use crate::console::{Console, Done, Form, MANAGERS, Sent, Visitor};
use crate::db::tx::Tx;
use crate::deployments::actions::{self, Stood};
use crate::deployments::store;
use crate::deployments::types::{NewEvent, Whole};
use crate::problem::Problem;

/// Adds an event.
pub(super) async fn tell(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["kind", "outcome", "message", "seconds"])?;
    let id = parse(&id)?;
    let said = |name| sent.trimmed(name).unwrap_or_default();
    let told = async {
        let event = NewEvent::parse(said("kind"), said("outcome"), sent.trimmed("message"), sent.trimmed("seconds"))?;
        let tx = visitor.begin(&console).await?;
        let of = found(&tx, id).await?;
        actions::tell(&tx, &visitor, &of.deployment, &event).await?;
        Ok(tx.commit().await?)
    };
    match told.await {
        Ok(()) => Ok(Done::to(path(id)).saying("The event is recorded.").into_response()),
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY, .. }) => {
            let event = Form::of(&sent).refused(&problem);
            again(&console, &visitor, id, problem.status, |forms| Forms { event, ..forms }).await
        }
        Err(problem) => Err(problem),
    }
}

/// Says how it stands.
pub(super) async fn stand(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(MANAGERS)?;
    sent.only(&["status", "health", SAW])?;
    let id = parse(&id)?;
    let (saw, typed) = (meeting::seen(&sent), meeting::typed(&sent, ["status", "health"]));
    let stood = async {
        let tx = visitor.begin(&console).await?;
        let of = found(&tx, id).await?;
        let stood = actions::stand(&tx, &visitor, &of.deployment, &saw, &typed).await?;
        if stood == Stood::Done {
            tx.commit().await?;
        }
        Ok(stood)
    };
    match stood.await {
        Ok(Stood::Done) => Ok(Done::to(path(id)).saying("Saved: this is how it stands now.").into_response()),
        Ok(Stood::Met(met)) => {
            let (standing, notice) = (met.form(), met.notice(actions::label));
            again(&console, &visitor, id, StatusCode::CONFLICT, |forms| Forms { standing, notice, ..forms }).await
        }
        Err(problem @ Problem { status: StatusCode::UNPROCESSABLE_ENTITY, .. }) => {
            let standing = Form::of(&sent).refused(&problem);
            again(&console, &visitor, id, problem.status, |forms| Forms { standing, saw, ..forms }).await
        }
        Err(problem) => Err(problem),
    }
}

async fn found(tx: &Tx<'_>, id: Uuid) -> Result<Whole, Problem> {
    store::whole(tx, id).await?.ok_or_else(absent)
}

/// The page once more, with what was typed.
async fn again(
    console: &Console,
    visitor: &Visitor,
    id: Uuid,
    status: StatusCode,
    filled: impl FnOnce(Forms) -> Forms,
) -> Result<Response<Body>, Problem> {
    let asked = Asked::parse(&path(id), "");
    let shown = Shown::read(console, visitor, id, &asked).await?;
    let forms = filled(Forms::fresh(&shown.whole));
    Ok(shown.page(&forms).status(status).into_response())
}

fn path(id: Uuid) -> String {
    format!("/deployments/{id}")
}
