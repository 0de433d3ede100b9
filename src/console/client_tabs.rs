use maud::Markup;
use uuid::Uuid;

use super::components::tabs;
use super::roles::{AGENCY, EVERYBODY, MANAGERS};
use super::visitor::Visitor;
use crate::db::policies::rules::Role::{self, Admin, Client, Manager, SuperAdmin};

/// A page about one client.
struct Tab {
    name: &'static str,
    label: &'static str,
    suffix: &'static str,
    roles: &'static [Role],
}

/// The pages about one client, in the order in which they are shown. A page that is new gets its line here.
const TABS: &[Tab] = &[
    Tab { name: "overview", label: "Overview", suffix: "", roles: EVERYBODY },
    Tab { name: "configuration", label: "Configuration", suffix: "/configuration", roles: EVERYBODY },
    Tab { name: "customizations", label: "Customizations", suffix: "/customizations", roles: EVERYBODY },
    Tab { name: "deployments", label: "Deployments", suffix: "/deployments", roles: EVERYBODY },
    Tab { name: "events", label: "Events", suffix: "/events", roles: EVERYBODY },
    Tab { name: "analytics", label: "Analytics", suffix: "/analytics", roles: EVERYBODY },
    Tab { name: "billing", label: "Billing", suffix: "/billing", roles: &[Client, Manager, Admin, SuperAdmin] },
    Tab { name: "members", label: "Members", suffix: "/members", roles: AGENCY },
    Tab { name: "audit", label: "Audit", suffix: "/audit", roles: MANAGERS },
];

/// The ways to the pages about one client, for every slice that has one; `here` is the name of the one that is shown.
pub fn client_tabs(visitor: &Visitor, client: Uuid, here: &str) -> Markup {
    let path = |tab: &Tab| format!("/clients/{client}{}", tab.suffix);
    let seen = TABS.iter().filter(|tab| tab.roles.contains(&visitor.person.role));
    let all: Vec<(&str, String)> = seen.map(|tab| (tab.label, path(tab))).collect();
    let here = TABS.iter().find(|tab| tab.name == here).map(path).unwrap_or_default();
    tabs("Client", &here, &all)
}
