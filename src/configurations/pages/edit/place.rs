use layers::Place as Layer;

use crate::configurations::Environment;
use crate::configurations::asked::Found;
use crate::configurations::changes::Scope;
use crate::configurations::outline::Outline;
use crate::configurations::pages::subject::Subject;
use crate::console::list;
use crate::console::{ADMINISTRATORS, Visitor};
use crate::problem::Problem;

/// Where somebody edits: whose value it is, and in which environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) whose: Whose,
    /// None for all.
    pub(super) environment: Option<Environment>,
}

/// Whose value it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// This client's, whatever the template.
    Client,
    /// This client's, for the template.
    ClientTemplate,
    /// That of all clients whose app is built from the template.
    Template,
    /// That of all clients.
    Global,
}

impl Whose {
    const ALL: [Self; 4] = [Self::Client, Self::ClientTemplate, Self::Template, Self::Global];

    /// Its word in the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::ClientTemplate => "client-template",
            Self::Template => "template",
            Self::Global => "global",
        }
    }

    /// What people choose it by.
    pub(super) fn label(self, client: &str, template: &str) -> String {
        match self {
            Self::Client => client.to_owned(),
            Self::ClientTemplate => format!("{client}, only for template {template}"),
            Self::Template => format!("Every client of template {template}"),
            Self::Global => "Every client".to_owned(),
        }
    }

    /// Those at which somebody may propose to change something.
    pub(super) fn of(visitor: &Visitor, subject: &Subject, has_template: bool) -> Vec<Self> {
        match subject {
            Subject::Client(_) => {}
            Subject::Template(_) => return vec![Self::Template],
            Subject::Global => return vec![Self::Global],
        }
        let is_shared = |whose: &Self| matches!(whose, Self::Template | Self::Global);
        let needs_template = |whose: &Self| matches!(whose, Self::Template | Self::ClientTemplate);
        let may_share = visitor.is(ADMINISTRATORS);
        let all = Self::ALL.into_iter().filter(|whose| may_share || !is_shared(whose));
        all.filter(|whose| has_template || !needs_template(whose)).collect()
    }
}

impl Place {
    /// The one that the address names; else that of the client's row which the key comes from, else all of the client's
    /// environments.
    pub(super) fn read(
        address: &list::Asked,
        visitor: &Visitor,
        subject: &Subject,
        found: &Found,
        outline: &Outline,
    ) -> Result<Self, Problem> {
        let known = Whose::of(visitor, subject, found.target.template_id.is_some());
        let usual = match subject {
            Subject::Client(_) => Self::usual(address, found, outline),
            Subject::Template(_) => Self { whose: Whose::Template, environment: None },
            Subject::Global => Self { whose: Whose::Global, environment: None },
        };
        let whose = match address.some("whose") {
            Some(word) => known.iter().copied().find(|whose| whose.word() == word).ok_or_else(|| {
                Problem::forbidden("this scope isn't for you to write").mend("choose one that the form offers")
            })?,
            None => usual.whose,
        };
        let environment = match address.some("in") {
            Some("all") => None,
            Some(name) => Some(name.parse::<Environment>().map_err(Problem::invalid)?),
            None => usual.environment,
        };
        Ok(Self { whose, environment })
    }

    fn usual(address: &list::Asked, found: &Found, outline: &Outline) -> Self {
        let key = address.get("key");
        let from = outline.entries.iter().find(|entry| entry.key.to_string() == key);
        let here = Some(found.target.environment);
        match from.and_then(|entry| entry.from.last()) {
            Some(Layer::ClientEnvironment) => Self { whose: Whose::Client, environment: here },
            Some(Layer::ClientTemplateAll) => Self { whose: Whose::ClientTemplate, environment: None },
            Some(Layer::ClientTemplateEnvironment) => Self { whose: Whose::ClientTemplate, environment: here },
            _ => Self { whose: Whose::Client, environment: None },
        }
    }

    /// The layer.
    pub(super) fn layer(self) -> Layer {
        match (self.whose, self.environment.is_some()) {
            (Whose::Global, false) => Layer::GlobalAll,
            (Whose::Global, true) => Layer::GlobalEnvironment,
            (Whose::Template, false) => Layer::TemplateAll,
            (Whose::Template, true) => Layer::TemplateEnvironment,
            (Whose::Client, false) => Layer::ClientAll,
            (Whose::Client, true) => Layer::ClientEnvironment,
            (Whose::ClientTemplate, false) => Layer::ClientTemplateAll,
            (Whose::ClientTemplate, true) => Layer::ClientTemplateEnvironment,
        }
    }

    /// The scope of its rows.
    pub(super) fn scope(self, client_id: uuid::Uuid, template: Option<&str>) -> Scope {
        let is_client = matches!(self.whose, Whose::Client | Whose::ClientTemplate);
        let is_template = matches!(self.whose, Whose::Template | Whose::ClientTemplate);
        Scope {
            client_id: is_client.then_some(client_id),
            template_id: template.filter(|_| is_template).map(ToOwned::to_owned),
            environment: self.environment.map_or("all", Environment::as_str).to_owned(),
        }
    }
}
