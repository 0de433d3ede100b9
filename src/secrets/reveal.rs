use envelope::Plaintext;
use serde_json::{Value, json};
use uuid::Uuid;

use super::keys::{Keys, said};
use super::mask::{self, Mask};
use super::place::pointer;
use super::{leaves, seal, store};
use crate::db::caller::Caller;
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// The longest reason that anybody reads.
const LONGEST_REASON: usize = 1_000;

/// The secrets of a row in the clear, for one answer: it can't be printed or serialised but by [`Revealed::answer`].
pub struct Revealed {
    table: String,
    row_id: Uuid,
    client_id: Option<Uuid>,
    secrets: Vec<Shown>,
}

struct Shown {
    /// Where its mask stands: a JSON pointer into the row.
    pointer: String,
    id: Uuid,
    plain: Plaintext,
}

impl Revealed {
    /// The answer to whoever asked.
    pub fn answer(&self) -> std::result::Result<Value, Problem> {
        let shown = |secret: &Shown| {
            let value = secret.plain.value().map_err(|error| Problem::from(said(&error)))?;
            Ok(json!({ "pointer": secret.pointer, "secret_id": secret.id, "value": value }))
        };
        let secrets = self.secrets.iter().map(shown).collect::<std::result::Result<Vec<Value>, Problem>>()?;
        Ok(json!({ "table": self.table, "row_id": self.row_id, "client_id": self.client_id, "secrets": secrets }))
    }
}

/// Refuses those who reveal nothing, whatever the row, and a reason that is none.
pub fn may_ask(caller: &Caller, reason: &str) -> std::result::Result<(), Problem> {
    if matches!(caller, Caller::Person(_, Role::Staff | Role::Client)) {
        return Err(Problem::forbidden("secrets are revealed to managers and above").mend("ask the client's manager"));
    }
    let length = reason.trim().chars().count();
    if (1..=LONGEST_REASON).contains(&length) {
        return Ok(());
    }
    let fault = Fault::at("/reason", "length", format!("has {length} characters"));
    let fault = fault.mend(format!("say what it is for, in 1 to {LONGEST_REASON} characters: the audit log keeps it"));
    Err(Problem::faults("a secret is revealed for a reason", vec![fault]))
}

/// Opens the secrets of a row that the caller sees, all of them or the one at a JSON pointer into the row, and writes that
/// into the audit log. The caller shows them after the commit, or not at all.
///
/// A manager has to manage the client: a person's right on a client is the lesser of role and membership. What is no
/// client's is for admins and above.
pub async fn reveal(
    tx: &Tx<'_>,
    keys: &Keys,
    caller: &Caller,
    row_id: Uuid,
    at: Option<&str>,
) -> std::result::Result<Revealed, Problem> {
    let (table, row) = store::revealing::row(tx, row_id)
        .await?
        .ok_or_else(|| Problem::absent(format!("there is no row {row_id} with secrets that you see")))?;
    let client_id = row.get("client_id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
    if matches!(caller, Caller::Person(_, Role::Manager)) {
        match client_id {
            Some(client) if store::revealing::manages(tx, client).await? => {}
            Some(_) => {
                return Err(Problem::forbidden("secrets of a client are revealed to those who manage it")
                    .mend("ask the client's manager"));
            }
            None => {
                return Err(Problem::forbidden("secrets of global and template rows are revealed to admins")
                    .mend("ask an admin"));
            }
        }
    }
    let masks = masks(&row, at);
    if masks.is_empty() {
        let place = at.map_or_else(String::new, |at| format!(" at {at}"));
        return Err(Problem::invalid(format!("row {row_id} of {table} holds no secret{place}"))
            .mend("name the JSON pointer of a mask in the row, or none for all of them"));
    }
    let ids: Vec<Uuid> = masks.iter().map(|(_, id)| *id).collect();
    let mut opened = seal::open(tx, keys, client_id, &ids).await?;
    let places: Vec<&str> = masks.iter().map(|(pointer, _)| pointer.as_str()).collect();
    store::revealing::note(tx, &table, row_id, client_id, &json!({ "pointers": places, "secrets": ids })).await?;
    let secrets = masks.into_iter().filter_map(|(pointer, id)| Some(Shown { pointer, id, plain: opened.remove(&id)? }));
    Ok(Revealed { table, row_id, client_id, secrets: secrets.collect() })
}

/// Where masks stand in a row, and whose; each secret once.
fn masks(row: &Value, at: Option<&str>) -> Vec<(String, Uuid)> {
    let mut found: Vec<(String, Uuid)> = Vec::new();
    for (steps, value) in leaves::of(row) {
        let in_text = value.as_str().filter(|_| steps.len() == 1).and_then(mask::of_text).map(|(id, _)| id);
        let Some(id) = Mask::of_value(value).map(|mask| mask.id).or(in_text) else { continue };
        let pointer = pointer(steps.iter().map(String::as_str));
        let is_asked = at.is_none_or(|at| at == pointer);
        if is_asked && !found.iter().any(|(_, known)| *known == id) {
            found.push((pointer, id));
        }
    }
    found
}
