use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use layers::{Entry, Key, Layer, Place};
use serde_json::Value;
use uuid::Uuid;

use super::compiled::{Compiled, Versions};
use super::inputs::{ClientInputs, Design, InForce, Inputs};
use super::row::{Applied, ConfigRow, Customization, Scope, ValueRow, VersionRow};
use super::template::TemplateVersion;
use crate::configurations::types::ConfigTable;

/// Rows on their way into layers.
pub(super) struct Gathered<'a> {
    /// The revision that the rows are as of.
    pub(super) revision: i64,
    /// Rows with a value that can't be read.
    pub(super) unreadable: Vec<(ConfigTable, Uuid)>,
    compiled: &'a Compiled,
    known: &'a Versions,
    new: Vec<(String, Arc<TemplateVersion>)>,
    names: HashSet<Arc<str>>,
    templates: HashMap<Arc<str>, Vec<Arc<TemplateVersion>>>,
    entries: HashMap<(Option<Uuid>, Scope), Vec<Entry>>,
    clients: HashMap<Uuid, ClientInputs>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(compiled: &'a Compiled, known: &'a Versions) -> Self {
        Self {
            revision: 0,
            unreadable: Vec::new(),
            compiled,
            known,
            new: Vec::new(),
            names: HashSet::new(),
            templates: HashMap::new(),
            entries: HashMap::new(),
            clients: HashMap::new(),
        }
    }

    /// Takes a client, who may have no row of their own.
    pub(super) fn client(&mut self, id: Uuid) {
        self.clients.entry(id).or_default();
    }

    /// Takes a row.
    pub(super) fn take(&mut self, row: ConfigRow) {
        match row {
            ConfigRow::Value(row) => self.value(row),
            ConfigRow::Version(row) => self.version(row),
            ConfigRow::Customization(mut row) => {
                row.template_id = self.name(&row.template_id);
                self.clients.entry(row.client_id).or_default().designs.push(Design::new(row));
            }
            ConfigRow::Applied(mut row) => {
                row.template_id = row.template_id.map(|name| self.name(&name));
                self.clients.entry(row.client_id).or_default().in_force.push(InForce::new(row));
            }
        }
    }

    fn value(&mut self, mut row: ValueRow) {
        row.scope.template_id = row.scope.template_id.map(|name| self.name(&name));
        let (client_id, id) = (row.client_id, row.id);
        let scope = row.scope.clone();
        match entry(row, self.compiled) {
            Some(entry) => self.entries.entry((client_id, scope)).or_default().push(entry),
            None => self.unreadable.push((ConfigTable::SystemConfigurations, id)),
        }
    }

    fn version(&mut self, mut row: VersionRow) {
        row.template_id = self.name(&row.template_id);
        let version = match (row.content.take(), row.stamp.as_ref()) {
            (None, stamp) => stamp.and_then(|stamp| self.known.get(stamp)).cloned(),
            (Some((schema, defaults)), stamp) => {
                let version = Arc::new(TemplateVersion::new(&row, &schema, defaults));
                if let Some(stamp) = stamp {
                    self.new.push((stamp.clone(), version.clone()));
                }
                Some(version)
            }
        };
        self.templates.entry(row.template_id).or_default().extend(version);
    }

    /// One text for all rows that name the same template.
    fn name(&mut self, name: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        self.names.insert(name.clone());
        name.clone()
    }

    /// What was gathered.
    pub(super) fn inputs(mut self) -> Inputs {
        self.compiled.keep(&self.new);
        let mut shared = HashMap::new();
        for ((client_id, scope), entries) in self.entries {
            let layer = Arc::new(Layer::new(place(client_id.is_some(), &scope), entries));
            match client_id {
                None => {
                    shared.insert(scope, layer);
                }
                Some(client_id) => self.clients.entry(client_id).or_default().layers.push((scope, layer)),
            }
        }
        let clients = self.clients.into_iter().map(|(id, client)| (id, Arc::new(client))).collect();
        Inputs::new(self.revision, self.templates, shared, clients, self.unreadable)
    }
}

/// A row as the entry of a layer; none where its key names no path.
pub(super) fn entry(row: ValueRow, compiled: &Compiled) -> Option<Entry> {
    Some(Entry {
        id: Some(row.id.as_u128()),
        key: Key::parse(&row.key).ok()?,
        value: row.value,
        schema: row.schema.and_then(|schema| compiled.schema(&schema)),
        is_literal: row.is_literal,
    })
}

/// The place of a scope in the order of precedence.
pub(super) fn place(is_client: bool, scope: &Scope) -> Place {
    match (is_client, scope.template_id.is_some(), scope.environment.is_some()) {
        (false, false, false) => Place::GlobalAll,
        (false, false, true) => Place::GlobalEnvironment,
        (false, true, false) => Place::TemplateAll,
        (false, true, true) => Place::TemplateEnvironment,
        (true, false, false) => Place::ClientAll,
        (true, false, true) => Place::ClientEnvironment,
        (true, true, false) => Place::ClientTemplateAll,
        (true, true, true) => Place::ClientTemplateEnvironment,
    }
}

/// A whole document as a layer.
pub(super) fn whole(place: Place, id: Uuid, value: Value, is_literal: bool) -> Arc<Layer> {
    let entry = Entry { id: Some(id.as_u128()), key: Key::root(), value, schema: None, is_literal };
    Arc::new(Layer::new(place, [entry]))
}

impl Design {
    pub(super) fn new(row: Customization) -> Self {
        let Customization { id, client_id: _, template_id, template_version, is_literal, config } = row;
        Self { id, template_id, pinned: template_version, layer: whole(Place::Customization, id, config, is_literal) }
    }
}

impl InForce {
    pub(super) fn new(row: Applied) -> Self {
        let Applied { id, client_id: _, template_id, environment, config } = row;
        Self { id, template_id, environment, layer: whole(Place::Deployment, id, config, false) }
    }
}
