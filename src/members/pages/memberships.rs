use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::super::types::MemberRole;
use super::super::{actions, directory, store};
use super::of_client::ONE_OF;
use super::{KEEPERS, absent, one, page_of};
use crate::console::{Console, Done, Form, Sent, Visitor};
use crate::problem::{Fault, Problem};

/// Makes a person a member of a client, or changes as what.
pub(super) async fn add(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["client", "member_role"])?;
    match made(&console, &visitor, user_id, &sent).await {
        Ok(said) => Ok(Done::to(page_of(user_id)).saying(said).into_response()),
        Err(problem) if [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT].contains(&problem.status) => {
            let form = Form::of(&sent).refused(&problem);
            let page = one::page(&console, &visitor, user_id, &form).await?;
            Ok(page.status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Makes it, and says of whom with whom.
async fn made(console: &Console, visitor: &Visitor, user_id: Uuid, sent: &Sent) -> Result<String, Problem> {
    let named = sent.trimmed("client").ok_or_else(|| fault("client", "name a client by its name, e-mail or id"))?;
    let member_role =
        MemberRole::named(sent.get("member_role").unwrap_or_default()).ok_or_else(|| fault("member_role", ONE_OF))?;
    let tx = visitor.begin(console).await?;
    let known = directory::person(&tx, user_id).await?.ok_or_else(absent)?;
    let client = actions::the_client(&tx, named).await.map_err(|error| {
        let problem = fault("client", error.what());
        if error.refusal().is_some() { error.into() } else { problem }
    })?;
    store::set_membership(&tx, client.id, user_id, member_role).await?;
    tx.commit().await?;
    Ok(format!("{} is a member of {} as {member_role}.", known.email, client.name))
}

/// Ends a membership.
pub(super) async fn end(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Done, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["client"])?;
    let client = sent.get("client").and_then(|id| Uuid::try_parse(id).ok());
    let client = client.ok_or_else(|| fault("client", "the client is named by its id"))?;
    let tx = visitor.begin(&console).await?;
    if !directory::leave(&tx, client, user_id).await? {
        return Err(Problem::absent("they are no member of this client any more").mend("load the page again"));
    }
    tx.commit().await?;
    Ok(Done::to(page_of(user_id)).saying("The membership has ended."))
}

fn fault(field: &str, said: &str) -> Problem {
    Problem::faults("the membership can't be made like that", vec![Fault::at(format!("/{field}"), "required", said)])
}
