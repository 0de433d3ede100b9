use maud::{Markup, html};
use uuid::Uuid;

use super::store;
use crate::console::{ADMINISTRATORS, AGENCY, Nav, Page, Visitor, client_tabs, segment, template_tabs};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// Whose configuration a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// One client's.
    Client(Uuid),
    /// That of all whose app is built from a template.
    Template(String),
    /// Everybody's.
    Global,
}

/// Who writes what is no client's.
const KEEPERS: &[Role] = ADMINISTRATORS;

/// What those pages call a client who has nothing of their own.
const NEWCOMER: Uuid = Uuid::nil();

impl Subject {
    /// The path of its page.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Client(id) => format!("/clients/{id}/configuration"),
            Self::Template(template_id) => format!("/templates/{}/configuration", segment(template_id)),
            Self::Global => "/configuration".to_owned(),
        }
    }

    /// Whether it is no client's.
    pub(super) fn is_shared(&self) -> bool {
        !matches!(self, Self::Client(_))
    }

    /// The client; of what is no client's, one who has nothing of their own.
    pub(super) fn client_id(&self) -> Uuid {
        match self {
            Self::Client(id) => *id,
            Self::Template(_) | Self::Global => NEWCOMER,
        }
    }

    /// The template, where it is one's.
    pub(super) fn template(&self) -> Option<&str> {
        match self {
            Self::Template(template_id) => Some(template_id),
            Self::Client(_) | Self::Global => None,
        }
    }

    /// Who may propose to change something of it.
    pub(super) fn writers(&self) -> &'static [Role] {
        if self.is_shared() { KEEPERS } else { AGENCY }
    }

    /// Refuses whoever isn't shown it; a client's own login sees its own document alone.
    pub(super) async fn refuse_others(&self, tx: &Tx<'_>, visitor: &Visitor) -> Result<(), Problem> {
        if self.is_shared() {
            visitor.has_to_be(AGENCY)?;
        }
        match self {
            Self::Template(template_id) if !store::sees_template(tx, template_id).await? => {
                Err(Problem::absent("there is no such template, or none that you see")
                    .mend("look for it in the list of templates"))
            }
            _ => Ok(()),
        }
    }

    /// A page about it, with the ways that lead to where it belongs; `client` is what the client is called.
    pub(super) fn page(&self, visitor: &Visitor, title: impl Into<String>, client: &str) -> Page {
        let page = Page::new(visitor, title);
        match self {
            Self::Client(id) => page
                .under(Nav::Clients)
                .crumb("Clients", "/clients")
                .crumb(client, format!("/clients/{id}"))
                .subtitle(html! { (client) }),
            Self::Template(template_id) => page
                .under(Nav::Templates)
                .crumb("Templates", "/templates")
                .crumb(template_id, format!("/templates/{}", segment(template_id)))
                .subtitle(html! { "For every client of template " (template_id) }),
            Self::Global => page.under(Nav::Configuration).subtitle(html! { "For every client" }),
        }
    }

    /// What its page is called.
    pub(super) fn title(&self) -> &'static str {
        if *self == Self::Global { "Global configuration" } else { "Configuration" }
    }

    /// The pages beside it.
    pub(super) fn tabs(&self, visitor: &Visitor) -> Markup {
        match self {
            Self::Client(id) => client_tabs(visitor, *id, "configuration"),
            Self::Template(template_id) => template_tabs(template_id, "Configuration"),
            Self::Global => html! {},
        }
    }

    /// Where changes of it are listed.
    pub(super) fn changes(&self) -> String {
        match self {
            Self::Client(id) => format!("/changes?client={id}"),
            Self::Template(_) | Self::Global => "/changes".to_owned(),
        }
    }
}
