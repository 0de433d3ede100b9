use std::collections::BTreeMap;

use layers::Key;
use serde_json::{Map, Value, json};

use super::slots::{Slot, Slots};
use crate::configurations::changes::{Scope, Verb, Wanted};
use crate::configurations::kind::Kind;
use crate::console::Sent;
use crate::problem::{Fault, Problem};

/// What a form says, as edits of a change.
#[derive(Debug)]
pub(super) struct Edits {
    pub(super) wanted: Vec<Wanted>,
    /// The pointers of the keys that each edit came from.
    pub(super) slots: Vec<String>,
}

/// What is to be done to one key.
enum Deed {
    Set(Value),
    Unset,
    Remove,
}

/// Reads a form; everything that can't be read is told at its field.
pub(super) fn edits(slots: &Slots, scope: &Scope, sent: &Sent) -> Result<Edits, Problem> {
    let mut faults = Vec::new();
    let mut deeds = Vec::new();
    for slot in &slots.all {
        match deed(slots, slot, sent) {
            Ok(Some(deed)) => deeds.push((slot, deed)),
            Ok(None) => {}
            Err(fault) => faults.push(Fault { pointer: format!("/{}", slot.field("value")), ..fault }),
        }
    }
    if !faults.is_empty() {
        return Err(Problem::faults("the form can't be read", faults));
    }
    if deeds.is_empty() {
        return Err(Problem::invalid("nothing is different from what stands here")
            .mend("change a value, or go back to the document"));
    }
    Ok(Plan { slots, scope, sent }.edits(deeds))
}

fn deed(slots: &Slots, slot: &Slot, sent: &Sent) -> Result<Option<Deed>, Fault> {
    if sent.is_ticked(&slot.field("unset")) {
        return Ok(Some(Deed::Unset));
    }
    if sent.is_ticked(&slot.field("remove")) {
        return Ok(Some(Deed::Remove));
    }
    let Some(typed) = sent.get(&slot.field("value")) else { return Ok(None) };
    // A lock is turned without the value being looked at, which may be a secret's mask.
    if let Some((held, _)) = slot.here.as_ref().filter(|_| slot.is_relocked(sent) && !slot.is_retyped(sent)) {
        return Ok(Some(Deed::Set(held.clone())));
    }
    let is_own = slots.is_single && slot.here.is_none();
    if typed.is_empty() {
        return match slot.about.kind {
            _ if slot.about.is_secret => Ok(None),
            Kind::Text { .. } if is_own || slot.is_touched(sent) => Ok(Some(Deed::Set(json!("")))),
            Kind::Text { .. } => Ok(None),
            // A field that holds no text is emptied to take the value away.
            _ if slot.here.is_some() && slot.is_touched(sent) => Ok(Some(Deed::Unset)),
            _ if slots.is_single => Err(Fault::at("", "required", "there is no value").mend("write or choose one")),
            _ => Ok(None),
        };
    }
    if !is_own && !slot.is_touched(sent) {
        return Ok(None);
    }
    slot.about.kind.read(typed).map(|value| Some(Deed::Set(value)))
}

struct Plan<'a> {
    slots: &'a Slots,
    scope: &'a Scope,
    sent: &'a Sent,
}

impl Plan<'_> {
    /// Keys that stand within a row of a shorter key are written there, all of one row together.
    fn edits(&self, deeds: Vec<(&Slot, Deed)>) -> Edits {
        let mut edits = Edits { wanted: Vec::new(), slots: Vec::new() };
        let mut rewritten: BTreeMap<usize, (Value, String)> = BTreeMap::new();
        for (slot, deed) in deeds {
            let outer = slot.here.as_ref().map(|(_, row)| *row).filter(|row| self.slots.rows[*row].key != slot.key);
            match outer {
                Some(row) => {
                    let held = &self.slots.rows[row];
                    let (value, _) = rewritten.entry(row).or_insert_with(|| (held.value.clone(), slot.key.pointer()));
                    if let Some(inner) = slot.key.within(&held.key) {
                        put(value, &inner, deed);
                    }
                }
                None => {
                    edits.wanted.push(self.edit(slot, deed));
                    edits.slots.push(slot.key.pointer());
                }
            }
        }
        for (row, (value, pointer)) in rewritten {
            let held = &self.slots.rows[row];
            let set = self.at_scope(Wanted::new(Verb::Set, &held.key.to_string()));
            edits.wanted.push(Wanted { value: Some(value), base: Some(json!(held.version)), ..set });
            edits.slots.push(pointer);
        }
        edits
    }

    fn edit(&self, slot: &Slot, deed: Deed) -> Wanted {
        let base = slot.here.as_ref().map(|(_, row)| json!(self.slots.rows[*row].version));
        let key = slot.key.to_string();
        let (verb, value) = match deed {
            Deed::Set(value) => (Verb::Set, Some(value)),
            Deed::Unset => (Verb::Unset, None),
            Deed::Remove => (Verb::Remove, None),
        };
        let is_secret = value.is_some() && self.sent.is_ticked(&slot.field("secret"));
        let configuration_schema = self.schema(slot).filter(|_| value.is_some());
        let wanted = self.at_scope(Wanted::new(verb, &key));
        Wanted { value, base, is_encrypted: is_secret.then_some(true), configuration_schema, ..wanted }
    }

    /// The schema of a key's row, where its lock is to be another than it is.
    fn schema(&self, slot: &Slot) -> Option<Value> {
        slot.lock.filter(|_| slot.is_relocked(self.sent))?;
        let held = slot.here.as_ref().map(|(_, row)| self.slots.rows[*row].schema.clone());
        let mut schema = held.filter(Value::is_object).unwrap_or_else(|| json!({}));
        let members = as_object(&mut schema);
        if self.sent.is_ticked(&slot.field("lock")) {
            members.insert("x-locked".to_owned(), json!(true));
        } else {
            members.remove("x-locked");
        }
        Some(schema)
    }

    fn at_scope(&self, wanted: Wanted) -> Wanted {
        let Scope { client_id, template_id, environment } = self.scope.clone();
        Wanted { client_id, template_id, environment: Some(environment), ..wanted }
    }
}

/// Does something to a place within a value.
fn put(value: &mut Value, inner: &Key, deed: Deed) {
    let Some((last, parents)) = inner.segments().split_last() else { return };
    let parent = parents.iter().fold(value, |value, segment| {
        let members = as_object(value);
        members.entry(segment.to_string()).or_insert_with(|| json!({}))
    });
    let members = as_object(parent);
    match deed {
        Deed::Set(value) => _ = members.insert(last.to_string(), value),
        Deed::Unset => _ = members.remove(&**last),
        Deed::Remove => _ = members.insert(last.to_string(), json!({ "$removed": true })),
    }
}

fn as_object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("an object was put there")
}

/// The same refusal with each fault at the field of its key.
pub(super) fn at_fields(mut problem: Problem, slots: &[String]) -> Problem {
    for fault in &mut problem.errors {
        fault.pointer = at_field(&fault.pointer, slots);
    }
    problem
}

fn at_field(pointer: &str, slots: &[String]) -> String {
    let edit = pointer.strip_prefix("/edits/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
    if let Some(slot) = edit.and_then(|place| slots.get(place)) {
        return format!("/value{slot}");
    }
    let is_of = |slot: &&String| {
        pointer.strip_prefix(slot.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match slots.iter().find(is_of) {
        Some(_) => format!("/value{pointer}"),
        None => pointer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_within_a_row_is_set_and_taken_away() {
        let inner = |text: &str| Key::parse(text).expect("a key");
        let mut value = json!({ "a": { "b": 1, "c": 2 } });
        put(&mut value, &inner("a.b"), Deed::Set(json!("x")));
        put(&mut value, &inner("a.c"), Deed::Unset);
        put(&mut value, &inner("d.e"), Deed::Remove);
        assert_eq!(value, json!({ "a": { "b": "x" }, "d": { "e": { "$removed": true } } }));
    }

    #[test]
    fn a_fault_stands_at_the_field_of_its_key() {
        let slots = ["/a/b".to_owned(), "/c".to_owned()];
        for (pointer, field) in [
            ("/edits/1/base", "/value/c"),
            ("/a/b", "/value/a/b"),
            ("/a/b/0", "/value/a/b/0"),
            ("/a/bc", "/a/bc"),
            ("/reason", "/reason"),
            ("/edits/9", "/edits/9"),
        ] {
            assert_eq!(at_field(pointer, &slots), field, "{pointer}");
        }
    }
}
