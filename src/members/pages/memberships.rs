use axum::extract::{Path, State};
use uuid::Uuid;

use super::super::types::MemberRole;
use super::super::{actions, directory, store};
use super::{KEEPERS, absent, page_of};
use crate::console::{Console, Done, Sent, Visitor};
use crate::problem::{Fault, Problem};

/// Makes a person a member of a client, or changes as what.
pub(super) async fn add(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Done, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["client", "member_role"])?;
    let named = sent.trimmed("client").ok_or_else(|| fault("client", "name a client by its name, e-mail or id"))?;
    let chosen = sent.get("member_role").unwrap_or_default();
    let member_role = [MemberRole::Manager, MemberRole::Staff, MemberRole::Client]
        .into_iter()
        .find(|member_role| member_role.as_str() == chosen)
        .ok_or_else(|| fault("member_role", "a person is a manager, staff or client with a client"))?;
    let tx = visitor.begin(&console).await?;
    let known = directory::person(&tx, user_id).await?.ok_or_else(absent)?;
    let client = actions::the_client(&tx, named).await.map_err(|error| {
        let problem = fault("client", error.what());
        if error.refusal().is_some() { error.into() } else { problem }
    })?;
    store::set_membership(&tx, client.id, user_id, member_role).await?;
    tx.commit().await?;
    let said = format!("{} is a member of {} as {member_role}.", known.email, client.name);
    Ok(Done::to(page_of(user_id)).saying(said))
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
