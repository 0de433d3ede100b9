use std::collections::BTreeMap;

use uuid::Uuid;

use super::visitor::Visitor;
use super::words;
use crate::Result;
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;

/// What people are called, of whom rows know the id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: BTreeMap<Uuid, String>,
}

impl Names {
    /// Of these people, as somebody of the agency may know them; a client's own login isn't told.
    pub async fn of(tx: &Tx<'_>, visitor: &Visitor, ids: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        let mut ids: Vec<Uuid> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() || visitor.person.role == Role::Client {
            return Ok(Self::default());
        }
        let rows = tx.query("SELECT user_id, email, name FROM tenantry.names_of($1)", &[&ids]).await?;
        let named = |row: &tokio_postgres::Row| (row.get(0), called(row.get(2), row.get(1)));
        Ok(Self { names: rows.iter().map(named).collect() })
    }

    /// Everybody who can be given a client to manage, by name; for administrators.
    pub async fn of_managers(tx: &Tx<'_>) -> Result<Vec<(Uuid, String)>> {
        let rows = tx
            .query(
                "SELECT user_id, email, name FROM tenantry.known_people()
                  WHERE role IN ('manager', 'admin', 'super_admin') AND disabled_at IS NULL",
                &[],
            )
            .await?;
        let mut all: Vec<(Uuid, String)> =
            rows.iter().map(|row| (row.get(0), called(row.get(2), row.get(1)))).collect();
        all.sort_by_key(|(_, name)| name.to_lowercase());
        Ok(all)
    }

    /// What somebody is called; that it is somebody, where nobody says more.
    pub fn name(&self, id: Uuid) -> &str {
        self.names.get(&id).map_or(words::SOMEBODY, String::as_str)
    }

    /// All of them, by name.
    pub fn all(&self) -> Vec<(Uuid, &str)> {
        let mut all: Vec<(Uuid, &str)> = self.names.iter().map(|(id, name)| (*id, name.as_str())).collect();
        all.sort_by_key(|(_, name)| name.to_lowercase());
        all
    }
}

/// The name that somebody says they have, else the part of their address before the `@`.
fn called(name: Option<String>, email: String) -> String {
    let said = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    said.unwrap_or_else(|| email.split('@').next().map(ToOwned::to_owned).unwrap_or(email))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_no_name_is_called_by_their_address() {
        let called = |name: Option<&str>| called(name.map(ToOwned::to_owned), "mara@agency.example".to_owned());
        assert_eq!(called(Some("Mara Stone")), "Mara Stone");
        assert_eq!((called(Some("  ")), called(None)), ("mara".to_owned(), "mara".to_owned()));
    }
}
