use std::collections::HashMap;

use maud::{Markup, html};
use uuid::Uuid;

use super::store;
use crate::Result;
use crate::configurations::changes::Who;
use crate::console::{Visitor, words};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;

/// What people and clients are called.
#[derive(Default)]
pub(in crate::configurations) struct Names {
    people: HashMap<Uuid, (String, String)>,
    clients: HashMap<Uuid, String>,
}

impl Names {
    /// The names that the visitor may know of these.
    pub(in crate::configurations) async fn read(
        tx: &Tx<'_>,
        visitor: &Visitor,
        people: impl IntoIterator<Item = Uuid>,
        clients: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self> {
        let (people, clients) = (each_once(people), each_once(clients));
        // Who works for the agency isn't told to its clients.
        let people = match visitor.person.role {
            Role::Client => HashMap::new(),
            _ if people.is_empty() => HashMap::new(),
            _ => store::people(tx, &people).await?,
        };
        let clients = if clients.is_empty() { HashMap::new() } else { store::clients(tx, &clients).await? };
        Ok(Self { people, clients })
    }

    /// A person by their name, with their address on hover.
    pub(in crate::configurations) fn person(&self, id: Option<Uuid>) -> Markup {
        let known = id.and_then(|id| self.people.get(&id));
        html! {
            @match (known, id) {
                (Some((email, name)), _) if name.trim().is_empty() => span { (email) },
                (Some((email, name)), _) => span title=(email) { (name) },
                (None, Some(_)) => span.text-secondary { "Somebody" },
                (None, None) => span.text-secondary { (words::NONE) },
            }
        }
    }

    /// Who did something: a person, a token, or whoever the audit log names.
    pub(in crate::configurations) fn who(&self, who: &Who) -> Markup {
        let Who { user_id, token_id, name } = who;
        html! {
            @match (user_id, token_id, name) {
                (Some(_), None, _) => (self.person(*user_id)),
                (_, Some(_), _) => "A token",
                (None, None, Some(name)) => code { (name) },
                (None, None, None) => span.text-secondary { (words::NONE) },
            }
        }
    }

    /// What a client is called; none where the visitor doesn't see it.
    pub(in crate::configurations) fn client(&self, id: Uuid) -> Option<&str> {
        self.clients.get(&id).map(String::as_str)
    }
}

fn each_once(ids: impl IntoIterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
