use layers::card::{cards_in, is_card_number};
use serde_json::Value;
use uuid::Uuid;

use super::super::leaves::{self, Steps};
use super::super::mask::{self, Mask};
use super::super::names::is_secret_variable;
use super::{Row, Written, tables};

/// A secret's place in a row, and what stands there.
pub(super) struct Found {
    pub(super) column: String,
    pub(super) steps: Steps,
    pub(super) standing: Standing,
    /// Whether the column is text, which has masks of its own form.
    pub(super) is_text: bool,
}

/// What stands in a secret's place.
pub(super) enum Standing {
    /// A plain value, to be sealed.
    Plain,
    /// A plain value from before, which nobody touched.
    Untouched,
    /// The mask that may stand there.
    Kept(Mask),
    /// A mask that has yet to be judged: the secret and the fingerprint that it names.
    Mask((Uuid, String)),
    /// A mask of elsewhere, or of nothing.
    ForeignMask,
    /// Masks within a plain value.
    Mixed,
    /// Something else than text in a column of text, which PostgreSQL would be told of otherwise.
    NotText,
    /// The number of a payment card, which isn't stored sealed either.
    Card,
}

/// In a document: where `is_encrypted` or a schema says so, and wherever masks stand.
pub(super) fn in_document(
    written: &Written<'_>,
    new: &Row,
    column: &'static str,
    is_marked: &dyn Fn(&[String]) -> bool,
) -> Vec<Found> {
    let Some(document) = written.value(new, column) else { return Vec::new() };
    let is_whole = written.is_encrypted(new, column);
    let was = |name: &str| written.old.and_then(|old| old.get(name));
    let newly_secret = is_whole && was("is_encrypted") != Some(&Value::Bool(true))
        || new.get("configuration_schema").is_some_and(|schema| was("configuration_schema") != Some(schema));
    let former = written.former(new, column);
    let mut places = Vec::new();
    if is_whole {
        places.push(Steps::new());
    } else {
        marked(document, &mut Steps::new(), is_marked, &mut places);
    }
    let mut found: Vec<Found> = places
        .into_iter()
        .filter_map(|steps| {
            let value = leaves::at(document, &steps)?;
            let stood = former.and_then(|former| leaves::at(former, &steps));
            Some(Found {
                column: column.to_owned(),
                standing: standing(value, stood, newly_secret),
                steps,
                is_text: false,
            })
        })
        .collect();
    found.extend(masks_elsewhere(document, former, column, &found));
    found
}

/// The shallowest places that are marked; what is null holds no secret.
fn marked(value: &Value, way: &mut Steps, is_marked: &dyn Fn(&[String]) -> bool, places: &mut Vec<Steps>) {
    if value.is_null() {
        return;
    }
    if is_marked(way) {
        places.push(way.clone());
        return;
    }
    let mut step = |name: String, value| {
        way.push(name);
        marked(value, way, is_marked, places);
        way.pop();
    };
    match value {
        Value::Object(fields) if !mask::is_meant(value) => {
            fields.iter().for_each(|(name, field)| step(name.clone(), field));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| step(place.to_string(), item)),
        _ => {}
    }
}

/// Masks in places that nothing says are secret: they too stand where their secret belongs, or not at all.
fn masks_elsewhere(document: &Value, former: Option<&Value>, column: &str, known: &[Found]) -> Vec<Found> {
    leaves::of(document)
        .into_iter()
        .filter(|(steps, value)| mask::is_meant(value) && !known.iter().any(|found| steps.starts_with(&found.steps)))
        .map(|(steps, value)| {
            let stood = former.and_then(|former| leaves::at(former, &steps));
            Found { column: column.to_owned(), standing: standing(value, stood, false), steps, is_text: false }
        })
        .collect()
}

/// In variables: those that are listed, and those whose name or form says so.
pub(super) fn in_variables(written: &Written<'_>, new: &Row) -> Vec<Found> {
    if !tables::has_variables(written.table) {
        return Vec::new();
    }
    let (column, former) = (tables::ENVIRONMENT, written.former(new, tables::ENVIRONMENT));
    // Where the list alone is written, a variable that stands there already may have become a secret.
    let Some(document) = written.value(new, column) else { return Vec::new() };
    let now = listed(written.value(new, "secret_variables"));
    let before = listed(written.old.and_then(|old| old.get("secret_variables")));
    let mut found = Vec::new();
    for (steps, value) in leaves::of(document) {
        if steps.is_empty() {
            continue;
        }
        let is_listed = |list: &[String]| list.iter().any(|name| *name == steps[0] || *name == steps.join("."));
        let may_be_listed = !value.is_boolean() && value.as_str() != Some("");
        let is_secret = may_be_listed && is_listed(&now) || is_secret_variable(&steps.join("_"), value);
        if !(is_secret || mask::is_meant(value)) {
            continue;
        }
        let stood = former.and_then(|former| leaves::at(former, &steps));
        let newly_secret = is_listed(&now) && !is_listed(&before);
        let standing = standing(value, stood, newly_secret);
        found.push(Found { column: column.to_owned(), steps, standing, is_text: false });
    }
    found
}

fn listed(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(ToOwned::to_owned)).collect()
}

/// In columns of text.
pub(super) fn in_texts(written: &Written<'_>, new: &Row) -> Vec<Found> {
    tables::texts(written.table)
        .iter()
        .filter_map(|column| {
            let stood = written.former(new, column);
            let standing = match new.get(*column)? {
                Value::Null => return None,
                value if stood == Some(value) => Standing::Untouched,
                Value::String(text) => in_text(text)?,
                _ => Standing::NotText,
            };
            Some(Found { column: (*column).to_owned(), steps: Steps::new(), standing, is_text: true })
        })
        .collect()
}

/// What a text is that is written anew; nothing where it is empty.
fn in_text(text: &str) -> Option<Standing> {
    Some(match mask::of_text(text) {
        Some((id, fingerprint)) => Standing::Mask((id, fingerprint.to_owned())),
        None if text.is_empty() => return None,
        None if is_card_number(text) => Standing::Card,
        None => Standing::Plain,
    })
}

/// What a value in a secret's place is, beside what stood there.
fn standing(value: &Value, stood: Option<&Value>, newly_secret: bool) -> Standing {
    if mask::is_meant(value) {
        return match (Mask::of_value(value), stood.and_then(Mask::of_value)) {
            (Some(mask), Some(stood)) if (mask.id, &mask.fingerprint) == (stood.id, &stood.fingerprint) => {
                Standing::Kept(stood)
            }
            (Some(mask), _) => Standing::Mask((mask.id, mask.fingerprint)),
            (None, _) => Standing::ForeignMask,
        };
    }
    if stood == Some(value) && !newly_secret {
        return Standing::Untouched;
    }
    if leaves::of(value).iter().any(|(_, part)| mask::is_meant(part)) {
        Standing::Mixed
    } else if cards_in(value).is_empty() {
        Standing::Plain
    } else {
        Standing::Card
    }
}
