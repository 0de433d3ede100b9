use super::store;
use super::types::{Deployment, HEALTHS, NewEvent, STATUSES};
use crate::console::{Meeting, Texts, Visitor};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// Adds an event to what is told of a deployment.
pub async fn tell(tx: &Tx<'_>, visitor: &Visitor, of: &Deployment, event: &NewEvent) -> Result<(), Problem> {
    visitor.has_to_write_for(tx, of.client_id).await?;
    Ok(store::tell(tx, of, visitor.person.id, event).await?)
}

/// What came of saying how a deployment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stood {
    /// It was written.
    Done,
    /// Somebody else said otherwise first, and nothing was written.
    Met(Meeting),
}

/// Says how a deployment stands and does; what others said meanwhile stays, unless it is about the same.
pub async fn stand(
    tx: &Tx<'_>,
    visitor: &Visitor,
    of: &Deployment,
    saw: &Texts,
    typed: &Texts,
) -> Result<Stood, Problem> {
    refuse_odd(typed)?;
    visitor.has_to_write_for(tx, of.client_id).await?;
    let (status, health) = store::held(tx, of.id).await?.ok_or_else(not_theirs)?;
    let meeting = Meeting::of(saw, typed, &standing(&status, &health));
    if !meeting.clashes.is_empty() {
        return Ok(Stood::Met(meeting));
    }
    if !meeting.mine.is_empty() {
        let said = |name: &str| meeting.merged.get(name).map(String::as_str).unwrap_or_default();
        store::stand(tx, of.id, said("status"), said("health")).await.map_err(at_its_field)?;
    }
    Ok(Stood::Done)
}

/// Status and health as a form has them.
pub fn standing(status: &str, health: &str) -> Texts {
    [("status", status), ("health", health)].map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

/// What a field is called.
pub fn label(name: &str) -> &'static str {
    if name == "status" { "Status" } else { "Health" }
}

fn refuse_odd(typed: &Texts) -> Result<(), Problem> {
    let known = |name: &str, words: &[&str]| typed.get(name).is_some_and(|word| words.contains(&word.as_str()));
    let mut faults = Vec::new();
    for (name, words) in [("status", STATUSES.as_slice()), ("health", &HEALTHS)] {
        if !known(name, words) {
            let fault = Fault::at(format!("/{name}"), "choice", "is none of the choices");
            faults.push(fault.mend(format!("choose {}", words.join(", "))));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::faults("a deployment doesn't stand like this", faults)) }
}

fn not_theirs() -> Problem {
    Problem::forbidden("you don't manage this client").mend("ask its manager or an administrator to do it")
}

/// Tells of a domain that another deployment serves at the field that would claim it.
fn at_its_field(error: crate::Error) -> Problem {
    let problem = Problem::from(error);
    let constraint = problem.database().and_then(|refusal| refusal.constraint());
    if constraint != Some("client_deployments_lower_custom_domain_key") {
        return problem;
    }
    let fault = Fault::at("/status", "domain", "would claim a domain that another deployment serves by now");
    Problem::faults(
        "the deployment can't stand like this",
        vec![fault.mend("take that one out of service first, or give this one another domain")],
    )
}
