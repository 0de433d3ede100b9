use maud::{Markup, html};
use uuid::Uuid;

use super::client_tabs::client_tabs;
use super::nav::Nav;
use super::page::Page;
use super::roles::MANAGERS;
use super::visitor::Visitor;
use crate::Result;
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

impl Visitor {
    /// Whether they may write what belongs to a client: administrators any client's, managers that of those they manage.
    pub async fn writes_for(&self, tx: &Tx<'_>, client: Uuid) -> Result<bool> {
        if self.person.role != Role::Manager {
            return Ok(self.is(MANAGERS));
        }
        let sql = "SELECT $1 = ANY (ARRAY(SELECT tenantry.managed_client_ids()))";
        Ok(tx.query_one(sql, &[&client]).await?.get(0))
    }

    /// Refuses whoever may not.
    pub async fn has_to_write_for(&self, tx: &Tx<'_>, client: Uuid) -> Result<(), Problem> {
        if self.writes_for(tx, client).await? {
            return Ok(());
        }
        Err(Problem::forbidden("you don't manage this client").mend("ask its manager or an administrator to do it"))
    }
}

/// A client that a page is about.
#[derive(Clone, Debug)]
pub struct OfClient {
    /// Its key.
    pub id: Uuid,
    /// What the agency calls it.
    pub name: String,
}

impl OfClient {
    /// The client of a path, where whoever asks sees it.
    pub async fn find(tx: &Tx<'_>, id: &str) -> Result<Self, Problem> {
        let absent = || {
            Problem::absent("there is no such client, or you aren't a member of it")
                .mend("look for it in the list of clients")
        };
        let id = Uuid::try_parse(id).map_err(|_| absent())?;
        let sql = "SELECT c.name::text FROM public.clients_enhanced c WHERE c.id = $1";
        let row = tx.query_opt(sql, &[&id]).await?.ok_or_else(absent)?;
        Ok(Self { id, name: row.get(0) })
    }

    /// A page of its own under one of its tabs.
    pub fn page(&self, visitor: &Visitor, title: &str, tab: &str, body: &Markup) -> Page {
        let body = html! { (client_tabs(visitor, self.id, tab)) (body) };
        Page::new(visitor, title)
            .under(Nav::Clients)
            .crumb("Clients", "/clients")
            .crumb(self.name.clone(), format!("/clients/{}", self.id))
            .subtitle(html! { (self.name) })
            .body(body)
    }
}
