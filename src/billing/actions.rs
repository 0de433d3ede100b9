use serde_json::{Map, Value};
use uuid::Uuid;

use super::fields::{self, FIELDS, SECRETS};
use super::store;
use crate::console::meeting::{Meeting, Texts};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::secrets::{self, Keys, Marks, Masks};

const TABLE: &str = "client_billing_info";

/// What somebody typed into the form of an account.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// What they saw of it when they began.
    pub saw: Texts,
    /// What stands in its fields.
    pub texts: Texts,
    /// Secrets that they typed, by column; what isn't among them stays.
    pub secrets: Map<String, Value>,
}

/// What came of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It was written.
    Done,
    /// Somebody else wrote one of the same fields first, and nothing was written.
    Met(Meeting),
}

/// Writes what somebody changed of a client's account, or opens it where there is none; secrets are sealed on the way.
pub async fn save(tx: &Tx<'_>, keys: &Keys, client_id: Uuid, typed: &Typed) -> Result<Saved, Problem> {
    let old = store::held(tx, client_id).await?;
    let values = fields::parse(|name| typed.texts.get(name).map(String::as_str))?;
    let Some(old) = old else {
        return open(tx, keys, client_id, values, &typed.secrets).await;
    };
    let meeting = Meeting::of(&typed.saw, &typed.texts, &texts(&old));
    if !meeting.clashes.is_empty() {
        return Ok(Saved::Met(meeting));
    }
    let mine = values.into_iter().filter(|(name, _)| meeting.mine.contains(name));
    let mut columns: Map<String, Value> = mine.chain(typed.secrets.clone()).collect();
    seal(tx, keys, Some(&old), &mut columns).await?;
    if !columns.is_empty() {
        store::write(tx, client_id, &columns).await.map_err(at_its_field)?;
    }
    Ok(Saved::Done)
}

async fn open(
    tx: &Tx<'_>,
    keys: &Keys,
    client_id: Uuid,
    values: Map<String, Value>,
    secrets: &Map<String, Value>,
) -> Result<Saved, Problem> {
    let given = values.into_iter().chain(secrets.clone()).filter(|(_, value)| !value.is_null());
    let mut columns: Map<String, Value> = given.collect();
    columns.insert("client_id".to_owned(), Value::String(client_id.to_string()));
    seal(tx, keys, None, &mut columns).await?;
    store::add(tx, &columns).await.map_err(at_its_field)?;
    Ok(Saved::Done)
}

/// An account's fields as they are typed.
pub fn texts(row: &Map<String, Value>) -> Texts {
    FIELDS.iter().map(|field| (field.name.to_owned(), field.text_in(row))).collect()
}

async fn seal(
    tx: &Tx<'_>,
    keys: &Keys,
    old: Option<&Map<String, Value>>,
    columns: &mut Map<String, Value>,
) -> Result<(), Problem> {
    // No template says of an account what is secret in it.
    let marks = Marks::default();
    let faults = Box::pin(secrets::conceal(tx, keys, TABLE, old, columns, Masks::Unchanged, &marks)).await?;
    if faults.is_empty() { Ok(()) } else { Err(Problem::faults("the account can't be saved like this", faults)) }
}

/// Tells of what the database refuses at the field that it is about, where its rule names one.
fn at_its_field(error: crate::Error) -> Problem {
    let problem = Problem::from(error);
    let rule = problem.database().and_then(|refusal| refusal.constraint()).unwrap_or_default();
    let named = FIELDS.iter().map(|field| field.name).chain(SECRETS.iter().map(|(name, _)| *name));
    let Some(column) = named.into_iter().find(|name| rule == format!("{TABLE}_{name}_check")) else { return problem };
    let fault = Fault::at(format!("/{column}"), "check", "isn't what this column takes");
    let fault = if column == "currency" { fault.mend("write its ISO 4217 code, such as EUR") } else { fault };
    Problem::faults("the account can't be saved like this", vec![fault])
}
