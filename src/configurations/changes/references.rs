//! What a row names that has to be there: its template, a version of that, its environment; and that no two rows are one.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::store;
use super::wanted::{Scope, no_environment};
use crate::configurations::{ConfigTable, Environment, Rewrite};
use crate::db::tx::Tx;
use crate::problem::{Fault, nearest};
use crate::{Error, Result};

/// Templates that are named, and all others where one of those isn't there.
pub(super) struct Templates {
    versions: HashMap<String, Vec<String>>,
    all: Vec<String>,
}

impl Templates {
    /// Those that are named, with the versions that a change makes itself.
    pub(super) async fn read(tx: &Tx<'_>, named: &[&str], made: &[(&str, &str)]) -> Result<Self> {
        tx.as_worker(async {
            let mut versions = store::templates(tx, named).await?;
            for (id, version) in made {
                versions.entry((*id).to_owned()).or_default().push((*version).to_owned());
            }
            let is_all_there = named.iter().all(|id| versions.contains_key(*id));
            let all = if is_all_there { Vec::new() } else { store::template_ids(tx).await? };
            Ok::<_, Error>(Self { versions, all })
        })
        .await
    }

    /// What is wrong with the names of a template and of a version, in an object at a place.
    pub(super) fn fault(&self, at: &str, id: &str, version: Option<&str>) -> Option<Fault> {
        let Some(versions) = self.versions.get(id) else {
            let mend = match nearest(id, self.all.iter().map(String::as_str)) {
                Some(near) => {
                    format!("did you mean {near:?}? A new template begins with a version: publish that first")
                }
                None => "name one of template_configurations, or publish a version of it first".to_owned(),
            };
            let fault = Fault::at(format!("{at}/template_id"), "template", "there is no such template");
            return Some(fault.mend(mend));
        };
        version.filter(|version| versions.iter().all(|known| known != version)).map(|_| {
            Fault::at(format!("{at}/template_version"), "template_version", "the template has no such version")
                .mend(format!("name one of {}, or none for the newest active one", versions.join(", ")))
        })
    }
}

/// The versions of templates that rows would be.
pub(super) fn made<'a>(rows: impl Iterator<Item = (ConfigTable, &'a Map<String, Value>)>) -> Vec<(&'a str, &'a str)> {
    let versions = rows.filter(|(table, _)| *table == ConfigTable::TemplateConfigurations);
    versions.filter_map(|(_, row)| Some((text(row, "template_id")?, text(row, "template_version")?))).collect()
}

/// What rows name and isn't there, and rows that would be the same.
pub(super) async fn faults(tx: &Tx<'_>, rewrites: &[Rewrite]) -> Result<Vec<Fault>> {
    let after = || rewrites.iter().filter_map(|rewrite| Some((rewrite, rewrite.after.as_ref()?)));
    let named: Vec<&str> = after()
        .filter(|(rewrite, row)| names_another(rewrite, row))
        .filter_map(|(_, row)| text(row, "template_id"))
        .collect();
    let templates = Templates::read(tx, &named, &made(after().map(|(rewrite, row)| (rewrite.table, row)))).await?;
    let mut faults = Vec::new();
    let mut seen = HashMap::new();
    for (place, rewrite) in rewrites.iter().enumerate() {
        let Some(row) = rewrite.after.as_ref() else { continue };
        // Where several rows are made, which one it is; what is changed is changed alike in all.
        let is_one_of_several = rewrites.len() > 1 && rewrite.before.is_none();
        let at = if is_one_of_several { format!("/{place}") } else { String::new() };
        if names_another(rewrite, row)
            && let Some(id) = text(row, "template_id")
        {
            faults.extend(templates.fault(&at, id, text(row, "template_version")));
        }
        faults.extend(environment(rewrite, row, &at));
        if let Some(key) = key(rewrite, row)
            && *seen.entry(key.clone()).or_insert(rewrite.id) != rewrite.id
        {
            let detail = format!("another row of the change has the key {} at the same scope", key.0);
            let fault = Fault::at(format!("{at}/configuration_key"), "two edits of one key", detail);
            faults.push(fault.mend("leave one of them out"));
        }
    }
    let mut told = HashSet::new();
    faults.retain(|fault| told.insert((fault.pointer.clone(), fault.rule.clone())));
    Ok(faults)
}

/// Whether a row names a template that it didn't name before.
fn names_another(rewrite: &Rewrite, row: &Map<String, Value>) -> bool {
    let differs = |name: &str| rewrite.before.as_ref().is_none_or(|before| before.get(name) != row.get(name));
    rewrite.table != ConfigTable::TemplateConfigurations && (differs("template_id") || differs("template_version"))
}

fn environment(rewrite: &Rewrite, row: &Map<String, Value>, at: &str) -> Option<Fault> {
    let name = text(row, "environment")?;
    if rewrite.before.as_ref().and_then(|before| text(before, "environment")) == Some(name) {
        return None;
    }
    let pointer = format!("{at}/environment");
    match rewrite.table {
        ConfigTable::SystemConfigurations => no_environment(&pointer, name),
        ConfigTable::DeploymentConfigurations if name.parse::<Environment>().is_err() => {
            let fault = Fault::at(pointer, "environment", "there is no such environment");
            Some(fault.mend("name development, staging or production"))
        }
        _ => None,
    }
}

/// The key and scope that one row has alone.
fn key(rewrite: &Rewrite, row: &Map<String, Value>) -> Option<(String, Scope)> {
    let is_value = rewrite.table == ConfigTable::SystemConfigurations;
    let key = text(row, "configuration_key").filter(|_| is_value)?;
    Some((key.to_owned(), Scope::of(row)))
}

fn text<'a>(row: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}
