use serde_json::{Map, Value};
use uuid::Uuid;

use super::fields::FIELDS;
use super::store;
use super::types::Whole;
use crate::console::{ADMINISTRATORS, Meeting, Texts, record};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// Who writes deployment templates.
pub const KEEPERS: &[Role] = ADMINISTRATORS;

/// What is refused where a form isn't right.
const REFUSAL: &str = "the deployment template can't be saved like this";

/// What came of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It was written.
    Done,
    /// Somebody else wrote some of the same first, and nothing was written.
    Met(Meeting),
}

/// The fields of one as they are typed.
pub(super) fn texts(row: &Map<String, Value>) -> Texts {
    FIELDS.iter().map(|field| (field.name.to_owned(), field.text_in(row))).collect()
}

/// Writes what somebody changed; what others changed meanwhile stays, unless it is the same.
pub async fn edit(tx: &Tx<'_>, id: Uuid, saw: &Texts, typed: &Texts) -> Result<Edited, Problem> {
    let now = store::held(tx, id).await?.ok_or_else(absent)?;
    let meeting = Meeting::of(saw, typed, &texts(&now.row));
    if !meeting.clashes.is_empty() {
        return Ok(Edited::Met(meeting));
    }
    let mine = |name: &str| {
        let is_mine = meeting.mine.iter().any(|mine| mine == name);
        meeting.merged.get(name).filter(|_| is_mine).map(String::as_str)
    };
    let columns = record::parse(FIELDS, REFUSAL, mine)?;
    refuse_odd(&columns)?;
    if !columns.is_empty() {
        store::write(tx, id, &columns).await.map_err(at_its_field)?;
    }
    Ok(Edited::Done)
}

/// Adds one.
pub async fn add(tx: &Tx<'_>, typed: &Texts) -> Result<Uuid, Problem> {
    let said = |name: &str| typed.get(name).map(String::as_str);
    let columns = record::parse(FIELDS, REFUSAL, said)?;
    refuse_odd(&columns)?;
    // What nobody said is as the database has it by default.
    let is_said = |value: &Value| !value.is_null() && value.as_array().is_none_or(|words| !words.is_empty());
    let columns = columns.into_iter().filter(|(_, value)| is_said(value)).collect();
    store::add(tx, &columns).await.map_err(at_its_field)
}

/// Removes one, with what was made from it losing the way there.
pub async fn remove(tx: &Tx<'_>, id: Uuid) -> Result<(), Problem> {
    let of = found(tx, id).await?;
    if of.about.is_system {
        return Err(Problem::forbidden("Tenantry brought this one along, and it stays")
            .mend("deprecate it, so that it is offered to nobody any more"));
    }
    store::remove(tx, id).await?;
    Ok(())
}

/// One that the caller sees.
pub async fn found(tx: &Tx<'_>, id: Uuid) -> Result<Whole, Problem> {
    store::whole(tx, id).await?.ok_or_else(absent)
}

/// There is none, or none that whoever asks sees.
pub fn absent() -> Problem {
    Problem::absent("there is no such deployment template, or it isn't in use any more")
        .mend("look for it in the list of deployment templates")
}

/// Refuses environments that there aren't.
fn refuse_odd(columns: &Map<String, Value>) -> Result<(), Problem> {
    let known = ["production", "staging", "development"];
    let words = columns.get("supported_environments").and_then(Value::as_array);
    let odd = words.into_iter().flatten().any(|word| !word.as_str().is_some_and(|word| known.contains(&word)));
    if !odd {
        return Ok(());
    }
    let fault = Fault::at("/supported_environments", "choice", "has what is no environment");
    Err(Problem::faults(REFUSAL, vec![fault.mend("write production, staging or development, one to a line")]))
}

/// Tells of a name that is taken at the field of the name.
fn at_its_field(error: crate::Error) -> Problem {
    let problem = Problem::from(error);
    let constraint = problem.database().and_then(|refusal| refusal.constraint());
    if constraint != Some("deployment_templates_template_name_key") {
        return problem;
    }
    let fault = Fault::at("/template_name", "unique", "is another one's already").mend("give it another name");
    Problem::faults(REFUSAL, vec![fault])
}
