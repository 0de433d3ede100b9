//! What schemas say of secrets: those of templates, read once for all rows of a change, and a row's own.

use std::collections::HashSet;

use layers::Key;
use layers::schema::Secrets;
use serde_json::{Map, Value};

use super::conceal::{Templates, has_own_schema, templates};
use super::store;
use crate::Result;
use crate::db::tx::Tx;

/// What templates mark as secret.
#[derive(Default)]
pub struct Marks {
    schemas: Vec<(String, Secrets)>,
}

impl Marks {
    /// What the templates mark that some rows answer to: those that they name or, where a value is for whatever template,
    /// all. `written` are schemas of templates that are written in the same change, which the database doesn't know yet.
    pub async fn read<'a>(
        tx: &Tx<'_>,
        rows: impl Iterator<Item = (&'a str, &'a Map<String, Value>)>,
        written: &[(&str, &Value)],
    ) -> Result<Self> {
        let mut named = HashSet::new();
        let mut is_all = false;
        for (table, row) in rows {
            match (templates(table), text(row, "template_id")) {
                (Templates::None, _) | (Templates::Named, None) => {}
                (Templates::All, None) => is_all = true,
                (Templates::Named | Templates::All, Some(id)) => _ = named.insert(id),
            }
        }
        if named.is_empty() && !is_all {
            return Ok(Self::default());
        }
        let named: Vec<&str> = named.into_iter().collect();
        let known = tx.as_worker(store::schemas_with_secrets(tx, (!is_all).then_some(&named))).await?;
        let written = written.iter().map(|(id, schema)| ((*id).to_owned(), (*schema).clone()));
        let all = known.into_iter().chain(written);
        Ok(Self { schemas: all.filter_map(|(id, schema)| Some((id, Secrets::of(schema)?))).collect() })
    }

    /// What all templates mark.
    pub async fn of_all(tx: &Tx<'_>) -> Result<Self> {
        let known = tx.as_worker(store::schemas_with_secrets(tx, None)).await?.into_iter();
        Ok(Self { schemas: known.filter_map(|(id, schema)| Some((id, Secrets::of(schema)?))).collect() })
    }

    /// The outermost places of a row's document that are secret: by its own schema, by those of its template or, where it
    /// is for whatever template, by any.
    pub fn places(&self, table: &str, row: &Map<String, Value>, column: &str) -> HashSet<Key> {
        let Some(document) = row.get(column) else { return HashSet::new() };
        let own = row.get("configuration_schema").filter(|_| has_own_schema(table)).cloned().and_then(Secrets::of);
        let named = text(row, "template_id");
        let is_meant = |id: &str| match templates(table) {
            Templates::None => false,
            Templates::Named => named == Some(id),
            Templates::All => named.is_none_or(|named| named == id),
        };
        let at = match column {
            "configuration_value" => Key::of(text(row, "configuration_key").into_iter().flat_map(|key| key.split('.'))),
            "feature_flags" => Key::of(["features"]),
            _ => Key::root(),
        };
        let of_templates = self.schemas.iter().filter(|(id, _)| is_meant(id));
        let of_templates = of_templates.map(|(_, schema)| schema.places(&at, document));
        own.iter().map(|own| own.places(&Key::root(), document)).chain(of_templates).flatten().collect()
    }
}

fn text<'a>(row: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}
