//! SQL of the console's pages about people: read and written under the role of who looks at them.

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::types::{EmailAddress, MemberRole, Role};
use crate::Result;
use crate::console::list::{Order, Rows, Start, Window};
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
    place: String,
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
    let sql = format!(
        "SELECT k.*, {} AS place, s.last_sign_in_at, s.open_sessions, s.clients
           FROM (SELECT k.* FROM tenantry.known_people() k
                  WHERE ($1::text IS NULL OR strpos(lower(k.email), lower($1)) > 0 OR strpos(lower(k.name), lower($1)) > 0)
                    AND ($2::text IS NULL OR k.role = $2)
                    AND ($3::text IS NULL OR (k.disabled_at IS NOT NULL) = ($3 = 'disabled')){}{}) k
           LEFT JOIN tenantry.people_seen(ARRAY[k.user_id]) s ON true{}",
        window.value(),
        window.condition(4),
        window.order_by(),
        window.order_by(),
    );
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&wanted.search, &wanted.role, &wanted.state];
    if let Some((value, id)) = window.parameters() {
        values.extend([value as &(dyn ToSql + Sync), id]);
    }
    let found: Vec<Known> = tx.query(&sql, &values).await?.iter().map(Known::from).collect();
    Ok(window.rows(found, |known| Start::at(known.place.clone(), known.user_id)))
}

/// One of them.
pub(super) async fn person(tx: &Tx<'_>, user_id: Uuid) -> Result<Option<Known>> {
    let sql = "SELECT k.*, '' AS place, s.last_sign_in_at, s.open_sessions, s.clients
                 FROM tenantry.known_people() k
                 LEFT JOIN tenantry.people_seen(ARRAY[k.user_id]) s ON true
                WHERE k.user_id = $1";
    Ok(tx.query_opt(sql, &[&user_id]).await?.as_ref().map(Known::from))
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
    let all = [MemberRole::Manager, MemberRole::Staff, MemberRole::Client];
    all.into_iter().filter(|member_role| member_role.fits(role)).collect()
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
            last_sign_in_at: row.get("last_sign_in_at"),
            open_sessions: row.get::<_, Option<i64>>("open_sessions").unwrap_or_default(),
            clients: row.get::<_, Option<i64>>("clients").unwrap_or_default(),
            place: row.get("place"),
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
