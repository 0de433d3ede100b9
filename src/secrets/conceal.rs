use layers::Key;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::found::{Found, Standing};
use super::keys::Keys;
use super::leaves;
use super::marks::Marks;
use super::mask::Mask;
use super::place::{Place, pointer};
use super::seal::seal;
use super::store;
use crate::Result;
use crate::db::tx::Tx;
use crate::problem::Fault;
use envelope::Plaintext;

/// What stands in a row's secret places.
mod found;

/// Where a row may have secrets.
mod tables;

pub use tables::may_be_secret;
pub(super) use tables::{TABLES, Templates, has_own_schema, templates};

/// A row, or those of its columns that are written.
pub type Row = Map<String, Value>;

/// Which masks a writer may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masks {
    /// Those that stand there in the row as it is; where it is a new version of a template or of a client's customization,
    /// in another version. Whatever else comes from a request was copied or made up.
    Unchanged,
    /// Those of any secret that was set for the very place: former content that comes back.
    OfThisPlace,
}

/// A row on its way to a table.
struct Written<'a> {
    table: &'a str,
    old: Option<&'a Row>,
    client_id: Option<Uuid>,
    key: Option<String>,
    /// What tells which rows are other versions of it.
    kind: Value,
}

/// Puts masks into the places of a row's secrets: seals plain values, keeps masks that may stand there, and says of all
/// others what is wrong with them. Nothing is sealed where anything is wrong.
///
/// `new` has the columns that are written; what it lacks, `old`, the row as it is, has. A plain value that stood there
/// before adoption and wasn't touched stays. What schemas mark as secret is found out here: neither values nor their names
/// are told to the database before.
pub async fn conceal(
    tx: &Tx<'_>,
    keys: &Keys,
    table: &str,
    old: Option<&Row>,
    new: &mut Row,
    masks: Masks,
    marks: &Marks,
) -> Result<Vec<Fault>> {
    let written = Written::of(table, old, new);
    let mut found = Vec::new();
    for column in tables::documents(table).filter(|column| touches(new, column)) {
        let marked = marks.places(table, &written.whole(new), column);
        let is_marked = |steps: &[String]| marked.contains(&Key::of(steps.iter().map(String::as_str)));
        found.extend(found::in_document(&written, new, column, &is_marked));
    }
    found.extend(found::in_variables(&written, new));
    found.extend(found::in_texts(&written, new));

    let mut faults = Vec::new();
    for place in &mut found {
        if let Standing::Mask(mask) = &place.standing {
            place.standing = judged(tx, &written, place, mask.clone(), masks).await?;
        }
        faults.extend(place.fault());
    }
    if faults.is_empty() {
        for place in found {
            written.put(tx, keys, new, place).await?;
        }
    }
    Ok(faults)
}

/// Whether a mask that isn't the one which stands there may be.
async fn judged(
    tx: &Tx<'_>,
    written: &Written<'_>,
    found: &Found,
    mask: (Uuid, String),
    masks: Masks,
) -> Result<Standing> {
    if masks == Masks::Unchanged && !stands_in_a_version(tx, written, found, &mask).await? {
        return Ok(Standing::ForeignMask);
    }
    let kept = tx.as_worker(store::mask_kept_for(tx, mask.0, &written.place(found))).await?;
    let same = kept.as_ref().and_then(Mask::of_value).filter(|kept| kept.fingerprint == mask.1);
    Ok(same.map_or(Standing::ForeignMask, Standing::Kept))
}

/// Whether a mask that comes with a new row stands at the same place of another version.
async fn stands_in_a_version(tx: &Tx<'_>, written: &Written<'_>, found: &Found, mask: &(Uuid, String)) -> Result<bool> {
    let Some(versions) = tables::versions(written.table).filter(|_| written.old.is_none()) else { return Ok(false) };
    let place: Vec<&str> =
        std::iter::once(found.column.as_str()).chain(found.steps.iter().map(String::as_str)).collect();
    tx.as_worker(store::stands_in(tx, written.table, versions, &written.kind, &place, mask)).await
}

impl<'a> Written<'a> {
    fn of(table: &'a str, old: Option<&'a Row>, new: &Row) -> Self {
        let mut written = Self { table, old, client_id: None, key: None, kind: Value::Null };
        let text = |name: &str| written.value(new, name).and_then(Value::as_str).map(ToOwned::to_owned);
        let (client_id, key) = (text("client_id"), text("configuration_key"));
        let client_id = client_id.and_then(|id| Uuid::parse_str(&id).ok());
        let kind = json!({ "client_id": client_id, "template_id": text("template_id") });
        (written.kind, written.client_id, written.key) = (kind, client_id, key);
        written
    }

    /// What a column will hold.
    fn value<'b>(&'b self, new: &'b Row, column: &str) -> Option<&'b Value> {
        new.get(column).or_else(|| self.old?.get(column))
    }

    /// What the row will be, as far as it is known.
    fn whole(&self, new: &Row) -> Row {
        let mut whole = self.old.cloned().unwrap_or_default();
        whole.extend(new.clone());
        whole
    }

    /// Whether all of a column is one secret.
    fn is_encrypted(&self, new: &Row, column: &str) -> bool {
        column == "configuration_value" && self.value(new, "is_encrypted") == Some(&Value::Bool(true))
    }

    /// What a column holds, where the row is there and stays in its place.
    fn former(&self, new: &Row, column: &str) -> Option<&'a Value> {
        let moves =
            |name: &str| new.get(name).is_some_and(|value| Some(value) != self.old.and_then(|old| old.get(name)));
        self.old?.get(column).filter(|_| !moves("client_id") && !moves("configuration_key"))
    }

    fn place(&self, found: &Found) -> Place {
        Place::of(self.client_id, self.table, &found.column, self.key.as_deref(), &found.steps)
    }

    /// Puts what belongs there into a place.
    async fn put(&self, tx: &Tx<'_>, keys: &Keys, new: &mut Row, found: Found) -> Result<()> {
        let place = self.place(&found);
        if let (Standing::Plain, None) = (&found.standing, new.get(&found.column)) {
            // What became a secret stands in the row already.
            let stood = self.old.and_then(|old| old.get(&found.column)).cloned();
            new.insert(found.column.clone(), stood.unwrap_or_default());
        }
        let Some(value) = new.get_mut(&found.column).and_then(|column| leaves::at_mut(column, &found.steps)) else {
            return Ok(());
        };
        let mask = match found.standing {
            Standing::Kept(mask) => mask,
            Standing::Plain => seal(tx, keys, &place, Plaintext::take(value)).await?,
            Standing::Untouched
            | Standing::Mask(_)
            | Standing::ForeignMask
            | Standing::Mixed
            | Standing::NotText
            | Standing::Card => return Ok(()),
        };
        *value = if found.is_text { Value::String(mask.to_text()) } else { mask.to_value() };
        Ok(())
    }
}

impl Found {
    /// What is wrong with what stands there.
    fn fault(&self) -> Option<Fault> {
        let steps = std::iter::once(self.column.as_str()).chain(self.steps.iter().map(String::as_str));
        let (rule, detail, mend) = match self.standing {
            Standing::ForeignMask | Standing::Mask(_) => (
                "mask",
                "holds a mask that isn't the mask of a secret kept for this place",
                "write back the mask that stands there, unchanged, or send the secret itself",
            ),
            Standing::Mixed => (
                "mask",
                "is one secret as a whole, and part of it is masked",
                "write back the mask that stands there, unchanged, or send the whole secret",
            ),
            Standing::NotText => ("type", "is text", "send a string, or null"),
            Standing::Card => (
                "card_number",
                "looks like the number of a payment card, which is never stored",
                "store the reference that the payment provider gives for the card",
            ),
            Standing::Untouched | Standing::Kept(_) | Standing::Plain => return None,
        };
        Some(Fault::at(pointer(steps), rule, format!("{} {detail}", self.column)).mend(mend))
    }
}

/// Whether a document is written, or something that says what is secret in it.
fn touches(new: &Row, column: &str) -> bool {
    [column, "is_encrypted", "configuration_schema"].iter().any(|name| new.contains_key(*name))
}
