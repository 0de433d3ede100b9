use super::components::Icon;
use super::roles::{ADMINISTRATORS, AGENCY, EVERYBODY, MANAGERS};
use crate::db::policies::rules::Role::{self, Admin, Client, Manager, SuperAdmin};

/// A part of the console that the navigation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// How everything stands.
    Dashboard,
    /// The list of clients, and what belongs to one.
    Clients,
    /// Changes of configuration: proposed, decided, applied.
    Changes,
    /// How clients' apps depart from their templates.
    Customizations,
    /// Where clients' apps run.
    Deployments,
    /// How deployments are set up.
    DeploymentConfigurations,
    /// Ready-made ways to deploy.
    DeploymentTemplates,
    /// Figures of clients' apps.
    Analytics,
    /// What clients are billed.
    Billing,
    /// Templates and their versions.
    Templates,
    /// Configuration of all clients.
    Configuration,
    /// People, and what lets them in.
    People,
    /// What lets programs in.
    Tokens,
    /// How the installation itself stands.
    System,
    /// Who did what.
    Audit,
}

/// How the navigation shows a part.
pub(super) struct Entry {
    pub(super) nav: Nav,
    pub(super) label: &'static str,
    pub(super) path: &'static str,
    pub(super) icon: Icon,
    pub(super) roles: &'static [Role],
}

/// Entries under a heading; the first group has none.
pub(super) struct Group {
    pub(super) heading: Option<&'static str>,
    pub(super) entries: &'static [Entry],
}

/// Where one can go, in the order in which it is shown. A page that is new gets its line here.
pub(super) const GROUPS: &[Group] = &[
    Group {
        heading: None,
        entries: &[
            Entry { nav: Nav::Dashboard, label: "Dashboard", path: "/", icon: Icon::Dashboard, roles: EVERYBODY },
            Entry { nav: Nav::Clients, label: "Clients", path: "/clients", icon: Icon::Users, roles: EVERYBODY },
            Entry { nav: Nav::Changes, label: "Changes", path: "/changes", icon: Icon::Change, roles: AGENCY },
            Entry {
                nav: Nav::Configuration,
                label: "Global configuration",
                path: "/configuration",
                icon: Icon::Adjust,
                roles: AGENCY,
            },
        ],
    },
    Group {
        heading: Some("Apps"),
        entries: &[
            Entry { nav: Nav::Templates, label: "Templates", path: "/templates", icon: Icon::Template, roles: AGENCY },
            Entry {
                nav: Nav::Customizations,
                label: "Customizations",
                path: "/customizations",
                icon: Icon::Packages,
                roles: EVERYBODY,
            },
            Entry {
                nav: Nav::Deployments,
                label: "Deployments",
                path: "/deployments",
                icon: Icon::Rocket,
                roles: EVERYBODY,
            },
            Entry {
                nav: Nav::DeploymentConfigurations,
                label: "Deployment configurations",
                path: "/deployment-configurations",
                icon: Icon::Adjust,
                roles: EVERYBODY,
            },
            Entry {
                nav: Nav::DeploymentTemplates,
                label: "Deployment templates",
                path: "/deployment-templates",
                icon: Icon::List,
                roles: EVERYBODY,
            },
            Entry { nav: Nav::Analytics, label: "Analytics", path: "/analytics", icon: Icon::Chart, roles: EVERYBODY },
        ],
    },
    Group {
        heading: Some("Agency"),
        entries: &[
            Entry {
                nav: Nav::Billing,
                label: "Billing",
                path: "/billing",
                icon: Icon::Card,
                roles: &[Client, Manager, Admin, SuperAdmin],
            },
            Entry { nav: Nav::People, label: "People", path: "/people", icon: Icon::UsersGroup, roles: ADMINISTRATORS },
            Entry { nav: Nav::Tokens, label: "Tokens", path: "/tokens", icon: Icon::Key, roles: MANAGERS },
            Entry { nav: Nav::Audit, label: "Audit", path: "/audit", icon: Icon::History, roles: MANAGERS },
            Entry { nav: Nav::System, label: "System", path: "/system", icon: Icon::Activity, roles: ADMINISTRATORS },
        ],
    },
];

impl Nav {
    /// Parts that a role sees, with a text in their label: label and path each.
    pub fn named(role: Role, text: &str) -> Vec<(&'static str, &'static str)> {
        let text = text.to_lowercase();
        let entries = GROUPS.iter().flat_map(|group| group.entries);
        let named = entries.filter(|entry| entry.roles.contains(&role) && entry.label.to_lowercase().contains(&text));
        named.map(|entry| (entry.label, entry.path)).collect()
    }

    /// Whether a role sees this part.
    pub fn is_for(self, role: Role) -> bool {
        GROUPS.iter().flat_map(|group| group.entries).any(|entry| entry.nav == self && entry.roles.contains(&role))
    }
}
