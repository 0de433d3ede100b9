//! What is wrong with edits in themselves, whatever documents they reach: keys, sizes, schemas, values that no schema of
//! theirs allows, card numbers. Only what an edit brings is judged.

use std::collections::HashSet;
use std::sync::Arc;

use layers::{Key, Place, Problem as Found, Rule, Schema, Weight};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::prepare::refused;
use super::references;
use crate::configurations::documents::{Compiled, Inputs, TemplateVersion, Wanted};
use crate::configurations::{ConfigTable, Environment, Rewrite};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::secrets::Marks;

type Row = Map<String, Value>;

/// Refuses edits that are wrong in themselves, with every fault.
pub(super) async fn refuse(
    tx: &Tx<'_>,
    compiled: &Compiled,
    rewrites: &[Rewrite],
    marks: &Marks,
) -> Result<(), Problem> {
    let after: Vec<(&Rewrite, &Row)> =
        rewrites.iter().filter_map(|rewrite| Some((rewrite, rewrite.after.as_ref()?))).collect();
    let named: Vec<&str> = after.iter().filter_map(|(_, row)| text(row, "template_id")).collect();
    let inputs = Inputs::load(tx, compiled, Wanted::clients(&[]).asked(&named)).await?;
    let mut faults = references::faults(tx, rewrites).await?;
    faults.extend(after.into_iter().flat_map(|(rewrite, row)| match rewrite.table {
        ConfigTable::SystemConfigurations => value(rewrite, row, &inputs, compiled, marks),
        ConfigTable::TemplateConfigurations => template(rewrite, row, marks),
        ConfigTable::ClientCustomizations => {
            let written = Written { rewrite, row, marks, version: version(&inputs, row) };
            written.document("customization_config", &Key::root(), Place::Customization)
        }
        ConfigTable::DeploymentConfigurations => {
            let written = Written { rewrite, row, marks, version: version(&inputs, row) };
            let mut faults = written.document("application_config", &Key::root(), Place::Deployment);
            faults.extend(written.document("feature_flags", &Key::of(["features"]), Place::Deployment));
            faults
        }
    }));
    if faults.is_empty() { Ok(()) } else { Err(refused(faults)) }
}

/// The fault of a removal that hides nothing.
pub(super) fn pointless(row: Uuid, rewrites: &[Rewrite]) -> Option<Fault> {
    let rewrite = rewrites.iter().find(|rewrite| rewrite.id == row)?;
    let row = rewrite.after.as_ref()?;
    let key = text(row, "configuration_key").and_then(|key| Key::parse(key).ok()).unwrap_or_default();
    let fault = Fault::at(key.pointer(), Rule::Pointless.name(), "there is nothing beneath that it would hide");
    Some(fault.layer(place(row).name()).mend("leave it out; to take a value away that stands at this scope, unset it"))
}

fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// Whether an edit brings another value into one of the columns.
fn touches(rewrite: &Rewrite, row: &Row, columns: &[&str]) -> bool {
    let before = rewrite.before.as_ref();
    columns.iter().any(|name| before.is_none_or(|before| before.get(*name) != row.get(*name)))
}

/// The version that judges what is written for a row's template: the one that it pins, else the newest that is active.
fn version<'a>(inputs: &'a Inputs, row: &Row) -> Option<&'a Arc<TemplateVersion>> {
    let template_id = text(row, "template_id")?;
    match text(row, "template_version") {
        Some(pinned) => inputs.versions().find(|known| &*known.template_id == template_id && known.version == pinned),
        None => inputs.newest_active(template_id),
    }
}

/// A value at a layer.
fn value(rewrite: &Rewrite, row: &Row, inputs: &Inputs, compiled: &Compiled, marks: &Marks) -> Vec<Fault> {
    let columns = ["configuration_key", "configuration_value", "configuration_schema", "template_id", "client_id"];
    if !touches(rewrite, row, &columns) && !touches(rewrite, row, &["environment", "is_active"]) {
        return Vec::new();
    }
    let place = place(row);
    let key = match Key::parse(text(row, "configuration_key").unwrap_or_default()) {
        Ok(key) => key,
        Err(found) => {
            let fault = told(&found, Some(place));
            return vec![Fault { pointer: "/configuration_key".to_owned(), ..fault }];
        }
    };
    let value = row.get("configuration_value").unwrap_or(&Value::Null);
    let own = match row.get("configuration_schema").filter(|schema| !schema.is_null()) {
        None => None,
        Some(schema) => match compiled.row_schema(schema) {
            Ok(schema) => {
                let of_schema = schema.secrets_in_the_clear();
                if touches(rewrite, row, &["configuration_schema"]) && !of_schema.is_empty() {
                    return of_schema.iter().map(|found| told(&beneath(&own_schema(), found), Some(place))).collect();
                }
                Some(schema)
            }
            Err(found) if touches(rewrite, row, &["configuration_schema"]) => {
                return found.iter().map(|found| told(&beneath(&own_schema(), found), Some(place))).collect();
            }
            Err(_) => None,
        },
    };
    let version = version(inputs, row).filter(|version| version.is_judged);
    let schema = version.and_then(|version| version.schema.as_deref());
    let is_sealed = row.get("is_encrypted").and_then(Value::as_bool) == Some(true);
    let marked = marks.places(rewrite.table.name(), row, "configuration_value");
    let is_secret = |path: &Key| {
        is_sealed && path.is_at_or_below(&key)
            || path.within(&key).is_some_and(|inner| marked.contains(&inner))
            || schema.is_some_and(|known| is_marked(known, path))
    };
    let mut found: Vec<Found> = layers::check(value).iter().map(|found| beneath(&key, found)).collect();
    found.retain(|found| !is_of_text(found, &is_secret));
    if found.is_empty() {
        found.extend(cards(value, &key, schema, own.as_deref()));
        if can_be_judged(value, &key, &is_secret) {
            found.extend(own.iter().flat_map(|own| own.judge(value)).map(|found| beneath(&key, &found)));
            found.extend(schema.iter().flat_map(|schema| schema.judge_at(&key, value)));
        }
        found.extend(schema.iter().flat_map(|schema| closed_out(schema, &key, value)));
    }
    let found = found.into_iter().map(|found| guarded(found, &is_secret)).collect();
    let mut faults: Vec<Fault> = blocking(found).map(|found| told(&found, Some(place))).collect();
    faults.extend(steering(row, &key, value));
    faults
}

/// A template's version: its schema, and its defaults.
fn template(rewrite: &Rewrite, row: &Row, marks: &Marks) -> Vec<Fault> {
    if !touches(rewrite, row, &["configuration_schema", "default_configuration"]) {
        return Vec::new();
    }
    let source = row.get("configuration_schema").unwrap_or(&Value::Null);
    let defaults = row.get("default_configuration").unwrap_or(&Value::Null);
    let (schema, found) = match Schema::compile(source) {
        Ok(schema) if touches(rewrite, row, &["configuration_schema"]) => {
            let found = schema.secrets_in_the_clear();
            (Some(schema), found)
        }
        Ok(schema) => (Some(schema), Vec::new()),
        Err(found) => (None, found),
    };
    let mut faults: Vec<Fault> = found.iter().map(|found| told(&beneath(&own_schema(), found), None)).collect();
    let marked = marks.places(rewrite.table.name(), row, "default_configuration");
    let root = Key::root();
    let document = Document { column: "default_configuration", at: &root, place: Place::TemplateDefaults, marked };
    faults.extend(document.judged(defaults, schema.as_ref()));
    faults
}

/// A row with documents, and what judges them.
struct Written<'a> {
    rewrite: &'a Rewrite,
    row: &'a Row,
    marks: &'a Marks,
    version: Option<&'a Arc<TemplateVersion>>,
}

impl Written<'_> {
    /// A column that holds a whole document, or a part of one.
    fn document(&self, column: &str, at: &Key, place: Place) -> Vec<Fault> {
        let Self { rewrite, row, marks, version } = self;
        let is_written = touches(rewrite, row, &[column, "template_id", "template_version"]);
        let Some(written) = row.get(column).filter(|_| is_written) else { return Vec::new() };
        let schema = version.filter(|version| version.is_judged).and_then(|version| version.schema.as_deref());
        let marked = marks.places(rewrite.table.name(), row, column);
        Document { column, at, place, marked }.judged(written, schema)
    }
}

/// Where a document stands, and what is secret in it.
struct Document<'a> {
    column: &'a str,
    at: &'a Key,
    place: Place,
    marked: HashSet<Key>,
}

impl Document<'_> {
    fn judged(&self, written: &Value, schema: Option<&Schema>) -> Vec<Fault> {
        let is_secret = |path: &Key| {
            path.within(self.at).is_some_and(|inner| self.marked.contains(&inner))
                || schema.is_some_and(|schema| is_marked(schema, path))
        };
        whole(written, self, schema, &is_secret)
    }
}

fn whole(
    written: &Value,
    document: &Document<'_>,
    schema: Option<&Schema>,
    is_secret: &dyn Fn(&Key) -> bool,
) -> Vec<Fault> {
    let Document { column, at, place, marked: _ } = document;
    let Value::Object(members) = written else {
        let fault = Fault::at(at.pointer(), "document", format!("{column} is no object"));
        return vec![fault.layer(place.name()).mend("send an object")];
    };
    let mut found: Vec<Found> = layers::check(written).iter().map(|found| beneath(at, found)).collect();
    found.retain(|found| !is_of_text(found, is_secret));
    if found.is_empty() {
        found.extend(cards(written, at, schema, None));
        for (name, value) in members {
            let key = at.child(name);
            if let Some(schema) = schema {
                if can_be_judged(value, &key, is_secret) {
                    found.extend(schema.judge_at(&key, value));
                }
                found.extend(closed_out(schema, &key, value));
            }
        }
    }
    let found = found.into_iter().map(|found| guarded(found, is_secret)).collect();
    blocking(found).map(|found| told(&found, Some(*place))).collect()
}

/// Whether a schema marks a place as secret.
fn is_marked(schema: &Schema, path: &Key) -> bool {
    schema.is_secret(&path.segments().iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

/// The secret that a place lies in, or is.
fn secret_above(path: &Key, is_secret: &dyn Fn(&Key) -> bool) -> Option<Key> {
    (0..=path.segments().len()).map(|length| path.first(length)).find(|above| is_secret(above))
}

/// Whether something is wrong with a reference in a secret, whose text means what it says.
fn is_of_text(found: &Found, is_secret: &dyn Fn(&Key) -> bool) -> bool {
    found.rule == Rule::Malformed && secret_above(&found.path, is_secret).is_some()
}

/// Says no more of what is within a secret than that it is wrong: its names are part of it, and what it is compared with
/// tells about it.
fn guarded(found: Found, is_secret: &dyn Fn(&Key) -> bool) -> Found {
    let Some(secret) = secret_above(&found.path, is_secret) else { return found };
    let tells = ["enum", "const", "pattern"].contains(&found.rule.name());
    let is_within = secret != found.path;
    match found.rule {
        Rule::Keyword(_) | Rule::Required if tells || is_within => Found {
            path: secret,
            detail: "What the secret holds isn't as the schema asks".to_owned(),
            mend: "Set a value that the schema allows.".to_owned(),
            ..found
        },
        _ => Found { path: secret, ..found },
    }
}

/// What is missing isn't wrong: it is said where it counts.
fn blocking(found: Vec<Found>) -> impl Iterator<Item = Found> {
    found.into_iter().filter(|found| found.weight() != Weight::Incomplete)
}

/// Whether a schema can judge a value as it is written: what refers to other places, and what is sealed, it can't.
fn can_be_judged(value: &Value, at: &Key, is_secret: &dyn Fn(&Key) -> bool) -> bool {
    let below = |name: &str, value: &Value| can_be_judged(value, &at.child(name), is_secret);
    match value {
        Value::String(text) => !text.contains("${") || secret_above(at, is_secret).is_some(),
        Value::Array(items) => items.iter().enumerate().all(|(place, item)| below(&place.to_string(), item)),
        Value::Object(members) => members.iter().all(|(name, value)| !name.starts_with('$') && below(name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Keys for which a closed schema has no room.
fn closed_out(schema: &Schema, key: &Key, value: &Value) -> Vec<Found> {
    let nested = key
        .segments()
        .iter()
        .rev()
        .fold(value.clone(), |value, segment| Value::Object(Map::from_iter([(segment.to_string(), value)])));
    let is_closed = |rule: &Rule| matches!(rule, Rule::Keyword(word) if ["additionalProperties", "unevaluatedProperties", "propertyNames"].contains(&&**word));
    schema.judge(&nested).into_iter().filter(|found| is_closed(&found.rule)).collect()
}

/// Numbers of payment cards, where no schema says that they are none.
fn cards(value: &Value, at: &Key, schema: Option<&Schema>, own: Option<&Schema>) -> Vec<Found> {
    let is_none = |found: &Key| {
        let whole = at.join(found);
        let path = |key: &Key| key.segments().iter().map(ToString::to_string).collect::<Vec<_>>();
        let (whole, inner) = (path(&whole), path(found));
        let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
        let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
        schema.is_some_and(|schema| schema.is_not_a_card(&whole)) || own.is_some_and(|own| own.is_not_a_card(&inner))
    };
    let found = layers::card::cards_in(value).into_iter().filter(|found| !is_none(found));
    found
        .map(|found| {
            Found::new(
                at.join(&found),
                Rule::Card,
                "this looks like the number of a payment card, which is never stored".to_owned(),
                "store the reference that the payment provider gives for the card".to_owned(),
            )
        })
        .collect()
}

/// Rows that steer Tenantry itself have to say something that it understands.
fn steering(row: &Row, key: &Key, value: &Value) -> Option<Fault> {
    let is_protection = row.get("is_system").and_then(Value::as_bool) == Some(true)
        && text(row, "configuration_key") == Some("protected_environments");
    let is_known = |name: &Value| name.as_str().is_some_and(|name| name.parse::<Environment>().is_ok());
    let is_list = value.as_array().is_some_and(|names| names.iter().all(is_known));
    (is_protection && !is_list).then(|| {
        Fault::at(key.pointer(), "environment", "protected_environments is a list of environments")
            .mend("send an array of development, staging, production")
    })
}

/// The layer that a value stands in.
fn place(row: &Row) -> Place {
    let is_all = text(row, "environment").is_none_or(|name| name == "all");
    match (text(row, "client_id").is_some(), text(row, "template_id").is_some(), is_all) {
        (false, false, true) => Place::GlobalAll,
        (false, false, false) => Place::GlobalEnvironment,
        (false, true, true) => Place::TemplateAll,
        (false, true, false) => Place::TemplateEnvironment,
        (true, false, true) => Place::ClientAll,
        (true, false, false) => Place::ClientEnvironment,
        (true, true, true) => Place::ClientTemplateAll,
        (true, true, false) => Place::ClientTemplateEnvironment,
    }
}

/// Where what is wrong with a schema stands.
fn own_schema() -> Key {
    Key::of(["configuration_schema"])
}

fn beneath(at: &Key, found: &Found) -> Found {
    Found { path: at.join(&found.path), ..found.clone() }
}

fn told(found: &Found, place: Option<Place>) -> Fault {
    let fault = Fault::at(found.path.pointer(), found.rule.name(), found.detail.clone()).mend(found.mend.clone());
    match place {
        Some(place) => fault.layer(place.name()),
        None => fault,
    }
}
