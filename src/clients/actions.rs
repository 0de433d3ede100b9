use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::fields::{FIELDS, Field};
use super::store;
use super::types::{Bulk, Client};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// How many clients one act is about at most.
pub const MOST: usize = 1_000;

/// What an act would do: those that it changes, and those that are so already.
#[derive(Clone, Debug)]
pub struct Preview {
    /// It changes these.
    pub changed: Vec<Client>,
    /// These are as it would make them.
    pub unchanged: Vec<Client>,
}

/// Says what an act would do to clients.
pub async fn preview(tx: &Tx<'_>, ids: &[Uuid], bulk: &Bulk) -> Result<Preview, Problem> {
    check_count(ids)?;
    let found = store::by_ids(tx, ids).await?;
    let (changed, unchanged) = found.into_iter().partition(|client| bulk.changes(client));
    Ok(Preview { changed, unchanged })
}

/// Does it to clients, each as somebody saw it last; nothing is done where one of them has changed since.
pub async fn change(tx: &Tx<'_>, seen: &[(Uuid, Timestamp)], bulk: &Bulk) -> Result<u64, Problem> {
    let ids: Vec<Uuid> = seen.iter().map(|(id, _)| *id).collect();
    check_count(&ids)?;
    let held = store::held(tx, &ids).await?;
    let is_as_seen =
        |(id, at): &(Uuid, Timestamp)| held.iter().any(|client| client.id == *id && client.updated_at == *at);
    if !seen.iter().all(is_as_seen) {
        return Err(Problem::new(
            axum::http::StatusCode::CONFLICT,
            "some of these clients were changed by somebody else since you saw them, and nothing was done",
        )
        .mend("look at the preview again"));
    }
    Ok(store::change(tx, &ids, bulk).await?)
}

/// Columns that two people wrote differently at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// The column, what it is by now, and what the second one wrote.
    pub columns: Vec<(&'static Field, Value, Value)>,
}

/// What came of an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Edited {
    /// It was written.
    Done,
    /// Somebody else wrote one of the same columns first, and nothing was written.
    Clashes(Clash),
}

/// Writes what somebody changed of a client: what they typed that differs from what they saw.
///
/// What others changed meanwhile stays, unless it is the same column: then both are shown, and one chooses.
pub async fn edit(
    tx: &Tx<'_>,
    id: Uuid,
    saw: &Map<String, Value>,
    typed: &Map<String, Value>,
) -> Result<Edited, Problem> {
    let now = store::held_row(tx, id).await?.ok_or_else(|| {
        Problem::forbidden("you don't manage this client").mend("ask its manager or an administrator to do it")
    })?;
    let mine: Map<String, Value> = changed(saw, typed);
    let columns: Vec<_> = mine.iter().filter_map(|(name, wrote)| clash(name, &now, saw, wrote)).collect();
    if !columns.is_empty() {
        return Ok(Edited::Clashes(Clash { columns }));
    }
    if !mine.is_empty() {
        store::write(tx, id, &mine).await.map_err(at_its_field)?;
    }
    Ok(Edited::Done)
}

fn changed(saw: &Map<String, Value>, typed: &Map<String, Value>) -> Map<String, Value> {
    // As people see it: a document without members is no other than none.
    let differs = |(name, value): &(&String, &Value)| {
        let field = FIELDS.iter().find(|field| field.name == name.as_str());
        field.is_some_and(|field| field.text(saw.get(*name).unwrap_or(&Value::Null)) != field.text(value))
    };
    typed.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn clash(
    name: &str,
    now: &Map<String, Value>,
    saw: &Map<String, Value>,
    wrote: &Value,
) -> Option<(&'static Field, Value, Value)> {
    let is = now.get(name).unwrap_or(&Value::Null);
    let field = FIELDS.iter().find(|field| field.name == name)?;
    let was = saw.get(name).unwrap_or(&Value::Null);
    (field.text(is) != field.text(was) && is != wrote).then(|| (field, is.clone(), wrote.clone()))
}

/// Adds a client.
pub async fn add(tx: &Tx<'_>, typed: &Map<String, Value>) -> Result<Uuid, Problem> {
    let given: Map<String, Value> =
        typed.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect();
    store::add(tx, &given).await.map_err(at_its_field)
}

/// Tells of an address that is another client's at the field of the address.
fn at_its_field(error: crate::Error) -> Problem {
    let problem = Problem::from(error);
    let constraint = problem.database().and_then(|refusal| refusal.constraint());
    if constraint != Some("clients_enhanced_lower_email_key") {
        return problem;
    }
    Problem::faults("the client can't be saved like this", vec![address_is_taken()])
}

/// Of clients that aren't archived, no two have one address.
pub(super) fn address_is_taken() -> Fault {
    Fault::at("/email", "unique", "is another client's already").mend("write another, or archive that client")
}

fn check_count(ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Err(Problem::invalid("no client is chosen").mend("tick the clients that are meant, in the list"));
    }
    if ids.len() > MOST {
        return Err(Problem::invalid(format!("more than {MOST} clients at once")).mend("do it in several parts"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn what_somebody_left_alone_is_not_written() {
        let saw = members(&json!({ "name": "A", "phone": null, "address": {} }));
        let typed = members(&json!({ "name": "B", "phone": null, "address": {}, "business_goals": [], "id": 1 }));
        assert_eq!(changed(&saw, &typed), members(&json!({ "name": "B" })));
    }

    #[test]
    fn two_clash_where_they_wrote_differently_and_nowhere_else() {
        let saw = members(&json!({ "name": "A", "phone": "1" }));
        let clashes = |now: Value, wrote: &str| clash("name", &members(&now), &saw, &json!(wrote)).is_some();
        assert!(clashes(json!({ "name": "C" }), "B"));
        assert!(!clashes(json!({ "name": "B" }), "B"), "both wrote the same");
        assert!(!clashes(json!({ "name": "A", "phone": "2" }), "B"), "the other wrote elsewhere");
    }
}
