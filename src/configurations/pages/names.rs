use std::collections::HashMap;

use maud::{Markup, html};
use uuid::Uuid;

use super::store;
use crate::Result;
use crate::configurations::changes::Who;
use crate::console::{self, Visitor, words};
use crate::db::tx::Tx;

/// What people and clients are called.
#[derive(Default)]
pub(in crate::configurations) struct Names {
    people: console::Names,
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
        let mut clients: Vec<Uuid> = clients.into_iter().collect();
        clients.sort_unstable();
        clients.dedup();
        let people = console::Names::of(tx, visitor, people).await?;
        let clients = if clients.is_empty() { HashMap::new() } else { store::clients(tx, &clients).await? };
        Ok(Self { people, clients })
    }

    /// A person by their name.
    pub(in crate::configurations) fn person(&self, id: Option<Uuid>) -> Markup {
        html! { @match id { Some(id) => (self.people.name(id)), None => span.text-secondary { (words::NONE) } } }
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
