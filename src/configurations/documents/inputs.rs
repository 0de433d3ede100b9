use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use layers::{Layer, Shared, Sources};
use uuid::Uuid;

use super::row::Scope;
use super::target::Target;
use super::template::{TemplateVersion, newest_active};
use crate::configurations::types::{ConfigTable, Environment};
use crate::problem::Problem;

/// What documents are composed of, as of one moment: layers, shared by all documents that they are part of.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Inputs {
    pub(super) revision: i64,
    pub(super) templates: Arc<HashMap<Arc<str>, Vec<Arc<TemplateVersion>>>>,
    /// Layers of rows that are no client's.
    pub(super) shared: Arc<HashMap<Scope, Arc<Layer>>>,
    pub(super) clients: Arc<HashMap<Uuid, Arc<ClientInputs>>>,
    pub(super) unreadable: Arc<[(ConfigTable, Uuid)]>,
    /// The lower layers of a version and environment, put together once for all clients.
    pub(super) lower: Arc<Mutex<Lower>>,
}

/// By the version's row, where there is a template.
pub(super) type Lower = HashMap<(Option<Uuid>, Environment), Arc<Shared>>;

/// What is a client's own.
#[derive(Clone, Default)]
pub(super) struct ClientInputs {
    pub(super) designs: Vec<Design>,
    pub(super) layers: Vec<(Scope, Arc<Layer>)>,
    pub(super) in_force: Vec<InForce>,
}

/// An active customization.
#[derive(Clone)]
pub(super) struct Design {
    pub(super) id: Uuid,
    pub(super) template_id: Arc<str>,
    pub(super) pinned: Option<String>,
    pub(super) layer: Arc<Layer>,
}

/// A deployment configuration that is in force.
#[derive(Clone)]
pub(super) struct InForce {
    pub(super) id: Uuid,
    pub(super) template_id: Option<Arc<str>>,
    pub(super) environment: Environment,
    pub(super) layer: Arc<Layer>,
}

impl Inputs {
    pub(super) fn new(
        revision: i64,
        templates: HashMap<Arc<str>, Vec<Arc<TemplateVersion>>>,
        shared: HashMap<Scope, Arc<Layer>>,
        clients: HashMap<Uuid, Arc<ClientInputs>>,
        unreadable: Vec<(ConfigTable, Uuid)>,
    ) -> Self {
        Self {
            revision,
            templates: Arc::new(templates),
            shared: Arc::new(shared),
            clients: Arc::new(clients),
            unreadable: unreadable.into(),
            lower: Arc::default(),
        }
    }

    /// The same with a client who has nothing of their own yet: what they read is what all have in common.
    #[must_use]
    pub fn with_newcomer(self, id: Uuid) -> Self {
        let mut clients = HashMap::clone(&self.clients);
        clients.insert(id, Arc::default());
        Self { clients: Arc::new(clients), ..self }
    }

    /// The revision of the installation that this is as of.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Rows that play no part because their value can't be read at all.
    pub fn unreadable(&self) -> &[(ConfigTable, Uuid)] {
        &self.unreadable
    }

    /// The versions of templates that play a part.
    pub fn versions(&self) -> impl Iterator<Item = &Arc<TemplateVersion>> {
        self.templates.values().flatten()
    }

    /// Every document that there is: for each client those of the templates that it has an active customization of, or
    /// that its rows name; that without a template where it has no active customization. In each environment.
    pub fn targets(&self) -> Vec<Target> {
        let all = self.clients.iter().flat_map(|(id, client)| targets_of(*id, client));
        let mut targets: Vec<Target> = all.filter(|target| self.version(target).is_ok()).collect();
        targets.sort_unstable();
        targets
    }

    /// Clients of whom it can't be said which version their app is built from, and why.
    pub fn undecided(&self) -> Vec<(Uuid, Problem)> {
        let of_client = |(id, client): (&Uuid, &Arc<ClientInputs>)| {
            let (id, designs) = (*id, client.designs.clone());
            let target = move |design: Design| Target {
                client_id: id,
                template_id: Some(design.template_id),
                environment: Environment::Production,
            };
            designs.into_iter().map(target).filter_map(move |target| Some((id, self.version(&target).err()?)))
        };
        self.clients.iter().flat_map(of_client).collect()
    }

    /// The document that a client's app reads in an environment: from the template that is asked for, else from that of
    /// its only active customization, else from none.
    pub fn target(&self, client_id: Uuid, asked: Option<&str>, environment: Environment) -> Result<Target, Problem> {
        let client = self.client(client_id)?;
        let template_id = match asked {
            Some(asked) => Some(self.templates.get_key_value(asked).ok_or_else(|| no_template(asked))?.0.clone()),
            None => only_template(client)?,
        };
        let target = Target { client_id, template_id, environment };
        self.version(&target)?;
        Ok(target)
    }

    /// The version of the template that a document is built from: the one that the active customization pins; else the
    /// newest that is active. None for a document without a template.
    pub fn version(&self, target: &Target) -> Result<Option<&Arc<TemplateVersion>>, Problem> {
        let Some(template_id) = target.template_id.as_deref() else { return Ok(None) };
        let versions = self.templates.get(template_id).filter(|versions| !versions.is_empty());
        let versions = versions.ok_or_else(|| no_template(template_id))?;
        let design = design(self.client(target.client_id)?, template_id)?;
        match design.and_then(|design| design.pinned.as_deref()) {
            Some(pinned) => {
                let found = versions.iter().find(|version| version.version == pinned);
                found.map(Some).ok_or_else(|| no_version(template_id, pinned))
            }
            None => newest_active(versions).map(Some).ok_or_else(|| none_active(template_id)),
        }
    }

    /// Whether a document is of a template that its client has an active customization of: an app that runs.
    pub fn has_customization(&self, target: &Target) -> bool {
        let designs = self.clients.get(&target.client_id).map(|client| client.designs.as_slice()).unwrap_or_default();
        designs.iter().any(|design| Some(&design.template_id) == target.template_id.as_ref())
    }

    /// The version of a template that those get who pin none.
    pub fn newest_active(&self, template_id: &str) -> Option<&Arc<TemplateVersion>> {
        newest_active(self.templates.get(template_id)?)
    }

    /// The layers of a document.
    pub fn sources(&self, target: &Target) -> Result<Arc<Sources>, Problem> {
        let version = self.version(target)?;
        let client = self.client(target.client_id)?;
        let template_id = target.template_id.as_deref();
        let mut layers: Vec<Arc<Layer>> = Vec::with_capacity(6);
        if let Some(template_id) = template_id {
            layers.extend(design(client, template_id)?.map(|design| design.layer.clone()));
        }
        let own = client.layers.iter().filter(|(scope, _)| {
            let is_of_template = scope.template_id.as_ref().is_none_or(|named| Some(&**named) == template_id);
            is_of_template && scope.environment.is_none_or(|environment| environment == target.environment)
        });
        layers.extend(own.map(|(_, layer)| layer.clone()));
        let in_force = client
            .in_force
            .iter()
            .find(|applied| applied.environment == target.environment && applied.template_id.as_deref() == template_id);
        layers.extend(in_force.map(|applied| applied.layer.clone()));
        layers.sort_by_key(|layer| layer.place());
        Ok(Arc::new(Sources::new(self.lower(version, target.environment), layers)))
    }

    fn lower(&self, version: Option<&Arc<TemplateVersion>>, environment: Environment) -> Arc<Shared> {
        let mut lower = self.lower.lock().unwrap_or_else(PoisonError::into_inner);
        let put_together = || {
            let template_id = version.map(|version| &version.template_id);
            let scopes = [
                Scope { template_id: None, environment: None },
                Scope { template_id: None, environment: Some(environment) },
            ];
            let of_template = template_id.into_iter().flat_map(|template_id| {
                [None, Some(environment)]
                    .map(|environment| Scope { template_id: Some(template_id.clone()), environment })
            });
            let rows = scopes.into_iter().chain(of_template).filter_map(|scope| self.shared.get(&scope).cloned());
            let layers = version.map(|version| version.defaults.clone()).into_iter().chain(rows);
            Arc::new(Shared::new(version.and_then(|version| version.schema.clone()), layers))
        };
        lower.entry((version.map(|version| version.id), environment)).or_insert_with(put_together).clone()
    }

    pub(super) fn client(&self, id: Uuid) -> Result<&ClientInputs, Problem> {
        self.clients
            .get(&id)
            .map(AsRef::as_ref)
            .ok_or_else(|| Problem::absent(format!("there is no client {id}")).mend("name one by its id"))
    }
}

/// The documents of a client.
pub(super) fn targets_of(client_id: Uuid, client: &ClientInputs) -> Vec<Target> {
    let designed = client.designs.iter().map(|design| &design.template_id);
    let named = client.layers.iter().filter_map(|(scope, _)| scope.template_id.as_ref());
    let applied = client.in_force.iter().filter_map(|applied| applied.template_id.as_ref());
    let mut templates: Vec<Option<Arc<str>>> = designed.chain(named).chain(applied).cloned().map(Some).collect();
    if client.designs.is_empty() {
        templates.push(None);
    }
    templates.sort_unstable();
    templates.dedup();
    let in_each = |template_id: Option<Arc<str>>| {
        Environment::ALL.map(|environment| Target { client_id, template_id: template_id.clone(), environment })
    };
    templates.into_iter().flat_map(in_each).collect()
}

/// The template of a client's only active customization.
fn only_template(client: &ClientInputs) -> Result<Option<Arc<str>>, Problem> {
    let mut templates: Vec<&Arc<str>> = client.designs.iter().map(|design| &design.template_id).collect();
    templates.sort_unstable();
    templates.dedup();
    match templates.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(Arc::clone(only))),
        several => {
            let names: Vec<&str> = several.iter().map(|name| &***name).collect();
            Err(Problem::invalid(format!(
                "the client has active customizations of several templates: {}",
                names.join(", ")
            ))
            .mend("say which one is meant: template=…")
            .with("templates", names.into()))
        }
    }
}

/// A client's active customization of a template; which of two is asked, never chosen.
fn design<'a>(client: &'a ClientInputs, template_id: &str) -> Result<Option<&'a Design>, Problem> {
    let mut found = client.designs.iter().filter(|design| &*design.template_id == template_id);
    let first = found.next();
    match (first, found.next()) {
        (Some(first), Some(second)) => Err(Problem::invalid(format!(
            "the client has two active customizations of {template_id}: {} and {}",
            first.id, second.id
        ))
        .mend("leave one of them active")),
        _ => Ok(first),
    }
}

fn no_template(template_id: &str) -> Problem {
    Problem::invalid(format!("there is no template {template_id:?}"))
        .mend("name one of template_configurations, or leave it out for that of the active customization")
}

fn no_version(template_id: &str, version: &str) -> Problem {
    Problem::invalid(format!("template {template_id} has no version {version:?}, which the active customization pins"))
        .mend("pin a version that there is, or none for the newest active one")
}

fn none_active(template_id: &str) -> Problem {
    Problem::invalid(format!("no version of template {template_id} is active, and none is pinned"))
        .mend("publish a version, or pin one in an active customization")
}
