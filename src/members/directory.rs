//! SQL of the console's pages about people: read and written under the role of who looks at them.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{EmailAddress, MemberRole, Role};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// The orders that people can be in.
pub(super) const ORDERS: &[Order] = &[
    Order {
        name: "email",
        by: "pg_catalog.lower(k.email)",
        of: "pg_catalog.text",
        then: "k.user_id",
        is_descending: false,
    },
    Order {
        name: "role",
        by: "coalesce(k.role, '')::pg_catalog.text",
        of: "pg_catalog.text",
        then: "k.user_id",
        is_descending: false,
    },
];

/// The orders that a client's members can be in.
pub(super) const MEMBERS: &[Order] = &[
    Order {
        name: "role",
        by: "m.member_role::pg_catalog.text",
        of: "pg_catalog.text",
        then: "m.user_id",
        is_descending: false,
    },
    Order { name: "since", by: "m.created_at", of: "pg_catalog.timestamptz", then: "m.user_id", is_descending: true },
];

/// Somebody who can sign in, as those who keep people see them.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who.
    pub user_id: Uuid,
    /// The address that they sign in with.
    pub email: String,
    /// What they are called, where somebody said.
    pub name: Option<String>,
    /// Their role; none for somebody of the site's who has none here.
    pub role: Option<Role>,
    /// Since when they are shut out.
    pub disabled_at: Option<Timestamp>,
    /// Since when they have a role.
    pub created_at: Option<Timestamp>,
    /// Whether they have a password, here or from before.
    pub has_password: bool,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// How many sessions they have open.
    pub open_sessions: i64,
    /// How many clients they are members of.
    pub clients: i64,
}

/// One of a client's members.
#[derive(Clone, Debug)]
pub struct Joined {
    /// Who.
    pub user_id: Uuid,
    /// What they may do there at most.
    pub member_role: String,
    /// Whether they have it as the assigned manager, which ends with that.
    pub by_assignment: bool,
    /// Since when.
    pub since: Timestamp,
    /// Who made them one; nobody where the operator or the program did.
    pub by: Option<Uuid>,
}

/// One of a person's clients.
#[derive(Clone, Debug)]
pub struct Part {
    /// The client.
    pub client_id: Uuid,
    /// Its name.
    pub client_name: String,
    /// What they may do there at most.
    pub member_role: String,
    /// Whether they have it as the client's assigned manager, which ends with that.
    pub by_assignment: bool,
}

/// Something that a person did, or that was tried in their name, to come in.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Which act, as the audit log names it.
    pub action: String,
    /// What came of it.
    pub outcome: Option<String>,
    /// From where.
    pub address: Option<String>,
}

/// What a list of people is narrowed by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted<'a> {
    pub(super) search: Option<&'a str>,
    pub(super) role: Option<&'a str>,
    /// `active` or `disabled`.
    pub(super) state: Option<&'a str>,
}

/// A page of people.
pub(super) async fn people(tx: &Tx<'_>, wanted: Wanted<'_>, window: &Window) -> Result<Rows<Known>> {
    let from = "FROM tenantry.known_people() k
                 WHERE ($1::text IS NULL OR strpos(lower(k.email), lower($1)) > 0 OR strpos(lower(k.name), lower($1)) > 0)
                   AND ($2::text IS NULL OR k.role = $2)
                   AND ($3::text IS NULL OR (k.disabled_at IS NOT NULL) = ($3 = 'disabled'))";
    let Wanted { search, role, state } = &wanted;
    let mut page = window.read(tx, ("SELECT k.*", from), vec![search, role, state], |row| Known::from(row)).await?;
    // Of those of the page alone: what is counted there costs too much to be counted of everybody.
    see(tx, &mut page.rows).await?;
    Ok(page)
}

/// One of them.
pub(super) async fn person(tx: &Tx<'_>, user_id: Uuid) -> Result<Option<Known>> {
    let sql = "SELECT k.* FROM tenantry.known_people() k WHERE k.user_id = $1";
    let mut found: Vec<Known> = tx.query_opt(sql, &[&user_id]).await?.as_ref().map(Known::from).into_iter().collect();
    see(tx, &mut found).await?;
    Ok(found.pop())
}

/// Some of them by their ids, but not what is counted.
pub(super) async fn known(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Known>> {
    let sql = "SELECT k.* FROM tenantry.known_people() k WHERE k.user_id = ANY ($1)";
    let found = tx.query(sql, &[&ids]).await?;
    Ok(found.iter().map(Known::from).map(|known| (known.user_id, known)).collect())
}

/// Adds when people last signed in, how many sessions they have open and how many clients.
async fn see(tx: &Tx<'_>, people: &mut [Known]) -> Result<()> {
    let ids: Vec<Uuid> = people.iter().map(|known| known.user_id).collect();
    let sql = "SELECT s.user_id, s.last_sign_in_at, s.open_sessions, s.clients FROM tenantry.people_seen($1) s";
    let seen = tx.query(sql, &[&ids]).await?;
    let seen: HashMap<Uuid, &Row> = seen.iter().map(|row| (row.get(0), row)).collect();
    for known in people {
        if let Some(row) = seen.get(&known.user_id) {
            known.last_sign_in_at = row.get(1);
            known.open_sessions = row.get(2);
            known.clients = row.get(3);
        }
    }
    Ok(())
}

/// A page of the members of a client that the caller sees.
pub(super) async fn members(tx: &Tx<'_>, client: Uuid, window: &Window) -> Result<Rows<Joined>> {
    let select = "SELECT m.user_id, m.member_role::text, m.made_by_assignment, m.created_at, m.created_by";
    let from = "FROM public.client_members m WHERE m.client_id = $1";
    let member = |row: &Row| Joined {
        user_id: row.get(0),
        member_role: row.get(1),
        by_assignment: row.get(2),
        since: row.get(3),
        by: row.get(4),
    };
    window.read(tx, (select, from), vec![&client], member).await
}

/// The clients of a person that the caller sees.
pub(super) async fn parts(tx: &Tx<'_>, user_id: Uuid) -> Result<Vec<Part>> {
    let sql =
        "SELECT m.client_id, c.name::text AS client_name, m.member_role::text AS member_role, m.made_by_assignment
                 FROM public.client_members m
                 JOIN public.clients_enhanced c ON c.id = m.client_id
                WHERE m.user_id = $1
                ORDER BY lower(c.name), m.client_id LIMIT 500";
    Ok(tx.query(sql, &[&user_id]).await?.iter().map(Part::from).collect())
}

/// How a person came in lately, newest first.
pub(super) async fn entries(tx: &Tx<'_>, user_id: Uuid) -> Result<Vec<Entry>> {
    let sql = "SELECT l.at, l.action, l.details ->> 'outcome' AS outcome, l.address
                 FROM public.audit_log l
                WHERE l.table_schema = 'tenantry' AND l.table_name = 'people' AND l.row_id = $1
                  AND l.action = ANY ('{sign_in,password_again,password_link}')
                ORDER BY l.id DESC LIMIT 50";
    Ok(tx.query(sql, &[&user_id.to_string()]).await?.iter().map(Entry::from).collect())
}

/// Whoever has an address and a role.
pub(super) async fn with_role(tx: &Tx<'_>, email: &str) -> Result<Option<Uuid>> {
    let sql = "SELECT k.user_id FROM tenantry.known_people() k
                WHERE lower(k.email) = lower($1) AND k.role IS NOT NULL LIMIT 2";
    let rows = tx.query(sql, &[&email]).await?;
    Ok(if let [row] = rows.as_slice() { Some(row.get(0)) } else { None })
}

/// Adds a person without a password, and gives their id.
pub(super) async fn add(tx: &Tx<'_>, email: &EmailAddress, name: &str, role: Role) -> Result<Uuid> {
    let sql = "SELECT tenantry.add_person($1, $2, $3)";
    Ok(tx.query_one(sql, &[&email.as_str(), &name, &role.as_str()]).await?.get(0))
}

/// Ends a membership, if there is one.
pub(super) async fn leave(tx: &Tx<'_>, client: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM public.client_members WHERE client_id = $1 AND user_id = $2";
    Ok(tx.execute(sql, &[&client, &user_id]).await? > 0)
}

/// What people may be with a client, given their role.
pub(super) fn member_roles(role: Role) -> Vec<MemberRole> {
    MemberRole::ALL.into_iter().filter(|member_role| member_role.fits(role)).collect()
}

impl From<&Row> for Known {
    fn from(row: &Row) -> Self {
        Self {
            user_id: row.get("user_id"),
            email: row.get("email"),
            name: row.get("name"),
            role: row.get::<_, Option<&str>>("role").and_then(|role| role.parse().ok()),
            disabled_at: row.get("disabled_at"),
            created_at: row.get("created_at"),
            has_password: row.get("has_password"),
            last_sign_in_at: None,
            open_sessions: 0,
            clients: 0,
        }
    }
}

impl From<&Row> for Part {
    fn from(row: &Row) -> Self {
        Self {
            client_id: row.get("client_id"),
            client_name: row.get("client_name"),
            member_role: row.get("member_role"),
            by_assignment: row.get("made_by_assignment"),
        }
    }
}

impl From<&Row> for Entry {
    fn from(row: &Row) -> Self {
        Self { at: row.get("at"), action: row.get("action"), outcome: row.get("outcome"), address: row.get("address") }
    }
}
