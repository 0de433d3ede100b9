use std::collections::BTreeSet;

use layers::{Key, Place as Layer, Schema};
use serde_json::Value;
use uuid::Uuid;

use super::place::Place;
use crate::configurations::asked::Found;
use crate::configurations::explain::read_key;
use crate::configurations::kind::{self, About, Kind};
use crate::configurations::outline::Outline;
use crate::configurations::pages::store::Row;
use crate::configurations::view::is_mask;
use crate::console::{Form, Sent, list};
use crate::problem::Problem;

/// How many keys a form holds.
const MOST: usize = 200;

/// The parts of a field's name before the pointer of its key.
const PARTS: [&str; 7] = ["value", "was", "base", "unset", "remove", "secret", "lock"];

/// The keys that a form is about, at one scope.
pub(super) struct Slots {
    /// The key that was chosen: it, or what lies within it.
    pub(super) key: Key,
    pub(super) all: Vec<Slot>,
    /// Whether there were more.
    pub(super) is_cut: bool,
    /// Whether one key alone is edited, so that what stands in its field is meant.
    pub(super) is_single: bool,
    /// Whether whatever it is, it is written as JSON.
    pub(super) is_json: bool,
    /// The rows of the scope.
    pub(super) rows: Vec<Row>,
}

/// One key at a scope.
pub(super) struct Slot {
    pub(super) key: Key,
    pub(super) about: About,
    /// What the scope says of it, and which of its rows.
    pub(super) here: Option<(Value, usize)>,
    /// What would stand there without.
    pub(super) beneath: Option<(Layer, Value)>,
    /// Whether a lock keeps it out.
    pub(super) is_locked: bool,
    /// Whether the scope's own row locks it; none where the form can't say so.
    pub(super) lock: Option<bool>,
}

impl Slots {
    /// Those that an address names; none where it names no key.
    pub(super) fn read(
        address: &list::Asked,
        found: &Found,
        outline: &Outline,
        place: Place,
        rows: Vec<Row>,
    ) -> Result<Option<Self>, Problem> {
        let Some(name) = address.some("key") else { return Ok(None) };
        let key = read_key(name)?;
        let is_json = address.get("as") == "json";
        let sources = found.inputs.sources(&found.target)?;
        let schema = sources.schema().map(AsRef::as_ref);
        let mut keys = if is_json { vec![key.clone()] } else { within(schema, outline, &rows, &key) };
        let is_cut = keys.len() > MOST;
        keys.truncate(MOST);
        let is_single = keys.len() == 1 && keys[0] == key;
        let said: Vec<(Layer, Value)> =
            sources.layers().map(|layer| (layer.place(), layer.patch().to_value())).collect();
        let slot = |key: Key| {
            let here = here(&rows, &key);
            let beneath = said.iter().rev().filter(|(layer, _)| *layer < place.layer());
            let beneath = beneath.clone().find_map(|(layer, said)| Some((*layer, key.find(said)?.clone())));
            let beneath = beneath.filter(|(_, value)| !is_removal(value));
            let likely = here.as_ref().map(|(value, _)| value).or(beneath.as_ref().map(|(_, value)| value));
            let mut about = About::of(schema, &key, likely.filter(|value| !is_mask(value)));
            about.is_secret |=
                likely.is_some_and(is_mask) || here.as_ref().is_some_and(|(_, row)| rows[*row].is_encrypted);
            if is_json {
                about.kind = Kind::Json;
            }
            let is_locked = sources.locked_by(&key).is_some_and(|scope| place.layer() > scope.last());
            let lock = match here.as_ref().map(|(_, row)| &rows[*row]) {
                Some(row) => (row.key == key).then_some(row.is_locking()),
                None => is_single.then_some(false),
            };
            Slot { key, about, here, beneath, is_locked, lock: lock.filter(|_| place.layer().is_shared()) }
        };
        let all = keys.into_iter().map(slot).collect();
        Ok(Some(Self { key, all, is_cut, is_single, is_json, rows }))
    }

    /// The people who wrote the rows of this scope.
    pub(super) fn writers(&self) -> impl Iterator<Item = Uuid> {
        self.all.iter().filter_map(|slot| self.rows[slot.here.as_ref()?.1].updated_by)
    }

    /// The form as it is opened.
    pub(super) fn form(&self) -> Form {
        Form::holding(self.all.iter().flat_map(|slot| {
            let shown = slot.shown();
            let locked = slot.lock.unwrap_or_default().then(|| (slot.field("lock"), "on".to_owned()));
            [(slot.field("value"), shown.clone()), (slot.field("was"), shown), (slot.field("base"), self.base(slot))]
                .into_iter()
                .chain(locked)
        }))
    }

    /// The form as it was sent, for rows as they are now. What may be a secret isn't shown again.
    pub(super) fn typed(&self, sent: &Sent) -> Form {
        let is_open = |name: &str| {
            let slot = self.all.iter().find(|slot| slot.field("value") == name);
            slot.is_none_or(|slot| !slot.about.is_secret && !sent.is_ticked(&slot.field("secret")))
        };
        let kept = sent.pairs().filter(|(name, _)| !name.starts_with("base/") && is_open(name));
        let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Form::holding(kept.chain(self.all.iter().map(|slot| (slot.field("base"), self.base(slot)))))
    }

    /// The version of the row that says something of a key, as a form keeps it.
    pub(super) fn base(&self, slot: &Slot) -> String {
        let row = slot.here.as_ref().map(|(_, row)| &self.rows[*row]);
        row.map(|row| format!("{}.{}", row.id.simple(), row.version)).unwrap_or_default()
    }

    /// Keys whose rows aren't those any more that the form was opened for, where it says something of them.
    pub(super) fn moved(&self, sent: &Sent) -> Vec<&Slot> {
        let is_moved = |slot: &&Slot| sent.get(&slot.field("base")).is_some_and(|base| base != self.base(slot));
        self.all.iter().filter(is_moved).filter(|slot| self.is_single || slot.is_touched(sent)).collect()
    }

    /// Whether a form about these keys has a field of that name.
    pub(super) fn knows(&self, name: &str) -> bool {
        name == "reason" || {
            let (part, pointer) = name.split_once('/').unwrap_or((name, ""));
            PARTS.contains(&part) && self.all.iter().any(|slot| slot.key.pointer().strip_prefix('/') == Some(pointer))
        }
    }
}

impl Slot {
    /// The name of a field.
    pub(super) fn field(&self, part: &str) -> String {
        format!("{part}{}", self.key.pointer())
    }

    /// What stands in the field when the form is opened; of a secret nothing.
    pub(super) fn shown(&self) -> String {
        let value = self.here.as_ref().map(|(value, _)| value).filter(|value| !is_removal(value));
        let value = value.or(self.beneath.as_ref().map(|(_, value)| value));
        value.filter(|_| !self.about.is_secret).map(|value| self.about.kind.typed(value)).unwrap_or_default()
    }

    /// Whether somebody typed something else than what stood in the field.
    pub(super) fn is_touched(&self, sent: &Sent) -> bool {
        sent.is_ticked(&self.field("unset"))
            || sent.is_ticked(&self.field("remove"))
            || self.is_retyped(sent)
            || self.is_relocked(sent)
    }

    /// Whether the field holds another text than it did.
    pub(super) fn is_retyped(&self, sent: &Sent) -> bool {
        let plain = |part: &str| sent.get(&self.field(part)).map(|text| text.replace("\r\n", "\n"));
        plain("value").is_some_and(|value| plain("was").unwrap_or_default() != value)
    }

    /// Whether somebody locks what isn't locked, or opens what is.
    pub(super) fn is_relocked(&self, sent: &Sent) -> bool {
        self.lock.is_some_and(|is_locked| is_locked != sent.is_ticked(&self.field("lock")))
    }
}

/// Whether a value says that nothing shall stand there.
pub(super) fn is_removal(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.len() == 1 && members.contains_key("$removed"))
}

/// What the rows of a scope say of a key: the row of that key, else the one with the longest key that it lies within.
fn here(rows: &[Row], key: &Key) -> Option<(Value, usize)> {
    let about = rows.iter().enumerate().filter_map(|(place, row)| {
        let inner = key.within(&row.key)?;
        Some((row.key.segments().len(), inner.find(&row.value)?.clone(), place))
    });
    about.max_by_key(|(length, ..)| *length).map(|(_, value, place)| (value, place))
}

/// The keys within a key, or it alone where it holds none: by the schema, the document and the rows of the scope.
fn within(schema: Option<&Schema>, outline: &Outline, rows: &[Row], key: &Key) -> Vec<Key> {
    let mut keys = BTreeSet::new();
    if let Some(schema) = schema {
        keys.extend(kind::keys(schema, key));
    }
    keys.extend(outline.entries.iter().map(|entry| &entry.key).filter(|found| found.is_at_or_below(key)).cloned());
    keys.extend(rows.iter().map(|row| &row.key).filter(|found| found.is_at_or_below(key)).cloned());
    if keys.is_empty() {
        keys.insert(key.clone());
    }
    // One that holds others is edited by them.
    let all: Vec<Key> = keys.into_iter().collect();
    let holds = |key: &Key| all.iter().any(|other| other != key && other.is_at_or_below(key));
    all.iter().filter(|key| !holds(key) && Key::parse(&key.to_string()).is_ok()).cloned().collect()
}
