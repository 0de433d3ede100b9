use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::draft::Draft;
use super::store;
use super::types::{Step, Whole};
use crate::configurations::changes::{Tools, apply_any};
use crate::configurations::{Base, ConfigTable, Operation, RowEdit};
use crate::console::{Meeting, Texts, Visitor};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::templates;

/// Begins a draft of a client's design; its id.
pub async fn begin(
    tx: &Tx<'_>,
    tools: &Tools,
    client_id: Uuid,
    template_id: &str,
    version: Option<&str>,
) -> Result<Uuid, Problem> {
    let row_id = Uuid::new_v4();
    let columns = [
        ("id", json!(row_id)),
        ("client_id", json!(client_id)),
        ("template_id", json!(template_id)),
        ("template_version", json!(version)),
        ("customization_config", json!({})),
    ];
    let columns = columns.into_iter().filter(|(_, value)| !value.is_null());
    let columns = columns.map(|(name, value)| (name.to_owned(), value)).collect();
    let (table, operation) = (ConfigTable::ClientCustomizations, Operation::Insert);
    let edit = RowEdit { table, row_id, operation, columns, base: None };
    apply_any(tx, tools, vec![edit], &format!("begin a customization of {template_id}")).await?;
    Ok(row_id)
}

/// Moves a customization on, or back, as somebody saw it last.
pub async fn advance(
    tx: &Tx<'_>,
    tools: &Tools,
    id: Uuid,
    step: Step,
    seen: Option<Timestamp>,
    reason: Option<&str>,
) -> Result<(), Problem> {
    if step == Step::SendBack && reason.is_none() {
        let fault = Fault::at("/reason", "required", "there is no reason").mend("say what is to be done differently");
        return Err(Problem::faults("a customization is sent back with a reason", vec![fault]));
    }
    let (_, to) = step.way();
    let columns = Map::from_iter([("status".to_owned(), json!(to))]);
    write(tx, tools, id, columns, seen, reason.unwrap_or(step.reason())).await
}

/// What came of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It was written.
    Done,
    /// Somebody else wrote some of the same first, and nothing was written.
    Met(Meeting),
}

/// Writes what somebody changed of a draft; what others changed meanwhile stays, unless it is the same.
pub async fn edit(
    tx: &Tx<'_>,
    tools: &Tools,
    visitor: &Visitor,
    id: Uuid,
    typed: (&Texts, &Texts),
    is_json: bool,
) -> Result<Edited, Problem> {
    let (saw, typed) = typed;
    let now = store::held(tx, id).await?.ok_or_else(absent)?;
    visitor.has_to_write_for(tx, now.about.client_id).await?;
    let draft = Draft::read(tx, &now, is_json).await?;
    let meeting = Meeting::of(saw, typed, &draft.texts());
    if !meeting.clashes.is_empty() {
        return Ok(Edited::Met(meeting));
    }
    let columns = draft.columns(&meeting)?;
    if !columns.is_empty() {
        write(tx, tools, id, columns, Some(now.about.updated_at), "edit a customization").await?;
    }
    Ok(Edited::Done)
}

/// Begins a new draft with the content of a customization; its id.
pub async fn again(tx: &Tx<'_>, tools: &Tools, id: Uuid) -> Result<Uuid, Problem> {
    Box::pin(templates::redraft(tx, tools, id)).await
}

/// A customization that the caller sees.
pub async fn found(tx: &Tx<'_>, id: Uuid) -> Result<Whole, Problem> {
    store::whole(tx, id).await?.ok_or_else(absent)
}

/// There is no such customization, or none that whoever asks sees.
pub fn absent() -> Problem {
    Problem::absent("there is no such customization, or you aren't a member of its client")
        .mend("look for it in the list of customizations")
}

async fn write(
    tx: &Tx<'_>,
    tools: &Tools,
    id: Uuid,
    columns: Map<String, Value>,
    seen: Option<Timestamp>,
    reason: &str,
) -> Result<(), Problem> {
    let base = seen.map(Base::UpdatedAt);
    let (table, operation) = (ConfigTable::ClientCustomizations, Operation::Update);
    Box::pin(apply_any(tx, tools, vec![RowEdit { table, row_id: id, operation, columns, base }], reason)).await?;
    Ok(())
}
