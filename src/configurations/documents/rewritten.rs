use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use layers::Layer;
use uuid::Uuid;

use super::compiled::Compiled;
use super::edits::Edits;
use super::gathered::{entry, place};
use super::inputs::{ClientInputs, Design, InForce, Inputs, Lower, targets_of};
use super::row::{ConfigRow, Scope};
use super::target::Target;
use super::template::TemplateVersion;
use crate::configurations::types::{ConfigTable, Environment, Rewrite};

impl Inputs {
    /// The world after some edits. What they don't touch is the same, not a copy.
    #[must_use]
    pub fn with(&self, edits: &Edits, compiled: &Compiled) -> Self {
        let mut after = After { inputs: self.clone(), lower: self.lower_by_now() };
        for ((client_id, scope), rows) in &edits.scopes {
            let entries: Vec<_> = rows.iter().cloned().filter_map(|row| entry(row, compiled)).collect();
            let layer = (!entries.is_empty()).then(|| Arc::new(Layer::new(place(client_id.is_some(), scope), entries)));
            after.layer(*client_id, scope, layer);
        }
        for rewrite in &edits.rewrites {
            match rewrite.table {
                ConfigTable::SystemConfigurations => {}
                ConfigTable::TemplateConfigurations => after.version(rewrite),
                ConfigTable::ClientCustomizations => after.design(rewrite),
                ConfigTable::DeploymentConfigurations => after.deployment(rewrite),
            }
        }
        Self { lower: Arc::new(Mutex::new(after.lower)), ..after.inputs }
    }

    /// The documents that edits may change, as far as these inputs know them: ask those before and those after.
    pub fn reached_by(&self, edits: &Edits) -> Vec<Target> {
        let mut reached = BTreeSet::new();
        let rows =
            edits.rewrites.iter().flat_map(|rewrite| [&rewrite.before, &rewrite.after].map(|row| (rewrite, row)));
        for (rewrite, row) in rows {
            match row.as_ref().and_then(|row| ConfigRow::of_content(rewrite.table, row, false)) {
                Some(ConfigRow::Value(row)) => {
                    let is_reached = |target: &Target| {
                        let of = &row.scope;
                        of.template_id.as_ref().is_none_or(|named| target.template_id.as_ref() == Some(named))
                            && of.environment.is_none_or(|environment| environment == target.environment)
                    };
                    reached.extend(self.targets_among(row.client_id).filter(is_reached));
                }
                Some(ConfigRow::Version(row)) => {
                    let is_reached = |target: &Target| {
                        self.version(target).is_ok_and(|version| version.is_some_and(|v| v.id == row.id))
                    };
                    let of_template =
                        self.targets_among(None).filter(|target| target.template_id.as_ref() == Some(&row.template_id));
                    reached.extend(of_template.filter(is_reached));
                }
                // Which template a client's app is built from hangs on it, so all of the client's documents.
                Some(ConfigRow::Customization(row)) => reached.extend(self.targets_among(Some(row.client_id))),
                Some(ConfigRow::Applied(row)) => reached.extend(
                    self.targets_among(Some(row.client_id)).filter(|target| target.environment == row.environment),
                ),
                None => {}
            }
        }
        reached.into_iter().collect()
    }

    /// The documents of one client or of all.
    fn targets_among(&self, client_id: Option<Uuid>) -> impl Iterator<Item = Target> {
        let clients = self.clients.iter().filter(move |(id, _)| client_id.is_none_or(|client_id| client_id == **id));
        clients.flat_map(|(id, client)| targets_of(*id, client)).filter(|target| self.version(target).is_ok())
    }

    fn lower_by_now(&self) -> Lower {
        self.lower.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Inputs while they are rewritten, with the lower layers that are still as they were.
struct After {
    inputs: Inputs,
    lower: Lower,
}

impl After {
    fn layer(&mut self, client_id: Option<Uuid>, scope: &Scope, layer: Option<Arc<Layer>>) {
        let Some(client_id) = client_id else {
            let shared = Arc::make_mut(&mut self.inputs.shared);
            match layer {
                Some(layer) => shared.insert(scope.clone(), layer),
                None => shared.remove(scope),
            };
            return self.forget_lower(scope.template_id.as_deref(), scope.environment);
        };
        let client = self.client(client_id);
        client.layers.retain(|(other, _)| other != scope);
        client.layers.extend(layer.map(|layer| (scope.clone(), layer)));
    }

    fn version(&mut self, rewrite: &Rewrite) {
        let templates = Arc::make_mut(&mut self.inputs.templates);
        let mut before = None;
        for versions in templates.values_mut() {
            before = before.or_else(|| versions.iter().find(|version| version.id == rewrite.id).cloned());
            versions.retain(|version| version.id != rewrite.id);
        }
        let is_as_it_was = same(rewrite, "configuration_schema") && same(rewrite, "default_configuration");
        let Some(ConfigRow::Version(mut row)) = content(rewrite, rewrite.after.as_ref()) else { return };
        let version = match (before.filter(|_| is_as_it_was), row.content.take()) {
            (Some(before), _) => before.moved(&row),
            (None, Some((schema, defaults))) => {
                self.lower.retain(|(version, _), _| *version != Some(rewrite.id));
                TemplateVersion::new(&row, &schema, defaults)
            }
            (None, None) => return,
        };
        templates.entry(row.template_id).or_default().push(Arc::new(version));
    }

    fn design(&mut self, rewrite: &Rewrite) {
        let mut before = None;
        if let Some(ConfigRow::Customization(row)) = content(rewrite, rewrite.before.as_ref()) {
            let designs = &mut self.client(row.client_id).designs;
            before = designs.iter().find(|design| design.id == rewrite.id).cloned();
            designs.retain(|design| design.id != rewrite.id);
        }
        if let Some(ConfigRow::Customization(row)) = content(rewrite, rewrite.after.as_ref()) {
            // Text that nobody edits stays what it was, also where it is literal.
            let kept = before.filter(|_| same(rewrite, "customization_config")).map(|design| design.layer);
            let client_id = row.client_id;
            let design = Design::new(row);
            let layer = kept.unwrap_or_else(|| design.layer.clone());
            self.client(client_id).designs.push(Design { layer, ..design });
        }
    }

    /// Applying one puts whatever was in force in its place out of force.
    fn deployment(&mut self, rewrite: &Rewrite) {
        if let Some(ConfigRow::Applied(row)) = content(rewrite, rewrite.before.as_ref()) {
            self.client(row.client_id).in_force.retain(|applied| applied.id != rewrite.id);
        }
        if let Some(ConfigRow::Applied(row)) = content(rewrite, rewrite.after.as_ref()) {
            let client = self.client(row.client_id);
            client
                .in_force
                .retain(|applied| (applied.environment, &applied.template_id) != (row.environment, &row.template_id));
            client.in_force.push(InForce::new(row));
        }
    }

    fn client(&mut self, id: Uuid) -> &mut ClientInputs {
        let clients: &mut HashMap<Uuid, Arc<ClientInputs>> = Arc::make_mut(&mut self.inputs.clients);
        Arc::make_mut(clients.entry(id).or_default())
    }

    /// Forgets lower layers that a row of no client's is part of.
    fn forget_lower(&mut self, template_id: Option<&str>, environment: Option<Environment>) {
        let templates = self.inputs.templates.clone();
        let is_of = |version: Option<Uuid>, template_id: &str| {
            templates.get(template_id).is_some_and(|versions| versions.iter().any(|known| Some(known.id) == version))
        };
        self.lower.retain(|(version, of), _| {
            let other_environment = environment.is_some_and(|environment| environment != *of);
            let other_template = template_id.is_some_and(|template_id| !is_of(*version, template_id));
            other_environment || other_template
        });
    }
}

fn content(rewrite: &Rewrite, row: Option<&serde_json::Map<String, serde_json::Value>>) -> Option<ConfigRow> {
    ConfigRow::of_content(rewrite.table, row?, false)
}

/// Whether an edit leaves a column as it was.
fn same(rewrite: &Rewrite, column: &str) -> bool {
    let value = |row: &Option<serde_json::Map<String, serde_json::Value>>| {
        row.as_ref().and_then(|row| row.get(column).cloned())
    };
    value(&rewrite.before) == value(&rewrite.after)
}
