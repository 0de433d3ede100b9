use layers::{Key, Schema};
use serde_json::{Map, Value, json};

use super::types::Whole;
use crate::configurations::kind::{self, About, Kind};
use crate::configurations::pages::value::is_mask;
use crate::console::record::{self, Field};
use crate::console::{Meeting, Texts};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::templates::{self, Said};

/// The heading of what a design says besides the template's values.
pub(super) const BESIDES: &str = "Besides the template";

/// The field of all values as one document.
pub(super) const CONFIG: &str = "config";

/// The columns of a design besides the template's values.
pub(super) const FIELDS: &[Field] = {
    use record::Kind::{Json, Lines};
    &[
        Field::new("css_customizations", "Style sheet", BESIDES, Lines),
        Field::new("theme_config", "Theme", BESIDES, Json),
        Field::new("layout_config", "Layout", BESIDES, Json),
        Field::new("branding_config", "Brand", BESIDES, Json),
        Field::new("feature_config", "Features", BESIDES, Json),
        Field::new("integration_config", "Services", BESIDES, Json),
        Field::new("component_overrides", "Components replaced", BESIDES, Json),
        Field::new("content_overrides", "Content replaced", BESIDES, Json),
        Field::new("copy_customizations", "Wording replaced", BESIDES, Json),
        Field::new("image_assets", "Images", BESIDES, Json),
    ]
};

/// A draft as a form: the template's values field by field, or all of them as JSON, and what it says besides.
pub(super) struct Draft<'a> {
    pub(super) of: &'a Whole,
    pub(super) said: Option<Said>,
    pub(super) slots: Vec<Slot>,
    pub(super) is_json: bool,
}

/// One value of the template's.
pub(super) struct Slot {
    pub(super) key: Key,
    pub(super) about: About,
    /// What the template says.
    pub(super) default: Option<Value>,
}

impl Slot {
    /// The name of its field.
    pub(super) fn name(&self) -> String {
        format!("value{}", self.key.pointer())
    }

    /// Its value as it stands in the field; of a secret nothing.
    fn text(&self, config: &Value) -> String {
        let value = self.key.find(config).filter(|value| !self.about.is_secret && !is_mask(value));
        value.map(|value| self.about.kind.typed(value)).unwrap_or_default()
    }
}

impl<'a> Draft<'a> {
    /// That of a customization, with what the version says that it uses.
    pub(super) async fn read(tx: &Tx<'_>, of: &'a Whole, is_json: bool) -> Result<Self, Problem> {
        let said = templates::said(tx, &of.about.template_id, of.about.template_version.as_deref()).await?;
        let slots = if is_json { Vec::new() } else { slots(said.as_ref(), &of.config()) };
        // A template without a schema has no fields.
        let is_json = is_json || slots.is_empty();
        Ok(Self { of, said, slots, is_json })
    }

    /// The names of its fields.
    pub(super) fn names(&self) -> Vec<String> {
        let values = if self.is_json { vec![CONFIG.to_owned()] } else { self.slots.iter().map(Slot::name).collect() };
        values.into_iter().chain(FIELDS.iter().map(|field| field.name.to_owned())).collect()
    }

    /// What stands in its fields.
    pub(super) fn texts(&self) -> Texts {
        let config = self.of.config();
        let mut texts: Texts = self.slots.iter().map(|slot| (slot.name(), slot.text(&config))).collect();
        if self.is_json {
            texts.insert(CONFIG.to_owned(), format!("{config:#}"));
        }
        texts.extend(FIELDS.iter().map(|field| (field.name.to_owned(), field.text_in(&self.of.row))));
        texts
    }

    /// What a field is called.
    pub(super) fn label(&self, name: &str) -> String {
        let slot = self.slots.iter().find(|slot| slot.name() == name).map(|slot| slot.key.to_string());
        let field = || FIELDS.iter().find(|field| field.name == name).map(|field| field.label.to_owned());
        slot.or_else(field).unwrap_or_else(|| "Values".to_owned())
    }

    /// The columns that an edit writes; every fault at once.
    pub(super) fn columns(&self, meeting: &Meeting) -> Result<Map<String, Value>, Problem> {
        let refusal = "the draft can't be saved like this";
        let typed = |name: &str| {
            let is_mine = meeting.mine.iter().any(|mine| mine == name);
            meeting.merged.get(name).filter(|_| is_mine).map(String::as_str)
        };
        let mut faults = Vec::new();
        let mut config = self.of.config();
        for slot in &self.slots {
            if let Some(text) = typed(&slot.name()) {
                faults.extend(slot.put(&mut config, text).err());
            }
        }
        if let Some(text) = typed(CONFIG).filter(|_| self.is_json) {
            match document(text) {
                Ok(document) => config = document,
                Err(fault) => faults.push(fault),
            }
        }
        let columns = record::parse(FIELDS, refusal, typed);
        let mut columns = columns.unwrap_or_else(|problem| {
            faults.extend(problem.errors);
            Map::new()
        });
        if !faults.is_empty() {
            return Err(Problem::faults(refusal, faults));
        }
        if config != self.of.config() {
            columns.insert("customization_config".to_owned(), config);
        }
        Ok(columns)
    }

    /// A refusal with each fault at its field.
    pub(super) fn at_fields(&self, mut problem: Problem) -> Problem {
        for fault in &mut problem.errors {
            fault.pointer = self.at_field(&fault.pointer);
        }
        problem
    }

    fn at_field(&self, pointer: &str) -> String {
        let place = pointer.strip_prefix("/edits/0").unwrap_or(pointer);
        let place = place.strip_prefix("/columns").unwrap_or(place);
        let place = place.strip_prefix("/customization_config").unwrap_or(place);
        let first = place.trim_start_matches('/').split('/').next().unwrap_or_default();
        let is_field = FIELDS.iter().any(|field| field.name == first) || [CONFIG, "value"].contains(&first);
        match (is_field, self.is_json) {
            (true, _) => place.to_owned(),
            (false, true) => format!("/{CONFIG}{place}"),
            (false, false) => format!("/value{place}"),
        }
    }
}

impl Slot {
    /// Puts what was typed into a document; an empty field takes the value away, so that the template's shows.
    fn put(&self, config: &mut Value, typed: &str) -> Result<(), Fault> {
        if typed.is_empty() {
            take_away(config, self.key.segments());
            return Ok(());
        }
        let name = self.name();
        let value = self.about.kind.read(typed).map_err(|fault| Fault { pointer: format!("/{name}"), ..fault })?;
        let Some((last, parents)) = self.key.segments().split_last() else { return Ok(()) };
        let parent = parents.iter().fold(config, |value, segment| member(value, segment));
        *member(parent, last) = value;
        Ok(())
    }
}

fn member<'v>(value: &'v mut Value, name: &str) -> &'v mut Value {
    if !value.is_object() {
        *value = json!({});
    }
    // Indexing by a name makes the member where there is none.
    &mut value[name]
}

/// Takes a member away, and the documents around it that hold nothing else.
fn take_away(value: &mut Value, path: &[Box<str>]) {
    let (Some((first, rest)), Some(members)) = (path.split_first(), value.as_object_mut()) else { return };
    if let Some(inner) = members.get_mut(&**first).filter(|_| !rest.is_empty()) {
        take_away(inner, rest);
        if inner.as_object().is_some_and(|members| !members.is_empty()) || !inner.is_object() {
            return;
        }
    }
    members.remove(&**first);
}

fn document(text: &str) -> Result<Value, Fault> {
    let wrong = |rule: &str, detail: String| Fault::at(format!("/{CONFIG}"), rule, detail);
    match serde_json::from_str(text) {
        Ok(document @ Value::Object(_)) => Ok(document),
        Ok(_) => Err(wrong("object", "is no object".to_owned()).mend("write {\"name\": \"value\"}")),
        Err(error) => {
            let detail = format!("is no JSON: it breaks at line {}, column {}", error.line(), error.column());
            Err(wrong("json", detail))
        }
    }
}

/// The values that a version's schema names, each with what the version says.
fn slots(said: Option<&Said>, config: &Value) -> Vec<Slot> {
    let Some(said) = said else { return Vec::new() };
    let Ok(schema) = Schema::compile(&said.schema) else { return Vec::new() };
    let slot = |key: Key| {
        let default = key.find(&said.defaults).cloned();
        let likely = key.find(config).or(default.as_ref()).filter(|value| !is_mask(value));
        let mut about = About::of(Some(&schema), &key, likely);
        // What the client has made a secret of is none to be shown, whatever the schema says.
        about.is_secret |= key.find(config).is_some_and(is_mask);
        if key.find(config).is_some_and(|value| value.is_object() || value.is_array()) {
            about.kind = Kind::Json;
        }
        Slot { key, about, default }
    };
    kind::keys(&schema, &Key::root()).into_iter().map(slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(key: &str, kind: Kind) -> Slot {
        let about = About { kind, ..About::default() };
        Slot { key: Key::parse(key).expect("a key"), about, default: None }
    }

    #[test]
    fn an_empty_field_leaves_nothing_behind() {
        let mut config = json!({ "a": { "b": { "c": 1 } }, "d": { "e": 1, "f": 2 } });
        slot("a.b.c", Kind::Json).put(&mut config, "").expect("put");
        slot("d.e", Kind::Json).put(&mut config, "").expect("put");
        slot("x.y", Kind::Json).put(&mut config, "").expect("put");
        assert_eq!(config, json!({ "d": { "f": 2 } }));
    }

    #[test]
    fn a_value_makes_the_documents_around_it() {
        let mut config = json!({ "a": 1 });
        slot("a.b", Kind::Text { longest: None }).put(&mut config, "<b>").expect("put");
        slot("c.d.e", Kind::Number { is_whole: true }).put(&mut config, "12").expect("put");
        assert_eq!(config, json!({ "a": { "b": "<b>" }, "c": { "d": { "e": 12 } } }));
        let fault = slot("c", Kind::Number { is_whole: true }).put(&mut config, "twelve").expect_err("no number");
        assert_eq!(fault.pointer, "/value/c");
    }

    #[test]
    fn a_document_is_an_object() {
        for (text, rule) in [("[]", "object"), ("{\"a\": }", "json"), ("", "json")] {
            assert_eq!(document(text).expect_err(text).rule, rule);
        }
    }
}
