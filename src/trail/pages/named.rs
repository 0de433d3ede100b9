use std::collections::HashMap;

use maud::{Markup, html};
use uuid::Uuid;

use crate::Result;
use crate::audit::entry::Entry;
use crate::console::components::{Tone, badge};
use crate::console::{self, Visitor, words};
use crate::db::tx::Tx;
use crate::trail::store;

/// What those are called that entries name by their ids.
pub(super) struct Names {
    people: console::Names,
    clients: HashMap<Uuid, String>,
    tokens: HashMap<Uuid, String>,
}

impl Names {
    /// Of all that some entries name, as far as the visitor may know of it.
    pub(super) async fn of(tx: &Tx<'_>, visitor: &Visitor, entries: &[Entry], clients: &[Uuid]) -> Result<Self> {
        let people = console::Names::of(tx, visitor, entries.iter().filter_map(|entry| entry.user_id)).await?;
        let clients = entries.iter().filter_map(|entry| entry.client_id).chain(clients.iter().copied());
        let clients = store::clients(tx, &distinct(clients)).await?;
        let tokens = distinct(entries.iter().filter_map(|entry| entry.token_id));
        let tokens = if tokens.is_empty() { HashMap::new() } else { store::tokens(tx, &tokens).await? };
        Ok(Self { people, clients, tokens })
    }

    /// Who did it, in a text.
    pub(super) fn who(&self, entry: &Entry) -> String {
        match (entry.user_id, entry.token_id, &entry.actor) {
            (Some(id), None, _) => self.people.name(id).to_owned(),
            (_, Some(id), _) => match self.tokens.get(&id) {
                Some(name) => format!("Token {name}"),
                None => "A token".to_owned(),
            },
            (None, None, Some(actor)) => actor.clone(),
            (None, None, None) => entry.login_role.clone(),
        }
    }

    /// The same on a page: whoever is no person stands there as code.
    pub(super) fn who_shown(&self, entry: &Entry) -> Markup {
        html! {
            @if entry.user_id.is_some() || entry.token_id.is_some() { (self.who(entry)) } @else { code { (self.who(entry)) } }
        }
    }

    /// What a client is called; none where the visitor doesn't see it.
    pub(super) fn client(&self, id: Uuid) -> Option<&str> {
        self.clients.get(&id).map(String::as_str)
    }
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What was done, in a word.
pub(super) fn action(entry: &Entry) -> Markup {
    let tone = match entry.action.as_str() {
        "insert" => Tone::Good,
        "update" => Tone::Busy,
        "delete" | "truncate" | "erasure" | "retention" | "reveal" => Tone::Attention,
        "seals_missing" => Tone::Bad,
        _ => Tone::Quiet,
    };
    badge(tone, &words::label(&entry.action))
}

/// The table as people read it, where it is about a row.
pub(super) fn table(entry: &Entry) -> Option<String> {
    entry.table_name.as_deref().map(words::label)
}
