//! The twelve places that a document is made from, lowest first.

use std::fmt;

/// A place in the order of precedence. Scope beats environment; within a scope, one environment beats all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// 1: the `default`s of the template's JSON Schema.
    SchemaDefaults,
    /// 2: the default configuration of the template's version.
    TemplateDefaults,
    /// 3: global rows for all environments.
    GlobalAll,
    /// 4: global rows for this environment.
    GlobalEnvironment,
    /// 5: rows of the template for all environments.
    TemplateAll,
    /// 6: rows of the template for this environment.
    TemplateEnvironment,
    /// 7: the client's active customization of the template.
    Customization,
    /// 8: the client's rows without a template, for all environments.
    ClientAll,
    /// 9: the client's rows without a template, for this environment.
    ClientEnvironment,
    /// 10: the client's rows for the template, for all environments.
    ClientTemplateAll,
    /// 11: the client's rows for the template, for this environment.
    ClientTemplateEnvironment,
    /// 12: what was applied of the deployment configuration in force.
    Deployment,
}

/// Whose word a place is; the later beats the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The agency's, for everybody.
    Global,
    /// A template's: what its version says and what its rows say.
    Template,
    /// A client's.
    Client,
    /// A deployment's.
    Deployment,
}

impl Place {
    /// All of them, lowest first.
    pub const ALL: [Self; 12] = [
        Self::SchemaDefaults,
        Self::TemplateDefaults,
        Self::GlobalAll,
        Self::GlobalEnvironment,
        Self::TemplateAll,
        Self::TemplateEnvironment,
        Self::Customization,
        Self::ClientAll,
        Self::ClientEnvironment,
        Self::ClientTemplateAll,
        Self::ClientTemplateEnvironment,
        Self::Deployment,
    ];

    /// Its number in the order, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// What it is called where an origin is named.
    pub fn name(self) -> &'static str {
        match self {
            Self::SchemaDefaults => "defaults of the schema",
            Self::TemplateDefaults => "defaults of the template",
            Self::GlobalAll => "global, all environments",
            Self::GlobalEnvironment => "global, this environment",
            Self::TemplateAll => "template, all environments",
            Self::TemplateEnvironment => "template, this environment",
            Self::Customization => "customization",
            Self::ClientAll => "client, all environments",
            Self::ClientEnvironment => "client, this environment",
            Self::ClientTemplateAll => "client and template, all environments",
            Self::ClientTemplateEnvironment => "client and template, this environment",
            Self::Deployment => "deployment configuration",
        }
    }

    /// Whose word it is.
    pub fn scope(self) -> Scope {
        match self {
            Self::GlobalAll | Self::GlobalEnvironment => Scope::Global,
            Self::SchemaDefaults | Self::TemplateDefaults | Self::TemplateAll | Self::TemplateEnvironment => {
                Scope::Template
            }
            Self::Customization
            | Self::ClientAll
            | Self::ClientEnvironment
            | Self::ClientTemplateAll
            | Self::ClientTemplateEnvironment => Scope::Client,
            Self::Deployment => Scope::Deployment,
        }
    }

    /// Whether what stands here reaches the document of a template only where that admits it: it was written without a
    /// template in mind. What names a template is judged strictly.
    pub fn is_for_any_template(self) -> bool {
        matches!(self, Self::GlobalAll | Self::GlobalEnvironment | Self::ClientAll | Self::ClientEnvironment)
    }

    /// Whether many clients share what stands here.
    pub fn is_shared(self) -> bool {
        self <= Scope::Template.last()
    }
}

impl Scope {
    /// The last place of the scope: what the scope locks, nothing after it changes.
    pub fn last(self) -> Place {
        match self {
            Self::Global => Place::GlobalEnvironment,
            Self::Template => Place::TemplateEnvironment,
            Self::Client => Place::ClientTemplateEnvironment,
            Self::Deployment => Place::Deployment,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Template => "template",
            Self::Client => "client",
            Self::Deployment => "deployment",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
